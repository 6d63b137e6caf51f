"""Lawyers, their firms and what they practise, as anybody may see them."""

from datetime import datetime
from typing import Annotated, Self

import strawberry

from app.core.errors import Language
from app.directory.loaders import ActiveLawyers
from app.directory.models import Availability, Gender, Pool, Standing
from app.directory.reads import FirmRow, LawyerOrder, LawyerRow
from app.directory.rules import practice, presence
from app.directory.rules.taxonomy import CATEGORIES
from app.graph import visible
from app.graph.context import Info
from app.graph.edges import OfRow, column, reading
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.refusals import Refused
from app.places.types import Division

explain(
    Pool,
    "Where a lawyer practises, seen from the city.",
    LOCAL="In the city.",
    PROVINCE="Elsewhere in the province.",
    NATION="Elsewhere in the country.",
)
explain(
    Availability,
    "What a lawyer says of herself.",
    AVAILABLE="Takes questions.",
    ON_DUTY="On the roster: takes questions, and is called where others do not suffice, by text message too.",
    AWAY="Takes none for now.",
)
explain(Gender, "A lawyer's gender, as in the licence.", FEMALE="A woman.", MALE="A man.")
explain(
    Standing,
    "Whether a lawyer may practise here; of an institution, whether it works.",
    ACTIVE="Practises, or is open.",
    SUSPENDED="May not practise for now, or is closed for a time.",
    LEFT="Has left the directory, or is closed for good.",
)
explain(
    LawyerOrder,
    "How a list of lawyers is ordered.",
    PRESENCE="Who was here last comes first; who is away, last. It moves as people come and go.",
    NAME="By name.",
    YEARS="The longest in practice first.",
    REPLY_TIME="The quickest to answer first, those not known yet last.",
    RATING="By the lower bound of her rating, the highest first; who has fewer than five ratings, last.",
)


@strawberry.type(description="A first-level category that lawyers practise.", directives=[visible.ANYONE])
class Specialty:
    code: str = strawberry.field(description="The category's stable code.")

    @strawberry.field(description="Its name, in the language of Accept-Language (zh-CN or en).")
    def name(self, info: Info) -> str:
        category = CATEGORIES[self.code]
        return category.en if info.context.language is Language.EN else category.zh

    @strawberry.field(description="How many active lawyers practise it.")
    async def active_lawyers(self, info: Info) -> int:
        return await info.context.loader(ActiveLawyers).load(self.code)


@strawberry.type(description="A law firm.", directives=[visible.ANYONE])
class Firm(OfRow, Node):
    row: strawberry.Private[FirmRow]
    name: str = column("Its registered name.")
    province: str = column("The province it is registered in.")

    @classmethod
    def of(cls, row: FirmRow) -> Self:
        return cls(id=global_id("Firm", row.id), row=row)

    @strawberry.field(description="Its town or city, null outside this city.")
    def division(self) -> Division | None:
        return Division.of(self.row.division)


@strawberry.type(
    description="How often a lawyer who took a seat answered before her time ran out, in the last 30 days.",
    directives=[visible.WITHIN],
)
class LeaseKept:
    ended: int = strawberry.field(description="Seats that ended with an answer or for lack of one.")
    kept: int = strawberry.field(description="Those that ended with an answer.")
    share: float | None = strawberry.field(
        description="The kept among the ended, 0 to 1; null below five, which say nothing yet."
    )


@strawberry.type(
    description="What askers make of a lawyer's answers: never a share without its number and its lower bound.",
    directives=[visible.WITHIN],
)
class LawyerRating:
    n: int = strawberry.field(description="Ratings, one for each answer and round; five at least.")
    liked: int = strawberry.field(description="Those with four stars or five.")
    share: float = strawberry.field(description="The liked among all, 0 to 1.")
    lower: float = strawberry.field(
        description="The lower bound of the share's 95 % interval (Wilson): what a few good ratings do not yet prove."
    )


@strawberry.type(description="A lawyer in the public directory.", directives=[visible.ANYONE])
class Lawyer(OfRow, Node):
    row: strawberry.Private[LawyerRow]
    name: str = column("Her name, as in the licence.")
    title: str = column("Her exact title.")
    licence: str = column("The number of her licence to practise.")
    pool: Pool = column("Where she practises, seen from the city.")
    languages: list[str] = column("Languages and dialects she speaks.")
    gender: Gender = column("Her gender, as in the licence.")
    introduction: str = column("What she says of herself; may be empty.")
    standing: Standing = column("Whether she may practise here.")
    availability: Availability = column("What she says of herself now.")
    reply_seconds: int | None = column(
        "The median time from offer to answer over her last answers, in seconds; null until known."
    )
    requestable: bool = column("Whether she agreed to be chosen by name.")

    @classmethod
    def of(cls, row: LawyerRow) -> Self:
        return cls(id=global_id("Lawyer", row.id), row=row)

    @strawberry.field(
        description="The firm she practises with.",
        metadata=reading("firm", "firm_name", "firm_division", "firm_province"),
    )
    def firm(self) -> Firm:
        row = self.row
        return Firm.of(FirmRow(row.firm, row.firm_name, row.firm_division, row.firm_province))

    @strawberry.field(
        description="What she practises, of the first level of `categories`.", metadata=reading("specialties")
    )
    def specialties(self) -> list[Specialty]:
        return [Specialty(code=code) for code in self.row.specialties if code in CATEGORIES]

    @strawberry.field(description="The parts of the city she serves.", metadata=reading("divisions"))
    def divisions(self) -> list[Division]:
        return [division for code in self.row.divisions if (division := Division.of(code))]

    @strawberry.field(description="Full years in practice.", metadata=reading("practising_since"))
    def years_practising(self, info: Info) -> int:
        return practice.years_practising(self.row.practising_since, info.context.now)

    @strawberry.field(
        description="Whether she was here within the last 90 seconds and is neither away nor snoozed.",
        metadata=reading("seen_at", "availability", "snoozed_until"),
    )
    def online(self, info: Info) -> bool:
        row = self.row
        return presence.online(row.seen_at, row.availability, info.context.now, row.snoozed_until)

    @strawberry.field(
        description="Until when you are snoozed; null when you are not, and of anybody else.",
        directives=[visible.SELF],
        metadata=reading("snoozed_until"),
    )
    def snoozed_until(self, info: Info) -> datetime | None:
        mine = info.context.viewer is not None and info.context.viewer.id == self.row.id
        until = self.row.snoozed_until
        return until if mine and presence.snoozed(until, info.context.now) else None

    @strawberry.field(
        description="What askers make of her answers; null below five ratings, which say nothing yet.",
        metadata=reading("liked", "rated", "rating_lower"),
    )
    def rating(self) -> LawyerRating | None:
        row = self.row
        share = practice.share(row.liked, row.rated)
        if share is None or row.rating_lower is None:
            return None
        return LawyerRating(n=row.rated, liked=row.liked, share=share, lower=row.rating_lower)

    @strawberry.field(
        description="How often she answered once she had taken a seat.", metadata=reading("seats_ended", "seats_kept")
    )
    def lease_kept(self) -> LeaseKept:
        row = self.row
        return LeaseKept(
            ended=row.seats_ended, kept=row.seats_kept, share=practice.share(row.seats_kept, row.seats_ended)
        )


LawyerResult = Annotated[
    Lawyer | Refused, strawberry.union("LawyerResult", description="The lawyer as she now stands, or why not.")
]
SetAvailabilityResult = Annotated[
    Lawyer | Refused, strawberry.union("SetAvailabilityResult", description="The lawyer as she now stands, or why not.")
]
