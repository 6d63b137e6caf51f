"""What inviting, accepting and turning on the second factor give."""

from datetime import datetime
from typing import Annotated, Any, Self

import strawberry

from app.accounts.actions.inviting import Enrolment, invitee_of
from app.accounts.rules.staff import enrolment_uri
from app.accounts.types.signing_in import Session
from app.core import access
from app.core.sealing import KeyProvider
from app.graph import visible
from app.graph.refusals import PAYLOAD, Refused
from app.graph.visible import Audience


@strawberry.type(
    directives=[visible.to(Audience.ADMIN)], description="An invitation to the staff, as its inviter sees it."
)
class StaffInvited:
    name: str = strawberry.field(description="To whom it goes, in the inviter's words.")
    phone_ending: str = strawberry.field(description="The last four digits of her telephone.")
    roles: list[access.Role] = strawberry.field(description="What she will be, beside what she is already.")
    expires_at: datetime = strawberry.field(description="Until when its code is good, once and for five tries.")

    @classmethod
    def of(cls, row: Any, keys: KeyProvider) -> Self:
        invitee = invitee_of(keys, row)
        return cls(
            name=invitee.name,
            phone_ending=invitee.phone,
            roles=[access.Role(role) for role in row.roles],
            expires_at=row.expires_at,
        )


@strawberry.type(
    directives=[visible.SELF],
    description="A second factor that is not on yet. It is shown once: put it into an authenticator app, then call "
    "confirmTotp.",
)
class TotpOffered:
    login: str = strawberry.field(description="What you sign in as; your telephone's number does as well.")
    secret: str = strawberry.field(description="For typing into the app, in base32.")
    uri: str = strawberry.field(description="The same as an otpauth: address, for a QR code.")

    @classmethod
    def of(cls, made: Enrolment) -> Self:
        return cls(login=made.login, secret=made.secret, uri=enrolment_uri(made.secret, made.login))


@strawberry.type(directives=[visible.SELF], description="The second factor is on, and you are signed in.")
class TotpConfirmed:
    recovery_codes: list[str] = strawberry.field(
        description="Ten, each good once in place of a code of the app. They are shown only now: write them down."
    )
    session: Session = strawberry.field(description="This device's.")


@strawberry.type(directives=[visible.SELF], description="A password that holds from now on.")
class PasswordChanged:
    signed_out: int = strawberry.field(description="How many other devices were signed in and no longer are.")


InviteStaffResult = Annotated[StaffInvited | Refused, strawberry.union("InviteStaffResult", description=PAYLOAD)]
WithdrawInvitationResult = Annotated[
    StaffInvited | Refused, strawberry.union("WithdrawInvitationResult", description=PAYLOAD)
]
AcceptInvitationResult = Annotated[
    TotpOffered | Refused, strawberry.union("AcceptInvitationResult", description=PAYLOAD)
]
ConfirmTotpResult = Annotated[TotpConfirmed | Refused, strawberry.union("ConfirmTotpResult", description=PAYLOAD)]
ChangePasswordResult = Annotated[
    PasswordChanged | Refused, strawberry.union("ChangePasswordResult", description=PAYLOAD)
]
