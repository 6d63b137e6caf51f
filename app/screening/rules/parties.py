"""Names of opposing parties, compared without being kept: the conflict of interest that lawyers must avoid.

Lawyers Law, article 39: a lawyer must not act where her own interests or those of another client conflict.

Equal are: one name in any width, case and spacing, with or without what stands in brackets or a courtesy title; a
company with and without its legal form (有限公司, 股份有限公司, 集团 ...), its branch, and the place before its name,
since people leave all three out. So companies of the same name in two cities meet too: that costs one lawyer one
offer, while a miss would cost the asker her confidence. Not equal are: a short name and a full one (宏达 and
宏达建筑工程), homophones and slips of the pen, public bodies of two places (for them the place is the name), and
different persons.
"""

import re
from collections.abc import Iterator

from app.core.errors import BLANK, Reason, because
from app.core.sealing import digest
from app.core.texts import against_text
from app.screening.rules.folding import fold
from app.screening.rules.phrases import read

NAME_MAX = 60
NAMES_MAX = 500

_FILE = read("places")
_PROVINCES = "|".join(_FILE["provinces"])
_KNOWN = "|".join([*_FILE["provinces"], *_FILE["cities"]])
_PLAIN = frozenset(_FILE["plain"]["words"])

_FORM = (
    "(?:集团)?(?:股份有限责任公司|股份有限公司|有限责任公司|股份公司|有限公司|总公司|公司)|集团|股份"
    "|个人独资企业|合伙企业|co\\W*ltd|ltd|limited|inc|llc|corporation|corp|company"
)
_FORMED = re.compile(rf"(.{{2,}}?)(?:{_FORM})$")
_BRANCH = re.compile(
    rf"(.*(?:{_FORM})).{{0,12}}?(?:分公司|分店|分行|支行|分部|项目部|经理部|营业部|办事处|门店|旗舰店)$"
)
_BODY = re.compile(
    ".{3,}(?:医院|卫生院|卫生室|保健院|学校|中学|小学|大学|学院|幼儿园|局|委员会|村委会|居委会|政府|法院|检察院"
    "|派出所|村|社区|街道|办事处|中心|研究所|律师事务所|协会|学会|联合会)$"
)
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕|《[^《》]*》")
_TITLE = re.compile("(?<=..)(?:先生|女士|小姐|同志|师傅|老板|经理)$")
# 超市 and 小区 are no places, though they end like places.
_PLACE = re.compile(
    rf"(?:{_KNOWN})(?:省|市|特别行政区|(?:壮族|回族|维吾尔)?自治区)?"
    "|[\u4e00-\u9fff]{2,3}(?:(?<![超城都门夜股上])市|(?<![小社园景厂校城])区|县|自治州|自治县|省)(?=.{2})"
)
_SUFFIX = re.compile(rf"^((?:{_KNOWN}))(?:省|市)")
_FIRM_LENGTH = 6


def party_digest(name: str, secret: bytes) -> bytes:
    """32 bytes, equal for names that may be one party's (see above): HMAC-SHA256 (RFC 2104) of the bare name."""
    return digest(secret, f"party\0{_bare(name)}")


def against_party(name: str, field: str) -> Iterator[Reason]:
    """Why this cannot be a party's name: at most one reason."""
    reasons = list(against_text(name, field, 2, NAME_MAX))
    if not reasons and not _letters(fold(name).text):
        reasons.append(because(BLANK, field))
    yield from reasons


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _bare(name: str) -> str:
    folded = fold(name).text
    whole = _letters(_BRACKETS.sub("", folded)) or _letters(folded)
    if _BODY.fullmatch(whole):
        return _body(whole)
    formed = _FORMED.fullmatch(_BRANCH.sub(r"\1", whole))
    if formed is None and len(whole) < _FIRM_LENGTH:
        return _TITLE.sub("", whole)
    return _firm(formed[1] if formed else whole)


def _firm(name: str) -> str:
    """Without the places before it, unless a trade would be left alone."""
    rest = name.removeprefix("中国")
    while place := _PLACE.match(rest):
        rest = rest[place.end() :]
    return rest if len(rest) >= 2 and rest not in _PLAIN else _SUFFIX.sub(r"\1", name)


def _body(name: str) -> str:
    """With its place, but without the province before it and the 市 after it."""
    inner = re.sub(rf"^(?:{_PROVINCES})省?(?=(?:{_KNOWN})|[\u4e00-\u9fff]{{2,3}}[市县])", "", name)
    return re.sub(r"^([\u4e00-\u9fff]{2,3})市(?=.{2})", r"\1", _SUFFIX.sub(r"\1", inner))
