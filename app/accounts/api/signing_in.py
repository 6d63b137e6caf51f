"""Signing in, going on and leaving; who is asking."""

from typing import Annotated
from uuid import UUID

import strawberry

from app.accounts.actions import binding, codes, sessions, wechat
from app.accounts.models import Ended
from app.accounts.rules.said import against_device, against_wechat_code, telephone, telephone_and_code
from app.accounts.rules.tokens import TOKEN_EXPIRED, TOKEN_INVALID, AccessToken, Expired, open_token
from app.accounts.types.signing_in import (
    CodeSent,
    RenewSocketResult,
    RequestSmsCodeResult,
    Session,
    SessionResult,
    SignedOut,
    SignOutResult,
    SignOutSessionResult,
    SocketRenewed,
)
from app.accounts.types.viewer import Viewer
from app.core.access import Viewer as Asking
from app.core.db import NOBODY, now
from app.core.errors import Refused, code, refuse, refuse_if
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.permissions import Anyone, SignedIn
from app.outside.sms import Purpose, SmsGateway
from app.outside.wechat import WeChat

NOT_A_SOCKET = code(
    "NOT_A_SOCKET",
    zh="只有长连接才能续期。",
    en="Only a live connection can be renewed.",
    remedy="Call renewSocket over the WebSocket itself; plain requests carry the new token in their header.",
)
OTHER_PERSON = code(
    "OTHER_PERSON",
    zh="该令牌属于另一个账号。",
    en="This token belongs to another person.",
    remedy="Close the connection and open a new one.",
)

DEVICE = "What the device calls itself, such as its model, so that you know it in a list."
PHONE = "A mobile number of mainland China, with or without +86."
DIGITS = "The six digits that were sent to the number."
CAME_BY = "The code of the channel by which you came, if any; one that is unknown, closed or over loses nothing."


@strawberry.input(description="What WeChat says of who opened the mini program.")
class SignInWithWechatInput:
    code: str = strawberry.field(description="What wx.login gave; good once, for five minutes.")
    device: str = strawberry.field(default="", description=DEVICE)
    channel_code: str | None = strawberry.field(default=None, description=CAME_BY)


@strawberry.input(description="Where to send the digits.")
class RequestSmsCodeInput:
    phone: str = strawberry.field(description=PHONE)


@strawberry.input(description="A telephone, and the proof that it is at hand.")
class SignInWithSmsInput:
    phone: str = strawberry.field(description=PHONE)
    code: str = strawberry.field(description=DIGITS)
    device: str = strawberry.field(default="", description=DEVICE)
    channel_code: str | None = strawberry.field(default=None, description=CAME_BY)


@strawberry.input(description="What the device has kept of its session.")
class RefreshSessionInput:
    refresh_token: str = strawberry.field(description="The newest one of this session.")
    idempotency_key: str | None = strawberry.field(
        default=None,
        description="8 to 64 letters, digits, '-' or '_', made at random when the token was stored and kept with it: "
        "if an answer is lost, the same call gives it again.",
    )


@strawberry.input(description="The telephone to add to your account, and the proof that it is at hand.")
class BindPhoneInput:
    phone: str = strawberry.field(description=PHONE)
    code: str = strawberry.field(description=DIGITS)


@strawberry.input(description="Where to sign out; without it, on this device.")
class SignOutInput:
    everywhere: bool = strawberry.field(default=False, description="All your devices, not only this one.")


@strawberry.input(description="A device of yours.")
class SignOutSessionInput:
    session_id: strawberry.ID = strawberry.field(description="One of `viewer.sessions`.")


@strawberry.input(description="The token under which the live connection goes on.")
class RenewSocketInput:
    access_token: str = strawberry.field(description="What refreshSession gave.")


@strawberry.type
class SigningInQuery:
    @strawberry.field(
        permission_classes=[Anyone],
        description="Who is signed in on this device; null when nobody is, or no longer.",
    )
    async def viewer(self, info: Info) -> Viewer | None:
        asking = info.context.viewer
        return await Viewer.find(info, asking) if asking else None


@strawberry.type
class SigningInMutation:
    @strawberry.mutation(
        permission_classes=[Anyone],
        description="Sign in a mini program's user. Whoever comes for the first time becomes a resident.",
    )
    async def sign_in_with_wechat(
        self,
        info: Info,
        input: Annotated[SignInWithWechatInput, strawberry.argument(description="Who comes, and on what device.")],
    ) -> SessionResult | None:
        refuse_if([*against_wechat_code(input.code), *against_device(input.device)])
        found = await wechat.who_is_behind(info.context.door(WeChat), input.code)
        keys = info.context.door(KeyProvider)
        async with info.context.acting(NOBODY) as session:
            done = await sessions.sign_in_with_wechat(
                session, keys, found, input.device, now(session), input.channel_code
            )
        return _session(done)

    @strawberry.mutation(
        permission_classes=[Anyone],
        description="Send a code to a telephone. One a minute, five an hour and ten a day; the answer is the same "
        "whether the number is known here or not.",
    )
    async def request_sms_code(
        self, info: Info, input: Annotated[RequestSmsCodeInput, strawberry.argument(description="Where to send it.")]
    ) -> RequestSmsCodeResult | None:
        return await code_sent(info, input.phone)

    @strawberry.mutation(
        permission_classes=[Anyone],
        description="Sign in whoever holds the telephone. Whoever comes for the first time becomes a resident.",
    )
    async def sign_in_with_sms(
        self,
        info: Info,
        input: Annotated[SignInWithSmsInput, strawberry.argument(description="Who comes, and on what device.")],
    ) -> SessionResult | None:
        number, digits = telephone_and_code(input.phone, input.code, input.device)
        keys = info.context.door(KeyProvider)
        async with info.context.acting(NOBODY) as session:
            done = await sessions.sign_in_with_sms(
                session, keys, number, digits, input.device, now(session), input.channel_code
            )
        return _session(done)

    @strawberry.mutation(
        permission_classes=[Anyone],
        description="Change a refresh token for the next pair of tokens. It works once; a second use ends the session, "
        "except as a repeat with the same idempotencyKey while the answer to the first has not been used.",
    )
    async def refresh_session(
        self,
        info: Info,
        input: Annotated[RefreshSessionInput, strawberry.argument(description="The session to go on with.")],
    ) -> SessionResult | None:
        keys = info.context.door(KeyProvider)
        async with info.context.acting(NOBODY) as session:
            token, key = input.refresh_token, input.idempotency_key
            done = await sessions.refresh(session, keys, token, key, now(session))
        return _session(done)

    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="Add a telephone to your account. If it has an account here already, the two become one: that "
        "account stays, with your WeChat and what you asked. The session you get replaces this one.",
    )
    async def bind_phone(
        self,
        info: Info,
        input: Annotated[
            BindPhoneInput, strawberry.argument(description="Your number, and the digits that came to it.")
        ],
    ) -> SessionResult | None:
        number, digits = telephone_and_code(input.phone, input.code)
        keys = info.context.door(KeyProvider)
        async with info.context.write() as session:
            done = await binding.bind_phone(session, keys, viewer(info), number, digits, now(session))
        return _session(done)

    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="End the session of this device, or of all your devices: their tokens are refused from then on, "
        "and their live connections closed.",
    )
    async def sign_out(
        self,
        info: Info,
        input: Annotated[
            SignOutInput | None, strawberry.argument(description="Where; left out, on this device alone.")
        ] = None,
    ) -> SignOutResult | None:
        asking = viewer(info)
        only = None if input and input.everywhere else asking.sign_in
        async with info.context.write() as session:
            ended = await sessions.end(session, asking.id, Ended.SIGNED_OUT, now(session), only=only)
        return SignedOut(sessions=ended)

    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="End the session of one of your devices, such as one that was lost.",
    )
    async def sign_out_session(
        self,
        info: Info,
        input: Annotated[SignOutSessionInput, strawberry.argument(description="Which one.")],
    ) -> SignOutSessionResult | None:
        device = uuid_of(input.session_id, "Session", "sessionId")
        async with info.context.write() as session:
            ended = await sessions.end(session, viewer(info).id, Ended.SIGNED_OUT, now(session), only=device)
        return SignedOut(sessions=ended)

    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="Keep this live connection open under a new access token of the same person.",
    )
    async def renew_socket(
        self,
        info: Info,
        input: Annotated[RenewSocketInput, strawberry.argument(description="The token to go on with.")],
    ) -> RenewSocketResult | None:
        socket = info.context.socket
        if socket is None:
            raise refuse(NOT_A_SOCKET)
        async with info.context.read() as session:
            moment = now(session)
        token = _valid(open_token(info.context.door(KeyProvider).signing(), input.access_token, moment))
        if token.viewer.id != viewer(info).id:
            raise refuse(OTHER_PERSON, "accessToken")
        async with info.context.acting(token.viewer):
            pass  # refuses SESSION_ENDED: it may be of another device
        socket.viewer = token.viewer
        socket.renew((token.expires_at - moment).total_seconds())
        return SocketRenewed(expires_at=token.expires_at)


async def code_sent(
    info: Info, phone: str, purpose: Purpose = Purpose.SIGN_IN, bound_to: UUID | None = None
) -> CodeSent:
    """Digits are on their way to the number, or it is refused."""
    number, keys = telephone(phone), info.context.door(KeyProvider)
    async with info.context.acting(NOBODY) as session:
        made = await codes.make_code(session, keys, number, info.context.address, now(session), purpose, bound_to)
    # Never within the transaction: the provider may take seconds, and others wait for the number's lock.
    if refused := await codes.deliver(info.context.door(SmsGateway), made):
        async with info.context.acting(NOBODY) as session:
            await codes.withdraw_code(session, keys, made)
        raise refused
    return CodeSent.of(made)


def _session(done: sessions.Issued | Refused) -> Session:
    """Raises here, after the commit, what the action returned: it wrote down a try or ended a session."""
    if isinstance(done, Refused):
        raise done
    return Session.of(done)


def _valid(token: AccessToken | Expired | None) -> AccessToken:
    match token:
        case AccessToken():
            return token
        case Expired():
            raise refuse(TOKEN_EXPIRED, "accessToken")
    raise refuse(TOKEN_INVALID, "accessToken")


async def _viewers(info: Info, keys: list[str]) -> list[Viewer | None]:
    asking: Asking | None = info.context.viewer
    if asking is None or asking.id not in [as_uuid(key) for key in keys]:
        return [None] * len(keys)
    found = await Viewer.find(info, asking)
    return [found if key == str(asking.id) else None for key in keys]


NODES: dict[str, Fetch] = {"Viewer": _viewers}
