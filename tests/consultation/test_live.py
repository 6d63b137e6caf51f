"""News as it happens: first frames, resuming, endings, and tokens on real sockets."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from app.core.ids import new_id
from app.graph.ids import global_id
from tests.city import City, codes
from tests.sockets import receive, send, served, socket, subscribe, token

pytestmark = pytest.mark.anyio

NEWS = """subscription ($id: ID!, $after: String) { questionUpdates(questionId: $id, after: $after) {
  __typename
  ... on QuestionUpdates { cursor serverTime events { kind cursor } question { answers { id } lawyersWriting } }
  ... on Refused { reasons { code } } } }"""
TWIN = NEWS.replace("subscription", "query")
DESK = """subscription ($after: String) { offerUpdates(after: $after) {
  __typename ... on OfferUpdates { cursor events { kind } offers { id state brief } seats { id leaseUntil } serverTime }
  ... on Refused { reasons { code } } } }"""
RELEASE = "mutation ($id: ID!) { releaseSeat(input: {seatId: $id}) { __typename } }"


async def frame(stream: Any, field: str = "questionUpdates") -> Any:
    async with asyncio.timeout(60):
        data, errors = await anext(stream)
    assert errors is None, errors
    return data[field]


async def until(stream: Any, *kinds: str) -> list[str]:
    """The kinds of events up to the last of those waited for; frames may gather several."""
    seen: list[str] = []
    while not set(kinds) <= set(seen):
        seen += [event["kind"] for event in (await frame(stream))["events"]]
    return seen


async def test_the_asker_sees_the_answer_come(city: City) -> None:
    asker, lawyer = await city.resident(), await city.lawyer()
    id = await city.asked(asker)
    async with city.follow(asker, NEWS, id=id) as stream:
        first = await frame(stream)
        assert first["events"] == []
        assert first["question"] == {"answers": [], "lawyersWriting": 0}
        await city.settle()
        seat = await city.claim(lawyer)
        assert await until(stream, "WAVE_SENT", "SEAT_CLAIMED") == ["WAVE_SENT", "SEAT_CLAIMED"]
        await city.answer(lawyer, seat["id"])
        last = await frame(stream)
        assert [event["kind"] for event in last["events"]] == ["ANSWER_DELIVERED"]
        assert len(last["question"]["answers"]) == 1


async def test_who_comes_back_with_a_cursor_misses_nothing_and_sees_nothing_twice(city: City) -> None:
    asker, lawyer = await city.resident(), await city.lawyer()
    id = await city.asked(asker)
    async with city.follow(asker, NEWS, id=id) as stream:
        cursor = (await frame(stream))["cursor"]
    await city.settle()
    seat = await city.claim(lawyer)
    async with city.follow(asker, NEWS, id=id, after=cursor) as stream:
        back = await frame(stream)
        seen = [event["kind"] for event in back["events"]]
        while len(seen) < 2:
            back = await frame(stream)
            seen += [event["kind"] for event in back["events"]]
        assert seen == ["WAVE_SENT", "SEAT_CLAIMED"]
    await city.answer(lawyer, seat["id"])
    polled = await city.one(asker, TWIN, id=id, after=back["cursor"])
    assert [event["kind"] for event in polled["events"]] == ["ANSWER_DELIVERED"]
    again = await city.one(asker, TWIN, id=id, after=polled["cursor"])
    assert again["events"] == []
    middle = await city.one(asker, TWIN, id=id, after=back["events"][0]["cursor"])
    assert [event["kind"] for event in middle["events"]] == ["SEAT_CLAIMED", "ANSWER_DELIVERED"][
        -len(middle["events"]) :
    ]


async def test_the_stream_ends_with_the_reading(city: City) -> None:
    lawyer = await city.lawyer()
    id = await city.asked(await city.resident())
    await city.settle()
    seat = await city.claim(lawyer)
    async with city.follow(lawyer, NEWS, id=id) as stream:
        assert (await frame(stream))["__typename"] == "QuestionUpdates"
        await city.one(lawyer, RELEASE, id=seat["id"])
        assert codes(await frame(stream)) == ["NOT_FOUND"]
        with pytest.raises(StopAsyncIteration):
            await anext(stream)


async def test_a_strangers_stream_ends_before_it_begins(city: City) -> None:
    id = await city.asked(await city.resident())
    for said in (id, global_id("Question", str(new_id()))):
        async with city.follow(await city.resident(), NEWS, id=said) as stream:
            assert codes(await frame(stream)) == ["NOT_FOUND"]
    async with city.follow(await city.resident(), NEWS, id="junk") as stream:
        assert codes(await frame(stream)) == ["BAD_ID"]
    async with city.follow(await city.resident(), NEWS, id=id, after="junk") as stream:
        assert codes(await frame(stream)) == ["BAD_CURSOR"]


async def test_a_lawyers_desk_is_one_stream(city: City) -> None:
    lawyer = await city.lawyer()
    async with city.follow(lawyer, DESK) as stream:
        assert (await frame(stream, "offerUpdates"))["offers"] == []
        await city.asked(await city.resident())
        await city.settle()
        came = await frame(stream, "offerUpdates")
        assert [event["kind"] for event in came["events"]] == ["OFFERED"]
        assert came["offers"][0]["state"] == "OPEN"
        assert came["offers"][0]["brief"]
        await city.claim(lawyer, came["offers"][0]["id"])
        held = await frame(stream, "offerUpdates")
        assert [event["kind"] for event in held["events"]] == ["SEAT_CHANGED"]
        assert len(held["seats"]) == 1
    async with city.follow(lawyer, DESK) as stream:
        anew = await frame(stream, "offerUpdates")
        assert (len(anew["offers"]), len(anew["seats"])) == (1, 1)


async def test_the_offered_are_told_when_the_door_closes(city: City) -> None:
    lawyers = await city.lawyers(4)
    await city.asked(await city.resident())
    await city.settle()
    async with city.follow(lawyers[3], DESK) as stream:
        await frame(stream, "offerUpdates")
        for lawyer in lawyers[:3]:
            await city.answer(lawyer, (await city.claim(lawyer))["id"])
        await city.settle()
        closed = await frame(stream, "offerUpdates")
        assert [event["kind"] for event in closed["events"]] == ["OFFER_CHANGED"]
        assert closed["offers"][0]["state"] == "FILLED"


async def test_many_who_are_woken_at_once_are_each_told_what_is_hers(city: City) -> None:
    lawyers = await city.lawyers(3)
    async with AsyncExitStack() as stack:
        desks = [await stack.enter_async_context(city.follow(lawyer, DESK)) for lawyer in (*lawyers, lawyers[0])]
        for desk in desks:
            await frame(desk, "offerUpdates")
        await city.sql("UPDATE app.sign_in SET ended_at = now() WHERE id = :id", id=lawyers[1].sign_in)
        await city.asked(await city.resident())
        await city.settle()
        for lawyer, desk in zip((lawyers[0], lawyers[2], lawyers[0]), (desks[0], *desks[2:]), strict=True):
            came = await frame(desk, "offerUpdates")
            assert [offer["id"] for offer in came["offers"]] == await city.offer_ids(lawyer)
            assert [event["kind"] for event in came["events"]] == ["OFFERED"]
        async with asyncio.timeout(60):  # signed out meanwhile
            _, errors = await anext(desks[1])
        assert [error.extensions["code"] for error in errors] == ["SESSION_ENDED"]


async def test_what_she_does_not_ask_for_is_not_read(city: City) -> None:
    lawyer = await city.lawyer()
    await city.asked(await city.resident())
    await city.settle()
    document = "query { offerUpdates { ... on OfferUpdates { ...Wanted } } } fragment Wanted on OfferUpdates { %s }"
    for wanted, tables in (("offers { id }", {"offer"}), ("seats { id }", {"seat"}), ("cursor", set())):
        with city.statements() as sent:
            await city.one(lawyer, document % wanted)
        read = {table for table in ("offer", "seat") for one in sent if f"FROM app.{table} " in f"{one} "}
        assert read == tables, wanted


async def test_an_open_desk_is_presence(city: City) -> None:
    lawyer = await city.lawyer()
    (row,) = await city.sql("SELECT seen_at FROM app.lawyer WHERE id = :id", id=lawyer.id)
    assert row.seen_at is None
    async with city.follow(lawyer, DESK) as stream:
        await frame(stream, "offerUpdates")
    (row,) = await city.sql("SELECT seen_at FROM app.lawyer WHERE id = :id", id=lawyer.id)
    assert row.seen_at is not None


# On real sockets ---------------------------------------------------------------------------------------------------


async def closed(connection: Any) -> int:
    async def to_the_end() -> None:
        while True:
            await receive(connection)

    with pytest.raises(ConnectionClosed) as end:
        await to_the_end()
    assert end.value.rcvd is not None
    return end.value.rcvd.code


async def test_the_token_comes_in_connection_init(city: City) -> None:
    asker = await city.resident()
    id = await city.asked(asker)
    async with served(city) as url:
        async with socket(url, token(city, asker)) as connection:
            ack = await receive(connection)
            assert ack["type"] == "connection_ack"
            assert 890 <= ack["payload"]["expiresIn"] <= 900
            await subscribe(connection, "1", NEWS, id=id)
            first = await receive(connection)
            assert first["payload"]["data"]["questionUpdates"]["__typename"] == "QuestionUpdates"
        for bad in ("nonsense", token(city, asker, -1)):
            async with socket(url, bad) as connection:
                assert await closed(connection) == 4403


async def test_a_socket_ends_with_its_token_unless_it_is_renewed(city: City) -> None:
    asker = await city.resident()
    renew = """mutation ($token: String!) { renewSocket(input: {accessToken: $token}) {
      __typename ... on Refused { reasons { code } } } }"""
    async with served(city) as url:
        async with socket(url, token(city, asker, 2)) as connection:
            assert await closed(connection) == 4403
        async with socket(url, token(city, asker, 2)) as connection:
            await receive(connection)
            await subscribe(connection, "r", renew, token=token(city, await city.resident()))
            other = await receive(connection)
            assert codes(other["payload"]["data"]["renewSocket"])
            assert (await receive(connection))["type"] == "complete"
            await subscribe(connection, "r2", renew, token=token(city, asker, 600))
            mine = await receive(connection)
            assert not codes(mine["payload"]["data"]["renewSocket"])
            await asyncio.sleep(2.2)
            await send(connection, type="ping")
            assert (await receive(connection))["type"] == "complete"
            assert (await receive(connection))["type"] == "pong"


async def test_operations_of_one_socket_share_no_stale_rows(city: City) -> None:
    asker, lawyer = await city.resident(), await city.lawyer()
    id = await city.asked(asker)
    await city.settle()
    query = "query ($id: ID!) { question(id: $id) { answers { id } } }"
    async with served(city) as url, socket(url, token(city, asker)) as connection:
        await receive(connection)
        for expected in (0, 1):
            await subscribe(connection, f"q{expected}", query, id=id)
            answer = await receive(connection)
            assert len(answer["payload"]["data"]["question"]["answers"]) == expected
            await receive(connection)
            if not expected:
                await city.answer(lawyer, (await city.claim(lawyer))["id"])
