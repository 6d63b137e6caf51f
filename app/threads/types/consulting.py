"""A consultation with an institution, as the graph shows it."""

from datetime import datetime
from typing import Annotated, Any, Self

import strawberry

from app.core.sealing import unseal
from app.directory.loaders import InstitutionById
from app.directory.models import Service
from app.directory.rules.services import APPLICATIONS
from app.directory.types.posts import Post
from app.directory.types.register import Institution
from app.graph import visible
from app.graph.context import Info, viewer
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.live import RESYNC
from app.graph.refusals import PAYLOAD, Refused
from app.graph.visible import Audience
from app.graph.weights import Cost, ListSize
from app.screening.rules.crisis import most_urgent_first, signals
from app.screening.types import SafetyCard
from app.threads.loaders import SaidLately, Staffed, ThreadAbout
from app.threads.models import ConsultationState
from app.threads.rules.consulting import ConsultationEventKind
from app.threads.types import Thread
from app.vault.loaders import DataKey
from app.vault.types import StaffAccess, staff_accesses

explain(
    ConsultationState,
    "Where a consultation with an institution stands.",
    "InstitutionConsultationState",
    WAITING="Nobody of the institution has taken it.",
    TAKEN="Somebody of the institution holds it, and reads it.",
    CLOSED="It is over; another may be begun.",
)
explain(
    ConsultationEventKind,
    "What can happen to a consultation with an institution.",
    CONSULTATION_OPENED="It was begun.",
    CONSULTATION_TAKEN="Somebody of the institution took it.",
    CONSULTATION_HANDED_OVER="A colleague holds it from then on.",
    CONSULTATION_WAITS_AGAIN="Who held it works there no more: it waits for another.",
    CONSULTATION_SAID="Something was said.",
    CONSULTATION_CLOSED="It was closed.",
)


@strawberry.type(
    description="A resident and an institution talk, before an application or on one. Who works there sees that it "
    "waits; what is said is read by her and by who holds it, and for a week by who closed it. A year after it was "
    "closed what was said is destroyed.",
    directives=[visible.to(Audience.ASKER, Audience.TAKER, Audience.COLLEAGUE)],
)
class InstitutionConsultation(Node):
    row: strawberry.Private[Any]
    state: ConsultationState = strawberry.field(description="Where it stands.")
    opened_at: datetime = strawberry.field(description="When it was begun.")
    state_at: datetime = strawberry.field(description="Since when it waits, is held by this one, or is closed.")
    held_by: str | None = strawberry.field(
        description="How who holds it, or held it when it was closed, is called; null while nobody does.",
        directives=[visible.to(Audience.ASKER, Audience.TAKER)],
    )

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(
            id=global_id("InstitutionConsultation", row.id),
            row=row,
            state=ConsultationState(row.state),
            opened_at=row.opened_at,
            state_at=row.state_at,
            held_by=row.called,
        )

    @strawberry.field(
        description="The application that it is about; null where it is about none.",
        directives=[visible.to(Audience.ASKER, Audience.TAKER)],
    )
    def application_id(self, info: Info) -> strawberry.ID | None:
        kind = self.row.applied_for if self._reads(info) else None
        return global_id(APPLICATIONS[Service(kind)], self.row.application) if kind else None

    def _reads(self, info: Info) -> bool:
        return viewer(info).id in (self.row.person, self.row.holder)

    @strawberry.field(
        description="With whom; it says whether it is open now, and when it opens. Null once it stands in the "
        "directory no more."
    )
    async def institution(self, info: Info) -> Institution | None:
        row = await info.context.loader(InstitutionById).load(self.row.institution)
        return Institution.of(row) if row else None

    @strawberry.field(
        description="Whether somebody of the institution is there: a device of one of its staff was in use within "
        "twenty minutes. It may be so outside the opening hours, too."
    )
    async def staff_present(self, info: Info) -> bool:
        return await info.context.loader(Staffed).load(self.row.institution)

    @strawberry.field(description="Whether the viewer began it.")
    def mine(self, info: Info) -> bool:
        return bool(self.row.person == viewer(info).id)

    @strawberry.field(
        description="What helps at once if what you wrote lately tells of danger, most urgent first; usually none. "
        "Found anew each time, and kept nowhere.",
        directives=[visible.to(Audience.ASKER), Cost(weight=5)],
    )
    async def safety_cards(self, info: Info) -> list[SafetyCard]:
        if self.row.person != viewer(info).id or self.row.state == ConsultationState.CLOSED:
            return []
        key = await info.context.loader(DataKey).load(self.row.id)
        said = await info.context.loader(SaidLately).load(self.row.id)
        words = [unseal(key, row.body, "message", "body", row.id) for row in said] if key else []
        found = {crisis for body in words for crisis in signals(body)}
        return [SafetyCard.of(crisis, info.context.language) for crisis in most_urgent_first(found)]

    @strawberry.field(
        description="Who of the institution has read it, or opened a file of it, newest first; shown to who began it.",
        directives=[visible.to(Audience.ASKER), ListSize(assumed_size=20)],
    )
    async def accesses(self, info: Info) -> list[StaffAccess]:
        return await staff_accesses(info, self.row.id)

    @strawberry.field(
        description="What was said; null to who does not hold it.",
        directives=[visible.to(Audience.ASKER, Audience.TAKER)],
    )
    async def thread(self, info: Info) -> Thread | None:
        row = await info.context.loader(ThreadAbout).load(self.row.id)
        return Thread.of(row) if row else None


@strawberry.type(description="Something that happened to a consultation.", directives=[visible.WITHIN])
class ConsultationEvent:
    kind: ConsultationEventKind = strawberry.field(description="What happened.")
    at: datetime = strawberry.field(description="When.")
    cursor: str = strawberry.field(description="Hand it to `after` to go on from here.")


@strawberry.type(
    description="News of a consultation: what happened, and how it stands now.",
    directives=[visible.to(Audience.ASKER, Audience.TAKER, Audience.COLLEAGUE)],
)
class ConsultationUpdates:
    events: list[ConsultationEvent] = strawberry.field(
        description="What happened since the cursor, oldest first.",
        directives=[visible.to(Audience.ASKER, Audience.TAKER)],
    )
    consultation: InstitutionConsultation = strawberry.field(description="The consultation as it stands now.")
    resync: bool = strawberry.field(description=RESYNC)
    cursor: str = strawberry.field(description="Hand it to `after` to go on from here.")
    server_time: datetime = strawberry.field(description="The house's clock.")


HandOverConsultationResult = Annotated[
    Post | Refused, strawberry.union("HandOverConsultationResult", description=PAYLOAD)
]
InstitutionConsultationResult = Annotated[
    InstitutionConsultation | Refused, strawberry.union("InstitutionConsultationResult", description=PAYLOAD)
]
ConsultationUpdatesResult = Annotated[
    ConsultationUpdates | Refused, strawberry.union("ConsultationUpdatesResult", description=PAYLOAD)
]
