"""What somebody does who was invited by a link: without an account, until she joins with one."""

from typing import Annotated

import strawberry

from app.accounts.api.signing_in import DIGITS, code_sent
from app.accounts.rules.said import six_digits
from app.accounts.types.signing_in import CodeSent
from app.core.db import now
from app.core.errors import BAD_VALUE, Refused, refuse
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.permissions import Anyone, IsResident
from app.graph.refusals import PAYLOAD
from app.graph.refusals import Refused as Refusal
from app.mediation.actions import inviting
from app.mediation.api.following import shown
from app.mediation.rules.inviting import INVITATION_UNKNOWN
from app.mediation.types.invitations import (
    AnswerInvitationResult,
    MediationDoor,
    MediationInvitation,
    MediationInvitationResult,
    OpenInvitationResult,
)
from app.mediation.types.mediations import MediationResult
from app.outside.sms import Purpose

TOKEN = "The link's secret, as it was passed on."
DOOR = "What openInvitation gave."
LONGEST = 64

RequestInvitationCodeResult = Annotated[
    CodeSent | Refusal, strawberry.union("RequestInvitationCodeResult", description=PAYLOAD)
]


@strawberry.input(description="The link one came by.")
class RequestInvitationCodeInput:
    token: str = strawberry.field(description=TOKEN)


@strawberry.input(description="The link, and the proof that the telephone is at hand.")
class OpenInvitationInput:
    token: str = strawberry.field(description=TOKEN)
    code: str = strawberry.field(description=DIGITS)


@strawberry.input(description="Yes or no.")
class AnswerInvitationInput:
    token: str = strawberry.field(description=TOKEN)
    door: str = strawberry.field(description=DOOR)
    consents: bool = strawberry.field(
        description="True: she wants the mediation. False ends it (人民调解法第十七条). Nobody has to say why."
    )


@strawberry.input(description="By which invitation one joins.")
class JoinMediationInput:
    token: str = strawberry.field(description=TOKEN)
    door: str = strawberry.field(description=DOOR)


@strawberry.type
class InvitedQuery:
    @strawberry.field(
        permission_classes=[Anyone],
        description="What an invitation is, for who holds its link. It opens nothing else, and ends after ten days.",
    )
    async def mediation_invitation(
        self,
        info: Info,
        token: Annotated[str, strawberry.argument(description=TOKEN)],
        door: Annotated[str | None, strawberry.argument(description=DOOR)] = None,
    ) -> MediationInvitationResult | None:
        return await _invitation(info, token, door)


@strawberry.type
class InvitedMutation:
    @strawberry.mutation(
        permission_classes=[Anyone],
        description="Send a code to the telephone that was invited; nobody can say to which.",
    )
    async def request_invitation_code(
        self, info: Info, input: Annotated[RequestInvitationCodeInput, strawberry.argument(description="The link.")]
    ) -> RequestInvitationCodeResult | None:
        keys = info.context.door(KeyProvider)
        async with info.context.read() as session:
            row = await inviting.look(session, keys, _fits(input.token), now(session))
        return await code_sent(info, inviting.invitee_of(keys, row).phone, Purpose.MEDIATION, row.id)

    @strawberry.mutation(
        permission_classes=[Anyone],
        description="Exchange the code for a door: through it one reads who invites, answers, and joins.",
    )
    async def open_invitation(
        self, info: Info, input: Annotated[OpenInvitationInput, strawberry.argument(description="Link and code.")]
    ) -> OpenInvitationResult | None:
        digits, token = six_digits(input.code), _fits(input.token)
        if digits is None:
            raise refuse(BAD_VALUE, "code")
        async with info.context.write() as session:
            keys = info.context.door(KeyProvider)
            done = await inviting.open_door(session, keys, token, digits, now(session))
        if isinstance(done, Refused):
            raise done
        return MediationDoor(door=done, invitation=await _invitation(info, token, done))

    @strawberry.mutation(
        permission_classes=[Anyone],
        description="Consent to the mediation, or refuse it. To say the same again changes nothing.",
    )
    async def answer_invitation(
        self, info: Info, input: Annotated[AnswerInvitationInput, strawberry.argument(description="Yes or no.")]
    ) -> AnswerInvitationResult | None:
        token, door = _fits(input.token), _fits(input.door, "door")
        async with info.context.write() as session:
            keys = info.context.door(KeyProvider)
            await inviting.answer(session, keys, token, door, input.consents, now(session))
        return await _invitation(info, token, door)

    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Follow the mediation with the account you are signed in with, once you have consented to it.",
    )
    async def join_mediation(
        self, info: Info, input: Annotated[JoinMediationInput, strawberry.argument(description="By which invitation.")]
    ) -> MediationResult | None:
        token, door = _fits(input.token), _fits(input.door, "door")
        async with info.context.write() as session:
            keys = info.context.door(KeyProvider)
            id = await inviting.join(session, viewer(info), keys, token, door, now(session))
        return await shown(info, id)


async def _invitation(info: Info, token: str, door: str | None) -> MediationInvitation:
    keys = info.context.door(KeyProvider)
    async with info.context.read() as session:
        if door is None:
            row = await inviting.look(session, keys, _fits(token), now(session))
        else:
            row = await inviting.inside(session, keys, _fits(token), _fits(door, "door"), now(session))
    return MediationInvitation.of(row, inviting.invitee_of(keys, row), inside=door is not None)


def _fits(said: str, field: str = "token") -> str:
    """What no link of ours can be is not looked for."""
    if not 0 < len(said) <= LONGEST or not said.isascii():
        raise refuse(INVITATION_UNKNOWN, field)
    return said
