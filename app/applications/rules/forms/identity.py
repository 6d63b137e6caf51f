"""The numbers by which people are known: GB 11643 for residents, and those of other papers.

The six digits at the beginning are the division that gave the number, as it was then: GB 2260 changes every year, and
nobody's number with it (410881 was this city's until it became 419001). So the province is looked at, which is two
digits that have not changed since 1997, and not the county, of which there is no complete list; the check digit finds
every wrong digit and nearly every two that were exchanged.

The fifteen digits of the first generation have not been valid since 2013-01-01 (居民身份证法); whoever has them has
eighteen today, and is asked for those.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.applications.rules.forms.choices import IdKind
from app.core.errors import Reason, because, code
from app.directory.models import Gender

BAD_ID_NUMBER = code(
    "BAD_ID_NUMBER",
    zh="证件号码有误，请对照证件核对。",
    en="This is no number of such a paper; please compare it with the paper.",
    remedy="Send the number as printed; eighteen characters with a check digit (GB 11643) for residents.",
)
OLD_ID_NUMBER = code(
    "OLD_ID_NUMBER",
    zh="15 位的旧身份证号码已停用，请填写 18 位号码。",
    en="Numbers of fifteen digits are no longer valid; please give the one of eighteen.",
    remedy="Ask for the number on the present card or in the household register.",
)

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_PROVINCES = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_ACROSS = frozenset({"810000", "820000", "830000"})
"""Hong Kong, Macao and Taiwan, whose people living on the mainland have such numbers since 2018."""
_PAPERS = {
    IdKind.HK_MACAU_PERMIT: r"[HM][0-9]{8}(?:[0-9]{2})?",
    IdKind.TAIWAN_PERMIT: r"[0-9]{8}(?:[0-9]{2})?|[0-9]{10}[A-Z]",
    # Of 2017 and before three letters and twelve digits, of 2023 eighteen characters that begin with 9.
    IdKind.FOREIGN_RESIDENCE: r"[A-Z]{3}[0-9]{12}|9[0-9]{16}[0-9X]",
    IdKind.PASSPORT: r"[A-Z0-9]{5,20}",
    IdKind.OTHER: r"[A-Z0-9\u4e00-\u9fff()-]{4,30}",
}


@dataclass(frozen=True, slots=True)
class Resident:
    """What a number of GB 11643 says of its holder."""

    birth: date
    gender: Gender


def plain(number: str) -> str:
    """In one width and upper case, without blanks."""
    return "".join(unicodedata.normalize("NFKC", number).upper().split())


def check_digit(seventeen: str) -> str:
    """ISO 7064, MOD 11-2."""
    return _CHECK[sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, seventeen, strict=True)) % 11]


def resident(number: str) -> Resident | None:
    """None for what is no such number."""
    said = plain(number)
    if not re.fullmatch(r"[0-9]{17}[0-9X]", said) or not _PROVINCES.match(said) or check_digit(said[:17]) != said[17]:
        return None
    try:
        birth = date(int(said[6:10]), int(said[10:12]), int(said[12:14]))
    except ValueError:
        return None
    return Resident(birth, Gender.MALE if int(said[16]) % 2 else Gender.FEMALE)


def against_number(kind: IdKind, number: str, field: str, today: date) -> Iterator[Reason]:
    """At most one reason."""
    said = plain(number)
    if kind in (IdKind.RESIDENT_ID, IdKind.HK_MACAU_TAIWAN_RESIDENCE):
        found = resident(said)
        of_its_kind = (said[:6] in _ACROSS) is (kind is IdKind.HK_MACAU_TAIWAN_RESIDENCE)
        if kind is IdKind.RESIDENT_ID and re.fullmatch(r"[0-9]{15}", said):
            yield because(OLD_ID_NUMBER, field)
        elif found is None or not of_its_kind or not date(1880, 1, 1) <= found.birth <= today:
            yield because(BAD_ID_NUMBER, field)
    elif not re.fullmatch(_PAPERS[kind], said):
        yield because(BAD_ID_NUMBER, field)


def masked(number: str) -> str:
    """All but the last four characters hidden; all of a short one."""
    said = plain(number)
    return "*" * (len(said) - 4) + said[-4:] if len(said) > 8 else "*" * len(said)
