"""What a lawyer sees: offers, seats and their clocks."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any

import strawberry

from app.consultation import models
from app.consultation.loaders import DraftOfQuestion, OfferOfQuestion, QuestionById
from app.consultation.rules.versions import read
from app.consultation.types.answer import Answer, AnswerContent
from app.consultation.types.question import Question, open_brief
from app.core import feed
from app.core.sealing import unseal
from app.graph import visible
from app.graph.context import Info
from app.graph.edges import OfRow, column
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.live import RESYNC
from app.graph.refusals import PAYLOAD, Refused
from app.guidance.types.categories import Category
from app.places.rules import town_of
from app.places.types import Division
from app.vault.loaders import DataKey

explain(
    models.DeclineReason,
    "Why a lawyer declines.",
    CONFLICT="A conflict of interest; her firm is not asked again.",
    NOT_MY_FIELD="Outside her field.",
    BUSY="No time now.",
    OTHER="Another reason.",
)
explain(
    models.OfferEventKind,
    "What a lawyer's own stream can tell.",
    OFFERED="A question was offered to her.",
    OFFER_CHANGED="Seats of an offered question ran out or opened, or it was filled or withdrawn.",
    SEAT_CHANGED="A seat of hers was claimed, extended, given back, lost or used.",
)


explain(
    models.Invited,
    "Why a seat is kept for a lawyer for a while.",
    ASKER="The asker chose her.",
    SENIOR="Answers disagree, and she has long practised in the field.",
    ADVISER="She advises the village it comes from; reserved, nobody is invited so yet.",
)


class OfferState(StrEnum):
    OPEN = "OPEN"
    FULL = "FULL"
    FILLED = "FILLED"
    DECLINED = "DECLINED"
    CLOSED = "CLOSED"


explain(
    OfferState,
    "What can be done with an offer.",
    OPEN="Seats are free as far as was last told: claim it.",
    FULL="All seats are taken or kept for others; one may open again.",
    FILLED="Enough answers have been given.",
    DECLINED="You declined it.",
    CLOSED="Withdrawn, or offered too long ago.",
)


@strawberry.type(
    description="The figures that ranked a lawyer for an offer; score = expertise x kept x exposure x presence - load.",
    directives=[visible.WITHIN],
)
class OfferReasons:
    expertise: float = strawberry.field(description="1 in her own field, less outside it.")
    kept: float = strawberry.field(description="The share of leases she kept, in 30 days.")
    exposure: float = strawberry.field(description="Grows with the time since her last offer: everybody gets a turn.")
    presence: float = strawberry.field(description="1 while her app is connected; absence orders and never excludes.")
    load: float = strawberry.field(description="What the seats she holds take off.")
    score: float = strawberry.field(description="The result.")
    rank: int | None = strawberry.field(
        description="Her place among those looked at; null outside an offer, and where she was invited."
    )
    of: int | None = strawberry.field(description="How many were looked at; null where `rank` is.")

    @classmethod
    def of_figures(cls, figures: dict[str, Any]) -> "OfferReasons":
        return cls(**{name: figures.get(name) for name in _FIGURES})  # type: ignore[arg-type]


_FIGURES = ("expertise", "kept", "exposure", "presence", "load", "score", "rank", "of")


@strawberry.type(
    description="A question offered to a lawyer: she reads the brief, and the question itself once she has a seat.",
    directives=[visible.SELF],
)
class Offer(OfRow, Node):
    row: strawberry.Private[Any]
    now: strawberry.Private[datetime]
    asked_at: datetime = column("When the question was asked.")
    due_at: datetime = strawberry.field(
        resolver=lambda self: self.row.asked_at + timedelta(seconds=self.row.within),
        description="When the promised time ends, if the clock does not stand still.",
    )
    at: datetime = strawberry.field(
        resolver=lambda self: self.row.offered_at, description="When it was offered to you."
    )
    expires_at: datetime = strawberry.field(
        resolver=lambda self: self.row.until, description="Until when the brief can be read and a seat claimed."
    )
    state: OfferState = strawberry.field(
        resolver=lambda self: _state(self.row, self.now), description="What can be done with it."
    )
    declined: models.DeclineReason | None = column("Why she declined, if she did.")
    invited: models.Invited | None = column("Why a seat is or was kept for her; null if none was.")
    kept_until: datetime | None = strawberry.field(
        resolver=lambda self: _kept_until(self.row),
        description="Until when it is kept, if she neither claims nor declines; null where none is, or any more.",
    )

    @classmethod
    def of(cls, row: Any, now: datetime) -> "Offer":
        return cls(id=global_id("Offer", f"{row.question}.{row.lawyer}"), row=row, now=now)

    @strawberry.field(description="What the asker agreed to show; null once it is no longer hers to read.")
    async def brief(self, info: Info) -> str | None:
        return await open_brief(info, self.row.brief, self.row.brief_body) if self.row.brief_body else None

    @strawberry.field(description="What it is about.")
    def category(self) -> Category | None:
        return Category.of(self.row.category)

    @strawberry.field(description="The town it comes from.")
    def town(self) -> Division | None:
        return Division.of(town_of(self.row.division).code)

    @strawberry.field(description="Why it was offered to her.")
    def reasons(self) -> OfferReasons:
        return OfferReasons.of_figures(self.row.why)


def _state(row: Any, now: datetime) -> OfferState:
    if row.declined:
        return OfferState.DECLINED
    if row.closed_at or row.until <= now:
        return OfferState.CLOSED
    kept_until = _kept_until(row)
    kept = kept_until and now < kept_until and row.board == models.Board.FULL
    return OfferState.OPEN if kept else OfferState(row.board)


def _kept_until(row: Any) -> datetime | None:
    """Whom the asker chose loses her seat with the last promised answer; the time is a senior lawyer's after that."""
    ended = row.invited == models.Invited.ASKER and row.kept_at
    return row.named_until if row.invited and not ended else None


class SeatState(StrEnum):
    WRITING = "WRITING"
    DELIVERED = "DELIVERED"
    RELEASED = "RELEASED"
    EXPIRED = "EXPIRED"
    WITHDRAWN = "WITHDRAWN"
    RESOLVED = "RESOLVED"


explain(
    SeatState,
    "How a seat stands.",
    WRITING="Hers until the lease ends.",
    DELIVERED="Her answer was delivered.",
    RELEASED="She gave it back.",
    EXPIRED="Its time ran out.",
    WITHDRAWN="The asker withdrew the question.",
    RESOLVED="The question was resolved before she answered.",
)


@strawberry.type(
    description="A lawyer's seat on a question: while she holds it she may read the question and answer it.",
    directives=[visible.SELF],
)
class Seat(Node):
    row: strawberry.Private[Any]
    state: SeatState = strawberry.field(description="How it stands.")
    claimed_at: datetime = strawberry.field(description="When it was claimed.")
    lease_until: datetime = strawberry.field(description="When its time ends.")
    extended: bool = strawberry.field(description="Whether it was extended; once is all.")
    delivered_at: datetime | None = strawberry.field(description="When her answer was delivered.")

    @classmethod
    def of(cls, row: Any, now: datetime) -> "Seat":
        if row.delivered_at:
            state = SeatState.DELIVERED
        elif row.ended_why:
            state = SeatState(row.ended_why)
        else:
            state = SeatState.WRITING if row.lease_until > now else SeatState.EXPIRED
        return cls(
            id=global_id("Seat", row.id),
            row=row,
            state=state,
            claimed_at=row.claimed_at,
            lease_until=row.lease_until,
            extended=row.extended,
            delivered_at=row.delivered_at,
        )

    @strawberry.field(description="The question; null once it is no longer hers to read.")
    async def question(self, info: Info) -> Question | None:
        row = await info.context.loader(QuestionById).load(self.row.question)
        return Question.of(row) if row else None

    @strawberry.field(description="The offer it was claimed from.")
    async def offer(self, info: Info) -> Offer | None:
        row = await info.context.loader(OfferOfQuestion).load(self.row.question)
        return Offer.of(row, info.context.now) if row else None

    @strawberry.field(
        description="What she has written so far; kept when a lease ends, and there again with a new one."
    )
    async def draft(self, info: Info) -> AnswerContent | None:
        row = await info.context.loader(DraftOfQuestion).load(self.row.question)
        key = await info.context.loader(DataKey).load(self.row.question)
        if row is None or key is None:
            return None
        said = unseal(key, row.content, "answer_draft", "content", row.lawyer)
        return AnswerContent(row=read(said))


@strawberry.type(description="One thing that happened on a lawyer's desk.", directives=[visible.WITHIN])
class OfferEvent(OfRow):
    row: strawberry.Private[Any]
    kind: models.OfferEventKind = column("What happened.")
    at: datetime = column("When.")
    cursor: str = strawberry.field(
        resolver=lambda self: str(feed.at(self.row)), description="Hand it to `after` to go on from here."
    )


@strawberry.type(
    description="News for a lawyer: offers that came or changed, and the seats she holds.", directives=[visible.SELF]
)
class OfferUpdates:
    events: list[OfferEvent] = strawberry.field(description="What happened since the cursor, oldest first.")
    offers: list[Offer] = strawberry.field(
        description="The offers the events are about; in a first frame without a cursor, the newest 50 that are live."
    )
    seats: list[Seat] = strawberry.field(description="The seats she holds now, soonest to end first.")
    resync: bool = strawberry.field(description=RESYNC)
    cursor: str = strawberry.field(description="Hand it to `after` to go on from here.")
    server_time: datetime = strawberry.field(description="The clock that leases and the promise run by.")


class Hindrance(StrEnum):
    AWAY = "AWAY"
    SNOOZED = "SNOOZED"
    LEASES_FULL = "LEASES_FULL"
    OFFERS_FULL = "OFFERS_FULL"


explain(
    Hindrance,
    "What keeps offers from a lawyer at this moment.",
    AWAY="She has set herself to AWAY.",
    SNOOZED="She has put offers off for a while.",
    LEASES_FULL="She holds as many seats as one may.",
    OFFERS_FULL="She has had as many offers as the window allows.",
)


@strawberry.type(description="Why a lawyer is or is not offered questions now.", directives=[visible.SELF])
class Turn:
    hindrances: list[Hindrance] = strawberry.field(description="What keeps offers away; empty when nothing does.")
    leases: int = strawberry.field(description="Seats she holds.")
    leases_max: int = strawberry.field(description="Seats one may hold at a time.")
    offers: int = strawberry.field(description="Offers within the window.")
    offers_max: int = strawberry.field(description="Offers one gets within the window.")
    window_seconds: int = strawberry.field(description="Length of the window, in seconds.")
    last_offered_at: datetime | None = strawberry.field(description="When she was last offered a question.")
    in_her_field: OfferReasons = strawberry.field(description="How she would rank for a question of her field.")
    elsewhere: OfferReasons = strawberry.field(description="How she would rank for any other.")


OfferUpdatesResult = Annotated[OfferUpdates | Refused, strawberry.union("OfferUpdatesResult", description=PAYLOAD)]
ClaimOfferResult = Annotated[Seat | Refused, strawberry.union("ClaimOfferResult", description=PAYLOAD)]
DeclineOfferResult = Annotated[Offer | Refused, strawberry.union("DeclineOfferResult", description=PAYLOAD)]
ExtendLeaseResult = Annotated[Seat | Refused, strawberry.union("ExtendLeaseResult", description=PAYLOAD)]
ReleaseSeatResult = Annotated[Seat | Refused, strawberry.union("ReleaseSeatResult", description=PAYLOAD)]
SaveAnswerDraftResult = Annotated[Seat | Refused, strawberry.union("SaveAnswerDraftResult", description=PAYLOAD)]
SubmitAnswerResult = Annotated[Answer | Refused, strawberry.union("SubmitAnswerResult", description=PAYLOAD)]
