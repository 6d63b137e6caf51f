"""The processes of the house, as an operator starts them."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from app.outside import fakes
from scripts.children import Child
from scripts.embedded import free_port
from tests.city import City
from tests.conftest import Servers

ROOT = Path(__file__).parents[2]


def environment(
    city: City, servers: Servers, keys: Path, drain: float, world: str = "http://127.0.0.1:9"
) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if "DATABASE_URL" not in name},
        **fakes.settings(world),
        "API_DATABASE_URL": city.urls.api,
        "WORKER_DATABASE_URL": city.urls.worker,
        "REDIS_URL": servers.redis_url,
        "KEYS_DIR": str(keys),
        "FILES_DIR": str(keys / "files"),
        "DRAIN_SECONDS": str(drain),
    }


@asynccontextmanager
async def serving(environment: Mapping[str, str], logs: Path) -> AsyncIterator[tuple[Child, httpx.AsyncClient]]:
    """The API, ready, and a client that knows its address."""
    port = free_port()
    api = child("api", environment, logs, "app.serve", "--port", str(port))
    api.start()
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=20) as client:
            async with asyncio.timeout(60):
                while not await _is_ready(client):
                    assert api.ended() is None, api.last_words()
                    await asyncio.sleep(0.1)
            yield api, client
    finally:
        api.stop()


def child(name: str, environment: Mapping[str, str], logs: Path, *command: str) -> Child:
    return Child(name, [sys.executable, "-m", *command], logs / f"{name}.log", environment, ROOT, patience=30)


async def _is_ready(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/readyz")).status_code == 200
    except httpx.TransportError:
        return False
