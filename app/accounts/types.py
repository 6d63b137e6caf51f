"""How the graph shows a person to herself, and nobody to anybody else."""

from datetime import datetime
from typing import Annotated, Any, Self

import strawberry

from app.accounts import reads
from app.accounts.actions.codes import NewCode
from app.accounts.actions.sessions import Issued
from app.accounts.models import Consent, IdentityKind, Relation
from app.accounts.rules.delegating import Names
from app.core import access
from app.core.sealing import KeyProvider, open_bytes
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.refusals import Refused

explain(
    access.Role,
    "What a signed-in person may be.",
    RESIDENT="Asks questions; everybody is one.",
    LAWYER="Answers questions.",
    SUPERVISOR="Sees to broken promises, callbacks and poor ratings; reads no question.",
    ADMIN="Keeps the service: appoints people and sees to its settings.",
)


@strawberry.type(description="You: the person who is signed in on this device. Nobody else can see this.")
class Viewer(Node):
    roles: list[access.Role] = strawberry.field(
        description="What this session may do. Roles granted meanwhile come with the next refreshSession."
    )
    since: datetime = strawberry.field(description="When you first signed in.")
    session_id: strawberry.ID = strawberry.field(description="The session of this device.")
    has_wechat: bool = strawberry.field(description="Whether you can sign in with WeChat.")
    has_phone: bool = strawberry.field(description="Whether you can sign in with a telephone.")

    @classmethod
    def of(cls, viewer: access.Viewer, row: Any) -> Self:
        return cls(
            id=global_id("Viewer", viewer.id),
            roles=sorted(viewer.roles),
            since=row.created_at,
            session_id=global_id("Session", viewer.sign_in),
            has_wechat=IdentityKind.WECHAT in row.kinds,
            has_phone=IdentityKind.SMS in row.kinds,
        )

    @classmethod
    async def find(cls, info: Info, viewer: access.Viewer) -> Self | None:
        """None once this device is signed out, also while its access token still lives."""
        async with info.context.acting(viewer.id) as session:
            row = await reads.about(session, viewer)
        return cls.of(viewer, row) if row else None


@strawberry.type(description="A device that is signed in, with the tokens it goes on with. Keep both secret.")
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


@strawberry.type(description="A code is on its way, if the number can be reached. It looks the same for any number.")
class CodeSent:
    resend_at: datetime = strawberry.field(description="When the next code for this number may be asked for.")
    expires_at: datetime = strawberry.field(description="Until when this code is good, once and for five tries.")

    @classmethod
    def of(cls, made: NewCode) -> Self:
        return cls(resend_at=made.resend_at, expires_at=made.expires_at)


@strawberry.type(description="Where you are no longer signed in.")
class SignedOut:
    sessions: int = strawberry.field(description="How many devices were signed in and no longer are.")


@strawberry.type(description="The live connection goes on under the new token.")
class SocketRenewed:
    expires_at: datetime = strawberry.field(description="When the connection will be closed unless renewed again.")


explain(
    Relation,
    "What a delegate is to the person she asks for.",
    CHILD="A son or daughter.",
    RELATIVE="Another relative.",
    CADRE="A village or community cadre.",
    OTHER="Somebody else who is trusted.",
)
explain(
    Consent,
    "How the elder said yes.",
    SMS_CODE="She told the digits that came to her own telephone.",
    IN_APP="She said so in the app.",
)


@strawberry.type(
    description="An elder's consent that somebody asks on her behalf. Both see it, and either ends it at any time: "
    "from then on the delegate reads nothing more."
)
class Delegation(Node):
    row: strawberry.Private[Any]
    relation: Relation = strawberry.field(description="What the delegate is to the elder.")
    consent: Consent = strawberry.field(description="How the elder said yes.")
    granted_at: datetime = strawberry.field(description="Since when.")
    ended_at: datetime | None = strawberry.field(description="Until when; null while it stands.")
    ended_by_elder: bool | None = strawberry.field(description="Whether the elder ended it; null while it stands.")
    given: bool = strawberry.field(description="True for the elder who gave it, false for the delegate who holds it.")

    @classmethod
    def of(cls, row: Any, viewer: access.Viewer) -> Self:
        return cls(
            id=global_id("Delegation", row.id),
            row=row,
            relation=Relation(row.relation),
            consent=Consent(row.consent),
            granted_at=row.granted_at,
            ended_at=row.ended_at,
            ended_by_elder=row.ended_by == "ELDER" if row.ended_by else None,
            given=row.elder == viewer.id,
        )

    @strawberry.field(description="By what the other is known to you: what she called herself, or what you called her.")
    def name(self, info: Info) -> str:
        names = self._names(info)
        return names.delegate if self.given else names.elder

    @strawberry.field(description="The last four digits of the elder's telephone.")
    def phone_ending(self, info: Info) -> str:
        return self._names(info).phone

    def _names(self, info: Info) -> Names:
        secret = info.context.door(KeyProvider).secret("delegation")
        return Names.model_validate_json(open_bytes(secret, self.row.names, f"delegation|names|{self.row.id}"))


RequestDelegationResult = Annotated[
    CodeSent | Refused, strawberry.union("RequestDelegationResult", description="When to go on, or why not.")
]
ConfirmDelegationResult = Annotated[
    Delegation | Refused, strawberry.union("ConfirmDelegationResult", description="What was granted, or why not.")
]
EndDelegationResult = Annotated[
    Delegation | Refused, strawberry.union("EndDelegationResult", description="As it stands now, or why not.")
]
SessionResult = Annotated[Session | Refused, strawberry.union("SessionResult", description="A session, or why not.")]
RequestSmsCodeResult = Annotated[
    CodeSent | Refused, strawberry.union("RequestSmsCodeResult", description="When to go on, or why not.")
]
SignOutResult = Annotated[
    SignedOut | Refused, strawberry.union("SignOutResult", description="What was signed out, or why not.")
]
RenewSocketResult = Annotated[
    SocketRenewed | Refused, strawberry.union("RenewSocketResult", description="How long it goes on, or why not.")
]
