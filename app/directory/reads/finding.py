"""How the directory is searched: both tables by the same columns, each out of its index, put in one order."""

from collections.abc import Collection
from dataclasses import dataclass
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
from app.core.db import Session, clock
from app.core.keyset import Page, keyset
from app.directory.models import INSTITUTIONS, WORKERS, RegisterKind
from app.directory.reads.register import I, W, visible_to
from app.directory.rules.finding import Sought

TABLES: Final = (("Institution", I, INSTITUTIONS), ("LegalWorker", W, WORKERS))
ALIKE: Final = 0
"""The fit of what only sounds or looks alike; what holds the words themselves has 1 to 4."""


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

    @property
    def ranked(self) -> bool:
        """Whether there are words to compare names with; else it is a list."""
        return self.sought is not None and not self.sought.broad


def is_alike(rank: int) -> bool:
    return rank // 1000 % 10 == ALIKE


async def search(session: Session, viewer: Viewer | None, wanted: Wanted, page: Page) -> list[Found]:
    """What holds all the words; where nothing does, what sounds like them or looks like them (one letter wrong)."""
    if not wanted.ranked:
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
        place = _rank(table, wanted.sought, alike) if wanted.sought and wanted.ranked else table.c.label
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


def _rank(table: Any, sought: Sought, alike: bool) -> ColumnElement[int]:
    """In digits: offered; how well it fits, 0 to 4; in the city; how near the name is to the words, two digits."""
    label, said = table.c.label, literal(sought.whole)
    offered = table.c.verified_at > clock() - literal_column("interval '12 months'")
    fit = case(
        (func.strpos(label, "|" + sought.whole + "|") > 0, 4),
        (func.strpos(label, "|" + sought.whole) > 0, 3),
        (func.strpos(label, said) > 0, 2),
        else_=1,
    )
    fits = literal_column(str(ALIKE), Integer) if alike else fit
    near = (
        func.trigram.word_similarity(literal(sought.sound), label)
        if alike
        else func.trigram.similarity(table.c.name, said)
    )
    digits = cast(func.coalesce(offered, False), Integer) * 10 + fits
    digits = digits * 10 + cast(table.c.division != "", Integer)
    return cast(digits * 100 + cast(func.floor(cast(near, Float) * 99), Integer), BigInteger)
