"""Channels: the staff make them and see what they bring."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.core.db import now
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.sealing import KeyProvider
from app.core.texts import against_text
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import Anyone, Promotes, SeesReach
from app.graph.weights import Cost, ListSize
from app.outreach import reads
from app.outreach.actions import channels as actions
from app.outreach.actions.channels import Change
from app.outreach.loaders import ChannelById
from app.outreach.models import AskedToFollow, ChannelKind, Step
from app.outreach.rules.channels import OFFICE, Wanted
from app.outreach.rules.funnel import against_period, whole_weeks
from app.outreach.rules.links import code_of
from app.outreach.types import Channel, ChannelFunnel, ChannelResult, FollowCoverage, PartnerExchange
from app.places.rules.workdays import today

CODE_MAX = 64
NAME = "How the staff call it, 2 to 40 characters; it stands on its sheet."
OFFICE_SAID = "Whose name stands on its sheet, 2 to 40 characters."
LINK = "Of a partner: where we lead people to, https:// and at most 500 characters."
UNTIL = "Its code counts until then, ten years at most."
VERSION = "Its version as you read it."
Which = Annotated[strawberry.ID, strawberry.argument(description="Which channel.")]


@strawberry.input(description="A new channel.")
class CreateChannelInput:
    kind: ChannelKind = strawberry.field(description="What it is.")
    name: str = strawberry.field(description=NAME)
    parent_id: strawberry.ID | None = strawberry.field(
        default=None, description="What it stands below; a village below its town. Left out, at the top."
    )
    office: str = strawberry.field(default=OFFICE, description=f"{OFFICE_SAID} The city's bureau where left out.")
    division_code: str | None = strawberry.field(
        default=None, description="Of a town or subdistrict, 9 digits, or of a village or community, 12; of no other."
    )
    link: str | None = strawberry.field(default=None, description=LINK)
    until: datetime | None = strawberry.field(default=None, description=f"{UNTIL} For ever where left out.")
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this request.")

    def plain(self) -> Wanted:
        return Wanted(
            kind=self.kind,
            name=self.name,
            office=self.office,
            parent=uuid_of(self.parent_id, "Channel", "parentId") if self.parent_id is not None else None,
            division=self.division_code,
            link=self.link,
            until=self.until,
        )


@strawberry.input(description="What is said anew of a channel; what is left out stays.")
class UpdateChannelInput:
    channel_id: strawberry.ID = strawberry.field(description="Which one.")
    version: int = strawberry.field(description=VERSION)
    name: str | None = strawberry.field(default=None, description=NAME)
    office: str | None = strawberry.field(default=None, description=OFFICE_SAID)
    link: str | None = strawberry.field(default=None, description=LINK)
    until: datetime | None = strawberry.field(default=None, description=UNTIL)


@strawberry.input(description="A channel whose code is to count no more.")
class CloseChannelInput:
    channel_id: strawberry.ID = strawberry.field(description="Which one.")
    version: int = strawberry.field(description=VERSION)


@strawberry.input(description="A channel whose codes are to be made again.")
class MakeChannelCodesInput:
    channel_id: strawberry.ID = strawberry.field(description="Which one.")


@strawberry.input(
    description="What a channel and all below it are to bring; it takes the place of what was said of that step."
)
class SetChannelTargetInput:
    channel_id: strawberry.ID = strawberry.field(description="Which one.")
    step: Step = strawberry.field(description="What is counted.")
    goal: int = strawberry.field(description="How many, 1 to 1,000,000.")
    since: date = strawberry.field(description="From this day on.")
    until: date = strawberry.field(description="The last day; 366 at most with the first.")


@strawberry.type
class OutreachQuery:
    @strawberry.field(permission_classes=[SeesReach], description="The channels by which people come, newest first.")
    async def channels(
        self,
        info: Info,
        parent_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only those right below this one.")
        ] = None,
        kind: Annotated[ChannelKind | None, strawberry.argument(description="Only of this kind.")] = None,
        live: Annotated[bool, strawberry.argument(description="Without those that are closed.")] = True,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Channel] | None:
        wanted = page(first, after, last, before)
        parent = uuid_of(parent_id, "Channel", "parentId") if parent_id is not None else None
        async with info.context.read() as session:
            rows = await reads.channel_page(session, viewer(info), wanted, parent, kind, live)
        found: Connection[Channel] = connect(wanted, rows, lambda row: (row.made_at, row.id), Channel.of)
        return found

    @strawberry.field(permission_classes=[SeesReach], description="A channel by its id; null where there is none.")
    async def channel(self, info: Info, id: Which) -> Channel | None:
        row = await info.context.loader(ChannelById).load(uuid_of(id, "Channel"))
        return Channel.of(row) if row else None

    @strawberry.field(
        permission_classes=[SeesReach],
        description="How far people came who came by a channel first on these days: opening its code, following, "
        "signing in, asking, getting the promised answers, being content; each within thirty days.",
        directives=[Cost(weight=20)],
    )
    async def channel_funnel(
        self,
        info: Info,
        channel_id: Which,
        from_: Annotated[date, strawberry.argument(name="from", description="The first day, in the city.")],
        to: Annotated[date, strawberry.argument(description="The last day; 366 days at most.")],
        below: Annotated[bool, strawberry.argument(description="With all channels below it.")] = True,
    ) -> ChannelFunnel | None:
        id = uuid_of(channel_id, "Channel", "channelId")
        refuse_if(against_period(from_, to))
        row = await info.context.loader(ChannelById).load(id)
        if row is None:
            raise refuse(NOT_FOUND, "channelId")
        async with info.context.read() as session:
            passed = whole_weeks(from_, min(to, today(info.context.now) - timedelta(days=1)))
            sums = await reads.sums(session, viewer(info), id, (from_, to), passed, below=below)
        return ChannelFunnel.of(row, from_, to, sums)

    @strawberry.field(
        permission_classes=[SeesReach],
        description="How many lawyers, grassroots legal workers and mediation committees follow the official account.",
        directives=[Cost(weight=20), ListSize(assumed_size=3)],
    )
    async def follow_coverage(self, info: Info) -> list[FollowCoverage] | None:
        async with info.context.read() as session:
            found = {row.kind: row for row in await reads.coverage(session)}
        return [FollowCoverage.of(kind, found.get(kind.value)) for kind in AskedToFollow]

    @strawberry.field(
        permission_classes=[Anyone],
        description="What a partner and we brought each other, since the beginning; null for a code of nobody's.",
    )
    async def partner_exchange(
        self, info: Info, code: Annotated[str, strawberry.argument(description="The partner's channel's.")]
    ) -> PartnerExchange | None:
        refuse_if(list(against_text(code, "code", 0, CODE_MAX)))
        if (known := code_of(code)) is None:
            return None
        async with info.context.read() as session:
            row = await reads.exchange(session, known)
        return PartnerExchange.of(row) if row else None


@strawberry.type
class OutreachMutation:
    @strawberry.mutation(permission_classes=[Promotes], description="Make a channel; it has its code at once.")
    async def create_channel(
        self,
        info: Info,
        input: Annotated[CreateChannelInput, strawberry.argument(description="What it is, and where.")],
    ) -> ChannelResult | None:
        wanted, keys = input.plain(), info.context.door(KeyProvider)
        async with info.context.write() as session:
            id = await actions.create(session, viewer(info), keys, wanted, input.idempotency_key, now(session))
        return await _shown(info, id)

    @strawberry.mutation(permission_classes=[Promotes], description="Change what is said of a channel.")
    async def update_channel(
        self, info: Info, input: Annotated[UpdateChannelInput, strawberry.argument(description="Which, and what.")]
    ) -> ChannelResult | None:
        id = uuid_of(input.channel_id, "Channel", "channelId")
        said = Change(name=input.name, office=input.office, link=input.link, until=input.until)
        async with info.context.write() as session:
            await actions.change(session, viewer(info), id, input.version, said, now(session))
        return await _shown(info, id)

    @strawberry.mutation(
        permission_classes=[Promotes],
        description="Close a channel: its code counts no more, and leads on all the same. Who came by it goes on being "
        "counted.",
    )
    async def close_channel(
        self, info: Info, input: Annotated[CloseChannelInput, strawberry.argument(description="Which one.")]
    ) -> ChannelResult | None:
        id = uuid_of(input.channel_id, "Channel", "channelId")
        async with info.context.write() as session:
            await actions.close(session, viewer(info), id, input.version, now(session))
        return await _shown(info, id)

    @strawberry.mutation(
        permission_classes=[Promotes],
        description="Have a channel's codes made again that WeChat refused, and its sheet printed anew.",
    )
    async def make_channel_codes(
        self, info: Info, input: Annotated[MakeChannelCodesInput, strawberry.argument(description="Of which.")]
    ) -> ChannelResult | None:
        id = uuid_of(input.channel_id, "Channel", "channelId")
        async with info.context.write() as session:
            await actions.print_again(session, viewer(info), id)
        return await _shown(info, id)

    @strawberry.mutation(permission_classes=[Promotes], description="Say what a channel is to bring.")
    async def set_channel_target(
        self, info: Info, input: Annotated[SetChannelTargetInput, strawberry.argument(description="How many of what.")]
    ) -> ChannelResult | None:
        id = uuid_of(input.channel_id, "Channel", "channelId")
        async with info.context.write() as session:
            how = (input.step, input.goal, input.since, input.until, now(session))
            await actions.set_target(session, viewer(info), id, *how)
        return await _shown(info, id)


async def _shown(info: Info, id: UUID) -> Channel:
    row: Any = await info.context.loader(ChannelById).load(id)
    if row is None:
        raise refuse(NOT_FOUND, "channelId")
    return Channel.of(row)


async def _channels(info: Info, keys: list[str]) -> list[Channel | None]:
    rows = await info.context.loader(ChannelById).load_many([as_uuid(key) for key in keys])
    return [Channel.of(row) if row else None for row in rows]


NODES: dict[str, Fetch] = {"Channel": _channels}
