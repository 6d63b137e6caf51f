"""What everybody may know of a paper who holds its code or its file: that it is genuine, and how it stands."""

import io
from collections.abc import Iterator
from html import escape
from typing import Any, Final

import segno

from app.core.errors import Language, code
from app.core.html import document, pairs
from app.papers.models import PaperKind, PaperStanding
from app.papers.rules.codes import printed
from app.papers.rules.contents import dated

BAD_PAPER_CODE = code(
    "BAD_PAPER_CODE",
    zh="核验码有误，请对照文书核对；核验码共 16 位。",
    en="This is no such code; please compare it with the paper. It has 16 characters.",
    remedy="Send the code as printed, with or without its dashes, or the file's SHA-256 as 64 hexadecimal digits.",
)
PAPER_UNKNOWN = code(
    "PAPER_UNKNOWN",
    zh="未找到该文书，不能确认其真实性。",
    en="No such paper was made here: nothing confirms it.",
    remedy="Compare the code with the paper once more; a paper that stays unknown was not made by this service.",
)

NAMES: Final = {
    PaperKind.APPLICATION_FORM: ("申请表", "Application form"),
    PaperKind.APPLICATION_RECEIPT: ("申请回执", "Receipt of an application"),
    PaperKind.ACCEPTANCE_NOTICE: ("受理通知书", "Notice of acceptance"),
    PaperKind.SUPPLEMENT_LIST: ("补充材料通知书", "List of what is to be supplied"),
    PaperKind.DECISION: ("决定书", "Decision"),
    PaperKind.MEDIATION_REGISTRATION: ("人民调解受理登记表", "Registration of a mediation"),
    PaperKind.RIGHTS_NOTICE: ("人民调解权利义务告知书", "Rights and duties in a mediation"),
    PaperKind.MEDIATION_AGREEMENT: ("人民调解协议书", "Mediation agreement"),
    PaperKind.PAPERS_RECEIPT: ("材料接收回执", "Receipt of papers"),
    PaperKind.QUIZ_CERTIFICATE: ("法律知识竞赛合格证书", "Certificate of a quiz"),
    PaperKind.CONTEST_CERTIFICATE: ("作品征集获奖证书", "Certificate of a contest"),
}
"""What kind of paper it is, and no more: a decision does not say here what was decided."""
_STANDING: Final = {
    PaperStanding.VALID: "有效",
    PaperStanding.REPLACED: "已被新的文书替代",
    PaperStanding.WITHDRAWN: "已撤销",
}


TITLE: Final = "文书核验"


def name_of(kind: PaperKind, language: Language) -> str:
    return NAMES[kind][0 if language is Language.ZH else 1]


def path_of(code: str) -> str:
    """Under the house's own address."""
    return f"/v/{code}" if code else "/v"


def qr_of(address: str) -> str:
    """An SVG (ISO/IEC 18004), with error correction M: a printed one may be a little dirty."""
    drawn = io.BytesIO()
    segno.make_qr(address, error="m").save(drawn, kind="svg", border=1, xmldecl=False)
    return drawn.getvalue().decode()


def page(row: Any) -> str:
    """HTML that needs nothing else, in Chinese; for telephones."""
    standing = PaperStanding(row.standing)
    good = standing is PaperStanding.VALID
    verdict = "该文书由本平台生成，信息真实。" if good else f"该文书由本平台生成，但{_STANDING[standing]}。"
    return _html(f'<p class="{"good" if good else "bad"}">{verdict}</p>{pairs(list(_told(row)))}')


def asking(fault: str = "") -> str:
    """The page on which a code is typed, with what was wrong with the last one."""
    wrong = f'<p class="bad">{escape(fault)}</p>' if fault else ""
    field = '<label>核验码（16 位）<input name="code" maxlength="40" autocomplete="off" required></label>'
    return _html(f'{wrong}<form method="get" action="/v">{field}<button>核验</button></form>')


def _told(row: Any) -> Iterator[tuple[str, str]]:
    yield "出具机构", escape(row.name)
    yield "文书种类", NAMES[PaperKind(row.kind)][0]
    yield "文书日期", dated(row.dated)
    yield "状态", _STANDING[PaperStanding(row.standing)]
    yield "核验码", printed(row.code)
    yield "电子文件 SHA-256", row.sha256.hex()


def _html(body: str) -> str:
    return document(TITLE, f"<h1>{TITLE}</h1>{body}", listed=False)
