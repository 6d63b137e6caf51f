"""Programs of clients, run by Node against a served city in which time goes on."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from app.accounts.actions import codes, sessions
from app.accounts.models import IdentityKind
from app.core.access import Viewer
from app.core.db import NOBODY, now
from app.core.sealing import KeyProvider
from app.outside.storage import Address
from scripts.build_pages import node_and_npm
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
