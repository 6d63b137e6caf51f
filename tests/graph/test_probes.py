"""What the house tells those who watch over it, and whom it tells."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from arq.constants import default_queue_name
from prometheus_client.parser import text_string_to_metric_families
from pydantic import ValidationError

from app.core.db import Database, connect
from app.main import house
from app.probes import QUEUE, head
from app.settings import Settings
from scripts.database import MIGRATIONS
from scripts.embedded import free_port
from tests.city import City
from tests.conftest import Servers
from workers.metrics import expose
from workers.tools import queue

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def watched(
    city: City, address: str = "127.0.0.1", db: Database | None = None, **settings: Any
) -> AsyncIterator[tuple[httpx.AsyncClient, Any]]:
    """A client at that address, and the state of the application."""
    app = house(db or city.db, city.wake, city.doors, Settings(**settings))
    transport = httpx.ASGITransport(app, client=(address, 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://city") as client:
        yield client, app.state


def figures(page: str) -> dict[str, float]:
    """Those without labels."""
    return {s.name: s.value for family in text_string_to_metric_families(page) for s in family.samples if not s.labels}


async def test_a_ready_house_says_so(city: City) -> None:
    async with watched(city) as (client, _):
        assert (await client.get("/livez")).json() == {"live": True}
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.json()["ready"]) == (200, True)


async def test_who_drains_is_alive_and_not_ready(city: City) -> None:
    async with watched(city) as (client, state):
        state.life.draining = True
        assert (await client.get("/livez")).status_code == 200
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.json()) == (503, {"ready": False, "why": "draining"})


async def test_older_tables_are_not_ready_and_newer_ones_are(city: City) -> None:
    """The release before lives with the next one's tables until it is replaced."""
    async with watched(city) as (client, _):
        for revision, status in (("0001", 503), ("junk", 503), ("9999", 200), (head(), 200)):
            await city.sql("UPDATE app.alembic_version SET version_num = :revision", revision=revision)
            answer = await client.get("/readyz")
            assert answer.status_code == status, revision
            assert status == 200 or answer.json()["why"] == "migrations"


async def test_without_a_database_the_house_lives_and_is_not_ready(city: City) -> None:
    lost = Database(connect(f"postgresql://app_api@127.0.0.1:{free_port()}/none"))
    async with watched(city, db=lost) as (client, _):
        assert (await client.get("/livez")).status_code == 200
        assert (await client.get("/readyz")).json() == {"ready": False, "why": "database"}
        assert figures((await client.get("/metrics")).text)["outbox_due"] != 0  # not a number, rather than none
    await lost.engine.dispose()


async def test_without_redis_it_is_ready_all_the_same(city: City) -> None:
    hears, city.wake.hears = city.wake.hears, False
    async with watched(city) as (client, _):
        assert (await client.get("/readyz")).json() == {"ready": True, "redis": False}
    city.wake.hears = hears


def test_the_newest_file_is_the_head_of_the_migrations() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [head()]


async def test_the_outbox_tells_how_far_it_is_behind(city: City) -> None:
    async with watched(city) as (client, _):
        assert figures((await client.get("/metrics")).text)["outbox_due"] == 0
    await city.asked(await city.resident())
    await city.turn_seconds(40)
    async with watched(city) as (client, _):
        behind = figures((await client.get("/metrics")).text)
        assert behind["outbox_due"] >= 1
        assert 40 <= behind["outbox_age_seconds"] < 60
        await city.settle()
        # What was counted a moment ago is told again.
        assert figures((await client.get("/metrics")).text)["outbox_age_seconds"] == behind["outbox_age_seconds"]
        await asyncio.sleep(1.05)
        settled = figures((await client.get("/metrics")).text)
        assert (settled["outbox_due"], settled["outbox_age_seconds"]) == (0, 0)


async def test_what_is_leased_and_not_done_is_still_waiting(city: City) -> None:
    await city.asked(await city.resident())
    await city.sql("UPDATE app.outbox SET next_at = app.clock() + interval '299 s', handed = 9 WHERE done_at IS NULL")
    async with watched(city) as (client, _):
        assert figures((await client.get("/metrics")).text)["outbox_due"] >= 1


async def test_the_queue_tells_its_depth(city: City, servers: Servers) -> None:
    assert default_queue_name == QUEUE
    arq = queue(servers.redis_url)
    await arq.enqueue_job("react", _job_id="a")
    await arq.enqueue_job("react", _job_id="b")
    async with watched(city) as (client, _):
        assert figures((await client.get("/metrics")).text)["queue_depth"] == 2
    await arq.aclose(close_connection_pool=True)


async def test_figures_of_operations_are_on_the_page(city: City) -> None:
    async with watched(city) as (client, _):
        said = {"query": "query Seen { specialties { name } }"}
        assert (await client.post("/graphql", json=said)).status_code == 200
        page = (await client.get("/metrics")).text
    assert 'graphql_operation_seconds_count{operation="Seen",type="query"} 1.0' in page
    assert "graphql_sockets 0.0" in page


@pytest.mark.parametrize(
    ("address", "headers", "settings", "status"),
    [
        ("127.0.0.1", {}, {}, 200),
        ("::1", {}, {}, 200),
        ("::ffff:127.0.0.1", {}, {}, 200),
        ("10.0.0.9", {}, {}, 403),
        ("10.0.0.9", {}, {"metrics_networks": ["10.0.0.0/8"]}, 200),
        ("203.0.113.9", {}, {}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, {}, 403),  # a proxy of this machine spoke, for somebody
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, {"trust_proxy": True}, 403),
        ("127.0.0.1", {"Forwarded": "for=127.0.0.1"}, {}, 403),
        ("127.0.0.1", {"Authorization": "Bearer wrong"}, {"metrics_token": "right"}, 403),
        ("203.0.113.9", {"Authorization": "Bearer right"}, {"metrics_token": "right"}, 200),
        ("203.0.113.9", {"Authorization": "Bearer "}, {}, 403),
        ("not an address", {}, {}, 403),
    ],
)
async def test_who_may_read_the_figures(
    city: City, address: str, headers: dict[str, str], settings: dict[str, Any], status: int
) -> None:
    async with watched(city, address, **settings) as (client, _):
        answer = await client.get("/metrics", headers=headers)
    assert answer.status_code == status
    assert ("graphql_operation_seconds" in answer.text) == (status == 200)


@pytest.mark.parametrize("network", ["0.0.0.0/0", "::/0", "203.0.113.0/24", "10.0.0.0/7"])
def test_a_public_network_is_never_let_in_without_a_token(network: str) -> None:
    with pytest.raises(ValidationError, match="not private"):
        Settings(metrics_networks=(network,))  # type: ignore[arg-type]


async def test_a_worker_tells_how_late_the_waves_were(city: City) -> None:
    port = free_port()
    close = expose(port)
    expose(port)()  # taken: said in the log, and no more
    await city.asked(await city.resident())
    await city.pass_time(90)
    async with httpx.AsyncClient(trust_env=False) as client:
        page = (await client.get(f"http://127.0.0.1:{port}/metrics")).text
    close()
    late = [
        sample
        for family in text_string_to_metric_families(page)
        for sample in family.samples
        if sample.name == "reaction_lateness_seconds_sum" and sample.labels["event"] == "PatienceRanOut"
    ]
    assert late
    assert late[0].value >= 30  # due after a minute, done after ninety seconds
