"""What lawyers may not write to askers, and what askers may wish to leave out."""

import re
from dataclasses import dataclass
from enum import StrEnum

from app.core.errors import Reason, because, code
from app.screening.rules import numbers
from app.screening.rules.folding import fold
from app.screening.rules.phrases import Lexicon, Sequences, hits, read, words_of

CONTACT_DETAILS = code(
    "CONTACT_DETAILS",
    zh="请不要在回复中留下电话、微信、QQ、邮箱、网址或其他联系方式，请在本平台内继续解答。",
    en="Leave out telephone numbers, WeChat or QQ ids, e-mail and web addresses; go on answering here.",
    remedy="Remove the contact details; public lines such as 110 or 12348 and government sites may stay.",
)
SOLICITATION = code(
    "SOLICITATION",
    zh="请不要招揽业务、私下收费或承诺结果。律师不得私自接受委托、收取费用（律师法第四十条第一项）。",
    en="Do not solicit, take private fees or promise results: lawyers must not privately accept entrustment or fees "
    "(Lawyers Law, article 40 (1)).",
    remedy="Remove the offer; general advice such as 'you may instruct a lawyer' may stay.",
)

_FILE = read("solicitation")
_LEXICON = Lexicon(words_of(_FILE["sets"]))
_CONTACT = _LEXICON.sequences(_FILE["contact"])
_SOLICITATION = _LEXICON.sequences(_FILE["solicitation"])
_HARMLESS = _LEXICON.sequences(_FILE["harmless"])
_JOINED = {fold(parts).text: whole for parts, whole in _FILE["joined"].items()}
# What is put between characters so that no search finds the word.
_HIDING = dict.fromkeys(map(ord, "-_·•.*~/|\\^`'\"“”‘’<>《》[]【】{}"))

_TOP = "com|cn|net|org|top|xyz|vip|cc|me|io|info|shop|site|club|online|link|wang|ren|ltd|fun|app|tv|co|hk"
_DOT = r"(?:\.|。|点|dot)"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,62})"
_MAIL = re.compile(
    rf"(?<![a-z0-9_.-])[a-z0-9_.-]{{3,64}}(?:@|\(at\)|\[at\]|艾特|#){_LABEL}(?:{_DOT}{_LABEL}){{0,4}}{_DOT}(?:{_TOP})(?![a-z])"
)
_SITE = re.compile(
    rf"(?:https?:/+|(?<![a-z0-9-])(?:www{_DOT})?)((?:{_LABEL}{_DOT}){{0,4}}[a-z0-9-]{{2,63}}{_DOT}(?:{_TOP}))"
    r"(?:(?![a-z])|(?=https?:))(?:[/?#:][!-~]*)?"
)


def against_solicitation(text: str, field: str) -> list[Reason]:
    """Why a lawyer may not send this to an asker; at most one reason of either code, none for honest advice.

    Lawyers Law, article 40 (1), and the platform's rule that advice stays where it can be seen.
    """
    folded = fold(text).text
    plain = folded.translate(_HIDING)
    for parts, whole in _JOINED.items():
        plain = plain.replace(parts, whole)
    found = _LEXICON.look(plain)
    harmless = hits(plain, found, _HARMLESS)

    def told(sequences: Sequences) -> bool:
        return any(not hit.within(harmless) for hit in hits(plain, found, sequences))

    reasons = []
    if any(numbers.telephones(folded)) or any(numbers.accounts(folded)) or _address(folded) or told(_CONTACT):
        reasons.append(because(CONTACT_DETAILS, field))
    if told(_SOLICITATION):
        reasons.append(because(SOLICITATION, field))
    return reasons


def _address(text: str) -> bool:
    return bool(_MAIL.search(text)) or bool(sites(text))


def mails(text: str) -> list[numbers.Place]:
    """Mail addresses of a folded text."""
    return [numbers.Place(*match.span()) for match in _MAIL.finditer(text)]


def sites(text: str) -> list[numbers.Place]:
    """Web addresses of a folded text, those of public authorities left out."""
    return [numbers.Place(*match.span()) for match in _SITE.finditer(text) if not _public(match[1])]


def _public(host: str) -> bool:
    host = re.sub(_DOT, ".", host)
    return any(host == known or host.endswith(f".{known}") for known in _FILE["public hosts"])


class PersonalDetailKind(StrEnum):
    """By what a person could be found or known."""

    PHONE = "PHONE"
    ID_NUMBER = "ID_NUMBER"
    BANK_CARD = "BANK_CARD"
    ADDRESS = "ADDRESS"


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` up to, not including, `end` of the text as it was sent."""

    kind: PersonalDetailKind
    start: int
    end: int


_DOOR = re.compile(
    r"(?:路|街|巷|弄|胡同|大道)\d{1,5}号(?![线令文公])(?:院|楼|[\d-]+(?:号楼|栋|幢|座|单元|层|室|号|户)){0,5}"
    r"|(?:小区|花园|家园|公寓|苑|园|城|府|庭|院|社区|宿舍)?(?:[a-z]座|\d{1,3}(?:号楼|栋|幢|座))(?:\d{1,2}单元)?(?:\d{1,2}层)?\d{2,4}(?:室|号|户)?"
    r"|[村庄寨营沟](?:第?[\d一二三四五六七八九十]{1,3}(?:组|队|社))?\d{1,4}号(?![线令文公])"
)
_NOT_OF_IT = re.compile(r".*(?:住在|家住|住址|地址|位于|现住|搬到|租住|租了|买了|我家|[在到去是的住于])")


def personal_details(text: str) -> list[Span]:
    """What the asker may leave out, in order: a suggestion, never a refusal.

    Personal Information Protection Law, article 6: no more is collected than the purpose needs.
    """
    folded = fold(text)
    finds = (
        (PersonalDetailKind.ID_NUMBER, numbers.identity_numbers),
        (PersonalDetailKind.BANK_CARD, numbers.bank_cards),
        (PersonalDetailKind.PHONE, numbers.telephones),
        (PersonalDetailKind.ADDRESS, _doors),
    )
    spans: list[Span] = []
    for kind, find in finds:
        for start, end in find(folded.text):
            span = Span(kind, *folded.stretch(start, end))
            if all(span.end <= other.start or other.end <= span.start for other in spans):
                spans.append(span)
    return sorted(spans, key=lambda span: span.start)


def _doors(text: str) -> list[numbers.Place]:
    return [numbers.Place(_led(text, match.start()), match.end()) for match in _DOOR.finditer(text)]


def _led(text: str, door: int) -> int:
    """Where the address of a door begins: at most 20 characters before it, after whatever says that one lives there."""
    start = door
    while start > max(0, door - 20) and (text[start - 1].isdigit() or "\u4e00" <= text[start - 1] <= "\u9fff"):
        start -= 1
    return door - len(_NOT_OF_IT.sub("", text[start:door]))
