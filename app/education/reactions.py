"""What is published when its time has come, and what somebody gives up who leaves. Every reaction may run twice."""

from datetime import datetime

from app.accounts.actions.exporting import list_room
from app.accounts.events import AccountClosing, ExportRequested
from app.consultation.events import QuestionErased
from app.core.db import Session
from app.core.outbox import Event, Reaction
from app.education.actions import donating, pushing, reading, telling
from app.education.events import ArticleDue, ArticleReviewed, ArticleWithdrawn, CampaignDue


async def publish(session: Session, event: ArticleDue, now: datetime) -> None:
    done = await reading.publish(session, event.version)
    await telling.published(session, event.version, done, now)


async def tell_review(session: Session, event: ArticleReviewed, now: datetime) -> None:
    await telling.reviewed(session, event.version, event.review, now)


async def tell_withdrawn(session: Session, event: ArticleWithdrawn, now: datetime) -> None:
    await telling.withdrawn(session, event.version, now)


async def push(session: Session, event: CampaignDue, now: datetime) -> None:
    await pushing.go_on(session, event.campaign, now)
    await telling.campaign_over(session, event.campaign, now)


async def give_up(session: Session, event: AccountClosing, now: datetime) -> None:
    await donating.forget(session, person=event.person)
    await reading.give_up(session, event.person)


async def forget_donation(session: Session, event: QuestionErased, now: datetime) -> None:
    await donating.forget(session, question=event.question)


async def list_readings(session: Session, event: ExportRequested, now: datetime) -> None:
    await list_room(session, "education", event.export, event.person)


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {
    ArticleDue: (publish,),
    ArticleReviewed: (tell_review,),
    ArticleWithdrawn: (tell_withdrawn,),
    CampaignDue: (push,),
    QuestionErased: (forget_donation,),
    AccountClosing: (give_up,),
    ExportRequested: (list_readings,),
}
