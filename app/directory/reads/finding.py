"""How the directory is searched: both tables by the same columns, each out of its index, put in one order."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Float,
    Integer,
    Select,
    Text,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from app.core.access import Viewer
from app.core.db import Session
from app.core.keyset import Page, keyset
from app.directory.models import INSTITUTIONS, WORKERS, RegisterKind
from app.directory.reads.opening import open_at
from app.directory.reads.placing import chord_to
from app.directory.reads.register import I, W, verified, visible_to
from app.directory.rules.finding import Sought
from app.places.rules.coordinates import Spot

TABLES: Final = (("Institution", I, INSTITUTIONS), ("LegalWorker", W, WORKERS))
ALIKE: Final = 0
"""The fit of what only sounds or looks alike; what holds the words themselves has 1 to 4."""
FAR: Final = 9_999_999


class Found(NamedTuple):
    of: str
    """Institution or LegalWorker."""
    id: UUID
    at: Any
    """Its place: a rank, the highest first; or its label, in the order of the alphabet, the city first."""


@dataclass(frozen=True)
class Wanted:
    """`codes` is a tsquery of those a record must bear, "" for none."""

    sought: Sought | None = None
    kinds: Collection[RegisterKind] = tuple(RegisterKind)
    codes: str = ""
    near: Spot | None = None
    now: datetime | None = None
    """When it is asked: what is open then comes before what fits as well. None where nobody looks at doors."""
    open: bool = False
    """Only what is open then."""

    @property
    def named(self) -> bool:
        """Whether there are words to compare names with."""
        return self.sought is not None and not self.sought.broad

    @property
    def ranked(self) -> bool:
        """By names or from a place; else it is a list."""
        return self.named or self.near is not None


def is_alike(rank: int) -> bool:
    return rank // 10**10 % 10 == ALIKE


async def search(session: Session, viewer: Viewer | None, wanted: Wanted, page: Page) -> list[Found]:
    """What holds all the words; where nothing does, what sounds like them or looks like them (one letter wrong)."""
    if not wanted.named:
        return await _found(session, finding(viewer, wanted, page))
    alike = page.after is not None and is_alike(page.after[0])
    rows = [] if alike else await _found(session, finding(viewer, wanted, page))
    if rows or (page.after is not None and not alike):
        return rows
    return await _found(session, finding(viewer, wanted, page, alike=True))


async def _found(session: Session, statement: Select[Any]) -> list[Found]:
    return [Found(*row) for row in await session.rows(statement)]


def finding(viewer: Viewer | None, wanted: Wanted, page: Page, *, alike: bool = False) -> Select[Any]:
    branches = []
    for of, table, kinds in TABLES:
        asked = [kind for kind in kinds if kind in wanted.kinds]
        if not asked:
            continue
        place = _rank(table, wanted, alike) if wanted.ranked else table.c.label
        found = select(literal_column(f"'{of}'", Text).label("of"), table.c.id, place.label("at"))
        found = found.where(visible_to(viewer, table), *_fitting(table, wanted, alike))
        if len(asked) < len(kinds):
            found = found.where(table.c.kind.in_(asked))
        branches.append(select(keyset(found, page, place, table.c.id, newest_first=wanted.ranked).subquery()))
    both = union_all(*branches).subquery() if branches else select(*_NOTHING).where(literal(False)).subquery()
    down = wanted.ranked != page.backward
    order = (both.c.at.desc(), both.c.id.desc()) if down else (both.c.at, both.c.id)
    return select(both).order_by(*order).limit(page.size + 1)


_NOTHING: Final = (literal("").label("of"), I.c.id, literal("").label("at"))


def _fitting(table: Any, wanted: Wanted, alike: bool) -> list[ColumnElement[bool]]:
    fitting = []
    if wanted.codes:
        fitting.append(_bears(table, wanted.codes))
    if wanted.sought is not None:
        fitting.append(_like(table, wanted.sought) if alike else _bears(table, wanted.sought.terms))
    if wanted.open and wanted.now:
        fitting.append(_open(table, wanted.now))
    return fitting


def _bears(table: Any, terms: str) -> ColumnElement[bool]:
    bears: ColumnElement[bool] = table.c.terms.op("@@", is_comparison=True)(_query(terms))
    return bears


def _query(terms: str) -> Any:
    """Its lexemes are as they were written: no dictionary looks at them."""
    return cast(cast(literal(terms), Text), TSQUERY)


def _like(table: Any, sought: Sought) -> ColumnElement[bool]:
    """By trigrams a whole word of the label must be like it, 0.6 or more (pg_trgm.word_similarity_threshold)."""
    looks = [
        table.c.label.op("OPERATOR(trigram.%>)", is_comparison=True)(said) for said in {sought.whole, sought.sound}
    ]
    return or_(_bears(table, sought.alike), *looks)


def _rank(table: Any, wanted: Wanted, alike: bool) -> ColumnElement[int]:
    """In digits: offered; how well it fits, 0 to 4; how near it is, seven; whether it is in the city, and open, 0 to 3;
    how like its name is, two."""
    digits = cast(cast(verified(table), Integer), BigInteger) * 10
    digits += _fit(table.c.label, wanted.sought) if wanted.sought and wanted.named and not alike else int(not alike)
    digits = digits * 10**7 + (_nearness(table, wanted.near) if wanted.near else 0)
    digits = digits * 10 + cast(table.c.division != "", Integer) * 2
    digits += cast(_open(table, wanted.now), Integer) if wanted.now else 0
    return digits * 100 + (_likeness(table, wanted.sought, alike) if wanted.sought and wanted.named else 0)


def _fit(label: Any, sought: Sought) -> ColumnElement[int]:
    name = sought.whole
    cases = [(f"|{name}|", 4), (f"|{name}", 3), (name, 2)]
    return case(*((func.strpos(label, part) > 0, fit) for part, fit in cases), else_=1)


def _likeness(table: Any, sought: Sought, alike: bool) -> ColumnElement[int]:
    heard = func.trigram.word_similarity(literal(sought.sound), table.c.label)
    like = heard if alike else func.trigram.similarity(table.c.name, literal(sought.whole))
    return cast(func.floor(cast(like, Float) * 99), Integer)


def _nearness(table: Any, near: Spot) -> ColumnElement[int]:
    """Metres short of ten thousand kilometres, straight through the earth; 0 for what has no place. Who works somewhere
    is where that is."""
    at = _where(table)
    short: ColumnElement[Any] = case((at.c.longitude.is_not(None), FAR - cast(chord_to(near, at), Integer)), else_=0)
    if table is W:
        short = select(short).where(at.c.id == W.c.institution).scalar_subquery()
    return func.coalesce(func.greatest(short, 0), 0)


def _open(table: Any, now: datetime) -> ColumnElement[bool]:
    """Who works somewhere is there while that is open."""
    at = _where(table)
    open: ColumnElement[Any] = open_at(now, at)
    if table is W:
        open = select(open).where(at.c.id == W.c.institution).scalar_subquery()
    return func.coalesce(open, False)


def _where(table: Any) -> Any:
    return I if table is I else I.alias()
