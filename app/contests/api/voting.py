"""Voting, and what becomes of votes that came too fast."""

from typing import Annotated

import strawberry

from app.contests.actions import voting as actions
from app.contests.loaders import ExhibitOf, FreezeById
from app.contests.types import DecideVoteFreezeResult, Exhibit, VoteFreeze, VoteResult
from app.core.db import now
from app.core.errors import NOT_FOUND, refuse
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import uuid_of
from app.graph.permissions import Edits, IsResident


@strawberry.input(description="Your vote of today.")
class VoteInput:
    exhibit_id: strawberry.ID = strawberry.field(description="For which.")


@strawberry.input(description="Whether votes that came in a burst count after all.")
class DecideVoteFreezeInput:
    freeze_id: strawberry.ID = strawberry.field(description="Which burst.")
    count: bool = strawberry.field(description="True where nothing was wrong with them.")


@strawberry.type
class VotingMutation:
    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Vote for what is shown: one vote a person, contest and day, whatever the device.",
    )
    async def vote(
        self, info: Info, input: Annotated[VoteInput, strawberry.argument(description="For which.")]
    ) -> VoteResult | None:
        id, keys = uuid_of(input.exhibit_id, "Exhibit", "exhibitId"), info.context.door(KeyProvider)
        async with info.context.write() as session:
            await actions.vote(session, viewer(info), keys, id, info.context.address, now(session))
        row = await info.context.loader(ExhibitOf).load(id)
        if row is None:
            raise refuse(NOT_FOUND, "exhibitId")
        return Exhibit.of(row)

    @strawberry.mutation(
        permission_classes=[Edits],
        description="Say whether the votes of a burst count. Once; it is kept who said so.",
    )
    async def decide_vote_freeze(
        self, info: Info, input: Annotated[DecideVoteFreezeInput, strawberry.argument(description="Which, and how.")]
    ) -> DecideVoteFreezeResult | None:
        id = uuid_of(input.freeze_id, "VoteFreeze", "freezeId")
        async with info.context.write() as session:
            await actions.decide_freeze(session, viewer(info), id, input.count)
        row = await info.context.loader(FreezeById).load(id)
        if row is None:
            raise refuse(NOT_FOUND, "freezeId")
        return VoteFreeze.of(row)
