"""Programs of clients, run by Node against a served city in which time goes on."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp

from app.accounts.actions import codes, sessions
from app.accounts.actions.appointing import appoint, equip
from app.accounts.models import IdentityKind
from app.core.access import Role, Viewer
from app.core.db import NOBODY, now
from app.core.sealing import KeyProvider
from app.outside.storage import Address
from scripts.build_pages import node_and_npm
from tests.accounts.hall import CONFIRM
from tests.accounts.town import new_phone
from tests.city import City
from tests.sockets import served

HERE = Path(__file__).parent
PATIENCE = 90
"""Seconds."""


@asynccontextmanager
async def at_work(city: City) -> AsyncIterator[str]:
    """The served city's address; what is due there happens by itself."""

    async def work() -> None:
        while True:
            await city.settle()
            await asyncio.sleep(0.05)

    async with served(city) as url:
        city.doors[Address] = Address(url.removesuffix("/graphql"))
        working = asyncio.create_task(work())
        try:
            yield url
        finally:
            working.cancel()
            with suppress(asyncio.CancelledError):
                await working


async def node(program: Path, said: dict[str, Any]) -> str:
    """What a program says that is told this; it must end well."""
    path, _ = node_and_npm()
    running = await asyncio.create_subprocess_exec(
        path, str(program), json.dumps(said), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(PATIENCE):
            out, complaints = await running.communicate()
    finally:
        with suppress(ProcessLookupError):
            running.kill()
    assert running.returncode == 0, complaints.decode() + out.decode()
    return out.decode().strip()


async def session_of(city: City, phone: str) -> tuple[Viewer, dict[str, str]]:
    """Who signs in by this telephone and agrees to all that is needed, and her session as a client has it."""
    keys = city.doors[KeyProvider]
    async with city.db.acting(NOBODY) as session:
        await codes.make_code(session, keys, phone, "203.0.113.7", now(session))
        done = await sessions.sign_in(session, keys, IdentityKind.SMS, phone, "电话", now(session))
    assert isinstance(done, sessions.Issued)
    await city.consent(done.viewer)
    until = done.access_expires_at.isoformat()
    return done.viewer, {"accessToken": done.access, "accessTokenExpiresAt": until, "refreshToken": done.refresh}


async def hired(city: City, role: Role) -> tuple[Viewer, Callable[[], Awaitable[dict[str, str]]]]:
    """One of the staff, and what she answers who asks her to sign in now."""
    keys = city.doors[KeyProvider]
    async with city.owner.acting(NOBODY) as session:
        person = await appoint(session, keys, new_phone(), [role])
        made = await equip(session, keys, person, f"{role.lower().replace('_', '.')}.wang", anew=False)
    assert made
    login, password, secret = made.enrolment.login, made.password, pyotp.TOTP(made.enrolment.secret)
    said = {"login": login, "password": password, "code": secret.at(await city.now())}
    assert (await city.one(None, CONFIRM, input=said))["__typename"] == "TotpConfirmed"
    await city.turn(timedelta(minutes=1))  # a code works once

    async def answers() -> dict[str, str]:
        return {"登录名": login, "密码": password, "动态验证码": secret.at(await city.now())}

    return Viewer(person, person, frozenset({role})), answers
