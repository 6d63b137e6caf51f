"""The staff's own way in."""

from typing import Annotated

import strawberry

from app.accounts import reads
from app.accounts.actions import codes, hashing, inviting, staff
from app.accounts.api.signing_in import DEVICE, PHONE
from app.accounts.rules.offices import against_reason, against_roles
from app.accounts.rules.passwords import against_password
from app.accounts.rules.said import against_device, telephone, telephone_and_code
from app.accounts.rules.staff import Invited, against_login, against_name, login_name
from app.accounts.types.signing_in import Session, SessionResult
from app.accounts.types.staff import (
    AcceptInvitationResult,
    ChangePasswordResult,
    ConfirmTotpResult,
    InviteStaffResult,
    PasswordChanged,
    StaffInvited,
    TotpConfirmed,
    TotpOffered,
    WithdrawInvitationResult,
)
from app.core.access import Role
from app.core.db import NOBODY, now
from app.core.errors import Refused, refuse_if
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.permissions import Anyone, IsAdmin, SignedIn
from app.outside.sms import SmsGateway

LOGIN = "Your login name, or the number of your telephone."
PASSWORD = "12 to 128 characters; none that everybody tries first."


@strawberry.input(description="Who is to become staff, and why.")
class InviteStaffInput:
    phone: str = strawberry.field(description=PHONE)
    name: str = strawberry.field(description="Who she is, for your own eyes, at most 40 characters.")
    roles: list[Role] = strawberry.field(
        description="What she is to be, beside what she is already; none, to let one of the staff begin anew."
    )
    reason: str = strawberry.field(description="Why, 4 to 300 characters: it stays in the record.")
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this request.")


@strawberry.input(description="The number that is invited no more.")
class WithdrawInvitationInput:
    phone: str = strawberry.field(description=PHONE)


@strawberry.input(description="Your yes to an invitation.")
class AcceptInvitationInput:
    phone: str = strawberry.field(description="The number to which the invitation came.")
    code: str = strawberry.field(description="The six digits it brought.")
    login: str = strawberry.field(
        description="What you will sign in as: 3 to 32 letters, digits, '.', '_' or '-', a letter first. Whoever has "
        "one already keeps it."
    )
    password: str = strawberry.field(description=PASSWORD)


@strawberry.input(description="The first code of your authenticator app.")
class ConfirmTotpInput:
    login: str = strawberry.field(description=LOGIN)
    password: str = strawberry.field(description="What you chose.")
    code: str = strawberry.field(description="The six digits that the app shows now.")
    device: str = strawberry.field(default="", description=DEVICE)


@strawberry.input(description="Who you are, and two proofs of it.")
class SignInStaffInput:
    login: str = strawberry.field(description=LOGIN)
    password: str = strawberry.field(description="Yours.")
    code: str = strawberry.field(description="The six digits that the app shows now, or one of the recovery codes.")
    device: str = strawberry.field(default="", description=DEVICE)


@strawberry.input(description="Another password in place of yours.")
class ChangePasswordInput:
    password: str = strawberry.field(description="The one that holds so far.")
    new_password: str = strawberry.field(description=PASSWORD)


@strawberry.type
class StaffMutation:
    @strawberry.mutation(
        permission_classes=[IsAdmin],
        description="Invite somebody to the staff: a code goes to her telephone. It takes the place of an earlier one. "
        "Whoever is staff already sets her password and her second factor anew with it.",
    )
    async def invite_staff(
        self, info: Info, input: Annotated[InviteStaffInput, strawberry.argument(description="Whom, as what, why.")]
    ) -> InviteStaffResult | None:
        number, keys = telephone(input.phone), info.context.door(KeyProvider)
        refuse_if([*against_name(input.name), *against_roles(input.roles), *against_reason(input.reason)])
        said = Invited(phone=number, name=input.name, roles=sorted(input.roles), reason=input.reason)
        async with info.context.write() as session:
            id, made = await inviting.invite(session, keys, viewer(info), said, input.idempotency_key, now(session))
        if made and (refused := await codes.deliver(info.context.door(SmsGateway), made)):
            async with info.context.write() as session:
                await inviting.not_sent(session, keys, number, input.idempotency_key, now(session))
            raise refused
        async with info.context.read() as session:
            row = await reads.invitation(session, viewer(info), id)
        return StaffInvited.of(row, keys)

    @strawberry.mutation(
        permission_classes=[IsAdmin],
        description="End an invitation that was not accepted yet, for example because it went to a wrong number.",
    )
    async def withdraw_invitation(
        self, info: Info, input: Annotated[WithdrawInvitationInput, strawberry.argument(description="Whose.")]
    ) -> WithdrawInvitationResult | None:
        number, keys = telephone(input.phone), info.context.door(KeyProvider)
        async with info.context.write() as session:
            row = await inviting.withdraw(session, keys, number, now(session))
        return StaffInvited.of(row, keys)

    @strawberry.mutation(
        permission_classes=[Anyone],
        description="Accept an invitation to the staff: choose a name and a password, and get the second factor.",
    )
    async def accept_invitation(
        self, info: Info, input: Annotated[AcceptInvitationInput, strawberry.argument(description="Yours.")]
    ) -> AcceptInvitationResult | None:
        number, digits = telephone_and_code(input.phone, input.code)
        names = (login_name(input.login) or "", number[-11:])
        refuse_if([*against_login(input.login), *against_password(input.password, "password", *names)])
        keys = info.context.door(KeyProvider)
        async with info.context.acting(NOBODY) as session:
            found = await inviting.look(session, keys, number, digits, now(session))
        if isinstance(found, Refused):
            raise found
        hash = await hashing.hashed(input.password)
        async with info.context.acting(NOBODY) as session:
            made = await inviting.accept(session, keys, found, number, input.login, hash, now(session))
        return TotpOffered.of(made)

    @strawberry.mutation(
        permission_classes=[Anyone],
        description="Turn your second factor on with its first code, and sign in.",
    )
    async def confirm_totp(
        self, info: Info, input: Annotated[ConfirmTotpInput, strawberry.argument(description="Yours.")]
    ) -> ConfirmTotpResult | None:
        refuse_if(list(against_device(input.device)))
        keys = info.context.door(KeyProvider)
        attempt, shown = await _tries(info, input.login, input.password, input.code)
        async with info.context.acting(NOBODY) as session:
            issued, recovery = await staff.confirm(session, keys, attempt, shown, input.device, now(session))
        return TotpConfirmed(recovery_codes=recovery, session=Session.of(issued))

    @strawberry.mutation(
        permission_classes=[Anyone],
        description="Sign in as one of the staff: only so a session carries your offices. The answer is the same "
        "whatever of the three was wrong.",
    )
    async def sign_in_staff(
        self, info: Info, input: Annotated[SignInStaffInput, strawberry.argument(description="Yours.")]
    ) -> SessionResult | None:
        refuse_if(list(against_device(input.device)))
        keys = info.context.door(KeyProvider)
        attempt, shown = await _tries(info, input.login, input.password, input.code)
        async with info.context.acting(NOBODY) as session:
            issued = await staff.finish(session, keys, attempt, shown, input.device, now(session))
        return Session.of(issued)

    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="Change your password, as one of the staff. Your other devices are signed out.",
    )
    async def change_password(
        self, info: Info, input: Annotated[ChangePasswordInput, strawberry.argument(description="The old and the new.")]
    ) -> ChangePasswordResult | None:
        refuse_if(list(against_password(input.new_password, "newPassword")))
        asking, keys = viewer(info), info.context.door(KeyProvider)
        async with info.context.write() as session:
            attempt = await staff.tries_herself(session, keys, asking, info.context.address, now(session))
        hash = await staff.compare(attempt, input.password, input.new_password)
        async with info.context.write() as session:
            ended = await staff.change_password(session, attempt, hash, asking, now(session))
        return PasswordChanged(signed_out=ended)


async def _tries(info: Info, login: str, password: str, code: str) -> tuple[staff.Attempt, staff.Shown | None]:
    """A try that is counted before it is looked at, and what of it was right."""
    keys = info.context.door(KeyProvider)
    async with info.context.acting(NOBODY) as session:
        attempt = await staff.tries(session, keys, login, info.context.address, now(session))
    return attempt, await staff.shown(keys, attempt, password, code)
