"""How far people come who came by a channel: asking, having the promised answers, being content."""

from datetime import datetime

from app.consultation import events, reads
from app.consultation.reads.answering import counting
from app.core.db import Session
from app.core.outbox import Event, Reaction
from app.outreach.actions.touching import reached
from app.outreach.models import Step
from app.vault.reads import owners


async def note_question(session: Session, event: events.QuestionAsked, now: datetime) -> None:
    await reached(session, await owners(session, event.question), Step.QUESTION)


async def note_answers(session: Session, event: events.AnswerDelivered | events.AnswerCounted, now: datetime) -> None:
    policy = (await reads.policy_of(session, [event.question]))[event.question]
    if await counting(session, event.question) >= policy.promised:
        await reached(session, await owners(session, event.question), Step.ANSWERED)


async def note_content(session: Session, event: events.QuestionResolved, now: datetime) -> None:
    await reached(session, await owners(session, event.question), Step.SATISFIED)


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {
    events.QuestionAsked: (note_question,),
    events.AnswerDelivered: (note_answers,),
    events.AnswerCounted: (note_answers,),
    events.QuestionResolved: (note_content,),
}
