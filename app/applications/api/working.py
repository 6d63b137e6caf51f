"""What officers do, and their supervisors."""

from enum import StrEnum
from typing import Annotated

import strawberry

from app.accounts.reads import post
from app.applications import reads
from app.applications.api.nodes import ReasonedInput, StepInput, acted, aid, done, id_of, reasoned
from app.applications.loaders import ApplicationById
from app.applications.models import Move, RecusalGround
from app.applications.rules.acting import Act
from app.applications.rules.standing import HANDLERS
from app.applications.types.application import ServiceApplication
from app.applications.types.legal_aid import AidResult
from app.applications.types.results import (
    ApplicationLeft,
    ApplicationResult,
    ApplicationTransferred,
    RecuseOfficerResult,
    TransferResult,
    shown_as,
)
from app.core.errors import NOT_FOUND, refuse
from app.graph.context import Info, viewer
from app.graph.enums import explain
from app.graph.ids import uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import Handles, IsOfficer
from app.vault.types import ids_of


class Decision(StrEnum):
    GRANT = "GRANT"
    GRANT_IN_ADVANCE = "GRANT_IN_ADVANCE"
    DENY = "DENY"


explain(
    Decision,
    "What becomes of an application for legal aid.",
    "LegalAidDecision",
    GRANT="Aid is granted.",
    GRANT_IN_ADVANCE="Aid is granted at once and the papers follow: only where it is `urgent` (法律援助法第四十四条).",
    DENY="Aid is refused.",
)


@strawberry.input(description="Which application you take.")
class TakeApplicationInput(StepInput): ...


@strawberry.input(description="Who is to handle it.")
class HandOverApplicationInput(StepInput):
    officer_id: strawberry.ID = strawberry.field(description="A post of the institution, as in `colleagues`.")


@strawberry.input(description="All that is missing.")
class AskSupplementInput(ReasonedInput):
    again: bool = strawberry.field(
        default=False, description="True for a second list, which only the supervisor gives, with her reason."
    )


@strawberry.input(description="Which institution has jurisdiction, and why.")
class TransferApplicationInput(ReasonedInput):
    institution_id: strawberry.ID = strawberry.field(description="Another institution of the same kind.")


@strawberry.input(description="From what you step back, and why.")
class RecuseOfficerInput(StepInput):
    ground: RecusalGround = strawberry.field(description="Why.")


@strawberry.input(description="The decision, with its reasons in writing.")
class DecideApplicationInput(ReasonedInput):
    decision: Decision = strawberry.field(description="What becomes of it.")


@strawberry.input(description="To which lawyer it is offered.")
class AssignLawyerInput(StepInput):
    lawyer_id: strawberry.ID = strawberry.field(description="A lawyer of the city, as in `lawyers`.")


@strawberry.input(description="Whether another lawyer is to be assigned, as the applicant asked.")
class DecideLawyerChangeInput(ReasonedInput):
    change: bool = strawberry.field(description="True: the lawyer's work ends, and another is to be assigned.")


@strawberry.input(description="What was found when the report was read.")
class CloseApplicationInput(ReasonedInput): ...


@strawberry.input(description="What the lawyer gets.")
class RecordSubsidyInput(StepInput):
    amount_fen: int = strawberry.field(description="Fen, 0 to 100,000,000.")


@strawberry.input(description="What the applicant said when she was called.")
class RecordFollowUpInput(ReasonedInput): ...


@strawberry.input(description="Why aid ends before its time.")
class TerminateApplicationInput(ReasonedInput): ...


@strawberry.input(description="What becomes of an objection.")
class DecideObjectionInput(ReasonedInput):
    uphold: bool = strawberry.field(description="True: the decision stands; false: aid is granted.")


@strawberry.type
class WorkingQuery:
    @strawberry.field(
        permission_classes=[Handles],
        description="What is to be done at the viewer's institution, what is due first at first; empty for who has no "
        "post at one.",
    )
    async def work_queue(
        self,
        info: Info,
        mine: Annotated[bool, strawberry.argument(description="Only what the viewer handles.")] = False,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[ServiceApplication] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            held = await post(session, viewer(info))
            place = held.institution if held and held.duty in HANDLERS else None
            rows = await reads.queue_page(session, viewer(info), wanted, place, mine=mine) if place else []
        return connect(wanted, rows, lambda row: (row.due_at, row.id), shown_as)  # type: ignore[no-any-return]


@strawberry.type
class WorkingMutation:
    @strawberry.mutation(
        permission_classes=[Handles],
        description="Take an application: you open it from now on, and handle it. By taking it you declare that "
        "neither you nor a near relative of yours is a side of it or has an interest in it; else call recuseOfficer.",
    )
    async def take_application(
        self, info: Info, input: Annotated[TakeApplicationInput, strawberry.argument(description="Which one.")]
    ) -> ApplicationResult | None:
        return await done(info, input, Act(move=Move.TAKE, application=id_of(input.application_id)))

    @strawberry.mutation(
        permission_classes=[Handles],
        description="Let another officer handle it: a supervisor's. Who handled it opens it no more.",
    )
    async def hand_over_application(
        self, info: Info, input: Annotated[HandOverApplicationInput, strawberry.argument(description="To whom.")]
    ) -> ApplicationResult | None:
        act = Act(move=Move.HAND_OVER, application=id_of(input.application_id))
        act.officer = uuid_of(input.officer_id, "Post", "officerId")
        return await done(info, input, act)

    @strawberry.mutation(
        permission_classes=[Handles],
        description="Say everything that is missing, at once (一次性告知). The seven days stand still; what is not "
        "supplied in time counts as withdrawn.",
    )
    async def ask_supplement(
        self, info: Info, input: Annotated[AskSupplementInput, strawberry.argument(description="What is missing.")]
    ) -> ApplicationResult | None:
        move = Move.ASK_SUPPLEMENT_AGAIN if input.again else Move.ASK_SUPPLEMENT
        return await reasoned(info, input, Act(move=move, application=id_of(input.application_id)))

    @strawberry.mutation(
        permission_classes=[IsOfficer],
        description="Hand it to the institution that has jurisdiction (法律援助法第三十八条). Nobody of this one "
        "sees it from then on, and its time begins anew there.",
    )
    async def transfer_application(
        self, info: Info, input: Annotated[TransferApplicationInput, strawberry.argument(description="Where to.")]
    ) -> TransferResult | None:
        id = id_of(input.application_id)
        act = Act(move=Move.TRANSFER, application=id, reason=input.reason, files=ids_of(input.attachments))
        act.institution = uuid_of(input.institution_id, "Institution", "institutionId")
        row = await info.context.loader(ApplicationById).load(id)
        await acted(info, act, input.idempotency_key)
        if row is None:  # a repeat: she sees it no more
            raise refuse(NOT_FOUND, "applicationId")
        return ApplicationTransferred(receipt=row.receipt)

    @strawberry.mutation(
        permission_classes=[Handles],
        description="Step back from an application for legal aid or a notarisation, because you are near to a side of "
        "it or to the matter (公证法第二十三条). You never see it again; a colleague takes it from the queue, and who "
        "applies is told. A mediator calls recuseMediator.",
    )
    async def recuse_officer(
        self, info: Info, input: Annotated[RecuseOfficerInput, strawberry.argument(description="Why.")]
    ) -> RecuseOfficerResult | None:
        id = id_of(input.application_id)
        row = await info.context.loader(ApplicationById).load(id)
        await acted(info, Act(move=Move.STEP_BACK, application=id, code=input.ground), input.idempotency_key)
        if row is None:  # a repeat: she sees it no more
            raise refuse(NOT_FOUND, "applicationId")
        return ApplicationLeft(receipt=row.receipt)

    @strawberry.mutation(
        permission_classes=[IsOfficer], description="Decide, with reasons in writing (法律援助法第四十三条)."
    )
    async def decide_application(
        self, info: Info, input: Annotated[DecideApplicationInput, strawberry.argument(description="How, and why.")]
    ) -> AidResult | None:
        return aid(await reasoned(info, input, Act(move=Move(input.decision), application=id_of(input.application_id))))

    @strawberry.mutation(
        permission_classes=[IsOfficer],
        description="Offer it to a lawyer, who accepts or declines within a day. Conflicts of interest are refused, "
        "and nobody is told whose.",
    )
    async def assign_lawyer(
        self, info: Info, input: Annotated[AssignLawyerInput, strawberry.argument(description="To whom.")]
    ) -> ApplicationResult | None:
        act = Act(move=Move.OFFER, application=id_of(input.application_id))
        act.lawyer = uuid_of(input.lawyer_id, "Lawyer", "lawyerId")
        return aid(await done(info, input, act))

    @strawberry.mutation(permission_classes=[IsOfficer], description="Answer an applicant who asks for another lawyer.")
    async def decide_lawyer_change(
        self, info: Info, input: Annotated[DecideLawyerChangeInput, strawberry.argument(description="How, and why.")]
    ) -> ApplicationResult | None:
        move = Move.CHANGE_LAWYER if input.change else Move.KEEP_LAWYER
        return aid(await reasoned(info, input, Act(move=move, application=id_of(input.application_id))))

    @strawberry.mutation(permission_classes=[IsOfficer], description="Close a case whose lawyer has reported.")
    async def close_application(
        self, info: Info, input: Annotated[CloseApplicationInput, strawberry.argument(description="What was found.")]
    ) -> AidResult | None:
        return aid(await reasoned(info, input, Act(move=Move.CLOSE, application=id_of(input.application_id))))

    @strawberry.mutation(permission_classes=[IsOfficer], description="Record the lawyer's subsidy, once.")
    async def record_subsidy(
        self, info: Info, input: Annotated[RecordSubsidyInput, strawberry.argument(description="How much.")]
    ) -> ApplicationResult | None:
        act = Act(move=Move.SUBSIDISE, application=id_of(input.application_id), amount=input.amount_fen)
        return aid(await done(info, input, act))

    @strawberry.mutation(
        permission_classes=[Handles],
        description="Record that who applied was called afterwards; of a mediation, both sides (回访).",
    )
    async def record_follow_up(
        self, info: Info, input: Annotated[RecordFollowUpInput, strawberry.argument(description="What she said.")]
    ) -> ApplicationResult | None:
        return await reasoned(info, input, Act(move=Move.FOLLOW_UP, application=id_of(input.application_id)))

    @strawberry.mutation(permission_classes=[IsOfficer], description="End aid before its time (法律援助法第四十八条).")
    async def terminate_application(
        self, info: Info, input: Annotated[TerminateApplicationInput, strawberry.argument(description="Why.")]
    ) -> ApplicationResult | None:
        return await reasoned(info, input, Act(move=Move.TERMINATE, application=id_of(input.application_id)))

    @strawberry.mutation(
        permission_classes=[IsOfficer],
        description="Decide an objection: a supervisor's, and not hers who made the decision.",
    )
    async def decide_objection(
        self, info: Info, input: Annotated[DecideObjectionInput, strawberry.argument(description="How, and why.")]
    ) -> ApplicationResult | None:
        move = Move.UPHOLD if input.uphold else Move.OVERTURN
        return await reasoned(info, input, Act(move=move, application=id_of(input.application_id)))
