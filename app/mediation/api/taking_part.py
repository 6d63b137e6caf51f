"""What either side says and does."""

from typing import Annotated
from uuid import UUID

import strawberry

from app.applications.api.nodes import KEY
from app.consultation.rules.answering import TOO_MANY
from app.core.db import now
from app.core.errors import refuse
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import uuid_of
from app.graph.permissions import SignedIn
from app.mediation.actions import agreeing, inviting, speaking
from app.mediation.actions.agreeing import Spoken
from app.mediation.actions.speaking import Said
from app.mediation.api.following import shown
from app.mediation.models import About, RecordKind, Side, Where
from app.mediation.types.mediations import MediationResult
from app.vault.types import ids_of

SESSIONS = 10


@strawberry.input
class InMediationInput:
    mediation_id: strawberry.ID = strawberry.field(description="Which mediation.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="A sheet of the file.")
class AddMediationRecordInput(InMediationInput):
    where: Where = strawberry.field(description="Who reads it: both sides, or one alone; the mediator always.")
    kind: RecordKind = strawberry.field(description="A side writes STATEMENT; the mediator any.")
    text: str = strawberry.field(description="The words, 2 to 10,000 characters.")
    attended: list[Side] = strawberry.field(default_factory=list, description="Of SESSION: which sides were there.")
    appointment_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Of SESSION: the appointments it was, at most 10."
    )
    attachments: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Files of yours that are READY and not used yet, which go with it."
    )


@strawberry.input(description="A side's yes or no.")
class SayToMediationInput(InMediationInput):
    about: About = strawberry.field(description="To what.")
    yes: bool = strawberry.field(
        description="Yes or no. A no to an agreement takes it off the table; to the mediator only a no is said."
    )
    agreement_id: strawberry.ID | None = strawberry.field(
        default=None, description="Of AGREEMENT and COURT: which agreement."
    )
    side: Side | None = strawberry.field(
        default=None, description="Said by the mediator alone, who writes down what a side said before her."
    )


@strawberry.input(description="What was done.")
class MarkPerformedInput:
    term_id: strawberry.ID = strawberry.field(description="A term of the agreement, that the other side owed.")


@strawberry.input(description="Which mediation one leaves.")
class LeaveMediationInput:
    mediation_id: strawberry.ID = strawberry.field(description="One that you joined by an invitation.")


@strawberry.type
class TakingPartMutation:
    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="Write a sheet of the file: for both sides, or in confidence. Nobody changes one or takes it out.",
    )
    async def add_mediation_record(
        self, info: Info, input: Annotated[AddMediationRecordInput, strawberry.argument(description="The sheet.")]
    ) -> MediationResult | None:
        session_kind = input.kind is RecordKind.SESSION
        if len(input.appointment_ids) > SESSIONS:
            raise refuse(TOO_MANY, "appointmentIds", limit=SESSIONS)
        appointments = [uuid_of(id, "Appointment", "appointmentIds") for id in input.appointment_ids]
        said = Said(
            mediation=_mediation(input.mediation_id),
            where=input.where,
            kind=input.kind,
            text=input.text,
            attended=input.attended if session_kind else [],
            appointments=appointments if session_kind else [],
            files=ids_of(input.attachments),
        )
        async with info.context.write() as session:
            keys = info.context.door(KeyProvider)
            await speaking.write(session, viewer(info), keys, said, input.idempotency_key, now(session))
        return await shown(info, said.mediation)

    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="Say yes or no: to the agreement, to more time, to going to the court, to carrying the shared "
        "record into another application. What both say yes to is done. To the mediator either side may say no.",
    )
    async def say_to_mediation(
        self, info: Info, input: Annotated[SayToMediationInput, strawberry.argument(description="To what, and which.")]
    ) -> MediationResult | None:
        id = _mediation(input.mediation_id)
        of_agreement = input.about in (About.AGREEMENT, About.COURT)
        thing = uuid_of(input.agreement_id or "", "MediationAgreement", "agreementId") if of_agreement else id
        said = Spoken(mediation=id, about=input.about, thing=thing, yes=input.yes, side=input.side)
        async with info.context.write() as session:
            keys = info.context.door(KeyProvider)
            await agreeing.speak(session, viewer(info), keys, said, input.idempotency_key, now(session))
        return await shown(info, id)

    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="Say that what the other side owed was done; the mediator may say so too. Twice changes nothing.",
    )
    async def mark_performed(
        self, info: Info, input: Annotated[MarkPerformedInput, strawberry.argument(description="What.")]
    ) -> MediationResult | None:
        term = uuid_of(input.term_id, "MediationTerm", "termId")
        async with info.context.write() as session:
            id = await agreeing.keep(session, viewer(info), term, now(session))
        return await shown(info, id)

    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="End a mediation that you had consented to, without a reason (人民调解法第二十三条). Who applied "
        "calls withdrawApplication.",
    )
    async def leave_mediation(
        self, info: Info, input: Annotated[LeaveMediationInput, strawberry.argument(description="Which one.")]
    ) -> MediationResult | None:
        id = _mediation(input.mediation_id)
        async with info.context.write() as session:
            await inviting.leave(session, viewer(info), id, now(session))
        return await shown(info, id)


def _mediation(said: str) -> UUID:
    return uuid_of(said, "Mediation", "mediationId")
