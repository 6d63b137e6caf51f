"""What the night brings, and what ends a check: every reaction may run twice."""

from datetime import datetime

from app.accounts.actions.exporting import list_room
from app.accounts.events import AccountClosing, ConsentWithdrawn, ExportRequested, PersonSuspended
from app.consultation.events import DangerHeard, ErasureAged, QuestionErased, QuestionRecategorised, QuestionReopened
from app.core.db import Session
from app.core.outbox import Event, Reaction
from app.core.retention import NightCame
from app.directory.events import LawyerLeft
from app.quality.actions import drawing, marking
from app.quality.events import CheckDone, CheckDue, CheckGiven, ReviewerReleased


async def draw(session: Session, event: NightCame, now: datetime) -> None:
    await drawing.end(session)
    await drawing.pass_stranded(session, now)
    await drawing.draw(session, now)


async def end(session: Session, event: ConsentWithdrawn | AccountClosing, now: datetime) -> None:
    await drawing.end(session)


async def end_of(
    session: Session, event: QuestionErased | QuestionReopened | QuestionRecategorised | DangerHeard, now: datetime
) -> None:
    await drawing.end(session, [event.question])


async def follow(session: Session, event: ErasureAged, now: datetime) -> None:
    await drawing.follow(session, event.question)


async def give_up(session: Session, event: AccountClosing, now: datetime) -> None:
    await drawing.give_up(session, event.person)


async def pass_on(session: Session, event: CheckDue, now: datetime) -> None:
    await drawing.end(session)
    await drawing.pass_on(session, event.check, now)


async def pass_stranded(
    session: Session, event: ReviewerReleased | LawyerLeft | PersonSuspended, now: datetime
) -> None:
    await drawing.pass_stranded(session, now)


async def tell_given(session: Session, event: CheckGiven, now: datetime) -> None:
    await marking.tell_given(session, event.check, event.turn, now)


async def tell_done(session: Session, event: CheckDone, now: datetime) -> None:
    await marking.tell_done(session, event.check, now)


async def list_marks(session: Session, event: ExportRequested, now: datetime) -> None:
    await list_room(session, "quality", event.export, event.person)


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {
    NightCame: (draw,),
    CheckGiven: (tell_given,),
    CheckDue: (pass_on,),
    CheckDone: (tell_done,),
    ReviewerReleased: (pass_stranded,),
    LawyerLeft: (pass_stranded,),
    PersonSuspended: (pass_stranded,),
    ConsentWithdrawn: (end,),
    AccountClosing: (end, give_up),
    QuestionErased: (end_of,),
    QuestionReopened: (end_of,),
    QuestionRecategorised: (end_of,),
    ErasureAged: (follow,),
    DangerHeard: (end_of,),
    ExportRequested: (list_marks,),
}
