"""Activities as the graph shows them."""

from datetime import datetime
from enum import Enum
from typing import Annotated, Any, Self

import segno
import strawberry

from app.activities.loaders import ActivityById, AheadOf, EnrolmentFor, StepsOf
from app.activities.models import ActivityKind, ActivityState, EnrolmentState
from app.activities.rules.attending import SECRET, ticket_of
from app.activities.rules.machine import Move
from app.activities.rules.sharing import path_of, poster_path
from app.core.sealing import KeyProvider
from app.directory.loaders import InstitutionById
from app.directory.types.register import Institution
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.refusals import PAYLOAD, Refused
from app.graph.weights import ListSize
from app.outside.storage import Address
from app.places.types import Division
from app.vault.types import PublicPicture, picture_of

explain(
    ActivityKind,
    "What one comes for.",
    GATHERING="One comes somewhere at a time, and signs up for it.",
    QUIZ="A round of questions about the law.",
    CONTEST="One hands something in, such as a drawing, and it is judged.",
)
explain(
    ActivityState,
    "Where an activity stands.",
    DRAFT="It is being written.",
    IN_REVIEW="A second person looks at it.",
    SCHEDULED="It passed, and opens by itself.",
    OPEN="One can sign up, take part or hand something in.",
    CLOSED="No more; a gathering may still be to come.",
    SCORING="What was handed in is judged.",
    ANNOUNCED="Its results are told.",
    ARCHIVED="It is over.",
    CANCELLED="It does not take place; `cancelledFor` says why.",
)
explain(
    Move,
    "What is done with an activity.",
    "ActivityMove",
    SUBMIT="Hand it in for review; an editor.",
    PASS="Pass it: it is public from then on, and opens by itself. A second person, editor or supervisor.",
    RETURN="Send it back, and say why; editor or supervisor.",
    TAKE_BACK="Take it back before it opens, to change it; an editor. It is reviewed anew.",
    OPEN="What its time does by itself.",
    CLOSE="Close it before its time; an editor.",
    SCORE="Begin to judge what was handed in; an editor, of a quiz or a contest.",
    ANNOUNCE="Tell its results; an editor, of a gathering once it is over.",
    ARCHIVE="Put it away; an editor, and by itself a month later.",
    CANCEL="Call it off, and say why; an editor.",
)


explain(
    EnrolmentState,
    "Whether she comes.",
    ENROLLED="She has a place.",
    WAITING="She waits for one; `position` says where.",
    LEFT="She gave it up.",
)


class PosterFormat(Enum):
    PDF = "pdf"
    SVG = "svg"
    PNG = "png"


explain(
    PosterFormat,
    "How a poster is drawn.",
    PDF="To be printed (PDF/A-2b).",
    SVG="Lines, of any size.",
    PNG="Pixels, 1240 by 1754.",
)
ChannelCode = Annotated[
    str | None,
    strawberry.argument(description="Of the channel by which it is passed on, 12 characters; else left out."),
]


@strawberry.type(description="A step in what became of an activity.", directives=[visible.WITHIN])
class ActivityStep:
    state: ActivityState = strawberry.field(description="Where it stood from then on.")
    version: int = strawberry.field(description="What it said then.")
    reason: str = strawberry.field(
        description="Why it was sent back or cancelled, or an attempt at the quiz voided; empty for all else."
    )
    actor_id: strawberry.ID | None = strawberry.field(description="Whose step it was; null where a deadline's.")
    at: datetime = strawberry.field(description="When.")

    @classmethod
    def of(cls, row: Any) -> Self:
        actor = global_id("PersonFile", row.actor) if row.actor else None
        said = {"state": ActivityState(row.state), "version": row.version, "reason": row.reason}
        return cls(actor_id=actor, at=row.at, **said)


@strawberry.type(
    description="Something that the city puts on for everybody. Before it has passed review, its editors and the "
    "supervisors alone see it.",
    directives=[visible.ANYONE],
)
class Activity(Node):
    row: strawberry.Private[Any]
    kind: ActivityKind = strawberry.field(description="What one comes for.")
    title: str = strawberry.field(description="How it is called.")
    words: str = strawberry.field(description="What it is about; plain text with line breaks.")
    place: str = strawberry.field(description="Where one comes; empty where nobody needs to.")
    opens_at: datetime = strawberry.field(description="From then on one can sign up, take part or hand something in.")
    closes_at: datetime = strawberry.field(description="Until then.")
    begins_at: datetime | None = strawberry.field(description="When a gathering begins.")
    ends_at: datetime | None = strawberry.field(description="When it ends.")
    places: int | None = strawberry.field(description="How many can come; null for everybody.")
    taken: int = strawberry.field(description="How many have a place.")
    waiting: int = strawberry.field(description="How many wait for one.")
    came: int = strawberry.field(description="How many checked in.")
    state: ActivityState = strawberry.field(description="Where it stands.")
    state_at: datetime = strawberry.field(description="Since when.")
    published_at: datetime | None = strawberry.field(description="Since when everybody sees it; null before that.")
    cancelled_for: str | None = strawberry.field(description="Why it was cancelled.")
    version: int = strawberry.field(description="Grows with each change of what it says.")

    @classmethod
    def of(cls, row: Any) -> Self:
        names = ["title", "words", "place", "opens_at", "closes_at", "begins_at", "ends_at", "places", "taken"]
        names += ["waiting", "came", "state_at", "published_at", "version"]
        said = {name: getattr(row, name) for name in names}
        state = ActivityState(row.state)
        why = row.reason if state is ActivityState.CANCELLED else None
        id, kind = global_id("Activity", row.id), ActivityKind(row.kind)
        return cls(id=id, row=row, kind=kind, state=state, cancelled_for=why, **said)

    @strawberry.field(description="The city, or the part of it that it is for; null outside.")
    def division(self) -> Division | None:
        return Division.of(self.row.division)

    @strawberry.field(description="Who puts it on, if one of the register's institutions does.")
    async def institution(self, info: Info) -> Institution | None:
        if self.row.institution is None:
            return None
        row = await info.context.loader(InstitutionById).load(self.row.institution)
        return Institution.of(row) if row else None

    @strawberry.field(description="A picture to begin with; null where there is none.")
    async def cover(self, info: Info) -> PublicPicture | None:
        return await picture_of(info, self.row.cover)

    @strawberry.field(description="A page of it for anybody, to be passed on; there once it has passed review.")
    def share_url(self, info: Info, channel_code: ChannelCode = None) -> str:
        return path_of(info.context.door(Address).url, self.row.id, channel_code)

    @strawberry.field(
        description="A poster of it for anybody (A4), with a QR code that leads to its page: there once it has passed "
        "review, unless it was cancelled."
    )
    def poster_url(
        self,
        info: Info,
        format: Annotated[PosterFormat, strawberry.argument(description="How it is drawn.")] = PosterFormat.PDF,
        channel_code: ChannelCode = None,
    ) -> str:
        return poster_path(info.context.door(Address).url, self.row.id, format.value, channel_code)

    @strawberry.field(description="That the viewer signed up for it, unless she gave it up.", directives=[visible.SELF])
    async def my_enrolment(self, info: Info) -> "Enrolment | None":
        row = await info.context.loader(EnrolmentFor).load(self.row.id)
        return Enrolment.of(row) if row else None

    @strawberry.field(
        description="Its steps, oldest first; empty for who is neither editor nor supervisor.",
        directives=[visible.EDITING, ListSize(assumed_size=10)],
    )
    async def steps(self, info: Info) -> list[ActivityStep]:
        return [ActivityStep.of(row) for row in await info.context.loader(StepsOf).load(self.row.id)]


@strawberry.type(description="That somebody signed up for a gathering.", directives=[visible.SELF])
class Enrolment(Node):
    row: strawberry.Private[Any]
    state: EnrolmentState = strawberry.field(description="Whether she has a place.")
    made_at: datetime = strawberry.field(description="When she signed up.")
    state_at: datetime = strawberry.field(description="Since when it stands so.")
    came_at: datetime | None = strawberry.field(description="When she checked in.")

    @classmethod
    def of(cls, row: Any) -> Self:
        said = {name: getattr(row, name) for name in ("made_at", "state_at", "came_at")}
        return cls(id=global_id("Enrolment", row.id), row=row, state=EnrolmentState(row.state), **said)

    @strawberry.field(description="For what.")
    async def activity(self, info: Info) -> Activity | None:
        row = await info.context.loader(ActivityById).load(self.row.activity)
        return Activity.of(row) if row else None

    @strawberry.field(description="Of who waits: 1 for who has the next place that comes free.")
    async def position(self, info: Info) -> int | None:
        if self.state is not EnrolmentState.WAITING:
            return None
        ahead = await info.context.loader(AheadOf).load(self.row.id)
        return None if ahead is None else ahead + 1

    @strawberry.field(description="Of who has a place: what she shows at the entrance, where an editor scans it.")
    def ticket(self, info: Info) -> str | None:
        if self.state is not EnrolmentState.ENROLLED:
            return None
        return ticket_of(info.context.door(KeyProvider).secret(SECRET), self.row.id)

    @strawberry.field(description="The ticket as a QR code (ISO/IEC 18004): a `data:` address of an SVG.")
    def ticket_qr(self, info: Info) -> str | None:
        if self.state is not EnrolmentState.ENROLLED:
            return None
        said = ticket_of(info.context.door(KeyProvider).secret(SECRET), self.row.id)
        return str(segno.make_qr(said, error="m").svg_data_uri(scale=8, border=4))


ActivityResult = Annotated[Activity | Refused, strawberry.union("ActivityResult", description=PAYLOAD)]
EnrolmentResult = Annotated[Enrolment | Refused, strawberry.union("EnrolmentResult", description=PAYLOAD)]
