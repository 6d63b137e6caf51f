"""For the worker: slips and statements are destroyed in time, and what is to be forwarded is not forgotten."""

from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import func, select

from app.accounts.models import Duty
from app.applications import reads as applications
from app.core.db import Session
from app.core.outbox import emit
from app.notices.actions import tell
from app.notices.models import NoticeKind
from app.window import reads
from app.window.events import ForwardRanOut
from app.window.rules.counter import AGAIN

_TOLD: Final = (Duty.WINDOW_STAFF, Duty.SUPERVISOR)
"""Of what is to be forwarded: who can do it, and who answers for it."""


async def forget_slip(session: Session, visit: UUID) -> None:
    await session.rows(select(func.door.forget_slip(visit)))


async def give_up(session: Session, person: UUID) -> None:
    await session.rows(select(func.door.give_up_window(person)))
    await session.rows(select(func.door.give_up_ratings(person)))


async def forward_nears(session: Session, statement: UUID, now: datetime) -> None:
    """The window is reminded, and the supervisors of the place."""
    row = await reads.to_forward(session, statement)
    if row is not None:
        people = await applications.staff(session, row.place, *_TOLD)
        await tell(session, people, NoticeKind.FORWARD_SOON, statement, statement, now)


async def forward_ran_out(session: Session, statement: UUID, round: int, now: datetime) -> None:
    """Overdue, and said so every day until it is done."""
    row = await reads.to_forward(session, statement)
    if row is None:
        return
    people = await applications.staff(session, row.place, *_TOLD)
    await tell(session, people, NoticeKind.FORWARD_OVERDUE, statement, uuid5(statement, f"overdue {round}"), now)
    await emit(session, ForwardRanOut(statement=statement, round=round + 1), at=now + AGAIN)


async def forget_statement(session: Session, statement: UUID) -> None:
    await session.rows(select(func.door.forget_statement(statement)))
