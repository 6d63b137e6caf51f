"""News of notices, live and by polling."""

import asyncio
from typing import Any

import pytest

from app.core.access import Viewer
from app.notices.models import NoticeKind
from tests.city import City, codes
from tests.notices.telling import told

pytestmark = pytest.mark.anyio

FIELDS = """{
  __typename
  ... on NoticeUpdates { notices { id kind } unread cursor serverTime }
  ... on Refused { reasons { code field } }
}"""
POLL = f"query ($after: String) {{ noticeUpdates(after: $after) {FIELDS} }}"
FOLLOW = f"subscription ($after: String) {{ noticeUpdates(after: $after) {FIELDS} }}"


async def poll(city: City, person: Viewer, after: str | None = None) -> Any:
    return await city.one(person, POLL, after=after)


async def frame(frames: Any) -> Any:
    data, errors = await asyncio.wait_for(anext(frames), 60)
    assert errors is None
    return data["noticeUpdates"]


def kinds(update: dict[str, Any]) -> list[str]:
    return [notice["kind"] for notice in update["notices"]]


async def test_the_first_frame_shows_what_is_unread_and_the_next_what_came(city: City) -> None:
    asker = await city.resident()
    await told(city, asker)
    async with city.follow(asker, FOLLOW) as frames:
        snapshot = await frame(frames)
        assert kinds(snapshot) == ["NEW_ANSWER"]
        assert snapshot["unread"] == 1

        await told(city, asker, kind=NoticeKind.PROMISE_BROKEN)
        news = await frame(frames)
        assert kinds(news) == ["PROMISE_BROKEN"]
        assert news["unread"] == 2
        assert news["serverTime"] >= snapshot["serverTime"]


async def test_a_stream_goes_on_from_its_cursor_and_loses_nothing(city: City) -> None:
    asker = await city.resident()
    async with city.follow(asker, FOLLOW) as frames:
        cursor = (await frame(frames))["cursor"]
    await told(city, asker)
    await told(city, asker, kind=NoticeKind.PROMISE_BROKEN)
    async with city.follow(asker, FOLLOW, after=cursor) as frames:
        missed = await frame(frames)
        assert kinds(missed) == ["NEW_ANSWER", "PROMISE_BROKEN"]
        assert missed["unread"] == 2
    async with city.follow(asker, FOLLOW, after=missed["cursor"]) as frames:
        assert kinds(await frame(frames)) == []


async def test_what_is_read_on_one_device_is_known_on_the_other(city: City) -> None:
    asker = await city.resident()
    await told(city, asker)
    async with city.follow(asker, FOLLOW) as frames:
        (notice,) = (await frame(frames))["notices"]
        mark = "mutation ($ids: [ID!]) { markNoticesRead(input: {ids: $ids}) { __typename } }"
        await city.one(asker, mark, ids=[notice["id"]])
        read = await frame(frames)
        assert (kinds(read), read["unread"]) == ([], 0)


async def test_polling_tells_the_same_as_the_stream(city: City) -> None:
    asker, stranger = await city.resident(), await city.resident()
    await told(city, asker)
    snapshot = await poll(city, asker)
    assert (kinds(snapshot), snapshot["unread"]) == (["NEW_ANSWER"], 1)
    quiet = await poll(city, asker, snapshot["cursor"])
    assert kinds(quiet) == []

    await told(city, asker, stranger, kind=NoticeKind.SEAT_LOST)
    news = await poll(city, asker, quiet["cursor"])
    assert (kinds(news), news["unread"]) == (["SEAT_LOST"], 2)
    assert kinds(await poll(city, asker, news["cursor"])) == []
    # A cursor is a place in time, not a right: the same one shows another person her own.
    assert len((await poll(city, stranger, snapshot["cursor"]))["notices"]) == 1


async def test_a_cursor_that_the_house_never_gave_is_refused(city: City) -> None:
    asker = await city.resident()
    refused = await poll(city, asker, "nonsense")
    assert codes(refused) == ["BAD_CURSOR"]
    async with city.follow(asker, FOLLOW, after="nonsense") as frames:
        assert await frame(frames) == refused
        with pytest.raises(StopAsyncIteration):
            await anext(frames)


async def test_a_hundred_writers_at_once_lose_nothing(city: City) -> None:
    asker = await city.resident()
    cursor = (await poll(city, asker))["cursor"]
    got: list[str] = []
    writing = asyncio.gather(*(told(city, asker) for _ in range(100)))
    while not writing.done() or len(got) < 100:
        news = await poll(city, asker, cursor)
        cursor = news["cursor"]
        got += [notice["id"] for notice in news["notices"]]
        await asyncio.sleep(0.01)
    await writing
    assert len(got) == len(set(got)) == 100
