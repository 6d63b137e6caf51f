"""What people do in the city before they can do anything else: sign in."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from app.accounts.rules.tokens import AccessToken, open_token
from app.core.access import Viewer
from app.core.db import NOBODY, now
from app.core.errors import Language
from app.core.sealing import KeyProvider
from app.graph.context import Context, Socket
from app.schema import schema
from tests.city import City
from tests.outside.world import World

VIEWER = "viewer { id sessionId roles standing since hasWechat hasPhone }"
REFUSED = "... on Refused { reasons { code field message } }"
SESSION = f"""{{ __typename {REFUSED}
    ... on Session {{ accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt roles {VIEWER} }} }}"""
BY_WECHAT = f"""mutation ($code: String!, $device: String! = "") {{
    signInWithWechat(input: {{code: $code, device: $device}}) {SESSION} }}"""
ASK_CODE = f"""mutation ($phone: String!) {{
    requestSmsCode(input: {{phone: $phone}}) {{ __typename {REFUSED} ... on CodeSent {{ resendAt expiresAt }} }} }}"""
BY_SMS = f"""mutation ($phone: String!, $code: String!, $device: String! = "") {{
    signInWithSms(input: {{phone: $phone, code: $code, device: $device}}) {SESSION} }}"""
REFRESH = f"""mutation ($token: String!, $key: String) {{
    refreshSession(input: {{refreshToken: $token, idempotencyKey: $key}}) {SESSION} }}"""
BIND = f"mutation ($phone: String!, $code: String!) {{ bindPhone(input: {{phone: $phone, code: $code}}) {SESSION} }}"
SIGN_OUT = f"""mutation ($everywhere: Boolean! = false) {{
    signOut(input: {{everywhere: $everywhere}}) {{ __typename {REFUSED} ... on SignedOut {{ sessions }} }} }}"""
RENEW = f"""mutation ($token: String!) {{
    renewSocket(input: {{accessToken: $token}}) {{ __typename {REFUSED} ... on SocketRenewed {{ expiresAt }} }} }}"""
WHO = f"{{ {VIEWER} }}"


class Line(Socket):
    """A live connection, as far as this room knows one."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer
        self.subscriptions = 0
        self.renewed: list[float] = []

    def renew(self, expires_in: float) -> None:
        self.renewed.append(expires_in)


@dataclass
class Town:
    city: City
    providers: World
    address: str = "203.0.113.7"

    @property
    def keys(self) -> KeyProvider:
        keys: KeyProvider = self.city.doors[KeyProvider]
        return keys

    async def ask(self, viewer: Viewer | None, document: str, *, line: Line | None = None, **said: Any) -> Any:
        """The answer of the document's only root field."""
        city = self.city
        context = Context(city.db, city.wake, city.doors, viewer, Language.ZH, self.address, line)
        result = await schema.execute(document, variable_values=said, context_value=context)
        assert result.errors is None, result.errors
        assert result.data is not None
        (answer,) = result.data.values()
        return answer

    async def by_wechat(self, openid: str, unionid: str | None = None) -> Any:
        return await self.ask(None, BY_WECHAT, code=self.providers.wechat.login(openid, unionid), device="小米 14")

    async def code_for(self, phone: str) -> str:
        """Ask for a code and look at the phone."""
        sent = await self.ask(None, ASK_CODE, phone=phone)
        assert sent["__typename"] == "CodeSent", sent
        return self.newest_code(phone)

    def newest_code(self, phone: str) -> str:
        return self.providers.sms.arrived(phone)[-1].code

    async def by_sms(self, phone: str) -> Any:
        return await self.ask(None, BY_SMS, phone=phone, code=await self.code_for(phone), device="红米")

    async def viewer(self, session: Any) -> Viewer:
        """Who carries this session's access token; a grown-up who has agreed to what the house asks for."""
        viewer = await self.newcomer(session)
        await self.city.consent(viewer)
        return viewer

    async def newcomer(self, session: Any) -> Viewer:
        """The same, who has said nothing yet."""
        async with self.city.db.acting(NOBODY) as transaction:
            found = open_token(self.keys.signing(), session["accessToken"], now(transaction))
        assert isinstance(found, AccessToken), found
        return found.viewer

    async def pass_time(self, **span: float) -> None:
        await self.city.turn(timedelta(**span))

    async def suspend(self, person: UUID) -> None:
        await self.city.sql("UPDATE app.person SET standing = 'SUSPENDED' WHERE id = :id", id=person)


def new_phone() -> str:
    return f"138{secrets.randbelow(10**8):08}"


def new_openid() -> str:
    return "o" + secrets.token_urlsafe(20)


def wrong(digits: str) -> str:
    """Six other digits."""
    return f"{(int(digits) + 1) % 10**6:06}"


def codes(answer: Any) -> list[str]:
    """Why it was refused."""
    assert answer["__typename"] == "Refused", answer["__typename"]
    return [reason["code"] for reason in answer["reasons"]]
