"""What signing in, going on and leaving give."""

from datetime import datetime
from typing import Annotated, Self

import strawberry

from app.accounts.actions.codes import NewCode
from app.accounts.actions.sessions import Issued
from app.accounts.types.viewer import Viewer
from app.core import access
from app.graph import visible
from app.graph.context import Info
from app.graph.refusals import Refused


@strawberry.type(
    description="A device that is signed in, with the tokens it goes on with. Keep both secret.",
    directives=[visible.SELF],
)
class Session:
    issued: strawberry.Private[Issued]
    access_token: str = strawberry.field(
        description='Send it as `Authorization: Bearer ...`, or as `{"token": ...}` in connection_init.'
    )
    access_token_expires_at: datetime = strawberry.field(description="Call refreshSession before.")
    refresh_token: str = strawberry.field(
        description="Good once, for refreshSession alone. Used a second time it ends the session."
    )
    refresh_token_expires_at: datetime = strawberry.field(description="Refreshing is possible until then.")
    roles: list[access.Role] = strawberry.field(description="What this session may do.")

    @classmethod
    def of(cls, issued: Issued) -> Self:
        return cls(
            issued=issued,
            access_token=issued.access,
            access_token_expires_at=issued.access_expires_at,
            refresh_token=issued.refresh,
            refresh_token_expires_at=issued.refresh_expires_at,
            roles=sorted(issued.viewer.roles),
        )

    @strawberry.field(description="Who signed in; null if the session has ended meanwhile.")
    async def viewer(self, info: Info) -> Viewer | None:
        return await Viewer.find(info, self.issued.viewer)


@strawberry.type(
    description="A code is on its way, if the number can be reached. It looks the same for any number.",
    directives=[visible.ANYONE],
)
class CodeSent:
    resend_at: datetime = strawberry.field(description="When the next code for this number may be asked for.")
    expires_at: datetime = strawberry.field(description="Until when this code is good, once and for five tries.")

    @classmethod
    def of(cls, made: NewCode) -> Self:
        return cls(resend_at=made.resend_at, expires_at=made.expires_at)


@strawberry.type(description="Where you are no longer signed in.", directives=[visible.SELF])
class SignedOut:
    sessions: int = strawberry.field(description="How many devices were signed in and no longer are.")


@strawberry.type(description="The live connection goes on under the new token.", directives=[visible.SELF])
class SocketRenewed:
    expires_at: datetime = strawberry.field(description="When the connection will be closed unless renewed again.")


SessionResult = Annotated[Session | Refused, strawberry.union("SessionResult", description="A session, or why not.")]
RequestSmsCodeResult = Annotated[
    CodeSent | Refused, strawberry.union("RequestSmsCodeResult", description="When to go on, or why not.")
]
RequestGuardianResult = Annotated[
    CodeSent | Refused, strawberry.union("RequestGuardianResult", description="When to go on, or why not.")
]
SignOutResult = Annotated[
    SignedOut | Refused, strawberry.union("SignOutResult", description="What was signed out, or why not.")
]
SignOutSessionResult = Annotated[
    SignedOut | Refused, strawberry.union("SignOutSessionResult", description="What was signed out, or why not.")
]
RenewSocketResult = Annotated[
    SocketRenewed | Refused, strawberry.union("RenewSocketResult", description="How long it goes on, or why not.")
]
