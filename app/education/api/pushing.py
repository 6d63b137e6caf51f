"""Campaigns: who they are for, and how whoever got a push stops them all."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.accounts.models import AgeBand
from app.core.access import Role
from app.core.db import now
from app.core.errors import NOT_FOUND, refuse
from app.core.sealing import KeyProvider
from app.education.actions import pushing as actions
from app.education.api.reading import topic_of
from app.education.loaders import CampaignById, PushOf
from app.education.reads import pushing as reads
from app.education.rules.pushing import Audience, Planned
from app.education.types.pushing import (
    ArticlePush,
    Campaign,
    CampaignEstimate,
    CampaignEstimateResult,
    CancelCampaignResult,
    CreateCampaignResult,
    StopPushesResult,
)
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import Edits, IsEditor, IsResident


@strawberry.input(description="Whom a campaign is for: who agreed to pushes and is all of it; empty is anybody.")
class CampaignAudienceInput:
    topic_ids: list[strawberry.ID] = strawberry.field(default_factory=list, description="Who chose one of them.")
    division_codes: list[str] = strawberry.field(
        default_factory=list, description="Who said that she lives there; at most 20."
    )
    roles: list[Role] = strawberry.field(default_factory=list, description="Who is this here.")
    age_bands: list[AgeBand] = strawberry.field(default_factory=list, description="Who said that she is of this age.")

    def plain(self) -> Audience:
        topics = [topic_of(id, f"audience.topicIds.{place}") for place, id in enumerate(self.topic_ids)]
        return Audience(topics=topics, divisions=self.division_codes, roles=self.roles, bands=self.age_bands)


@strawberry.input(description="An article that some people are to be told of.")
class CreateCampaignInput:
    article_id: strawberry.ID = strawberry.field(description="One that is published.")
    audience: CampaignAudienceInput = strawberry.field(description="Who they are.")
    send_at: datetime | None = strawberry.field(
        default=None, description="When it begins, within a year; at once, where nothing is said."
    )
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this request.")


@strawberry.input(description="A campaign by which nobody more is told.")
class CancelCampaignInput:
    campaign_id: strawberry.ID = strawberry.field(description="One that is not over.")


@strawberry.input(description="A push that you got, and want to be the last.")
class StopPushesInput:
    push_id: strawberry.ID = strawberry.field(description="Any of yours.")


@strawberry.type
class PushingQuery:
    @strawberry.field(permission_classes=[Edits], description="All campaigns, the newest first.")
    async def campaigns(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Campaign] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.campaign_page(session, viewer(info), wanted)
        found: Connection[Campaign] = connect(wanted, rows, lambda row: (row.made_at, row.id), Campaign.of)
        return found

    @strawberry.field(
        permission_classes=[Edits],
        description="About how many would be told, in tens; refused where they are fewer than ten.",
    )
    async def campaign_estimate(
        self, info: Info, audience: Annotated[CampaignAudienceInput, strawberry.argument(description="Who they are.")]
    ) -> CampaignEstimateResult | None:
        said = audience.plain()
        async with info.context.read() as session:
            people = await actions.estimate(session, said)
        return CampaignEstimate(people=people)

    @strawberry.field(permission_classes=[IsResident], description="What you were told of by pushes, the newest first.")
    async def my_pushes(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[ArticlePush] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.push_page(session, viewer(info), wanted)
        found: Connection[ArticlePush] = connect(wanted, rows, lambda row: (row.at, row.campaign), ArticlePush.of)
        return found


@strawberry.type
class PushingMutation:
    @strawberry.mutation(
        permission_classes=[IsEditor],
        description="Push an article to who agreed to it (`giveConsent`, EDUCATION) and is all that is asked for, a "
        "few at a time and after all that people wait for. Who was told twice within seven days is left out.",
    )
    async def create_campaign(
        self, info: Info, input: Annotated[CreateCampaignInput, strawberry.argument(description="What, whom and when.")]
    ) -> CreateCampaignResult | None:
        article = uuid_of(input.article_id, "Article", "articleId")
        said = Planned(article=article, audience=input.audience.plain(), send_at=input.send_at)
        keys = info.context.door(KeyProvider)
        async with info.context.write() as session:
            id = await actions.create(session, viewer(info), keys, said, input.idempotency_key, now(session))
        return await _shown(info, id)

    @strawberry.mutation(permission_classes=[Edits], description="Cancel a campaign: nobody more is told by it.")
    async def cancel_campaign(
        self, info: Info, input: Annotated[CancelCampaignInput, strawberry.argument(description="Which one.")]
    ) -> CancelCampaignResult | None:
        id = uuid_of(input.campaign_id, "Campaign", "campaignId")
        async with info.context.write() as session:
            await actions.cancel(session, viewer(info), id, now(session))
        return await _shown(info, id)

    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Stop all pushes to you, with one tap: your consent is taken back. `giveConsent` is the way back.",
    )
    async def stop_pushes(
        self, info: Info, input: Annotated[StopPushesInput, strawberry.argument(description="By which of yours.")]
    ) -> StopPushesResult | None:
        id = uuid_of(input.push_id, "ArticlePush", "pushId")
        async with info.context.write() as session:
            await actions.stop_hers(session, viewer(info), id)
        (found,) = await _pushes(info, [str(id)])
        if found is None:
            raise refuse(NOT_FOUND, "pushId")
        return found


async def _shown(info: Info, id: UUID) -> Campaign:
    row: Any = await info.context.loader(CampaignById).load(id)
    if row is None:
        raise refuse(NOT_FOUND, "campaignId")
    return Campaign.of(row)


async def _campaigns(info: Info, keys: list[str]) -> list[Campaign | None]:
    rows = await info.context.loader(CampaignById).load_many([as_uuid(key) for key in keys])
    return [Campaign.of(row) if row else None for row in rows]


async def _pushes(info: Info, keys: list[str]) -> list[ArticlePush | None]:
    rows = await info.context.loader(PushOf).load_many([as_uuid(key) for key in keys])
    return [ArticlePush.of(row) if row else None for row in rows]


NODES: dict[str, Fetch] = {"Campaign": _campaigns, "ArticlePush": _pushes}
