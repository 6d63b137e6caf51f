"""For the worker: by which channel somebody came first, and how far she came since. All of it may be told twice."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from app.core.db import Session
from app.core.ids import new_id
from app.outreach.models import Step
from app.outreach.rules.links import code_of

AT_ONCE = 500


async def pushed(session: Session, push: UUID) -> None:
    """She came to the official account by a code, follows it, or leaves it."""
    await session.rows(select(func.door.touch_pushed(push, new_id())))


async def signed_in(session: Session, person: UUID, code: str, at: datetime) -> None:
    """She signed in and said by which code she had come. What is no code any more loses nothing."""
    if (known := code_of(code)) is not None:
        await session.rows(select(func.door.touch_signed_in(person, known, at, new_id())))


async def reached(session: Session, people: Sequence[UUID], step: Step) -> None:
    """They came so far. Who came by no channel within thirty days is not counted."""
    if people:
        await session.rows(select(func.door.touch_reached(list(people), step.value)))


async def forget(session: Session) -> bool:
    """At most AT_ONCE of those whose time is over; whether there may be more. Their sums stay."""
    return bool((await session.rows(select(func.door.forget_touches(AT_ONCE)))).scalar_one() >= AT_ONCE)


async def give_up(session: Session, person: UUID) -> None:
    await session.rows(select(func.door.give_up_touches(person)))
