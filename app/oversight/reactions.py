"""What happens elsewhere becomes a task, and what is overdue is said. Every reaction may run twice."""

from datetime import datetime

from app.consultation.actions.record import why_late
from app.consultation.events import AnswerRated, PetitionMade, PromiseBroken, QuestionErased
from app.consultation.models import Outcome
from app.consultation.rules.rating import rating_id
from app.core.db import Session
from app.core.outbox import Event, Reaction
from app.directory.reads.opening import calendar
from app.insights.events import IssueFound
from app.notices.actions import tell
from app.notices.events import ChannelTurned
from app.notices.models import NoticeKind
from app.oversight import actions, rules
from app.oversight.events import TaskDone, TaskOverdue
from app.oversight.models import TaskKind
from app.vault.reads import owners

_ANSWERS = {Outcome.UPHELD: NoticeKind.APPEAL_UPHELD, Outcome.DISMISSED: NoticeKind.APPEAL_DISMISSED}


async def see_to_breach(session: Session, event: PromiseBroken, now: datetime) -> None:
    due_at = rules.due(TaskKind.BREACH, now)
    why = await why_late(session, event.question)
    await actions.make(session, TaskKind.BREACH, event.question, event.question, due_at, now, late_reason=why)


async def see_to_petition(session: Session, event: PetitionMade, now: datetime) -> None:
    await actions.make(session, TaskKind(event.kind), event.question, event.petition, event.due_at, now)


async def see_to_rating(session: Session, event: AnswerRated, now: datetime) -> None:
    if event.stars <= rules.LOW:
        due_at = rules.due(TaskKind.LOW_RATING, now, await calendar(session))
        about = rating_id(event.answer, event.round) if event.round else event.answer  # each round is rated anew
        await actions.make(session, TaskKind.LOW_RATING, event.question, about, due_at, now)


async def see_to_channel(session: Session, event: ChannelTurned, now: datetime) -> None:
    await actions.see_to_channel(session, event.channel, event.template, now)


async def see_to_issue(session: Session, event: IssueFound, now: datetime) -> None:
    await actions.see_to_issue(session, event.issue, now, rules.due(TaskKind.HOT_ISSUE, now, await calendar(session)))


async def try_anew(session: Session, event: TaskDone, now: datetime) -> None:
    if event.kind == TaskKind.MISCONFIGURED:
        await actions.try_anew(session, event.task)


async def end_erased(session: Session, event: QuestionErased, now: datetime) -> None:
    await actions.end_erased(session, event.question, now)


async def call_overdue(session: Session, event: TaskOverdue, now: datetime) -> None:
    await actions.call_overdue(session, event.task, event.round, now)


async def tell_decision(session: Session, event: TaskDone, now: datetime) -> None:
    if event.question and (kind := _ANSWERS.get(Outcome(event.outcome))):
        await tell(session, await owners(session, event.question), kind, event.question, event.task, now)


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {
    PromiseBroken: (see_to_breach,),
    PetitionMade: (see_to_petition,),
    AnswerRated: (see_to_rating,),
    QuestionErased: (end_erased,),
    TaskOverdue: (call_overdue,),
    TaskDone: (tell_decision, try_anew),
    ChannelTurned: (see_to_channel,),
    IssueFound: (see_to_issue,),
}
