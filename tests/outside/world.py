"""The fakes on a real port, and a provider that slams the door, for the tests of the room."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
import uvicorn
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.outside import fakes
from app.outside.fakes.accounts import FakeAccounts
from app.outside.fakes.phones import Phones
from app.outside.fakes.server import create_app
from app.outside.fakes.sms import FakeSms
from app.outside.fakes.wechat import FakeWeChat
from app.outside.lines import open_line
from app.outside.sms import AlibabaSms
from app.outside.wechat import WeChat
from app.outside.wechat.mini_program import MiniProgram
from app.outside.wechat.official_account import OfficialAccount

PATIENT = 60.0
"""Seconds: where tests run, everything stands still for some now and then."""


@dataclass
class World:
    url: str
    line: httpx.AsyncClient
    later: timedelta = timedelta()
    wechat: FakeWeChat = field(init=False)
    sms: FakeSms = field(init=False)
    phones: Phones = field(default_factory=Phones)
    accounts: FakeAccounts = field(init=False)

    def __post_init__(self) -> None:
        self.wechat = FakeWeChat(clock=lambda: self.now().timestamp())
        self.sms = FakeSms(self.phones, clock=self.now)
        self.accounts = FakeAccounts(self.phones, lambda: self.now().timestamp(), self.now)

    def now(self) -> datetime:
        """The providers' clock, which a test may set ahead of ours."""
        return datetime.now(UTC) + self.later

    def ask_wechat(
        self,
        *,
        url: str | None = None,
        app_id: str = fakes.WECHAT_APP_ID,
        secret: str = fakes.WECHAT_SECRET,
        patience: float = PATIENT,
    ) -> WeChat:
        return WeChat(url or self.url, app_id, secret, client=self.line, patience=patience)

    def official_account(self) -> OfficialAccount:
        how = (fakes.OFFICIAL_APP_ID, fakes.OFFICIAL_SECRET, fakes.OFFICIAL_TEMPLATES, fakes.WECHAT_APP_ID)
        return OfficialAccount(self.url, *how, client=self.line, patience=PATIENT)

    def mini_program(self) -> MiniProgram:
        how = (fakes.WECHAT_APP_ID, fakes.WECHAT_SECRET, fakes.WECHAT_TEMPLATES)
        return MiniProgram(self.url, *how, client=self.line, patience=PATIENT)

    def send_sms(
        self,
        *,
        url: str | None = None,
        client: httpx.AsyncClient | None = None,
        key_id: str = fakes.SMS_KEY_ID,
        key_secret: str = fakes.SMS_KEY_SECRET,
        sign_name: str = fakes.SMS_SIGN_NAME,
        template_code: str = fakes.SMS_TEMPLATE_CODE,
        patience: float = PATIENT,
    ) -> AlibabaSms:
        return AlibabaSms(
            url or self.url,
            key_id,
            key_secret,
            sign_name,
            template_code,
            fakes.SMS_DELEGATION_CODE,
            fakes.SMS_INVITATION_CODE,
            fakes.SMS_GUARDIAN_CODE,
            fakes.SMS_MEDIATION_CODE,
            client=client or self.line,
            patience=patience,
        )


class Street:
    """A real port on which one world after another can live."""

    def __init__(self, url: str, line: httpx.AsyncClient) -> None:
        self.url = url
        self.line = line
        self.app: ASGIApp = Response(status_code=404)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)

    def new_world(self) -> World:
        world = World(self.url, self.line)
        self.app = create_app(world.wechat, world.sms, None, world.phones, world.accounts)
        return world


@asynccontextmanager
async def a_street() -> AsyncIterator[Street]:
    line = open_line()
    street = Street("", line)
    async with on_a_port(street) as street.url:
        yield street
    await line.aclose()


@asynccontextmanager
async def on_a_port(app: ASGIApp) -> AsyncIterator[str]:
    # Named as TCP, or asyncio leaves Nagle's algorithm on and every answer waits 40 ms.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    # Silent, because its log would hold what the tests look for in ours.
    config = uvicorn.Config(app, log_config=None, log_level="critical", ws="none", lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = server.force_exit = True
    await serving


@asynccontextmanager
async def a_slammed_door() -> AsyncIterator[str]:
    """An address that takes a request and resets the connection without a word."""

    async def slam(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.transport.abort()

    server = await asyncio.start_server(slam, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def nobody_home() -> str:
    """An address at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    return f"http://127.0.0.1:{port}"
