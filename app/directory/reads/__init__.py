"""How the directory is read: rows, in one statement with the firm. Everything here is public."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import REAL, ColumnElement, Select, func, literal, literal_column, or_, select

from app.core.db import IDS, Session, clock, now
from app.core.keyset import Page, keyset
from app.directory.models import Availability, Firm, Gender, Lawyer, Pool, Standing
from app.directory.rules import practice, presence

L: Any = Lawyer.__table__  # type: ignore[attr-defined]
F: Any = Firm.__table__  # type: ignore[attr-defined]


class FirmRow(NamedTuple):
    id: UUID
    name: str
    division: str
    province: str


class LawyerRow(NamedTuple):
    """A lawyer and, by its own columns, her firm; of a page, what of it was wanted."""

    id: UUID
    licence: str
    title: str
    name: str
    firm: UUID
    pool: str
    specialties: Sequence[str]
    divisions: Sequence[str]
    languages: Sequence[str]
    gender: str
    practising_since: date
    introduction: str
    standing: str
    availability: str
    seen_at: datetime | None
    offered_at: datetime
    seats_ended: int
    seats_kept: int
    reply_seconds: int | None
    requestable: bool
    snoozed_until: datetime | None
    rated: int
    liked: int
    rating_lower: float | None
    firm_name: str
    firm_division: str
    firm_province: str


_LAWYER: Final = {
    name: L.c[name] if name in L.c else F.c[name.removeprefix("firm_")].label(name) for name in LawyerRow._fields
}


def _lawyers(columns: Collection[str] | None = None) -> Select[Any]:
    wanted = [column for name, column in _LAWYER.items() if columns is None or name in columns]
    return select(*wanted).join_from(L, F, F.c.id == L.c.firm)


_LAWYERS_OF: Final = _lawyers().where(L.c.id == IDS)
_FIRMS_OF: Final = select(*(F.c[name] for name in FirmRow._fields)).where(F.c.id == IDS)


@dataclass(frozen=True)
class Wanted:
    """Who is looked for. `areas` are codes of divisions, one of which she must serve; `rating_min` is of the lower
    bound, so that whoever has fewer than five ratings does not reach it."""

    specialty: str | None = None
    areas: Sequence[str] = ()
    pool: Pool | None = None
    online: bool | None = None
    words: str | None = None
    language: str | None = None
    gender: Gender | None = None
    years_min: int | None = None
    reply_seconds_max: int | None = None
    rating_min: float | None = None
    requestable: bool | None = None


class LawyerOrder(StrEnum):
    PRESENCE = "PRESENCE"
    NAME = "NAME"
    YEARS = "YEARS"
    REPLY_TIME = "REPLY_TIME"
    RATING = "RATING"


class Sorting(NamedTuple):
    """What a page is ordered by: in SQL, of a row, of which columns of that, and as a cursor's text says it (`key`
    raises ValueError)."""

    value: ColumnElement[Any]
    of: Callable[[LawyerRow], Any]
    columns: frozenset[str]
    key: Any
    newest_first: bool = False


_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
_UNKNOWN: Final = 2**31 - 1
_UNRATED: Final = -1.0


def _last_there(row: LawyerRow) -> datetime:
    return _NEVER if row.availability == Availability.AWAY else row.seen_at or _NEVER


def _reply(said: str) -> int:
    number = int(said)
    if not 0 <= number <= _UNKNOWN:
        raise ValueError(said)
    return number


def _lower(said: str) -> float:
    number = float(said)
    if number != _UNRATED and not 0 <= number <= 1:
        raise ValueError(said)
    return number


# The expressions are spelled as in the indexes and hold no parameter: a plan made for any parameter passes those by.
SORTINGS: Final = {
    LawyerOrder.PRESENCE: Sorting(
        literal_column(
            "CASE WHEN lawyer.availability = 'AWAY' THEN timestamptz 'epoch'"
            " ELSE coalesce(lawyer.seen_at, timestamptz 'epoch') END"
        ),
        _last_there,
        frozenset({"availability", "seen_at"}),
        datetime,
        newest_first=True,
    ),
    LawyerOrder.NAME: Sorting(L.c.name, lambda row: row.name, frozenset({"name"}), str),
    LawyerOrder.YEARS: Sorting(
        L.c.practising_since, lambda row: row.practising_since, frozenset({"practising_since"}), date.fromisoformat
    ),
    LawyerOrder.REPLY_TIME: Sorting(
        literal_column(f"coalesce(lawyer.reply_seconds, {_UNKNOWN})"),
        lambda row: _UNKNOWN if row.reply_seconds is None else row.reply_seconds,
        frozenset({"reply_seconds"}),
        _reply,
    ),
    LawyerOrder.RATING: Sorting(
        literal_column("coalesce(lawyer.rating_lower, -1)", REAL),
        lambda row: _UNRATED if row.rating_lower is None else row.rating_lower,
        frozenset({"rating_lower"}),
        _lower,
        newest_first=True,
    ),
}


def awake() -> ColumnElement[bool]:
    """Of lawyers: who is not snoozed now."""
    return or_(L.c.snoozed_until.is_(None), L.c.snoozed_until <= clock())


def lawyer_listing(
    wanted: Wanted, sorting: Sorting, page: Page, now: datetime, columns: frozenset[str] | None = None
) -> Select[Any]:
    """Active lawyers who are `wanted`; presence leaves nobody out unless it is asked for. `columns`: what is read of
    them beside what they are sorted by; None for all of it."""
    read = _lawyers(None if columns is None else columns | sorting.columns)
    found = read.where(L.c.standing == Standing.ACTIVE, *_fitting(wanted, now))
    if wanted.specialty is not None:
        # Not @>: its index would find the few and have them sorted, where the page's own order is at hand.
        found = found.where(literal(wanted.specialty) == func.any(L.c.specialties))
    if wanted.areas:
        found = found.where(L.c.divisions.overlap(list(wanted.areas)))
    if wanted.pool is not None:
        found = found.where(L.c.pool == wanted.pool)
    if wanted.online is not None:
        there = (L.c.availability != Availability.AWAY) & (L.c.seen_at >= clock() - presence.FRESH) & awake()
        found = found.where(there.is_(True) if wanted.online else there.isnot(True))
    if wanted.words is not None:
        named = (L.c.name, F.c.name, L.c.introduction)
        found = found.where(or_(*(column.icontains(wanted.words, autoescape=True) for column in named)))
    return keyset(found, page, sorting.value, L.c.id, newest_first=sorting.newest_first)


def _fitting(wanted: Wanted, now: datetime) -> Iterator[ColumnElement[bool]]:
    """By her own columns; these only thin the page out, whose order stays at hand."""
    if wanted.language is not None:
        yield literal(wanted.language) == func.any(L.c.languages)
    if wanted.gender is not None:
        yield L.c.gender == wanted.gender
    if wanted.years_min is not None:
        yield L.c.practising_since <= practice.begun_by(wanted.years_min, now)
    if wanted.reply_seconds_max is not None:
        yield L.c.reply_seconds <= wanted.reply_seconds_max
    if wanted.rating_min is not None:
        yield L.c.rating_lower >= wanted.rating_min
    if wanted.requestable is not None:
        yield L.c.requestable.is_(wanted.requestable)


async def lawyer_page(
    session: Session, wanted: Wanted, sorting: Sorting, page: Page, columns: frozenset[str] | None = None
) -> list[LawyerRow]:
    if page.outermost and wanted == _ANYBODY:
        listing = _outermost_lawyers(sorting, page, columns)
    else:
        listing = lawyer_listing(wanted, sorting, page, now(session), columns)
    return (await session.rows(listing)).all()


_ANYBODY: Final = Wanted()


@lru_cache
def _outermost_lawyers(sorting: Sorting, page: Page, columns: frozenset[str] | None) -> Select[Any]:
    return lawyer_listing(_ANYBODY, sorting, page, _NEVER, columns)


def with_lawyer(rows: Any, id: Any) -> Any:
    """The SELECT, and beside each row the lawyer of that `id`, as `lawyer_beside` takes her."""
    joined = rows.outerjoin_from(id.table, L, L.c.id == id).outerjoin_from(id.table, F, F.c.id == L.c.firm)
    return joined.add_columns(*(column.label(f"lawyer_{name}") for name, column in _LAWYER.items()))


def lawyer_beside(row: Any) -> LawyerRow | None:
    return LawyerRow._make(row[-len(_LAWYER) :]) if row.lawyer_id else None


async def lawyers(session: Session, ids: Iterable[UUID]) -> list[LawyerRow]:
    """Whatever their standing: what they once did keeps their name."""
    return (await session.rows(_LAWYERS_OF, {"ids": list(ids)})).all()


async def firms(session: Session, ids: Iterable[UUID]) -> list[FirmRow]:
    return (await session.rows(_FIRMS_OF, {"ids": list(ids)})).all()


async def active_lawyers(session: Session, specialties: Iterable[str]) -> dict[str, int]:
    """How many active lawyers practise each of these; those nobody practises are left out."""
    practised = select(func.unnest(L.c.specialties).label("code")).where(L.c.standing == Standing.ACTIVE).subquery()
    counts = select(practised.c.code, func.count()).where(practised.c.code.in_(list(specialties)))
    return {code: number for code, number in await session.rows(counts.group_by(practised.c.code))}


async def practises(session: Session, lawyer: UUID) -> bool:
    """Whether she may answer questions at all: neither suspended nor gone for good."""
    active = select(1).where(L.c.id == lawyer, L.c.standing == Standing.ACTIVE)
    return (await session.rows(active)).first() is not None
