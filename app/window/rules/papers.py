"""What is asked of a list of papers."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from pydantic import BaseModel

from app.core.errors import BAD_VALUE, Reason, because, code
from app.papers.rules.receipts import Received
from app.window.models import PaperKind

COPIES: Final = (1, 99)
MOST: Final = 26
"""Lines of one receipt: each kind, original and copy."""

NO_PAPERS = code(
    "NO_PAPERS",
    zh="请列明材料种类和份数。",
    en="Say at least one kind of paper, and how many.",
    remedy="List what went over the counter.",
)
PAPER_TWICE = code(
    "PAPER_TWICE",
    zh="同一种材料请合并为一行。",
    en="The same kind is listed twice.",
    remedy="Add up the copies of a kind; originals and copies are two lines.",
)
NOTHING_MISSING = code(
    "NOTHING_MISSING",
    zh="该申请目前没有要求补充材料。",
    en="Nothing is to be supplied just now.",
    remedy="Take the papers without `settles`: who handles the application is told of them.",
)
VISIT_OVER = code(
    "VISIT_OVER",
    zh="该次到访已结束，请申请人重新生成取件码。",
    en="This visit is over.",
    remedy="She makes a new code; a visit is open until the end of its day, for who opened it.",
)


NAMES: Final = {
    PaperKind.ID_DOCUMENT: "身份证件",
    PaperKind.HOUSEHOLD_REGISTER: "户口簿",
    PaperKind.APPLICATION_FORM: "申请表",
    PaperKind.HARDSHIP_STATEMENT: "经济困难状况说明",
    PaperKind.AUTHORITY: "授权委托书",
    PaperKind.CASE_DOCUMENT: "案件材料",
    PaperKind.EVIDENCE: "证据材料",
    PaperKind.PHOTO: "照片",
    PaperKind.NOTICE: "通知书",
    PaperKind.DECISION: "决定书",
    PaperKind.CERTIFICATE: "公证书",
    PaperKind.AGREEMENT: "协议书",
    PaperKind.OTHER: "其他材料",
}
"""How they are called on a receipt."""


class Paper(BaseModel):
    kind: PaperKind
    original: bool
    copies: int

    @property
    def line(self) -> list[Any]:
        """As it is kept."""
        return [self.kind, self.original, self.copies]


def received(said: Sequence[Paper]) -> list[Received]:
    """Kind by kind, in the order in which they were said."""
    lines: list[Received] = []
    for kind in dict.fromkeys(one.kind for one in said):
        originals, copies = (
            sum(one.copies for one in said if one.kind is kind and one.original is first) for first in (True, False)
        )
        lines.append(Received(NAMES[kind], originals, copies))
    return lines


def against_papers(said: Sequence[Paper]) -> Iterator[Reason]:
    if not said:
        yield because(NO_PAPERS, "papers")
    elif len({(one.kind, one.original) for one in said}) < len(said):
        yield because(PAPER_TWICE, "papers")
    if any(not COPIES[0] <= one.copies <= COPIES[1] for one in said):
        yield because(BAD_VALUE, "papers.copies")
