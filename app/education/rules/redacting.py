"""A consultation without names, numbers and places, as far as a program can tell. Whoever it happened to reads it
before she gives it away, and strikes out what else she wants out."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Final

from app.core.errors import BAD_VALUE, Reason, because, code
from app.core.texts import against_text
from app.places.rules import DIVISIONS

if TYPE_CHECKING:
    from rjieba import Jieba

STRIKES_MAX: Final = 30
STRIKE: Final = (1, 40)
_NAME, _PLACE, _OFFICE, _NUMBER, _STRUCK = "某某", "某地", "某单位", "××", "■■"
_BY_TAG: Final = {"nr": _NAME, "nrt": _NAME, "nrfg": _NAME, "ns": _PLACE, "nt": _OFFICE, "nz": _OFFICE}
"""What the words are by the dictionary's tags: people, places, institutions and other proper names."""
_SURNAMES: Final = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻苏潘葛范彭鲁韦马方俞任袁柳史唐薛雷贺倪汤罗郝安常"
    "傅齐康伍余顾孟黄萧尹姚邵汪毛米戴宋庞熊纪项祝董梁杜贾江郭林钟徐邱高夏蔡田胡霍万卢莫丁邓洪石崔龚程陆段侯武刘叶白赖乔谭曾"
)
_TITLED: Final = re.compile(
    rf"[{_SURNAMES}][\u4e00-\u9fff]{{0,2}}?(?=先生|女士|小姐|老板|经理|师傅|老师|医生|主任|律师|法官|警官|总\b)"
)
_CALLED: Final = re.compile("((?:我叫|名叫|叫做|姓名[是为:]?))[\u4e00-\u9fff·]{2,4}")
_OFFICES: Final = re.compile(
    "[\u4e00-\u9fff]{2,14}?(?:有限责任公司|股份有限公司|有限公司|公司|集团|工厂|医院|学校|中学|小学|幼儿园|律师事务所|派出所|法院)"
)
_RUN: Final = re.compile(r"[A-Za-z0-9@._+-]{3,}|[零〇一二三四五六七八九幺两]{5,}")
_NAMES_OF_PLACES: Final = "|".join(
    sorted({re.escape(one.name) for one in DIVISIONS.values() if len(one.name) > 2}, key=len, reverse=True)
)

CASE_NOT_ENDED = code(
    "CASE_NOT_ENDED",
    zh="咨询结束后才能捐出案例。",
    en="A consultation is given away once it has ended.",
    remedy="Resolve the question first (resolveQuestion).",
)
CASE_CHANGED = code(
    "CASE_CHANGED",
    zh="内容与您预览的不一致，请重新预览后再确认。",
    en="This is not the text that you were shown: please look at it again.",
    remedy="Ask for donationPreview with the same strikes, show it, and send its digest.",
)
CASE_GIVEN = code(
    "CASE_GIVEN",
    zh="这次咨询已经捐出过。",
    en="This consultation was given away already.",
    remedy="It stands in myDonations.",
)
CASE_SETTLED = code(
    "CASE_SETTLED",
    zh="该案例已经发布或撤回，或已由他人处理。",
    en="This case was published, taken back, or is in another's hands.",
    remedy="Until it is published its giver takes it back; what is offered may be taken by one editor.",
)


def against_strikes(said: list[str]) -> list[Reason]:
    if len(said) > STRIKES_MAX:
        return [because(BAD_VALUE, "strikes")]
    return [reason for place, one in enumerate(said) for reason in against_text(one, f"strikes.{place}", *STRIKE)]


def told(question: str, conclusion: str | None) -> str:
    """What is given away of a consultation: what was asked, and what the answer came to. Nobody is named."""
    return f"【咨询】\n{question}" + (f"\n\n【解答要点】\n{conclusion}" if conclusion else "")


def redacted(text: str, strikes: Iterable[str] = ()) -> str:
    """Digits and Latin letters go in runs of three and more; statutes are counted in characters and stay."""
    plain = _narrow(text)
    for one in sorted({_narrow(strike).strip() for strike in strikes} - {""}, key=len)[::-1]:
        plain = plain.replace(one, _STRUCK)
    plain = re.sub(_NAMES_OF_PLACES, _PLACE, plain)
    plain = _CALLED.sub(lambda found: found[1] + _NAME, plain)
    plain = _TITLED.sub("某", plain)
    plain = _OFFICES.sub(_OFFICE, _RUN.sub(_NUMBER, plain))
    return "".join(_words(plain))


def _narrow(text: str) -> str:
    """Letters and digits in half width, one by one; punctuation stays as it is."""
    return "".join(half if (half := unicodedata.normalize("NFKC", char)).isalnum() else char for char in text)


def _words(plain: str) -> Iterator[str]:
    for line in plain.splitlines(keepends=True):
        for word, tag in _tagger().tag(line):
            yield _BY_TAG.get(tag, word) if len(word) > 1 else word


@cache
def _tagger() -> "Jieba":
    from rjieba import Jieba  # noqa: PLC0415 (its dictionary takes 33 MB)

    return Jieba()


def digest_of(text: str) -> str:
    """By which she says that it is this text she was shown."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]
