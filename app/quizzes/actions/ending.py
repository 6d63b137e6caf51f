"""What comes of a quiz when its results are told, what is taken back of it, and what is forgotten.

All of the worker's may run twice.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, text

from app.activities.reads import activities
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.outbox import emit
from app.core.texts import against_text
from app.notices.actions import tell
from app.notices.models import NoticeKind
from app.quizzes.actions.prizes import award, tell_many
from app.quizzes.events import AttemptsAged, AttemptVoided, PrizesDue
from app.quizzes.reads import rounds as reads
from app.quizzes.rules import rounds as rules

AGAIN: Final = timedelta(days=30)
"""What a hold keeps is looked at again."""
_VOID = text("SELECT * FROM door.void_attempt(:round, :alias, :place, :why)")


async def void(session: Session, viewer: Viewer, round: UUID, alias: str, place: int, why: str) -> None:
    """What stands at this place of the board under this pseudonym counts no longer; whose it is is told why."""
    refuse_if([*against_text(alias, "alias", *rules.NAME), *against_text(why, "reason", *rules.WHY)])
    if not await activities(session, viewer, [round]):
        raise refuse(NOT_FOUND, "activityId")
    said = {"round": round, "alias": alias.strip(), "place": place, "why": why.strip()}
    done = (await session.rows(_VOID, said)).one_or_none()
    if done is None:
        raise refuse(rules.NOT_ON_BOARD, "alias")
    if done.outcome == "OWN":
        raise refuse(rules.OWN_ATTEMPT, "alias")
    await emit(session, AttemptVoided(attempt=done.attempt, person=done.winner))
    session.news(rules.board_of(round))


async def tell_voided(session: Session, event: AttemptVoided, now: datetime) -> None:
    await tell(session, [event.person], NoticeKind.ATTEMPT_VOIDED, event.attempt, event.attempt, now)


async def told(session: Session, round: UUID, now: datetime) -> None:
    """Once nobody takes it any more prizes are given, and who passed learns that she may order her certificate: an
    editor may have told its results before."""
    if await reads.running(session, round):
        await emit(session, PrizesDue(round=round), at=now + rules.GRACE)
        return
    await award(session, round, now)
    found = select(func.door.quiz_passed(round))
    await tell_many(session, (await session.rows(found)).scalars().all(), NoticeKind.CERTIFICATE_READY, round, now)


async def forget(session: Session, round: UUID, now: datetime) -> None:
    """A year after it was over nobody's attempts remain (PIPL 19), but for what a hold keeps."""
    kept: bool = (await session.rows(select(func.door.forget_attempts(round)))).scalar_one()
    if kept:
        await emit(session, AttemptsAged(round=round), at=now + AGAIN)
