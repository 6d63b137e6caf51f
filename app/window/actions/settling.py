"""For the worker: what a window does closes a step online. Papers that were all that was missing are a step of hers;
the result that she collects is one of the window's."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Executable, func, select

from app.applications import reads as applications
from app.applications.actions.moving import write
from app.applications.models import ApplicationKind, Move
from app.applications.rules.machine import MACHINES
from app.core.db import Session, one_at_a_time
from app.window import reads
from app.window.models import ActKind


def _move(done: Any) -> Move | None:
    if done.kind == ActKind.COLLECTED:
        return Move.COLLECT
    return Move.SUPPLEMENT if done.settles else None


async def settle(session: Session, visit: UUID, act: UUID, now: datetime) -> None:
    """Whoever moved it meanwhile was quicker; twice changes nothing."""
    about, done = await reads.about(session, visit), await reads.done(session, act)
    move = _move(done) if done is not None else None
    if about is None or move is None:
        return
    await one_at_a_time(session, f"application {about.subject}")
    row = await applications.standing(session, about.subject)
    line = MACHINES[ApplicationKind(row.kind)].row(move, row.state) if row is not None else None
    if line is None or line.guard is not None:
        return

    def enter(step: dict[str, Any]) -> Executable:
        runs = (step["clock"], step["clock_since"], step["due_at"])
        return select(func.door.window_step(act, step["id"], *runs))

    past = await applications.past(session, about.subject)
    await write(session, row, line, {"id": uuid5(act, "step")}, past, now, enter)
