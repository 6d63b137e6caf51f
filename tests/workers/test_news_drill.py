"""Live news while the API is killed and Redis is wiped: a cursor loses nothing and shows nothing twice."""

import asyncio
import os
import random
import sys
from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis
from websockets.exceptions import WebSocketException

from app.consultation.rules.promise import QuestionEventKind
from app.core import feed
from app.core.access import Viewer
from app.graph.ids import uuid_of
from app.outside import fakes
from scripts.children import Child, Supervisor
from scripts.embedded import Embedded, free_port
from tests.city import City
from tests.sockets import receive, socket, subscribe, token

pytestmark = [pytest.mark.anyio, pytest.mark.full]

ROOT = Path(__file__).parent.parent.parent
WRITERS, EACH = 8, 40
NEWS = """subscription ($id: ID!, $after: String) { questionUpdates(questionId: $id, after: $after) {
  ... on QuestionUpdates { cursor events { cursor } } } }"""


async def test_eight_writers_a_killed_api_and_a_wiped_redis(city: City, tmp_path: Path, keys_folder: Path) -> None:
    asker = await city.resident()
    id = await city.asked(asker)
    port = free_port()
    with Embedded(tmp_path / "valkey", throwaway=True, postgres=False) as valkey:
        environment = (
            os.environ
            | fakes.settings("http://127.0.0.1:9")
            | {
                "API_DATABASE_URL": city.urls.api,
                "REDIS_URL": valkey.redis_url,
                "KEYS_DIR": str(keys_folder),
                "FILES_DIR": str(keys_folder / "files"),
            }
        )
        command = [sys.executable, "-m", "app.serve"]
        api = Child("api", [*command, "--port", str(port)], tmp_path / "api.log", environment, ROOT)
        supervisor = Supervisor(lambda _: None)
        supervisor.take([api])

        async def tend() -> None:
            while True:
                supervisor.tend()
                await asyncio.sleep(0.05)

        tending = asyncio.create_task(tend())
        url = f"http://127.0.0.1:{port}/graphql"
        try:
            await ready(url)
            seen: list[str] = []
            listening = asyncio.create_task(listen(city, asker, url, id, seen))
            await asyncio.sleep(1)
            harming = asyncio.create_task(harm(api, valkey.redis_url))
            await asyncio.gather(*(write(city, asker, id) for _ in range(WRITERS)))
            await harming
            async with asyncio.timeout(60):
                while len(seen) < WRITERS * EACH:
                    await asyncio.sleep(0.2)
            await asyncio.sleep(1)
            listening.cancel()
        finally:
            tending.cancel()
            supervisor.stop()
    assert len(seen) == len(set(seen)) == WRITERS * EACH


async def ready(url: str) -> None:
    async with httpx.AsyncClient() as client, asyncio.timeout(60):
        while True:
            try:
                await client.get(url.replace("/graphql", "/readyz"))
            except httpx.TransportError:
                await asyncio.sleep(0.2)
            else:
                return


async def write(city: City, asker: Viewer, id: str) -> None:
    """Events whose transactions overlap: the numbers become visible out of order."""
    for _ in range(EACH):
        async with city.db.acting(asker.id) as session:
            await feed.show(session, QuestionEventKind.WAVE_SENT, subject=uuid_of(id, "Question"))
            await asyncio.sleep(random.uniform(0, 0.3))


async def harm(api: Child, redis_url: str) -> None:
    redis = Redis.from_url(redis_url)
    for _ in range(3):
        await asyncio.sleep(2)
        assert api.process
        api.process.kill()
        await asyncio.sleep(1)
        await redis.flushall()
    await redis.aclose()


async def listen(city: City, asker: Viewer, url: str, id: str, seen: list[str]) -> None:
    """A client as it should be: it remembers the last cursor and comes back with it."""
    cursor: str | None = None
    while True:
        try:
            async with socket(url, token(city, asker)) as connection:
                await receive(connection)
                await subscribe(connection, "1", NEWS, id=id, after=cursor)
                while True:
                    update = (await receive(connection, 60))["payload"]["data"]["questionUpdates"]
                    seen += [event["cursor"] for event in update["events"]]
                    cursor = update["cursor"]
        except (OSError, WebSocketException, TimeoutError):
            await asyncio.sleep(0.3)
