"""Many who ask the same at once: one statement for all of them, each behind her own wall.

Whoever wakes five hundred people would otherwise have five hundred transactions, of five round trips each. Here
PostgreSQL says a name, reads for it, says the next: row-level security shows each what it would show her alone.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import Text, Uuid, bindparam, cast, func, literal_column, select, text, true
from sqlalchemy.dialects.postgresql import ARRAY

from app.core.access import Viewer
from app.core.db import NOBODY, Database, Session, now

_SIGNED_IN = text(
    "SELECT asked.number FROM unnest(CAST(:people AS uuid[]), CAST(:devices AS uuid[])) "
    "WITH ORDINALITY AS asked (person, device, number) WHERE door.signed_in(asked.device, asked.person)"
)

_NONE: Any = literal_column("0")
"""An offset that keeps a select together: the planner does not take it apart."""


def each(ask: Callable[[Any], Any], **said: Any) -> Any:
    """The statement that many send together, built once for all: `ask` makes the select of one of them, whose id is
    `who.id`, and what she says beside, by its SQL type, `who.<name>`.

    The name is said where the row of who asks is made, and what is hers is only looked for while it is hers that was
    said: whatever the planner does, nobody is shown another's.
    """
    kinds = {"id": Uuid, **said}
    arrays = [bindparam(name, type_=ARRAY(kind)) for name, kind in kinds.items()]
    asked = func.unnest(*arrays).table_valued(*kinds, with_ordinality="number").render_derived("asked")
    name = func.set_config("app.person", cast(asked.c.id, Text), true())
    named = select(cast(name, Uuid).label("id"), *(asked.c[one] for one in said))
    who = SimpleNamespace(**{one: literal_column(f"who.{one}", kind) for one, kind in kinds.items()})
    hers = ask(who).where(who.id == func.app.person()).offset(_NONE).lateral("hers")
    everybody = asked.join(named.correlate(asked).offset(_NONE).lateral("who"), true())
    return select(asked.c.number, *hers.c).select_from(everybody.join(hers, true()))


class Crowd:
    """A transaction in which many read, each in her own name."""

    def __init__(self, session: Session, present: frozenset[int]) -> None:
        """`present`: the places, among those who ask, of the ones whose devices are still signed in."""
        self.present = present
        self._session = session

    @property
    def now(self) -> datetime:
        """The database's time at the start."""
        return now(self._session)

    async def rows(self, statement: Any, who: Sequence[UUID], said: Any = None, **more: Any) -> Sequence[Sequence[Any]]:
        """What each of them finds by a statement that `each` made. `said`: by name, what each says beside."""
        found: list[list[Any]] = [[] for _ in who]
        for row in await self._session.rows(statement, {"id": list(who), **(said or {}), **more}):
            found[row.number - 1].append(row)
        return found

    async def all(self, statement: Any, parameters: Any) -> Sequence[Any]:
        """What is the same whoever asks, and is shown to nobody as well."""
        return (await self._session.rows(statement, parameters)).all()


@asynccontextmanager
async def crowd(db: Database, who: Sequence[Viewer]) -> AsyncIterator[Crowd]:
    """One transaction for all who ask, which begins by looking who of them is still signed in."""
    devices = {"people": [one.id for one in who], "devices": [one.sign_in for one in who]}
    async with db.acting(NOBODY) as session:
        present = (await session.rows(_SIGNED_IN, devices)).scalars()
        yield Crowd(session, frozenset(number - 1 for number in present))
