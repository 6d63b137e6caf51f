"""A notarisation as its applicant sees it, and the office."""

from typing import Annotated, Any, Self

import strawberry

from app.applications.loaders import StepsOf
from app.applications.models import Move, PauseGround, RefusalGround
from app.applications.rules import forms
from app.applications.types.application import ServiceApplication
from app.applications.types.forms.notarisation import NotarisationForm
from app.appointments.loaders import LatestOf
from app.appointments.types import Appointment
from app.graph import refusals, visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.refusals import PAYLOAD, Refused
from app.graph.visible import Audience
from app.guidance.types.notarisation import NotarisationNeeds, NotaryFeeQuote

explain(
    PauseGround,
    "Why the fifteen working days stand still: no other pause is lawful (公证法第三十条).",
    "NotarisationPauseGround",
    FORCE_MAJEURE="What nobody could foresee or avert (不可抗力).",
    SUPPLEMENT="More evidence is to be supplied (补充证明材料).",
    VERIFICATION="Something has to be verified (核实有关情况).",
)
explain(
    RefusalGround,
    "Why something is not notarised: the nine grounds of 公证法第三十一条.",
    "NotarisationRefusalGround",
    NO_GUARDIAN="Who cannot act herself applies without a guardian (一).",
    NO_INTEREST="The applicant has no interest in the matter (二).",
    EXPERT_MATTER="It is for experts to examine or to value (三).",
    DISPUTED="The parties dispute it (四).",
    FALSE_EVIDENCE="Facts are made up or hidden, or evidence is false (五).",
    INSUFFICIENT_EVIDENCE="Evidence is not enough, and is not supplied (六).",
    UNTRUE_OR_UNLAWFUL="It is not true, or not lawful (七).",
    AGAINST_MORALS="It is against public morals (八).",
    FEE_UNPAID="The fee is not paid (九).",
)


@strawberry.type(
    description="An application for notarisation. The house issues nothing: it looks at papers before, books a visit, "
    "and tells how far it is. What it says is opened by who applies, by who of the office handles it, and by its "
    "supervisors; the others of the office see that there is one.",
    directives=[visible.to(Audience.ASKER, Audience.DELEGATE, Audience.HANDLER, Audience.COLLEAGUE)],
)
class NotarisationApplication(ServiceApplication):
    matter: str = strawberry.field(description="What it is about: a code of the form's list of matters.")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(**cls.common(row), matter=row.matter)

    @strawberry.field(description="What it says now.", directives=[visible.DOSSIER])
    async def form(self, info: Info) -> NotarisationForm | None:
        said = await self.said(info)
        return NotarisationForm.of(said, await self.whole(info)) if isinstance(said, forms.NotarisationForm) else None

    @strawberry.field(
        description="When she comes, as she booked it last, or moved it since; null while she has not.",
        directives=[visible.DOSSIER],
    )
    async def appointment(self, info: Info) -> Appointment | None:
        booked = await self._last(info, Move.BOOK)
        row = await info.context.loader(LatestOf).load(booked.appointment) if booked else None
        return Appointment.of(row) if row else None

    @strawberry.field(
        description="Why the time stands still, or stood still last; null where it never did.",
        directives=[visible.DOSSIER],
    )
    async def paused_for(self, info: Info) -> PauseGround | None:
        step = await self._last(info, Move.PAUSE)
        return PauseGround(step.code) if step else None

    @strawberry.field(description="By which ground it was refused, if it was.", directives=[visible.DOSSIER])
    async def refused_for(self, info: Info) -> RefusalGround | None:
        step = await self._last(info, Move.REFUSE)
        return RefusalGround(step.code) if step else None

    async def _last(self, info: Info, move: Move) -> Any | None:
        steps = await info.context.loader(StepsOf).load(self.row.id)
        return next((step for step in reversed(steps) if step.move == move), None)


@strawberry.type(
    description="What would be said of a form if it were submitted now.",
    directives=[visible.to(visible.Audience.RESIDENT)],
)
class NotarisationFormCheck:
    reasons: list[refusals.Reason] = strawberry.field(
        description="Why it would be refused, each by its field; none where it can be submitted."
    )
    needs: NotarisationNeeds | None = strawberry.field(
        description="What the matter needs, as `requiredDocuments` has it; null while it was not chosen."
    )
    fee: NotaryFeeQuote | None = strawberry.field(
        description="What it will cost, about; null while the matter was not chosen."
    )


CheckNotarisationFormResult = Annotated[
    NotarisationFormCheck | Refused, strawberry.union("CheckNotarisationFormResult", description=PAYLOAD)
]
