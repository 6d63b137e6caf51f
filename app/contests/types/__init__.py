"""Contests as the graph shows them: an exhibit to everybody, an entry to whose it is and to who looks at it."""

from datetime import datetime
from typing import Annotated, Any, Self

import strawberry

from app.accounts.models import AgeBand
from app.activities.loaders import ActivityById
from app.activities.types import Activity
from app.contests.actions.entering import title_of
from app.contests.loaders import EntrySteps, ExhibitOf
from app.contests.models import EntryState, EntryVerdict
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.refusals import PAYLOAD, Refused
from app.graph.visible import Audience
from app.graph.weights import ListSize
from app.papers.loaders import PapersOf
from app.papers.types import Paper
from app.vault.loaders import DataKey, FilesOf
from app.vault.types import File, PublicPicture, picture_of

explain(
    EntryState,
    "Where an entry stands.",
    SUBMITTED="It waits for somebody to look at it.",
    CHECKING="Somebody looks at it.",
    DISPLAYED="Everybody sees it, under its other name.",
    REJECTED="It is not shown; `verdict` says why.",
    SHORTLISTED="It is among those that may be awarded something.",
    AWARDED="It was awarded something.",
    TAKEN_DOWN="Nobody sees it any more.",
)
explain(
    EntryVerdict,
    "Why an entry is not shown, or no longer.",
    PERSONAL="It tells who somebody is: a name, a face, a school, a number.",
    UNLAWFUL="The law forbids it.",
    NOT_OWN="It is somebody else's work.",
    UNSUITABLE="It is not for everybody's eyes.",
    OFF_TOPIC="It has nothing to do with the contest.",
    WISH="Its owner took it back.",
)
LOOKING = visible.to(Audience.SELF, Audience.TAKER)
"""Whose it is, and who looks at it until she has decided."""


@strawberry.type(
    description="What everybody sees of an entry: never a name, a school or a class.", directives=[visible.ANYONE]
)
class Exhibit(Node):
    row: strawberry.Private[Any]
    pseudonym: str = strawberry.field(description="By which it goes; made of chance alone.")
    band: AgeBand = strawberry.field(description="Of whose it is, and no nearer.")
    title: str = strawberry.field(description="As it is called.")
    state: EntryState = strawberry.field(description="DISPLAYED, SHORTLISTED or AWARDED.")
    award: str = strawberry.field(description="What it was awarded; empty where nothing.")
    votes: int = strawberry.field(description="How many votes count.")
    since: datetime = strawberry.field(description="Since when it is shown.")

    @classmethod
    def of(cls, row: Any) -> Self:
        said = {name: getattr(row, name) for name in ("pseudonym", "title", "award", "votes", "since")}
        band, state = AgeBand(row.band), EntryState(row.state)
        return cls(id=global_id("Exhibit", row.entry), row=row, band=band, state=state, **said)

    @strawberry.field(description="The picture, for everybody.")
    async def picture(self, info: Info) -> PublicPicture | None:
        return await picture_of(info, self.row.picture)


@strawberry.type(description="A step in what became of an entry.", directives=[visible.WITHIN])
class EntryStep:
    state: EntryState = strawberry.field(description="Where it stood from then on.")
    verdict: EntryVerdict | None = strawberry.field(description="Why it was not shown, or no longer.")
    actor_id: strawberry.ID | None = strawberry.field(
        description="Whose step it was; null where its owner's, a jury's or the house's."
    )
    at: datetime = strawberry.field(description="When.")

    @classmethod
    def of(cls, row: Any) -> Self:
        actor = global_id("PersonFile", row.actor) if row.actor else None
        verdict = EntryVerdict(row.verdict) if row.verdict else None
        return cls(state=EntryState(row.state), verdict=verdict, actor_id=actor, at=row.at)


@strawberry.type(
    description="What somebody handed in. Who looks after contests sees that it is there; its title and its picture "
    "are hers, and of who looks at it.",
    directives=[visible.to(Audience.SELF, Audience.EDITOR, Audience.SUPERVISOR)],
)
class ContestEntry(Node):
    row: strawberry.Private[Any]
    state: EntryState = strawberry.field(description="Where it stands.")
    state_at: datetime = strawberry.field(description="Since when.")
    submitted_at: datetime = strawberry.field(description="When it was handed in.")
    pseudonym: str = strawberry.field(description="By which everybody will see it.")
    band: AgeBand = strawberry.field(description="Of whose it is.")
    verdict: EntryVerdict | None = strawberry.field(description="Why it is not shown, or no longer.")

    @classmethod
    def of(cls, row: Any) -> Self:
        said = {name: getattr(row, name) for name in ("state_at", "submitted_at", "pseudonym")}
        said |= {"state": EntryState(row.state), "band": AgeBand(row.band)}
        verdict = EntryVerdict(row.verdict) if row.verdict else None
        return cls(id=global_id("ContestEntry", row.id), row=row, verdict=verdict, **said)

    @strawberry.field(description="For which contest.")
    async def activity(self, info: Info) -> Activity | None:
        row = await info.context.loader(ActivityById).load(self.row.activity)
        return Activity.of(row) if row else None

    @strawberry.field(description="As its owner called it.", directives=[LOOKING])
    async def title(self, info: Info) -> str | None:
        key = await info.context.loader(DataKey).load(self.row.id)
        return title_of(key, self.row) if key else None

    @strawberry.field(description="The picture, as it was sent.", directives=[LOOKING])
    async def picture(self, info: Info) -> File | None:
        rows = await info.context.loader(FilesOf).load(self.row.id)
        return File.of(rows[0]) if rows else None

    @strawberry.field(description="What everybody sees of it; null while nobody does.")
    async def exhibit(self, info: Info) -> Exhibit | None:
        row = await info.context.loader(ExhibitOf).load(self.row.id)
        return Exhibit.of(row) if row else None

    @strawberry.field(
        description="Her certificate; null before she ordered it by `orderEntryCertificate`.", directives=[visible.SELF]
    )
    async def certificate(self, info: Info) -> Paper | None:
        won = self.state in (EntryState.AWARDED, EntryState.TAKEN_DOWN)
        rows = await info.context.loader(PapersOf).load(self.row.id) if won else []
        return Paper.of(rows[0]) if rows else None

    @strawberry.field(
        description="Its steps, oldest first; empty for who is neither editor nor supervisor.",
        directives=[visible.EDITING, ListSize(assumed_size=6)],
    )
    async def steps(self, info: Info) -> list[EntryStep]:
        return [EntryStep.of(row) for row in await info.context.loader(EntrySteps).load(self.row.id)]


@strawberry.type(
    description="Votes that came too fast: they do not count unless somebody says so.", directives=[visible.EDITING]
)
class VoteFreeze(Node):
    row: strawberry.Private[Any]
    votes: int = strawberry.field(description="How many were held.")
    at: datetime = strawberry.field(description="When.")
    until: datetime = strawberry.field(description="Until then no more are taken, for that entry or from that place.")
    from_one_place: bool = strawberry.field(description="True: from one network; false: for one entry.")
    counted: bool | None = strawberry.field(description="Whether they count after all; null until somebody says.")
    decided_by_id: strawberry.ID | None = strawberry.field(description="Who said so.")
    decided_at: datetime | None = strawberry.field(description="When she did.")

    @classmethod
    def of(cls, row: Any) -> Self:
        said = {name: getattr(row, name) for name in ("votes", "at", "until", "counted", "decided_at")}
        by = global_id("PersonFile", row.decided_by) if row.decided_by else None
        id, one_place = global_id("VoteFreeze", row.id), row.entry is None
        return cls(id=id, row=row, from_one_place=one_place, decided_by_id=by, **said)

    @strawberry.field(description="For which entry, where it is one.")
    async def exhibit(self, info: Info) -> Exhibit | None:
        row = await info.context.loader(ExhibitOf).load(self.row.entry) if self.row.entry else None
        return Exhibit.of(row) if row else None


EntryResult = Annotated[ContestEntry | Refused, strawberry.union("ContestEntryResult", description=PAYLOAD)]
VoteResult = Annotated[Exhibit | Refused, strawberry.union("VoteResult", description=PAYLOAD)]
DecideVoteFreezeResult = Annotated[
    VoteFreeze | Refused, strawberry.union("DecideVoteFreezeResult", description=PAYLOAD)
]
