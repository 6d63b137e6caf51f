"""For the worker: who signed up is told that she has a place, that it nears, that it is off. Twice tells once."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from app.activities.models import ActivityState, EnrolmentState
from app.activities.reads import attending, standing
from app.core.db import Session
from app.notices.actions import tell
from app.notices.models import NoticeKind

TOGETHER: Final = 1_000
"""People whom one statement tells."""
_HELD: Final = (ActivityState.OPEN, ActivityState.CLOSED)


async def moved_up(session: Session, enrolment: UUID, now: datetime) -> None:
    row = await attending.about(session, enrolment)
    if row is not None and row.person is not None and row.state == EnrolmentState.ENROLLED:
        await tell(session, [row.person], NoticeKind.ACTIVITY_PLACE, row.activity, enrolment, now)


async def nears(session: Session, activity: UUID, seconds: int, now: datetime) -> None:
    """If it still begins then: it may have been put off since, or called off."""
    row = await standing(session, activity)
    if row is None or row.state not in _HELD or row.begins_at is None:
        return
    left = (row.begins_at - now).total_seconds()
    if 0 < left <= seconds:
        cause = uuid5(activity, f"{seconds} {row.begins_at.timestamp()}")
        people = await attending.people_of(session, activity, [EnrolmentState.ENROLLED])
        await _tell(session, people, NoticeKind.ACTIVITY_SOON, activity, cause, now)


async def cancelled(session: Session, activity: UUID, now: datetime) -> None:
    people = await attending.people_of(session, activity, attending.LIVE)
    await _tell(session, people, NoticeKind.ACTIVITY_CANCELLED, activity, activity, now)


async def still_to_be(session: Session, person: UUID, activity: UUID, now: datetime) -> bool:
    """Whether a reminder that waited for the morning is still true."""
    row = await standing(session, activity)
    held = row is not None and row.state in _HELD and row.begins_at is not None and row.begins_at > now
    return held and await attending.comes(session, person, activity)


async def _tell(
    session: Session, people: Sequence[UUID], kind: NoticeKind, activity: UUID, cause: UUID, now: datetime
) -> None:
    for some in _parts(people):
        await tell(session, some, kind, activity, cause, now)


def _parts(people: Sequence[UUID]) -> Iterable[Sequence[UUID]]:
    return (people[at : at + TOGETHER] for at in range(0, len(people), TOGETHER))
