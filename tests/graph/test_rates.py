"""How often one may ask: by person or by address, everywhere together, and here alone while Redis is away."""

import asyncio

import pytest
from redis.asyncio import Redis

from app.graph import rates, server
from app.graph.addresses import household
from app.graph.rates import Limiter, Rates
from scripts.embedded import free_port
from tests.city import City
from tests.sockets import receive, served, socket, subscribe, token

pytestmark = pytest.mark.anyio

NAME = "{ __typename }"


async def limited(city: City, **shares: int) -> None:
    city.settings = city.settings.model_copy(update=shares)


async def test_a_person_has_a_share_and_an_address_another(city: City) -> None:
    await limited(city, requests_a_person=5, requests_an_address=3)
    one, other = await city.resident(), await city.resident()
    async with city.http() as client:

        async def ask(who: object = None) -> tuple[int, dict[str, str]]:
            headers = {"authorization": f"Bearer {token(city, who)}"} if who else {}  # type: ignore[arg-type]
            answer = await client.post("/graphql", json={"query": NAME}, headers=headers)
            return answer.status_code, {k: answer.headers[k] for k in ("retry-after",) if k in answer.headers}

        assert [(await ask(one))[0] for _ in range(6)] == [200] * 5 + [429]
        assert (await ask(other))[0] == 200
        assert [(await ask())[0] for _ in range(4)] == [200] * 3 + [429]
        status, headers = await ask()
        assert status == 429
        assert 1 <= int(headers["retry-after"]) <= 60
        said = (await client.post("/graphql", json={"query": NAME})).json()["errors"][0]
        assert said["extensions"]["code"] == "RATE_LIMITED"
        assert said["extensions"]["retryAfter"] <= 60
        assert str(said["extensions"]["retryAfter"]) in said["message"]


async def test_behind_a_proxy_an_address_is_what_that_added(city: City) -> None:
    """Some write it behind what the client claims, others (HAProxy) into a header of their own after the client's."""
    await limited(city, requests_an_address=3, trust_proxy=True)
    async with city.http() as client:

        async def ask(*forwarded: str) -> int:
            headers = [("x-forwarded-for", one) for one in forwarded]
            return (await client.post("/graphql", json={"query": NAME}, headers=headers)).status_code

        assert await ask("203.0.113.5") == 200
        assert await ask("198.51.100.1, 203.0.113.5") == 200
        assert await ask("198.51.100.2", "203.0.113.5") == 200
        assert await ask("198.51.100.3", "203.0.113.5") == 429
        assert await ask("203.0.113.5", "203.0.113.6") == 200


@pytest.mark.parametrize(
    ("address", "known"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("2001:db8:1:2:a:b:c:d", "2001:db8:1:2::"),
        ("2001:db8:1:2::9", "2001:db8:1:2::"),
        ("2001:db8:1:3::9", "2001:db8:1:3::"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_of_many_addresses_that_one_connection_has_one_is_counted(address: str, known: str) -> None:
    assert household(address) == known


async def test_processes_count_together(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "PATIENCE", 10.0)
    limiters = [Limiter(Rates(person=20), city.redis) for _ in range(4)]
    who = str((await city.resident()).id)
    waits = await asyncio.gather(*(limiters[i % 4].wait(who, "") for i in range(50)))
    assert sum(wait == 0 for wait in waits) == 20


async def test_who_is_far_from_her_share_is_counted_a_little_later_and_all_the_same(city: City) -> None:
    limiters = [Limiter(Rates(person=600), city.redis) for _ in range(2)]
    who = str((await city.resident()).id)
    waits = [await limiters[i % 2].wait(who, "") for i in range(700)]
    passed = sum(wait == 0 for wait in waits)
    assert 600 <= passed <= 600 + 2 * 10
    assert all(waits[-50:])


async def test_what_a_page_asks_for_at_once_is_counted_once(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PATIENCE", "LETS_ON"):
        monkeypatch.setattr(rates, name, 60.0)
    limiter, who, costs = Limiter(Rates(person=600), city.redis), str((await city.resident()).id), list[int]()
    counts = limiter._everywhere.acquire_sliding_window_entry

    async def counted(key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        costs.append(amount)
        return await counts(key, limit, expiry, amount)

    monkeypatch.setattr(limiter._everywhere, "acquire_sliding_window_entry", counted)
    for _ in range(3):
        assert await asyncio.gather(*(limiter.wait(who, "") for _ in range(11))) == [0] * 11
    assert costs == [1, 11, 11]  # each time what went on before it was counted as well
    assert not limiter._turns


async def test_without_redis_this_process_counts_alone() -> None:
    nowhere = Redis.from_url(f"redis://127.0.0.1:{free_port()}/0")
    limiter = Limiter(Rates(person=3), nowhere)
    assert [bool(await limiter.wait("somebody", "")) for _ in range(5)] == [False] * 3 + [True] * 2
    assert not await limiter.wait("somebody else", "")
    await nowhere.aclose()


async def test_no_limit_is_no_limit(city: City) -> None:
    limiter = Limiter(Rates(person=0, address=0), city.redis)
    assert not any([await limiter.wait("somebody", "there") for _ in range(50)])


async def test_operations_on_a_socket_count_too(city: City) -> None:
    await limited(city, requests_a_person=2)
    resident = await city.resident()
    async with served(city) as url, socket(url, token(city, resident)) as connection:
        await receive(connection)
        for id in ("a", "b"):
            await subscribe(connection, id, NAME)
            assert [(await receive(connection))["type"] for _ in range(2)] == ["next", "complete"]
        await subscribe(connection, "c", NAME)
        refused = await receive(connection)
        assert (refused["id"], refused["type"]) == ("c", "error")
        assert refused["payload"][0]["extensions"]["code"] == "RATE_LIMITED"
        await subscribe(connection, "c", NAME)
        assert (await receive(connection))["payload"][0]["extensions"]["retryAfter"] >= 1


async def test_an_operation_that_takes_too_long_is_ended(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "OPERATION_WAIT", 0.0)
    async with city.http() as client:
        answer = await client.post("/graphql", json={"query": "{ lawyers(first: 1) { nodes { id } } }"})
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (503, "TIMED_OUT")
