"""A quiz is set up while its activity is a draft."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from app.activities.actions import moving
from app.activities.models import ActivityKind, ActivityState
from app.activities.reads import activities, standing
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.outbox import emit
from app.directory.rules.register import CHANGED_MEANWHILE
from app.quizzes.actions.prizes import put_up
from app.quizzes.events import RoundOver
from app.quizzes.models import QuizRound
from app.quizzes.reads import rounds as reads
from app.quizzes.reads.prizes import prizes as prizes_of
from app.quizzes.reads.rounds import R
from app.quizzes.rules import rounds as rules
from app.quizzes.rules.prizes import Prize
from app.quizzes.rules.rounds import Setup


async def set_up(session: Session, viewer: Viewer, activity: UUID, version: int, said: Setup, now: datetime) -> None:
    """How it is from now on; `version` is 0 where nobody has set it up yet. Saying the same again changes nothing."""
    refuse_if(list(rules.against_setup(said)))
    found = await activities(session, viewer, [activity])
    if not found:
        raise refuse(NOT_FOUND, "activityId")
    if found[0].kind != ActivityKind.QUIZ:
        raise refuse(rules.NOT_A_QUIZ, "activityId")
    if found[0].state != ActivityState.DRAFT:
        raise refuse(rules.ROUND_FIXED, "activityId")
    if said.pass_mark is not None and found[0].institution is None:
        raise refuse(rules.CERTIFICATE_NEEDS_INSTITUTION, "passMark")
    pool = await reads.drawable(session, said.questions)
    if len(pool) < max(said.draws, len(said.questions)):
        raise refuse(rules.POOL_TOO_SMALL, "questionIds", found=len(pool))
    row: dict[str, Any] = said.model_dump(exclude={"questions", "prizes"}) | {"pool": pool}
    prizes = [Prize(name=prize.name.strip(), stock=prize.stock) for prize in said.prizes]
    row["groups"] = [name.strip() for name in said.groups]
    before = next(iter(await reads.rounds(session, [activity])), None)
    if (
        before
        and before.version in (version, version + 1)
        and all(getattr(before, name) == value for name, value in row.items())
    ):
        there = await prizes_of(session, [activity])
        if [(one.name, one.stock) for one in there] == [(one.name, one.stock) for one in prizes]:
            return
    row |= {"version": version + 1, "changed_at": now, "changed_by": viewer.id}
    written = (
        update(R).where(R.c.activity == activity, R.c.version == version).values(row)
        if version
        else insert(QuizRound).inline().values(row | {"activity": activity}).on_conflict_do_nothing()
    )
    if not (await session.rows(written)).rowcount:
        raise refuse(CHANGED_MEANWHILE, "version")
    await put_up(session, activity, version + 1, prizes)


async def closed(session: Session, round: UUID, now: datetime) -> None:
    """For the worker: of an activity that was closed, if it is a quiz. There is nothing to judge: it is counted."""
    row = await standing(session, round)
    if row is not None and row.kind == ActivityKind.QUIZ:
        await moving.score(session, round)
        await emit(session, RoundOver(round=round), at=now + rules.GRACE + timedelta(seconds=1))


async def over(session: Session, round: UUID, now: datetime) -> None:
    """Its results are told once nobody takes it any more: an editor may have closed it before its time."""
    if await reads.running(session, round):
        await emit(session, RoundOver(round=round), at=now + rules.GRACE)
    else:
        await moving.announce(session, round)
