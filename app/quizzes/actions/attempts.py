"""An attempt is begun, saved answer by answer, and closed: by whoever takes it, or by its deadline.

What the clock decides, the database decides, in functions of its own: a client that is cut off loses nothing that it
was told to be saved, and asks again with what it has.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import func, select, text

from app.accounts.reads import readiness
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import BAD_VALUE, NOT_FOUND, refuse, refuse_if
from app.core.idempotency import known, once
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.sealing import KeyProvider
from app.core.texts import against_text
from app.quizzes.events import AttemptDue
from app.quizzes.models import AttemptState, QuestionKind
from app.quizzes.reads import rounds as reads
from app.quizzes.rules import rounds as rules
from app.quizzes.rules.drawing import drawn, kept, new_seed, order, pseudonym

_START = text(
    "SELECT * FROM door.start_attempt(:id, :round, :seed, CAST(:drawn AS uuid[]), :alias, CAST(:team AS smallint))"
)
_SAVE = text("SELECT * FROM door.save_answer(:attempt, CAST(:item AS smallint), CAST(:choice AS smallint[]), :turn)")


class _Started(BaseModel):
    round: UUID
    group: str | None


async def start(
    session: Session, viewer: Viewer, keys: KeyProvider, round: UUID, group: str | None, key: str, now: datetime
) -> UUID:
    """The attempt that runs from now on, or the one that runs already: of fifty who begin at once there is one."""
    refuse_if(list(against_text(group or "", "group", 0, rules.NAME[1])))
    secret, said = keys.secret("idempotency"), _Started(round=round, group=group)
    found = next(iter(await reads.rounds(session, [round])), None)
    if found is None:
        raise refuse(NOT_FOUND, "activityId")
    refuse_if(list(rules.against_taking_part(await readiness(session, viewer.id))))
    if (team := rules.team_of(group, found.groups)) is None:
        raise refuse(rules.GROUP_NEEDED, "group")
    if before := await known(session, secret, key, said, "startAttempt"):
        return before
    seed, pool = new_seed(), await reads.pool(session, round)
    values = {"id": new_id(), "round": round, "seed": seed, "drawn": drawn(seed, pool, found.draws), "team": team}
    made = (await session.rows(_START, values | {"alias": pseudonym(seed)})).one()
    if made.outcome == "NOT_OPEN":
        raise refuse(rules.QUIZ_NOT_OPEN, "activityId")
    if made.outcome == "USED":
        raise refuse(rules.ATTEMPTS_USED, limit=found.attempts)
    if made.outcome == "MADE":
        await emit(session, AttemptDue(attempt=made.attempt), at=made.deadline + rules.GRACE)
    attempt: UUID = made.attempt
    return await once(session, secret, key, said, "startAttempt", attempt) or attempt


@dataclass(frozen=True)
class Saved:
    """What stands of an item since; `turn` is higher than hers where a later one does. `chosen`: as it is kept."""

    item: int
    chosen: Sequence[int]
    turn: int
    saved_at: datetime


async def save(
    session: Session, viewer: Viewer, id: UUID, item: int, chosen: Sequence[int], turn: int
) -> tuple[Saved | None, Any]:
    """What stands, and the attempt as it was read; None for what stands where it is closed. Two statements."""
    row = await found(session, viewer, id)
    if not 1 <= item <= len(row.questions):
        raise refuse(BAD_VALUE, "item")
    kind, shown = shape(row, item)
    if (choice := kept(chosen, shown, kind)) is None:
        raise refuse(rules.BAD_CHOICE, "chosen")
    said = {"attempt": id, "item": item, "choice": choice, "turn": turn}
    done = (await session.rows(_SAVE, said)).one_or_none()
    if done is None:
        raise refuse(NOT_FOUND, "attemptId")
    if done.outcome == "CLOSED":
        return None, row
    return Saved(item, done.choice, done.turn, done.saved_at), row


def shape(row: Any, item: int) -> tuple[QuestionKind, list[int]]:
    """Of an item: how it is answered, and at each place that its taker sees the place of that option in the bank."""
    at, kind = item - 1, QuestionKind(row.kinds[item - 1])
    return kind, order(row.seed, row.questions[at], kind, row.sizes[at])


async def submit(session: Session, viewer: Viewer, id: UUID) -> bool:
    """False where its deadline closed it; closing it twice is closing it once."""
    row = await found(session, viewer, id)
    closed = (await session.rows(select(func.door.submit_attempt(id)))).scalar_one()
    if closed:
        session.news(rules.board_of(row.round))
    (then,) = await reads.attempts(session, viewer, [id])
    return bool(then.state == AttemptState.SUBMITTED)


async def close(session: Session, id: UUID) -> None:
    """For the worker: at the deadline and its grace."""
    round: UUID | None = (await session.rows(select(func.door.attempt_due(id)))).scalar_one()
    if round is not None:
        session.news(rules.board_of(round))


async def found(session: Session, viewer: Viewer, id: UUID) -> Any:
    rows = await reads.attempts(session, viewer, [id])
    if not rows:
        raise refuse(NOT_FOUND, "attemptId")
    return rows[0]
