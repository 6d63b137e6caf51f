"""Editors write what the city puts on, and a second person passes it."""

from datetime import datetime
from typing import Annotated

import strawberry

from app.activities.actions import editing as actions
from app.activities.api.following import shown
from app.activities.models import ActivityKind
from app.activities.rules.content import Content, NewActivity
from app.activities.rules.machine import Move
from app.activities.types import ActivityResult
from app.core.db import now
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import uuid_of
from app.graph.permissions import Edits, IsEditor


@strawberry.input(description="What an activity says of itself. It is public once it has passed review: nobody's name.")
class ActivityContentInput:
    title: str = strawberry.field(description="How it is called, 2 to 60 characters.")
    words: str = strawberry.field(description="What it is about, plain text of at most 5,000 characters.")
    division_code: str = strawberry.field(description="The city, or the part of it that it is for.")
    institution_id: strawberry.ID | None = strawberry.field(
        default=None, description="Who puts it on, if an institution of the register does."
    )
    place: str = strawberry.field(
        default="", description="Where one comes, 2 to 100 characters; a quiz or a contest may do without."
    )
    opens_at: datetime = strawberry.field(
        description="When one can begin to sign up, to take part or to hand something in."
    )
    closes_at: datetime = strawberry.field(description="Until when.")
    begins_at: datetime | None = strawberry.field(default=None, description="Of a gathering: when it begins.")
    ends_at: datetime | None = strawberry.field(default=None, description="Of a gathering: when it ends.")
    places: int | None = strawberry.field(
        default=None, description="Of a gathering: how many can come, 1 to 100,000; left out, everybody."
    )
    cover_id: strawberry.ID | None = strawberry.field(
        default=None, description="A picture of yours that is READY and not used yet: everybody can see it from now on."
    )
    keep_cover: bool = strawberry.field(
        default=True, description="Without a new one: whether the cover that is there stays."
    )

    def plain(self) -> Content:
        names = ("title", "words", "place", "opens_at", "closes_at", "begins_at", "ends_at", "places")
        said = {name: getattr(self, name) for name in (*names, "keep_cover")}
        by = self.institution_id
        institution = None if by is None else uuid_of(by, "Institution", "content.institutionId")
        cover = uuid_of(self.cover_id, "File", "content.coverId") if self.cover_id is not None else None
        return Content(division=self.division_code, institution=institution, cover=cover, **said)


@strawberry.input(description="A draft of something that the city puts on.")
class CreateActivityInput:
    kind: ActivityKind = strawberry.field(description="What one comes for; it stays.")
    content: ActivityContentInput = strawberry.field(description="What it says of itself.")
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this request.")


@strawberry.input(description="A draft says something else from now on.")
class ChangeActivityInput:
    activity_id: strawberry.ID = strawberry.field(description="Which one.")
    version: int = strawberry.field(description="The version that you read.")
    content: ActivityContentInput = strawberry.field(description="All that it says of itself.")


@strawberry.input(description="A step of an activity.")
class MoveActivityInput:
    activity_id: strawberry.ID = strawberry.field(description="Which one.")
    version: int = strawberry.field(description="The version that you read: what you pass is what you saw.")
    move: Move = strawberry.field(description="What is done with it.")
    reason: str | None = strawberry.field(
        default=None, description="Why it is sent back or cancelled, 4 to 300 characters; of what is cancelled public."
    )


@strawberry.type
class EditingMutation:
    @strawberry.mutation(permission_classes=[IsEditor], description="Write a draft of an activity.")
    async def create_activity(
        self, info: Info, input: Annotated[CreateActivityInput, strawberry.argument(description="What it is.")]
    ) -> ActivityResult | None:
        said = NewActivity(kind=input.kind, content=input.content.plain())
        keys = info.context.door(KeyProvider)
        async with info.context.write() as session:
            id = await actions.create(session, viewer(info), keys, said, input.idempotency_key, now(session))
        return await shown(info, id)

    @strawberry.mutation(permission_classes=[IsEditor], description="Change what a draft says.")
    async def change_activity(
        self, info: Info, input: Annotated[ChangeActivityInput, strawberry.argument(description="What it says now.")]
    ) -> ActivityResult | None:
        id, said = uuid_of(input.activity_id, "Activity", "activityId"), input.content.plain()
        keys = info.context.door(KeyProvider)
        async with info.context.write() as session:
            await actions.change(session, viewer(info), keys, id, input.version, said, now(session))
        return await shown(info, id)

    @strawberry.mutation(
        permission_classes=[Edits],
        description="Lead an activity one step on: hand it in, pass it or send it back, close, announce or cancel it. "
        "Nobody passes what she had a hand in.",
    )
    async def move_activity(
        self, info: Info, input: Annotated[MoveActivityInput, strawberry.argument(description="Which step.")]
    ) -> ActivityResult | None:
        id = uuid_of(input.activity_id, "Activity", "activityId")
        async with info.context.write() as session:
            how = (input.version, input.move, input.reason, now(session))
            await actions.move(session, viewer(info), id, *how)
        return await shown(info, id)
