"""An adviser contests a line of her appraisal; somebody else of the register's keepers decides, each with a reason."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from app.advisers.events import ContestDecided, ContestMade
from app.advisers.models import AppraisalContest, ContestState
from app.advisers.reads import appraisal as reads
from app.advisers.reads.appraisal import AC
from app.advisers.rules import appraisal as rules
from app.advisers.rules.appraisal import Contest, Item
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.sealing import KeyProvider, open_bytes, seal_bytes
from app.places.rules.workdays import today

_SECRET = "appraisal"


async def appraise(session: Session, viewer: Viewer, term: UUID, year: int, now: datetime) -> list[Item] | None:
    """All lines of that year; None of a term that is not hers to see."""
    row = await reads.term_for(session, viewer, term)
    if row is None:
        return None
    counted = await reads.counted(session, viewer, term, year)
    return rules.appraised(counted, year, row.since, row.until, today(now))


async def contest(session: Session, viewer: Viewer, keys: KeyProvider, said: Contest, key: str, now: datetime) -> UUID:
    """Its id. A line is contested once at a time. Refuses NOT_FOUND where the term is another's."""
    id = new_id()
    refuse_if(rules.against_contest(said))
    if known := await once(session, keys.secret("idempotency"), key, said, "contestAppraisalLine", id):
        return known
    row = await reads.term_for(session, viewer, said.term)
    if row is None or row.account != viewer.id:
        raise refuse(NOT_FOUND, "termId")
    items = await appraise(session, viewer, said.term, said.year, now) or []
    if not any(item.line is said.line and item.due for item in items):
        raise refuse(rules.LINE_NOT_COUNTED, "line")
    made: dict[str, Any] = {"id": id, "term": said.term, "adviser": viewer.id, "year": said.year, "line": said.line}
    made |= {"state": ContestState.OPEN, "reason": _sealed(keys, id, "reason", said.reason), "made_at": now}
    made |= {"answer": None, "credited": 0, "decided_by": None, "decided_at": None}
    if not (await session.rows(insert(AppraisalContest).inline().values(made).on_conflict_do_nothing())).rowcount:
        raise refuse(rules.CONTEST_OPEN, "line")
    await emit(session, ContestMade(contest=id))
    return id


class Decision(BaseModel):
    uphold: bool
    credited: int
    reason: str


async def decide(session: Session, viewer: Viewer, keys: KeyProvider, id: UUID, said: Decision, now: datetime) -> None:
    """Of many at once one decides. Refuses CONTEST_DECIDED and OWN_CONTEST."""
    refuse_if(rules.against_decision(said.uphold, said.credited, said.reason))
    found = await reads.contests(session, viewer, [id])
    if not found:
        raise refuse(NOT_FOUND, "contestId")
    if found[0].adviser == viewer.id:
        raise refuse(rules.OWN_CONTEST, "contestId")
    state = ContestState.UPHELD if said.uphold else ContestState.DISMISSED
    row = {"state": state, "answer": _sealed(keys, id, "answer", said.reason), "credited": said.credited}
    decided = update(AC).where(AC.c.id == id, AC.c.state == ContestState.OPEN)
    if not (await session.rows(decided.values(row | {"decided_by": viewer.id, "decided_at": now}))).rowcount:
        raise refuse(rules.CONTEST_DECIDED, "contestId")
    await emit(session, ContestDecided(contest=id))


def _sealed(keys: KeyProvider, id: UUID, column: str, said: str) -> bytes:
    return seal_bytes(keys.secret(_SECRET), said.strip().encode(), f"appraisal_contest|{column}|{id}")


def opened(keys: KeyProvider, row: Any, column: str) -> str:
    return open_bytes(keys.secret(_SECRET), getattr(row, column), f"appraisal_contest|{column}|{row.id}").decode()
