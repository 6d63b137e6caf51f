"""Desks that are told together: of each what she would have been told alone, straight to the wire."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from app.core.access import Viewer
from app.graph.execution.alike import Alike, alike
from app.schema import schema
from tests.city import City
from tests.sockets import receive, served, socket, subscribe, token

pytestmark = pytest.mark.anyio

FIELDS = "cursor events { kind at cursor } offers { id state dueAt } seats { id } resync"
DESK = "subscription ($after: String) { offerUpdates(after: $after) { ... on OfferUpdates { %s } } }"
PLAIN, WITH_BRIEF = DESK % FIELDS, DESK % f"{FIELDS} offers {{ brief }}"
TWIN = PLAIN.replace("subscription", "query")


@pytest.fixture(autouse=True)
def compiled() -> Iterator[None]:
    """Graphql-core's own executor has no part in it."""
    before = schema.execution_context_class
    schema.compiles(True)
    yield
    schema.execution_context_class = before


@dataclass
class Line:
    """A wire that keeps what was put on it."""

    is_free: bool = True
    got: list[Any] = field(default_factory=list)

    def put(self, head: bytes, tail: bytes) -> None:
        self.got.append(json.loads(head + tail))

    async def tell(self, head: bytes, tail: bytes) -> None:
        self.put(head, tail)

    def drop(self, head: bytes) -> None: ...

    async def frames(self, count: int) -> list[Any]:
        async with asyncio.timeout(60):
            while len(self.got) < count:
                await asyncio.sleep(0.01)
        return [one["payload"]["data"]["offerUpdates"] for one in self.got]


@asynccontextmanager
async def desk(city: City, lawyer: Viewer, document: str, line: Line) -> AsyncIterator[Any]:
    """Her first frame, and what her own stream tells next."""
    stream = await schema.stream(document, context_value=city.context(lawyer))
    stream.through(line, b'{"payload":')
    first = (await anext(stream)).data["offerUpdates"]
    following = asyncio.create_task(anext(stream))
    try:
        yield first, following
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        await stream.aclose()


async def news(city: City) -> None:
    await city.asked(await city.resident())
    await city.settle()


async def test_each_is_told_on_her_own_wire_what_she_would_find_alone(city: City) -> None:
    lawyers, lines = await city.lawyers(3), [Line(), Line(), Line()]
    async with AsyncExitStack() as stack:
        desks = [
            await stack.enter_async_context(desk(city, lawyer, PLAIN, line))
            for lawyer, line in zip(lawyers, lines, strict=True)
        ]
        for number in (1, 2):
            await news(city)
            for lawyer, line, (first, following) in zip(lawyers, lines, desks, strict=True):
                *earlier, last = await line.frames(number)
                after = earlier[-1]["cursor"] if earlier else first["cursor"]
                assert last == (await city.one(lawyer, TWIN, after=after))
                assert [event["kind"] for event in last["events"]] == ["OFFERED"]
                assert last["offers"][0]["id"] in await city.offer_ids(lawyer)
                assert not following.done()
    assert [sorted(line.got[0]["payload"]["extensions"]["cost"]) for line in lines] == [["budget", "spent"]] * 3


async def test_who_needs_more_than_the_rows_or_is_slow_is_told_by_her_own_stream(city: City) -> None:
    lawyers, lines = await city.lawyers(3), [Line(), Line(), Line(is_free=False)]
    documents = (PLAIN, WITH_BRIEF, PLAIN)
    async with AsyncExitStack() as stack:
        (_, plain), (_, brief), (_, slow) = [
            await stack.enter_async_context(desk(city, *one)) for one in zip(lawyers, documents, lines, strict=True)
        ]
        await news(city)
        await lines[0].frames(1)
        async with asyncio.timeout(60):
            told = [(await one).data["offerUpdates"] for one in (brief, slow)]
        assert told[0]["offers"][0]["brief"]
        assert [len(one["offers"]) for one in told] == [1, 1]
        assert (lines[1].got, lines[2].got, plain.done()) == ([], [], False)


async def test_where_something_is_not_simply_there_each_is_told_by_her_own_stream(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumbles(_: Alike, events: Sequence[Any]) -> list[dict[str, Any]]:
        raise TypeError("not simply there")

    monkeypatch.setattr(Alike, "data", stumbles)
    lawyers, lines = await city.lawyers(2), (Line(), Line())
    async with desk(city, lawyers[0], PLAIN, lines[0]) as (_, one), desk(city, lawyers[1], PLAIN, lines[1]) as (_, two):
        await news(city)
        async with asyncio.timeout(60):
            told = [(await following).data["offerUpdates"] for following in (one, two)]
    assert [len(each["offers"]) for each in told] == [1, 1]
    assert (lines[0].got, lines[1].got) == ([], [])


async def test_who_was_signed_out_is_told_so_and_the_others_their_news(city: City) -> None:
    (out, lawyer), lines = await city.lawyers(2), (Line(), Line())
    async with desk(city, out, PLAIN, lines[0]) as (_, ended), desk(city, lawyer, PLAIN, lines[1]):
        await city.sql("UPDATE app.sign_in SET ended_at = now() WHERE id = :id", id=out.sign_in)
        await news(city)
        assert len((await lines[1].frames(1))[0]["offers"]) == 1
        async with asyncio.timeout(60):
            errors = (await ended).errors
        assert ([error.extensions["code"] for error in errors], lines[0].got) == (["SESSION_ENDED"], [])


async def test_a_live_socket_has_the_first_frame_and_all_others(city: City, capsys: pytest.CaptureFixture[str]) -> None:
    (lawyer,) = await city.lawyers(1)
    async with served(city) as url, socket(url, token(city, lawyer)) as connection:
        await receive(connection)
        await subscribe(connection, "plain", PLAIN)
        await subscribe(connection, "brief", WITH_BRIEF)
        for number in range(3):
            seen = {}
            for _ in range(2):
                said = await receive(connection)
                seen[said["id"]] = said["payload"]["data"]["offerUpdates"]
            events = [len(one["events"]) for one in seen.values()]
            assert events == [1 if number else 0] * 2
            assert [{**one, "brief": None} for one in seen["plain"]["offers"]] == [
                {**one, "brief": None} for one in seen["brief"]["offers"]
            ]
            assert seen["plain"]["cursor"] == seen["brief"]["cursor"] or not number
            await news(city)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"subscription"' in line]
    assert [one["codes"] for one in told] == [[], []]
    assert all(one["frames"] >= 3 for one in told)


def test_who_is_carried_out_by_another_executor_has_no_part_in_it() -> None:
    assert alike(object(), object()) is None
