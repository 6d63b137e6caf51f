"""The directory of lawyers, open to everybody, and a lawyer's own entry in it."""

from typing import Annotated, Any

import strawberry

from app.core.errors import BAD_VALUE, NOT_FOUND, refuse
from app.directory import reads
from app.directory.actions import presence as actions
from app.directory.loaders import FirmById, LawyerById
from app.directory.models import Availability, Gender, Pool, Standing
from app.directory.reads import LawyerOrder, Wanted
from app.directory.rules import searching
from app.directory.rules.areas import areas_of
from app.directory.rules.searching import within
from app.directory.rules.taxonomy import CATEGORIES, SPECIALTIES, specialty_of
from app.directory.types import Firm, Lawyer, LawyerResult, SetAvailabilityResult, Specialty
from app.graph.context import Info, viewer
from app.graph.edges import columns_for
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import Anyone, IsLawyer
from app.graph.visible import SHARED
from app.places.rules import is_division


@strawberry.input(description="Which lawyers; what is left out does not matter.")
class LawyerFilter:
    specialty: str | None = strawberry.field(
        default=None, description="The code of a category she practises; one of the second level asks for its first."
    )
    division_code: str | None = strawberry.field(
        default=None, description="The code of a division that she serves, or that lies in one."
    )
    pool: Pool | None = strawberry.field(default=None, description="Where she practises.")
    online: bool | None = strawberry.field(
        default=None, description="Whether she is here now. Left out, presence leaves nobody out."
    )
    query: str | None = strawberry.field(
        default=None, description="A part of her name, her firm's or her introduction, at most 50 characters."
    )
    language: str | None = strawberry.field(
        default=None, description="A language or dialect she speaks, by its name, at most 20 characters."
    )
    gender: Gender | None = strawberry.field(default=None, description="Her gender.")
    years_min: int | None = strawberry.field(default=None, description="Full years in practice at least, 0 to 80.")
    reply_seconds_max: int | None = strawberry.field(
        default=None,
        description="Her median time from offer to answer at most, 1 to 86,400 seconds; leaves out who has none yet.",
    )
    rating_min: float | None = strawberry.field(
        default=None,
        description="The lower bound of her rating at least, 0 to 1; leaves out who has fewer than five ratings.",
    )
    requestable: bool | None = strawberry.field(
        default=None, description="Whether she agreed to be chosen by name; left out, it does not matter."
    )

    def to_plain(self) -> Wanted:
        if self.specialty is not None and self.specialty not in CATEGORIES:
            raise refuse(BAD_VALUE, "filter.specialty")
        if self.division_code is not None and not is_division(self.division_code):
            raise refuse(BAD_VALUE, "filter.divisionCode")
        return Wanted(
            specialty=None if self.specialty is None else specialty_of(self.specialty),
            areas=() if self.division_code is None else areas_of(self.division_code),
            pool=self.pool,
            online=self.online,
            words=searching.wording(self.query, "filter.query"),
            language=searching.language(self.language, "filter.language"),
            gender=self.gender,
            years_min=within(self.years_min, searching.YEARS, "filter.yearsMin"),
            reply_seconds_max=within(self.reply_seconds_max, searching.REPLY_SECONDS, "filter.replySecondsMax"),
            rating_min=within(self.rating_min, searching.RATING, "filter.ratingMin"),
            requestable=self.requestable,
        )


@strawberry.input(description="Whether you take questions, from now on.")
class SetAvailabilityInput:
    availability: Availability = strawberry.field(description="Until you say otherwise.")


@strawberry.input(description="Whether askers may choose you by name, from now on.")
class SetRequestableInput:
    requestable: bool = strawberry.field(description="True if they may.")


@strawberry.input(description="How long you are away.")
class SnoozeInput:
    minutes: int = strawberry.field(description="From now, 5 to 720 minutes.")


@strawberry.type
class ListingQuery:
    @strawberry.field(
        permission_classes=[Anyone], description="The lawyers who may practise here.", directives=[SHARED]
    )
    async def lawyers(
        self,
        info: Info,
        filter: Annotated[LawyerFilter | None, strawberry.argument(description="Which ones; all without it.")] = None,
        order_by: Annotated[LawyerOrder, strawberry.argument(description="Who comes first.")] = LawyerOrder.PRESENCE,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Lawyer] | None:
        wanted, sorting = (filter or LawyerFilter()).to_plain(), reads.SORTINGS[order_by]
        place = page(first, after, last, before, key=sorting.key)
        async with info.context.read() as session:
            rows = await reads.lawyer_page(session, wanted, sorting, place, columns_for(info.context, Lawyer))
        found: Connection[Lawyer] = connect(place, rows, lambda row: (sorting.of(row), row.id), Lawyer.of)
        return found

    @strawberry.field(
        permission_classes=[Anyone],
        description="A lawyer by id; null when she is unknown or may not practise.",
        directives=[SHARED],
    )
    async def lawyer(
        self,
        info: Info,
        id: Annotated[
            strawberry.ID, strawberry.argument(description="Whose entry: an id that `lawyers` or an answer gave.")
        ],
    ) -> Lawyer | None:
        row = await info.context.loader(LawyerById).load(uuid_of(id, "Lawyer"))
        return Lawyer.of(row) if row and row.standing == Standing.ACTIVE else None

    @strawberry.field(
        permission_classes=[Anyone],
        description="What lawyers practise: the first level of `categories`.",
        directives=[SHARED],
    )
    def specialties(self) -> list[Specialty]:
        return [Specialty(code=code) for code in SPECIALTIES]

    @strawberry.field(
        permission_classes=[IsLawyer], description="Your own entry; null while you have none, whatever your standing."
    )
    async def viewer_lawyer(self, info: Info) -> Lawyer | None:
        row = await info.context.loader(LawyerById).load(viewer(info).id)
        return Lawyer.of(row) if row else None


@strawberry.type
class ListingMutation:
    @strawberry.mutation(
        permission_classes=[IsLawyer],
        description="Say whether you take questions. Coming back, you are offered the oldest unfilled one; going away, "
        "your unfinished seats are offered to others and your offers end. Your drafts are kept.",
    )
    async def set_availability(
        self,
        info: Info,
        input: Annotated[SetAvailabilityInput, strawberry.argument(description="What holds from now on.")],
    ) -> SetAvailabilityResult | None:
        async with info.context.write() as session:
            await actions.set_availability(session, viewer(info), input.availability)
        return await _herself(info)

    @strawberry.mutation(
        permission_classes=[IsLawyer], description="Say whether askers may choose you by name. At first they may not."
    )
    async def set_requestable(
        self,
        info: Info,
        input: Annotated[SetRequestableInput, strawberry.argument(description="What holds from now on.")],
    ) -> LawyerResult | None:
        async with info.context.write() as session:
            await actions.set_requestable(session, viewer(info), input.requestable)
        return await _herself(info)

    @strawberry.mutation(
        permission_classes=[IsLawyer],
        description="Take a break: you are not online until it ends, and come back by yourself.",
    )
    async def snooze(
        self, info: Info, input: Annotated[SnoozeInput, strawberry.argument(description="For how long you are away.")]
    ) -> LawyerResult | None:
        async with info.context.write() as session:
            await actions.snooze(session, viewer(info), input.minutes)
        return await _herself(info)

    @strawberry.mutation(
        permission_classes=[IsLawyer],
        description="End your break now; you are offered the oldest unfilled question. Without one nothing changes.",
    )
    async def end_snooze(self, info: Info) -> LawyerResult | None:
        async with info.context.write() as session:
            await actions.end_snooze(session, viewer(info))
        return await _herself(info)


async def _herself(info: Info) -> Lawyer:
    """Read after the commit: whoever says something at the same time waits for it."""
    row = await info.context.loader(LawyerById).load(viewer(info).id)
    if row is None:
        raise refuse(NOT_FOUND)
    return Lawyer.of(row)


async def _lawyers(info: Info, keys: list[str]) -> list[Any]:
    rows = await info.context.loader(LawyerById).load_many([as_uuid(key) for key in keys])
    return [Lawyer.of(row) if row and row.standing == Standing.ACTIVE else None for row in rows]


async def _firms(info: Info, keys: list[str]) -> list[Any]:
    rows = await info.context.loader(FirmById).load_many([as_uuid(key) for key in keys])
    return [Firm.of(row) if row else None for row in rows]


NODES: dict[str, Fetch] = {"Lawyer": _lawyers, "Firm": _firms}
