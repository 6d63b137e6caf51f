"""For the worker: what happens when a time runs out, and who is told of it. Whoever moved meanwhile was quicker."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import func, select

from app.accounts.models import Duty
from app.applications import reads
from app.applications.actions.moving import write
from app.applications.events import ClockRanOut, IdentityAged, ServiceAged
from app.applications.models import ApplicationKind, ApplicationState, Clock, Move
from app.applications.rules.machine import MACHINES
from app.applications.rules.policy import AGAIN
from app.applications.rules.standing import HANDLERS
from app.applications.rules.telling import TELLING
from app.core.db import Session, one_at_a_time
from app.core.ids import new_id
from app.core.outbox import emit
from app.notices.actions import tell
from app.vault.actions import files
from app.vault.reads import owners

HELD: Final = timedelta(days=30)
"""What a legal hold keeps is looked at again so often."""


async def nears(session: Session, application: UUID, seq: int, due: datetime, now: datetime) -> None:
    """Who has to act is reminded."""
    row = await _standing_still(session, application, seq)
    if row is None:
        return
    telling = TELLING[ApplicationKind(row.kind)]
    if row.clock == Clock.SUPPLEMENT:
        people, kind = await owners(session, application), telling.supplement_due
    else:
        people, kind = await who_acts(session, row), telling.due_soon
    await tell(session, people, kind, application, uuid5(application, f"nears {seq} {due.isoformat()}"), now)


async def ran_out(session: Session, application: UUID, seq: int, round: int, now: datetime) -> None:
    """What was not supplied is deemed withdrawn; what the institution did not do is overdue, and said so every day to
    who handles it and to its supervisors, until it is done."""
    row = await _standing_still(session, application, seq)
    if row is None:
        return
    machine = MACHINES[ApplicationKind(row.kind)]
    for move in (Move.LAPSE, Move.TIME_OUT):
        if machine.row(move, row.state) is not None:
            await by_the_house(session, row, move, now)
            return
    people = {*await who_acts(session, row), *await reads.staff(session, row.institution, Duty.SUPERVISOR, of=row.id)}
    this_time = uuid5(application, f"overdue {seq} {round}")
    await tell(session, people, TELLING[ApplicationKind(row.kind)].overdue, application, this_time, now)
    await emit(session, ClockRanOut(application=application, seq=seq, round=round + 1), at=now + AGAIN)


async def unanswered(session: Session, application: UUID, seq: int, now: datetime) -> None:
    """The lawyer did not answer: it is to be offered to another."""
    row = await _standing_still(session, application, seq, state=ApplicationState.ASSIGNED)
    if row is not None:
        await by_the_house(session, row, Move.NO_ANSWER, now)


async def by_the_house(session: Session, row: Any, move: Move, now: datetime) -> None:
    line = MACHINES[ApplicationKind(row.kind)].row(move, row.state)
    assert line is not None
    await write(session, row, line, {"id": new_id()}, [], now)


async def who_acts(session: Session, row: Any) -> list[UUID]:
    """Who handles it; where nobody does, whoever could take it."""
    if row.officer is not None:
        return [row.officer]
    return [*await reads.staff(session, row.institution, *HANDLERS, of=row.id)]


async def give_up(session: Session, person: UUID) -> None:
    """What somebody applied for who closes her account."""
    gone = (await session.rows(select(func.door.give_up_services(person)))).scalar_one()
    for application in gone:
        await files.erase(session, application)


async def forget(session: Session, application: UUID, seq: int, now: datetime) -> None:
    """What was kept long enough is destroyed; what a legal hold keeps is looked at again a month later."""
    if await _standing_still(session, application, seq) is None:
        return
    forgotten = (await session.rows(select(func.door.forget_service(application)))).scalar_one()
    if forgotten:
        await files.erase(session, application)
    elif forgotten is False:
        await emit(session, ServiceAged(application=application, seq=seq), at=now + HELD)


async def forget_identity(session: Session, application: UUID, now: datetime) -> None:
    """Pictures that show who somebody is, some time after it was decided; what a hold keeps is looked at again."""
    if (await session.rows(select(func.door.forget_identity(application)))).scalar_one() is False:
        await emit(session, IdentityAged(application=application), at=now + HELD)


async def _standing_still(
    session: Session, application: UUID, seq: int, *, state: ApplicationState | None = None
) -> Any | None:
    """As it stands, if no step was made since; of what was offered, if it still is by the same offer."""
    await one_at_a_time(session, f"application {application}")
    row = await reads.standing(session, application)
    if row is None or (row.seq != seq and state is None):
        return None
    if state is not None and (row.state != state or await reads.offered_by(session, application) != seq):
        return None
    return row
