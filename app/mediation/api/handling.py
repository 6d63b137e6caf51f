"""What the mediator does, and the committee's supervisor."""

from datetime import date
from typing import Annotated
from uuid import UUID

import strawberry

from app.accounts.rules.said import telephone
from app.applications.api.nodes import ReasonedInput, StepInput, acted, id_of, reasoned, shown
from app.applications.models import Move, Route
from app.applications.rules.acting import REASON, Act
from app.applications.rules.routes import WAYS
from app.applications.types.results import ApplicationResult
from app.core.db import now
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.sealing import KeyProvider
from app.core.texts import against_text
from app.graph.context import Info, viewer
from app.graph.ids import uuid_of
from app.graph.permissions import Mediates
from app.mediation.actions import agreeing, inviting, opening
from app.mediation.actions.agreeing import Drawn
from app.mediation.actions.inviting import Inviting
from app.mediation.api import following
from app.mediation.api.taking_part import InMediationInput
from app.mediation.loaders import MediationOf
from app.mediation.models import AgreementForm, Side
from app.mediation.rules.agreeing import Agreed, Promise
from app.mediation.types.mediations import InviteRespondentResult, MediationResult, RespondentInvitation
from app.vault.types import ids_of

ROOM = 200
"""Characters that the way and its law take of a reason."""


@strawberry.input(description="What is registered.")
class RegisterMediationInput(StepInput): ...


@strawberry.input(description="Why it cannot be mediated here, and where one goes instead.")
class DeclineMediationInput(ReasonedInput):
    route: Route = strawberry.field(description="The other way, which is told with its law.")


@strawberry.input(description="Why the mediator steps back.")
class RecuseMediatorInput(ReasonedInput): ...


@strawberry.input(description="Which mediation begins.")
class BeginMediationInput(StepInput): ...


@strawberry.input(description="Why there is no agreement to be had.")
class FailMediationInput(ReasonedInput): ...


@strawberry.input(description="What was told to the police, and when.")
class EscalateMediationInput(ReasonedInput): ...


@strawberry.input(description="Whom to invite.")
class InviteRespondentInput(StepInput):
    respondent: int = strawberry.field(default=0, description="Which of the form's respondents, from 0.")
    side: Side = strawberry.field(
        default=Side.RESPONDENT,
        description="APPLICANT: which of the form's `firstSide` instead, where nobody applied.",
    )
    phone: str | None = strawberry.field(
        default=None, description="A mobile number of hers; left out, the one in the form."
    )


@strawberry.input(description="What one side has to do.")
class MediationTermInput:
    side: Side = strawberry.field(description="Who.")
    what: str = strawberry.field(description="What, 2 to 1,000 characters.")
    amount: str | None = strawberry.field(default=None, description="How much, in yuan, such as `12000.50`.")
    due_on: date = strawberry.field(description="Until when, today or later: that day is the last.")


@strawberry.input(description="An agreement, for both sides to say yes to (人民调解法第二十九条).")
class DrawAgreementInput(InMediationInput):
    form: AgreementForm = strawberry.field(description="In writing, or orally: written down by the mediator.")
    about_status: bool = strawberry.field(
        description="Whether it is about a marriage, an adoption or another status: no court confirms that."
    )
    facts: str = strawberry.field(description="What the dispute was, 10 to 3,000 characters.")
    responsibility: str = strawberry.field(description="Who is to answer for what, 2 to 2,000 characters.")
    manner: str = strawberry.field(description="In which manner it is done, 2 to 2,000 characters.")
    terms: list[MediationTermInput] = strawberry.field(description="What each has to do, 1 to 20.")
    attachments: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Files of yours that go with it, such as the signed paper."
    )


@strawberry.input(description="What the court said.")
class RecordCourtDecisionInput(InMediationInput):
    confirmed: bool = strawberry.field(description="Whether it has confirmed the agreement.")


@strawberry.type
class HandlingMutation:
    @strawberry.mutation(
        permission_classes=[Mediates],
        description="Register an application that you took: the file is opened, with a record that both sides share "
        "and one in confidence for each.",
    )
    async def register_mediation(
        self, info: Info, input: Annotated[RegisterMediationInput, strawberry.argument(description="Which one.")]
    ) -> ApplicationResult | None:
        act = Act(move=Move.REGISTER, application=id_of(input.application_id))
        async with info.context.write() as session:
            keys = info.context.door(KeyProvider)
            await opening.register(session, viewer(info), keys, act, input.idempotency_key, now(session))
        return await shown(info, act.application)

    @strawberry.mutation(
        permission_classes=[Mediates],
        description="Say that it cannot be mediated here, why, and where to go instead.",
    )
    async def decline_mediation(
        self, info: Info, input: Annotated[DeclineMediationInput, strawberry.argument(description="Why.")]
    ) -> ApplicationResult | None:
        way = WAYS[input.route]
        refuse_if(list(against_text(input.reason, "reason", REASON[0], REASON[1] - ROOM)))
        told = f"{input.reason.strip()}\n{way.zh}（{way.law}{way.article}）。"
        act = Act(move=Move.NOT_ELIGIBLE, application=id_of(input.application_id), reason=told, code=input.route)
        act.files = ids_of(input.attachments)
        return await shown(info, await acted(info, act, input.idempotency_key))

    @strawberry.mutation(
        permission_classes=[Mediates],
        description="Invite one of the other side, who needs no account: by a link, and a code to her telephone.",
    )
    async def invite_respondent(
        self, info: Info, input: Annotated[InviteRespondentInput, strawberry.argument(description="Whom.")]
    ) -> InviteRespondentResult | None:
        phone = telephone(input.phone) if input.phone else None
        application = id_of(input.application_id)
        said = Inviting(application=application, respondent=input.respondent, phone=phone, side=input.side)
        async with info.context.write() as session:
            keys = info.context.door(KeyProvider)
            link = await inviting.invite(session, viewer(info), keys, said, input.idempotency_key, now(session))
        row = await info.context.loader(MediationOf).load(said.application)
        if row is None:
            raise refuse(NOT_FOUND, "applicationId")
        return RespondentInvitation(token=link.token, mediation=await following.shown(info, row.id))

    @strawberry.mutation(
        permission_classes=[Mediates],
        description="Step back from a case in which you cannot be impartial: you open it no more, and the supervisor "
        "gives it to another.",
    )
    async def recuse_mediator(
        self, info: Info, input: Annotated[RecuseMediatorInput, strawberry.argument(description="Why.")]
    ) -> ApplicationResult | None:
        return await reasoned(info, input, Act(move=Move.RECUSE, application=id_of(input.application_id)))

    @strawberry.mutation(permission_classes=[Mediates], description="Begin a mediation that both sides want.")
    async def begin_mediation(
        self, info: Info, input: Annotated[BeginMediationInput, strawberry.argument(description="Which one.")]
    ) -> ApplicationResult | None:
        act = Act(move=Move.BEGIN, application=id_of(input.application_id))
        return await shown(info, await acted(info, act, input.idempotency_key))

    @strawberry.mutation(
        permission_classes=[Mediates],
        description="End a mediation without an agreement: both are told of the other ways (人民调解法第二十六条).",
    )
    async def fail_mediation(
        self, info: Info, input: Annotated[FailMediationInput, strawberry.argument(description="Why.")]
    ) -> ApplicationResult | None:
        return await reasoned(info, input, Act(move=Move.FAIL, application=id_of(input.application_id)))

    @strawberry.mutation(
        permission_classes=[Mediates],
        description="Record that the police were told of a dispute that may turn violent (人民调解法第二十五条): the "
        "committee's supervisors hear of it at once.",
    )
    async def escalate_mediation(
        self, info: Info, input: Annotated[EscalateMediationInput, strawberry.argument(description="What was told.")]
    ) -> ApplicationResult | None:
        return await reasoned(info, input, Act(move=Move.ESCALATE, application=id_of(input.application_id)))

    @strawberry.mutation(
        permission_classes=[Mediates],
        description="Put an agreement on the table; it takes the place of one that has no two yeses yet.",
    )
    async def draw_agreement(
        self, info: Info, input: Annotated[DrawAgreementInput, strawberry.argument(description="The agreement.")]
    ) -> MediationResult | None:
        terms = [
            Promise(side=one.side, what=one.what, amount=one.amount, due_on=one.due_on) for one in input.terms[:100]
        ]
        agreed = Agreed(
            form=input.form,
            about_status=input.about_status,
            facts=input.facts,
            responsibility=input.responsibility,
            manner=input.manner,
            terms=terms,
        )
        said = Drawn(mediation=_id(input.mediation_id), agreed=agreed, files=ids_of(input.attachments))
        async with info.context.write() as session:
            keys = info.context.door(KeyProvider)
            await agreeing.draw(session, viewer(info), keys, said, input.idempotency_key, now(session))
        return await following.shown(info, said.mediation)

    @strawberry.mutation(
        permission_classes=[Mediates], description="Record what the court said of an agreement that both brought to it."
    )
    async def record_court_decision(
        self, info: Info, input: Annotated[RecordCourtDecisionInput, strawberry.argument(description="What.")]
    ) -> MediationResult | None:
        id = _id(input.mediation_id)
        async with info.context.write() as session:
            await agreeing.decided(session, viewer(info), id, input.confirmed, now(session))
        return await following.shown(info, id)


def _id(said: str) -> UUID:
    return uuid_of(said, "Mediation", "mediationId")
