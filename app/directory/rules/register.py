"""What a record of the register may say, and by what it is found."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from pydantic import BaseModel

from app.core.access import Role
from app.core.errors import BAD_TEXT, BAD_VALUE, Reason, because, code
from app.core.texts import against_text, unstorable
from app.directory.models import INSTITUTIONS, WORKERS, RegisterKind, Service, Standing
from app.directory.rules.applying import MOST_LANGUAGES
from app.directory.rules.areas import areas_of
from app.directory.rules.hours import Hours, against_hours
from app.directory.rules.kinds import TITLES
from app.directory.rules.licence import HOME, licence_of
from app.directory.rules.searching import LANGUAGE_MAX
from app.directory.rules.services import against_services
from app.directory.rules.spelling import grams, label_of, sounds
from app.directory.rules.taxonomy import SPECIALTIES
from app.places.rules import DIVISIONS, is_division
from app.places.rules.workdays import CITY_TIME

KEEPERS: Final = frozenset({Role.EDITOR, Role.OFFICER, Role.ADMIN})
NAME: Final = (2, 60)
ALIAS: Final = (2, 20)
MOST_ALIASES: Final = 6
ADDRESS_MAX: Final = 120
MOST_PHONES: Final = 5
SOURCE: Final = (2, 60)
REASON: Final = (4, 300)
EXAMPLE: Final = "示例"
MONTHS: Final = 12
"""After so many nobody knows any more whether a record is right."""
_NUMBER: Final = re.compile(r"[0-9A-Z㐀-鿿〔〕()/-]{4,40}")
_PHONE: Final = re.compile(r"(0\d{2,3}-?)?\d{5,8}(-\d{1,5})?|1[3-9]\d{9}|400-?\d{3}-?\d{4}", re.ASCII)
_UNREAL: Final = re.compile(r"0\d{2,3}-0\d{6,7}", re.ASCII)
"""No telephone exchange in China gives out a local number that begins with 0."""
_PROVINCE: Final = re.compile(r"[1-8]\d", re.ASCII)
SOON: Final = timedelta(minutes=5)
EARLIEST: Final = datetime(1949, 10, 1, tzinfo=CITY_TIME)
"""Nothing here is older; what is said to have been verified in the year 1 cannot be counted from, or not be kept."""

BAD_REGISTER_NUMBER = code(
    "BAD_REGISTER_NUMBER",
    zh="证号或登记号无效。",
    en="This is no number of a licence or registration.",
    remedy="Send 4 to 40 letters and digits as they stand in the document; a lawyer's licence has 17 digits.",
)
BAD_OFFICE_PHONE = code(
    "BAD_OFFICE_PHONE",
    zh="电话号码无效。",
    en="This is no telephone number.",
    remedy="Send digits, with a hyphen after the area code: 0391-6600000, 13800000000, 12348.",
)
EXAMPLE_NOT_MARKED = code(
    "EXAMPLE_NOT_MARKED",
    zh="示例数据的名称中须有“示例”，电话须为 0 开头的虚构号码；真实数据不得含“示例”。",
    en="An example is marked in its name and has only unreal numbers; a real record never bears the mark.",
    remedy="An example says 示例 in its name (or workplace) and has numbers like 0391-0000001; nothing else says 示例.",
)
VERIFIED_TOO_LATE = code(
    "VERIFIED_TOO_LATE",
    zh="核验时间不能晚于现在。",
    en="Nothing can have been verified in the future.",
    remedy="Send the moment at which it was verified.",
)
REGISTER_NUMBER_KNOWN = code(
    "REGISTER_NUMBER_KNOWN",
    zh="该证号已在名录中。",
    en="There is a record of this kind with this number already.",
    remedy="Look for it in the directory and change that one.",
)
CHANGED_MEANWHILE = code(
    "CHANGED_MEANWHILE",
    zh="该记录已被他人修改，请刷新后再试。",
    en="Somebody else changed this record meanwhile.",
    remedy="Read it again and send the change with its new version.",
)

NOT_TEXT = code(
    "NOT_TEXT",
    zh="单元格须为文本格式，数字格式会丢失位数。",
    en="The cell holds a number, which loses digits: it must be text.",
    remedy="Format the column as text and write the numbers again.",
)
TWICE_IN_FILE = code(
    "TWICE_IN_FILE",
    zh="与第 {row} 行的类别和证号相同。",
    en="Row {row} has the same kind and number.",
    remedy="Keep one of the rows.",
)


class Record(BaseModel):
    """`number` is of the licence or registration; `division` a code of the city, "" outside it; `province` two digits
    of GB/T 2260."""

    kind: RegisterKind
    number: str
    name: str
    division: str = ""
    province: str = HOME
    phones: list[str] = []
    specialties: list[str] = []
    standing: Standing = Standing.ACTIVE
    source: str
    verified_at: datetime | None = None
    example: bool = False


class Office(Record):
    """What is left out of the last four stays as it was, where a table is taken in."""

    aliases: list[str] = []
    address: str = ""
    accessible: bool | None = None
    languages: list[str] = []
    services: dict[Service, list[str]] = {}
    hours: Hours | None = None


class Worker(Record):
    """`workplace` is the name of where she works, `institution` its record where there is one."""

    institution: UUID | None = None

    workplace: str = ""
    languages: list[str] = ["普通话"]


def tidied(said: Record) -> Record:
    """Without blanks around words; numbers in half width, without blanks."""
    plain: dict[str, object] = {"number": number_of(said.number), "name": said.name.strip()}
    plain |= {"source": said.source.strip(), "phones": [_narrow(phone) for phone in said.phones]}
    if isinstance(said, Office):
        plain |= {"aliases": [alias.strip() for alias in said.aliases], "address": said.address.strip()}
        if "languages" in said.model_fields_set:
            plain["languages"] = [one.strip() for one in said.languages]
        if "services" in said.model_fields_set:
            plain["services"] = {one: [each.strip() for each in said.services[one]] for one in said.services}
    if isinstance(said, Worker):
        plain |= {"languages": [one.strip() for one in said.languages], "workplace": said.workplace.strip()}
    return said.model_copy(update=plain)


def number_of(said: str) -> str:
    return _narrow(said).upper()


def against_record(said: Record, now: datetime) -> list[Reason]:
    """Of a tidied one; fields by the names of the graph."""
    return [
        *_against_number(said),
        *against_text(said.name, "name", *NAME),
        *_against_place(said),
        *_against_phones(said.phones),
        *_against_list(said.specialties, "specialties", len(SPECIALTIES), SPECIALTIES),
        *against_text(said.source, "source", *SOURCE),
        *_against_moment(said.verified_at, now),
        *(_against_office(said) if isinstance(said, Office) else ()),
        *(_against_worker(said) if isinstance(said, Worker) else ()),
        *_against_pretending(said),
    ]


def _against_number(said: Record) -> Iterator[Reason]:
    wanted = INSTITUTIONS if isinstance(said, Office) else WORKERS
    if said.kind not in wanted:
        yield because(BAD_VALUE, "kind")
    if unstorable(said.number):
        yield because(BAD_TEXT, "number")
    elif not _NUMBER.fullmatch(said.number) or (said.kind is RegisterKind.LAWYER and licence_of(said.number) is None):
        yield because(BAD_REGISTER_NUMBER, "number")


def _against_place(said: Record) -> Iterator[Reason]:
    if said.division and not is_division(said.division):
        yield because(BAD_VALUE, "divisionCode")
    if not _PROVINCE.fullmatch(said.province) or (said.division and said.province != HOME):
        yield because(BAD_VALUE, "province")


def _against_moment(verified_at: datetime | None, now: datetime) -> Iterator[Reason]:
    if verified_at is not None and verified_at > now + SOON:
        yield because(VERIFIED_TOO_LATE, "verifiedAt")
    elif verified_at is not None and verified_at < EARLIEST:
        yield because(BAD_VALUE, "verifiedAt")


def _against_phones(phones: list[str]) -> Iterator[Reason]:
    if len(phones) > MOST_PHONES or len(set(phones)) < len(phones):
        yield because(BAD_VALUE, "phones")
    for place, phone in enumerate(phones):
        if not _PHONE.fullmatch(phone):
            yield because(BAD_OFFICE_PHONE, f"phones.{place}")


def _against_list(said: list[str], field: str, most: int, known: tuple[str, ...] | None = None) -> Iterator[Reason]:
    if len(said) > most or len(set(said)) < len(said) or (known and not set(said) <= set(known)):
        yield because(BAD_VALUE, field)


def _against_office(said: Office) -> Iterator[Reason]:
    yield from _against_list(said.aliases, "aliases", MOST_ALIASES)
    for place, alias in enumerate(said.aliases):
        yield from against_text(alias, f"aliases.{place}", *ALIAS)
    yield from against_text(said.address, "address", 0, ADDRESS_MAX)
    yield from _against_languages(said.languages)
    yield from against_services(said.services)
    yield from against_hours(said.hours) if said.hours else ()


def _against_worker(said: Worker) -> Iterator[Reason]:
    yield from against_text(said.workplace, "workplace", 0, NAME[1])
    yield from _against_languages(said.languages)


def _against_languages(said: list[str]) -> Iterator[Reason]:
    if any(not 0 < len(name) <= LANGUAGE_MAX or unstorable(name) for name in said):
        yield because(BAD_VALUE, "languages")
    else:
        yield from _against_list(said, "languages", MOST_LANGUAGES)


def _against_pretending(said: Record) -> Iterator[Reason]:
    words = said.name + (said.workplace if isinstance(said, Worker) else "")
    real = any(not _UNREAL.fullmatch(phone) for phone in said.phones)
    if said.example != (EXAMPLE in words) or (said.example and real):
        yield because(EXAMPLE_NOT_MARKED, "name")


def awaits(verified_at: datetime | None, now: datetime) -> bool:
    """Whether nobody has looked for a year whether it is right; counted in the city's calendar."""
    if verified_at is None:
        return True
    then = verified_at.astimezone(CITY_TIME)
    month = then.month - 1 + MONTHS
    year, month = then.year + month // 12, month % 12 + 1
    day = min(then.day, monthrange(year, month)[1])
    return then.replace(year=year, month=month, day=day) <= now


def against_why(reason: str) -> list[Reason]:
    return list(against_text(reason, "reason", *REASON))


def labelled(said: Record) -> str:
    called = TITLES[said.kind].aliases if isinstance(said, Office) else ()
    names = [said.name, *(said.aliases if isinstance(said, Office) else ()), *called]
    return label_of(names, person=isinstance(said, Worker), local=bool(said.division))


def terms_of(said: Record) -> list[str]:
    """Pieces of what it may be asked for by, in characters and by sound; `=` before what is a code."""
    title, person = TITLES[said.kind], isinstance(said, Worker)
    called = [said.name, *(said.aliases if isinstance(said, Office) else ())]
    where = areas_of(said.division) if said.division else ()
    told = [*called, title.zh, *title.aliases, *(DIVISIONS[code].name for code in where), said.number]
    if isinstance(said, Worker):
        told.append(said.workplace)
    found = {gram for text in told for gram in grams(text)}
    found.update(sound for name in called for sound in sounds(name, person))
    found.update(sound for name in (title.zh, *title.aliases) for sound in sounds(name))
    return sorted(found | {f"={code}" for code in (said.kind, *said.specialties, *where)})


def _narrow(said: str) -> str:
    return "".join(unicodedata.normalize("NFKC", said).split())
