"""What is done with applications for notarisation: by who applies, the office's staff, its notary and its head."""

from typing import Annotated

import strawberry

from app.applications.api.nodes import ReasonedInput, StepInput, done, id_of, reasoned
from app.applications.models import Move, PauseGround, RefusalGround
from app.applications.rules.acting import Act
from app.applications.rules.forms import faults
from app.applications.types.certificate_review import ReviewOutcome
from app.applications.types.forms.notarisation import NotarisationFormInput
from app.applications.types.notarisation import (
    CheckNotarisationFormResult,
    NotarisationFormCheck,
)
from app.applications.types.results import ApplicationResult, Shown
from app.core.db import now
from app.core.errors import Refused, refuse_if
from app.graph import refusals
from app.graph.context import Info
from app.graph.ids import uuid_of
from app.graph.permissions import Handles, IsNotary, IsOfficer, IsResident
from app.graph.weights import Cost
from app.guidance.types.notarisation import NotarisationNeeds, NotaryFeeQuote
from app.places.rules.workdays import today


@strawberry.input(description="When you come to the office.")
class BookNotaryVisitInput(StepInput):
    appointment_id: strawberry.ID = strawberry.field(description="An appointment of yours with that office.")


@strawberry.input(description="What is wrong with the certificate.")
class RequestCertificateReviewInput(ReasonedInput): ...


@strawberry.input(description="Whose papers will do.")
class PassPreReviewInput(StepInput): ...


@strawberry.input(description="Why the office does not take it.")
class DeclineNotarisationInput(ReasonedInput): ...


@strawberry.input(description="Which application the notary accepts.")
class AdmitNotarisationInput(StepInput): ...


@strawberry.input(description="Why the time stands still.")
class PauseNotarisationInput(ReasonedInput):
    ground: PauseGround = strawberry.field(description="Which of the law's three reasons.")


@strawberry.input(description="Which application goes on.")
class ResumeNotarisationInput(StepInput): ...


@strawberry.input(description="Of which application the certificate is drafted.")
class RecordCertificateDraftInput(StepInput): ...


@strawberry.input(description="Of which application the office issued the certificate.")
class RecordCertificateInput(StepInput): ...


@strawberry.input(description="Whose certificate was collected.")
class RecordCollectionInput(StepInput): ...


@strawberry.input(description="By whom, and under which number, the certificate was posted.")
class RecordPostingInput(ReasonedInput): ...


@strawberry.input(description="Why it is not notarised.")
class RefuseNotarisationInput(ReasonedInput):
    ground: RefusalGround = strawberry.field(description="Which of the law's nine grounds.")


@strawberry.input(description="What becomes of the certificate, and why.")
class DecideCertificateReviewInput(ReasonedInput):
    outcome: ReviewOutcome = strawberry.field(description="Whether it stands.")


@strawberry.type
class NotarisingQuery:
    @strawberry.field(
        permission_classes=[IsResident],
        description="What a submission of this form would be refused for, what it needs, and what it will cost. "
        "Refused itself only where not even a draft could keep it.",
        directives=[Cost(weight=5)],
    )
    async def check_notarisation_form(
        self,
        info: Info,
        notarisation: Annotated[NotarisationFormInput, strawberry.argument(description="The form, as far as it is.")],
    ) -> CheckNotarisationFormResult | None:
        form = notarisation.to_plain()
        async with info.context.read() as session:
            day = today(now(session))
        refuse_if(faults(form, complete=False, today=day, at=form.AT))
        language, fee = info.context.language, form.quoted()
        wrong = Refused(*faults(form, complete=True, today=day, at=form.AT))
        matter = form.request.matter if form.request else None
        return NotarisationFormCheck(
            reasons=refusals.Refused.of(wrong, language).reasons,
            needs=NotarisationNeeds.of(matter, form.so(), language) if matter else None,
            fee=NotaryFeeQuote.of(fee, language) if fee else None,
        )


@strawberry.type
class NotarisingMutation:
    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Say when you come: once the papers will do. Another visit later takes the place of this one.",
    )
    async def book_notary_visit(
        self, info: Info, input: Annotated[BookNotaryVisitInput, strawberry.argument(description="When.")]
    ) -> ApplicationResult | None:
        act = Act(move=Move.BOOK, application=id_of(input.application_id))
        act.appointment = uuid_of(input.appointment_id, "Appointment", "appointmentId")
        return await done(info, input, act)

    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Say that a certificate of yours is wrong, within a year of receiving it (公证法第三十九条): "
        "looked into within thirty days, and not by who issued it. Somebody else with an interest in it calls "
        "submitApplication with the form `certificateReview`.",
    )
    async def request_certificate_review(
        self, info: Info, input: Annotated[RequestCertificateReviewInput, strawberry.argument(description="Why.")]
    ) -> ApplicationResult | None:
        return await _reasoned(info, input, Move.REQUEST_REVIEW)

    @strawberry.mutation(permission_classes=[Handles], description="The papers will do: the applicant books a visit.")
    async def pass_pre_review(
        self, info: Info, input: Annotated[PassPreReviewInput, strawberry.argument(description="Whose.")]
    ) -> ApplicationResult | None:
        return await done(info, input, Act(move=Move.PASS, application=id_of(input.application_id)))

    @strawberry.mutation(permission_classes=[Handles], description="Do not take it (公证程序规则第十九条).")
    async def decline_notarisation(
        self, info: Info, input: Annotated[DeclineNotarisationInput, strawberry.argument(description="Why not.")]
    ) -> ApplicationResult | None:
        return await _reasoned(info, input, Move.NOT_ACCEPT)

    @strawberry.mutation(
        permission_classes=[IsNotary],
        description="Accept it, with the applicant before you: fifteen working days run (公证法第三十条).",
    )
    async def admit_notarisation(
        self, info: Info, input: Annotated[AdmitNotarisationInput, strawberry.argument(description="Which one.")]
    ) -> ApplicationResult | None:
        return await done(info, input, Act(move=Move.ADMIT, application=id_of(input.application_id)))

    @strawberry.mutation(
        permission_classes=[IsNotary], description="The fifteen days stand still, for one of the law's three reasons."
    )
    async def pause_notarisation(
        self, info: Info, input: Annotated[PauseNotarisationInput, strawberry.argument(description="Why.")]
    ) -> ApplicationResult | None:
        return await _reasoned(info, input, Move.PAUSE, input.ground)

    @strawberry.mutation(permission_classes=[IsNotary], description="The fifteen days go on from where they stood.")
    async def resume_notarisation(
        self, info: Info, input: Annotated[ResumeNotarisationInput, strawberry.argument(description="Which one.")]
    ) -> ApplicationResult | None:
        return await done(info, input, Act(move=Move.RESUME, application=id_of(input.application_id)))

    @strawberry.mutation(permission_classes=[IsNotary], description="Record that the certificate is drafted.")
    async def record_certificate_draft(
        self, info: Info, input: Annotated[RecordCertificateDraftInput, strawberry.argument(description="Whose.")]
    ) -> ApplicationResult | None:
        return await done(info, input, Act(move=Move.DRAFT, application=id_of(input.application_id)))

    @strawberry.mutation(
        permission_classes=[IsNotary],
        description="Record that the office issued the certificate: on paper, signed and sealed (公证法第三十二条).",
    )
    async def record_certificate(
        self, info: Info, input: Annotated[RecordCertificateInput, strawberry.argument(description="Whose.")]
    ) -> ApplicationResult | None:
        return await done(info, input, Act(move=Move.ISSUE, application=id_of(input.application_id)))

    @strawberry.mutation(permission_classes=[Handles], description="Record that the certificate was collected.")
    async def record_collection(
        self, info: Info, input: Annotated[RecordCollectionInput, strawberry.argument(description="Whose.")]
    ) -> ApplicationResult | None:
        return await done(info, input, Act(move=Move.COLLECT, application=id_of(input.application_id)))

    @strawberry.mutation(permission_classes=[Handles], description="Record that the certificate was posted.")
    async def record_posting(
        self, info: Info, input: Annotated[RecordPostingInput, strawberry.argument(description="How.")]
    ) -> ApplicationResult | None:
        return await _reasoned(info, input, Move.MAIL)

    @strawberry.mutation(
        permission_classes=[IsOfficer],
        description="Refuse to notarise it (公证法第三十一条): the head of the office, on the notary's report.",
    )
    async def refuse_notarisation(
        self, info: Info, input: Annotated[RefuseNotarisationInput, strawberry.argument(description="Why.")]
    ) -> ApplicationResult | None:
        return await _reasoned(info, input, Move.REFUSE, input.ground)

    @strawberry.mutation(
        permission_classes=[IsOfficer],
        description="Decide whether a certificate stands, whoever asked for the review: the head of the office, and "
        "not who issued it.",
    )
    async def decide_certificate_review(
        self, info: Info, input: Annotated[DecideCertificateReviewInput, strawberry.argument(description="How.")]
    ) -> ApplicationResult | None:
        return await _reasoned(info, input, Move(input.outcome))


async def _reasoned(
    info: Info, input: ReasonedInput, move: Move, code: PauseGround | RefusalGround | None = None
) -> Shown:
    return await reasoned(info, input, Act(move=move, application=id_of(input.application_id), code=code))
