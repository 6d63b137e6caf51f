"""Nightly rounds: an event of the outbox like every other deadline, which calls for the next night itself."""

from uuid import UUID, uuid5

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from app.core import retention
from app.core.db import Session, now
from app.core.outbox import OutboxEvent, emit_each
from app.core.retention import NightCame, RoundDue
from app.vault.rules.nights import next_night

AT_ONCE = 500
"""Rows of one kind that one transaction forgets: it holds no lock for long, and what follows goes on where it ended."""
_NIGHTS = UUID("5f1d8e0a-3c52-4d7b-9a60-2f6f0c3b7e11")


async def await_night(session: Session) -> None:
    """There is one event a night, however many ask for it: relays at their start, and the night before."""
    at = next_night(now(session))
    row = {"id": uuid5(_NIGHTS, at.isoformat()), "kind": NightCame.__name__, "ids": {}}
    row |= {"due_at": at, "next_at": at, "handed": 0, "reacted": []}
    await session.rows(insert(OutboxEvent).inline().values(row).on_conflict_do_nothing())


async def call_rounds(session: Session) -> None:
    """A round for each thing that the policy says something about, and the next night."""
    moment = now(session)
    await emit_each(session, [(moment, RoundDue(what=what)) for what in await retention.named(session)])
    await await_night(session)


async def forget(session: Session, what: str) -> bool:
    """At most AT_ONCE of what is kept no longer; whether there may be more."""
    gone = await session.rows(text("SELECT door.forget(:what, :most)"), {"what": what, "most": AT_ONCE})
    return bool(gone.scalar_one() >= AT_ONCE)
