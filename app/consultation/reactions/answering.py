"""What follows from an answer besides the board: a senior lawyer where answers differ, news for the asker."""

from datetime import datetime

from app.consultation import events, reads
from app.consultation.actions import dispatch
from app.consultation.reads.answering import stances
from app.consultation.rules.agreement import differ
from app.core.db import Session
from app.core.outbox import Event, Reaction
from app.notices.actions import tell
from app.notices.models import NoticeKind
from app.vault.reads import owners


async def seek_senior(
    session: Session, event: events.AnswerDelivered | events.AnswerCounted | events.AnswerAmended, now: datetime
) -> None:
    """The promised answers are there and differ, as they stand now: one senior lawyer is asked for her opinion."""
    policy = (await reads.policy_of(session, [event.question]))[event.question]
    said = await stances(session, event.question)
    if len(said) >= policy.promised and differ([row.outlook for row in said], [row.forum for row in said]):
        senior = await dispatch.invite_senior(session, event.question, now)
        if senior:
            await tell(session, [senior], NoticeKind.INVITED, event.question, event.question, now)


async def tell_of_amendment(session: Session, event: events.AnswerAmended, now: datetime) -> None:
    people = await owners(session, event.question)
    await tell(session, people, NoticeKind.ANSWER_AMENDED, event.question, event.amendment, now)


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {
    events.AnswerDelivered: (seek_senior,),
    events.AnswerCounted: (seek_senior,),
    events.AnswerAmended: (tell_of_amendment, seek_senior),
}
