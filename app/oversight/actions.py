"""Making tasks and calling them overdue, as the worker; taking and ending them, as a supervisor."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from pydantic import BaseModel
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from app.accounts.models import MinorData
from app.accounts.reads.minors import of_a_minor, opened_of_a_minor
from app.accounts.rules.minors import MINOR_ACCESS_NEEDED
from app.consultation.events import AppealUpheld
from app.consultation.models import Outcome, QuestionStatus
from app.consultation.reads.life import matter
from app.consultation.rules.lateness import LateReason
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import BAD_VALUE, NOT_FOUND, refuse
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.sealing import KeyProvider
from app.insights.reads import issue as hot_issue
from app.notices.actions import posting, tell
from app.notices.models import NoticeKind
from app.oversight import reads, rules
from app.oversight.events import TaskDone, TaskOverdue
from app.oversight.models import Task, TaskKind
from app.places.rules import town_of

T = reads.T


class _Done(BaseModel):
    task: UUID
    outcome: Outcome


async def make(
    session: Session,
    kind: TaskKind,
    question: UUID,
    about: UUID,
    due_at: datetime,
    now: datetime,
    late_reason: LateReason | None = None,
) -> None:
    """One task for what it is about, however often it is asked for. All supervisors are told."""
    of = await matter(session, question)
    if of.status == QuestionStatus.ERASED:
        return  # there is nobody to call back any more
    id = new_id()
    row = {"id": id, "kind": kind, "question": question, "about": about, "made_at": now, "due_at": due_at}
    row |= {"late_reason": late_reason}
    await _put(session, row | {"category": of.category, "town": town_of(of.division).code}, now)


async def see_to_channel(session: Session, channel: str, template: str, now: datetime) -> None:
    """One task while the provider refuses our settings, however often it does; it ends once a message got through."""
    if not await posting.is_misconfigured(session, channel, template):
        stands = T.c.channel == channel, T.c.template == template, T.c.done_at.is_(None)
        await session.rows(update(Task).where(*stands).values(done_at=now, outcome=Outcome.DONE))
        return
    id, kind = new_id(), TaskKind.MISCONFIGURED
    row = {"id": id, "kind": kind, "about": id, "channel": channel, "template": template, "made_at": now}
    await _put(session, row | {"due_at": rules.due(kind, now)}, now)


async def see_to_issue(session: Session, issue: UUID, now: datetime, due_at: datetime) -> None:
    found = await hot_issue(session, issue)
    if found is not None:
        row = {"id": new_id(), "kind": TaskKind.HOT_ISSUE, "about": issue, "made_at": now, "due_at": due_at}
        await _put(session, row | {"category": found.category, "town": found.town}, now)


async def _put(session: Session, row: dict[str, Any], now: datetime) -> None:
    id = row["id"]
    if (await session.rows(insert(Task).inline().values(row | {"escalated": 0}).on_conflict_do_nothing())).rowcount:
        await tell(session, await reads.supervisors(session), NoticeKind.TASK_NEW, id, id, now)
        await emit(session, TaskOverdue(task=id, round=0), at=row["due_at"])


async def try_anew(session: Session, task: UUID) -> None:
    """Somebody says that it is mended: if it is not, the next message that is refused tells it anew."""
    done = (await session.rows(select(T.c.channel, T.c.template).where(T.c.id == task))).one()
    await posting.try_anew(session, done.channel, done.template)


async def end_erased(session: Session, question: UUID, now: datetime) -> None:
    """What was to be told to somebody who is not known any more; whoever reads the petition reads it no longer."""
    asked = T.c.question == question, T.c.kind.in_([TaskKind.CALLBACK, TaskKind.APPEAL]), T.c.done_at.is_(None)
    await session.rows(update(Task).where(*asked).values(done_at=now, outcome=Outcome.ERASED))


async def call_overdue(session: Session, task: UUID, round: int, now: datetime) -> None:
    """Tell all supervisors, again every day until it is done. Who has held it for too long gives it back."""
    wanted = select(*T.c).where(T.c.id == task, T.c.done_at.is_(None), T.c.escalated == round)
    row = (await session.rows(wanted.with_for_update())).one_or_none()
    if row is None:
        return
    changes: dict[str, Any] = {"escalated": round + 1}
    if rules.held_too_long(row.taken_at, now):
        changes |= {"taken_by": None, "taken_at": None}
    await session.rows(update(Task).where(T.c.id == task).values(**changes))
    this_time = uuid5(task, str(round))
    await tell(session, await reads.supervisors(session), NoticeKind.TASK_OVERDUE, task, this_time, now)
    await emit(session, TaskOverdue(task=task, round=round + 1), at=now + rules.AGAIN)


async def take(session: Session, viewer: Viewer, task: UUID, now: datetime) -> None:
    """Of many at once the first has it. From then on she reads the petition it is about. Twice changes nothing."""
    free = update(Task).where(T.c.id == task, T.c.taken_by.is_(None), T.c.done_at.is_(None))
    if (await session.rows(free.values(taken_by=viewer.id, taken_at=now))).rowcount:
        return
    if why := rules.against_taking(**await _standing(session, viewer, task)):
        raise refuse(why, "taskId")


async def give_back(session: Session, viewer: Viewer, task: UUID) -> None:
    """Free for another; her reading ends. Twice changes nothing."""
    mine = update(Task).where(T.c.id == task, T.c.taken_by == viewer.id, T.c.done_at.is_(None))
    if (await session.rows(mine.values(taken_by=None, taken_at=None))).rowcount:
        return
    why = rules.against_ending(**await _standing(session, viewer, task))
    if why not in (None, rules.TASK_NOT_TAKEN):
        raise refuse(why, "taskId")


async def complete(
    session: Session, viewer: Viewer, keys: KeyProvider, task: UUID, outcome: Outcome, key: str, now: datetime
) -> UUID:
    """The task's id. Her reading ends with it. A minor's is ended by who has opened it, with another's approval."""
    said = _Done(task=task, outcome=outcome)
    if known := await once(session, keys.secret("idempotency"), key, said, "completeTask", task):
        return known
    mine = T.c.id == task, T.c.taken_by == viewer.id, T.c.done_at.is_(None)
    row = (await session.rows(select(*T.c).where(*mine).with_for_update())).one_or_none()
    if row is None:
        why = rules.against_ending(**await _standing(session, viewer, task))
        raise refuse(why or rules.TASK_NOT_TAKEN, "taskId")
    if not rules.ends(TaskKind(row.kind), outcome):
        raise refuse(BAD_VALUE, "outcome")
    # Whoever never opened it called nobody and decided nothing.
    if await of_a_minor(session, MinorData.TASK, task) and not await opened_of_a_minor(session, viewer, task):
        raise refuse(MINOR_ACCESS_NEEDED, "taskId")
    await session.rows(update(Task).where(*mine).values(done_at=now, outcome=outcome))
    await emit(session, TaskDone(task=task, kind=row.kind, question=row.question, outcome=outcome))
    if outcome is Outcome.UPHELD:
        await emit(session, AppealUpheld(question=row.question))
    return task


async def _standing(session: Session, viewer: Viewer, task: UUID) -> dict[str, bool]:
    found = await reads.tasks(session, viewer, [task])
    if not found:
        raise refuse(NOT_FOUND, "taskId")
    (row,) = found
    return {
        "done": row.done_at is not None,
        "taken": row.taken_by is not None,
        "mine": row.taken_by == viewer.id,
    }
