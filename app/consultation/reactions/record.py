"""The public record follows the log. Noting twice, or in another order, notes the same."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from app.consultation import events
from app.consultation.actions import record
from app.core.db import Session
from app.core.outbox import Event, Reaction


class _OfQuestion(Protocol):
    @property
    def question(self) -> UUID: ...


async def note_promise(session: Session, event: _OfQuestion, now: datetime) -> None:
    await record.note(session, event.question, now)


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {
    events.QuestionAsked: (note_promise,),
    events.AnswerDelivered: (note_promise,),
    events.AnswerCounted: (note_promise,),
    events.InformationWanted: (note_promise,),
    events.InformationGiven: (note_promise,),
    events.PromiseBroken: (note_promise,),
    events.QuestionResolved: (note_promise,),
    events.QuestionWithdrawn: (note_promise,),
    events.QuestionRecategorised: (note_promise,),
    events.QuestionErased: (note_promise,),
    events.LogGrew: (note_promise,),
}
