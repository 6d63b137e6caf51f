"""A lawyer's clients, her word on what a question is about, how fairly she is called, and her devices."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.consultation.rules.practice import against_clients, spread
from app.core.access import Role, Viewer
from app.core.ids import new_id
from app.graph.ids import global_id, uuid_of
from tests.city import City, codes
from tests.sockets import receive, served, socket, subscribe, token

pytestmark = pytest.mark.anyio

CLIENTS = """mutation ($names: [String!]!) { setClientNames(input: {names: $names}) {
  __typename ... on ClientList { count updatedAt } ... on Refused { reasons { code field } } } }"""
CORRECT = """mutation ($input: RecategoriseQuestionInput!) { recategoriseQuestion(input: $input) {
  __typename ... on Question { category { id } } ... on Refused { reasons { code } } } }"""
CONFLICT = "mutation ($id: ID!) { declineOffer(input: {offerId: $id, reason: CONFLICT}) { __typename } }"
FIGURE = "{ mine peers { low median high } }"
EXPOSURE = f"""query ($days: Int! = 30) {{ exposure(days: $days) {{
  peers placeInTurn inTurn offers {FIGURE} claims {FIGURE} leasesKept {FIGURE} answers {FIGURE} }} }}"""
DESK = """subscription { offerUpdates { __typename ... on OfferUpdates {
  events { kind } offers { id state } seats { id state } } } }"""


async def clients(city: City, lawyer: Viewer, *names: str) -> Any:
    return await city.one(lawyer, CLIENTS, names=list(names))


# Whom she represents ---------------------------------------------------------------------------------------------


async def test_the_list_is_replaced_as_a_whole_and_no_name_is_kept(city: City) -> None:
    lawyer = await city.lawyer()
    assert await city.one(lawyer, "{ clientList { count updatedAt } }") == {"count": 0, "updatedAt": None}
    first = await clients(city, lawyer, "宏达建筑有限公司", "张三", "张 三")
    assert (first["count"], bool(first["updatedAt"])) == (2, True)
    assert await clients(city, lawyer, "张三", "宏达建筑有限公司") == first  # the same again
    await city.turn_seconds(60)
    second = await clients(city, lawyer, "张三", "李四")
    assert second["count"] == 2
    assert second["updatedAt"] > first["updatedAt"]
    assert (await clients(city, lawyer))["count"] == 0
    assert (await clients(city, lawyer, "宏达建筑有限公司"))["count"] == 1
    rows = await city.sql("SELECT digest, removed_at IS NULL AS live FROM app.client")
    assert Counter(row.live for row in rows) == {False: 2, True: 1}
    assert all(len(row.digest) == 32 for row in rows)


async def test_what_is_no_name_is_refused_and_nothing_is_changed(city: City) -> None:
    lawyer = await city.lawyer()
    await clients(city, lawyer, "张三")
    refused = await clients(city, lawyer, "李四", "", "王", "名" * 61)
    assert [(reason["code"], reason["field"]) for reason in refused["reasons"]] == [
        ("BLANK", "names.1"),
        ("TOO_SHORT", "names.2"),
        ("TOO_LONG", "names.3"),
    ]
    assert codes(await clients(city, lawyer, *(f"客户{n}号" for n in range(501)))) == ["TOO_MANY"]
    assert (await city.one(lawyer, "{ clientList { count } }"))["count"] == 1
    nobody = await city.person(Role.LAWYER)
    assert codes(await clients(city, nobody, "张三")) == ["NOT_FOUND"]


@given(st.lists(st.text(max_size=70), max_size=30))
def test_of_a_long_list_a_few_reasons_are_told(names: list[str]) -> None:
    assert len(against_clients(names)) <= 20


async def test_of_two_lists_at_once_one_stands(city: City) -> None:
    lawyer = await city.lawyer()
    lists = [[f"甲方{n}号{m}室" for m in range(20)] for n in range(5)]
    await asyncio.gather(*(clients(city, lawyer, *names) for names in lists))
    assert (await city.one(lawyer, "{ clientList { count } }"))["count"] == 20


async def test_five_hundred_clients_are_kept_in_a_moment(city: City) -> None:
    lawyer = await city.lawyer()
    with city.statements() as asked:
        kept = await clients(city, lawyer, *(f"第{n}号贸易有限公司" for n in range(500)))
    assert kept["count"] == 500
    assert len(asked) <= 5, asked


async def test_who_represents_the_other_side_is_not_called_nor_is_her_firm(city: City) -> None:
    firm = await city.firm()
    counsel, colleague = await city.lawyer(firm=firm), await city.lawyer(firm=firm)
    other, former = await city.lawyer(), await city.lawyer()
    await clients(city, counsel, "宏达建筑工程有限公司")
    await clients(city, former, "宏达建筑工程有限公司")
    await clients(city, former, "张三")  # she represents it no longer
    await city.asked(await city.resident(), opposingParty="宏达建筑工程")
    await city.pass_time(600)
    called = [bool(await city.offer_ids(lawyer)) for lawyer in (counsel, colleague, other, former)]
    assert called == [False, False, True, True]


async def test_whose_firm_takes_the_other_side_after_the_offer_gets_no_seat(city: City) -> None:
    firm = await city.firm()
    counsel, colleague = await city.lawyer("family", firm=firm), await city.lawyer(firm=firm)
    await city.asked(await city.resident(), opposingParty="宏达建筑工程")
    await city.settle()
    await clients(city, counsel, "宏达建筑工程有限公司")
    assert codes(await city.claim(colleague)) == ["CONFLICT_OF_INTEREST"]
    await clients(city, counsel)
    assert codes(await city.claim(colleague)) == []


async def test_whose_colleague_declares_a_conflict_after_the_offer_gets_no_seat(city: City) -> None:
    firm = await city.firm()
    counsel, colleague, other = await city.lawyer(firm=firm), await city.lawyer(firm=firm), await city.lawyer()
    await city.asked(await city.resident())
    await city.settle()
    await city.one(counsel, CONFLICT, id=(await city.offer_ids(counsel))[0])
    assert codes(await city.claim(colleague)) == ["CONFLICT_OF_INTEREST"]
    assert codes(await city.claim(other)) == []


async def test_whom_the_asker_chose_is_not_called_against_her_own_client(city: City) -> None:
    counsel = await city.lawyer(requestable=True)
    await clients(city, counsel, "王老板")
    await city.asked(await city.resident(), lawyerIds=[global_id("Lawyer", counsel.id)], opposingParty="王老板")
    await city.pass_time(600)
    assert await city.offer_ids(counsel) == []


# What it is about ------------------------------------------------------------------------------------------------


async def correct(city: City, lawyer: Viewer, question: str, category: str, key: str | None = None) -> Any:
    said = {"questionId": question, "categoryId": global_id("Category", category)}
    return await city.one(lawyer, CORRECT, input=said | {"idempotencyKey": key or str(new_id())})


async def test_a_seated_lawyer_corrects_the_category_and_the_right_field_is_called(city: City) -> None:
    lawyer, right, asker = await city.lawyer(), await city.lawyer("family"), await city.resident()
    question = await city.asked(asker)
    await city.settle()
    assert await city.offer_ids(right) == []
    assert codes(await correct(city, lawyer, question, "family.divorce")) == ["NOT_FOUND"]  # a seat is needed
    await city.claim(lawyer)
    assert codes(await correct(city, lawyer, question, "labour.wages")) == ["SAME_CATEGORY"]
    assert codes(await correct(city, lawyer, question, "nonsense")) == ["BAD_VALUE"]
    made = await correct(city, lawyer, question, "family.divorce", "the-same-key")
    assert made["category"]["id"] == global_id("Category", "family.divorce")
    assert await correct(city, lawyer, question, "family.divorce", "the-same-key") == made
    assert codes(await correct(city, lawyer, question, "labour.wages")) == ["RECATEGORISED_ALREADY"]
    await city.settle()
    (offer,) = await city.offer_ids(right)
    assert codes(await city.claim(right, offer)) == []
    log = await city.sql("SELECT ids FROM app.feed WHERE kind = 'RECATEGORISED'")
    assert [row.ids for row in log] == [{"was": "labour.wages", "is_now": "family.divorce"}]
    seen = await city.one(asker, "query ($id: ID!) { question(id: $id) { category { id } } }", id=question)
    assert seen["category"]["id"] == global_id("Category", "family.divorce")


async def test_of_twenty_corrections_at_once_one_stands(city: City) -> None:
    lawyers = await city.lawyers(5)
    question = await city.asked(await city.resident())
    await city.settle()
    for lawyer in lawyers:
        await city.claim(lawyer)
    wishes = ["family.divorce", "labour.dismissal"] * 2
    said = [correct(city, lawyer, question, category) for lawyer in lawyers for category in wishes]
    got = Counter(codes(payload)[0] if codes(payload) else "Question" for payload in await asyncio.gather(*said))
    assert got["Question"] == 1
    assert set(got) <= {"Question", "RECATEGORISED_ALREADY", "SAME_CATEGORY"}
    assert len(await city.sql("SELECT 1 FROM app.recategorised")) == 1
    (row,) = await city.sql(
        "SELECT q.category = r.is_now AND d.category = r.is_now AND d.recategorised AS agree FROM app.recategorised r"
        " JOIN app.question q ON q.id = r.question JOIN app.dispatch d USING (question)"
    )
    assert row.agree


async def test_nobody_corrects_what_she_may_not_read(city: City) -> None:
    seated, offered, stranger = await city.lawyer(), await city.lawyer(), await city.lawyer("family")
    question = await city.asked(await city.resident())
    await city.settle()
    await city.claim(seated)
    nowhere = global_id("Question", new_id())
    for lawyer in (offered, stranger):
        for id in (question, nowhere):
            assert codes(await correct(city, lawyer, id, "family.divorce")) == ["NOT_FOUND"]
    await city.turn_seconds(301)  # her lease is over, and with it her reading
    assert codes(await correct(city, seated, question, "family.divorce")) == ["NOT_FOUND"]


# How fairly she is called ----------------------------------------------------------------------------------------


@given(st.integers(0, 10), st.lists(st.floats(0, 100), min_size=3, max_size=3))
def test_figures_of_few_are_nobodys_business(peers: int, quartiles: list[float]) -> None:
    assert (spread(sorted(quartiles), peers) is None) == (peers < 5)
    assert spread(None, peers) is None


async def test_a_lawyer_sees_her_figures_beside_her_peers_and_her_place_in_the_turn(city: City) -> None:
    lawyers = await city.lawyers(6)
    await city.lawyers(3, pool="PROVINCE")
    await city.lawyer(standing="LEFT")
    me = lawyers[0]
    for number in range(2):
        await city.asked(await city.resident())
        await city.settle()
        await city.answer(me, (await city.claim(me))["id"])
        if number:
            await city.claim(lawyers[1])
    seen = await city.one(me, EXPOSURE)
    assert (seen["peers"], seen["inTurn"]) == (5, 6)
    assert seen["offers"] == {"mine": 2, "peers": {"low": 2.0, "median": 2.0, "high": 2.0}}
    assert seen["claims"] == {"mine": 2, "peers": {"low": 0.0, "median": 0.0, "high": 0.0}}
    assert (seen["leasesKept"]["mine"], seen["answers"]["mine"]) == (2, 2)
    places = [(await city.one(lawyer, EXPOSURE))["placeInTurn"] for lawyer in lawyers]
    assert sorted(places) == [1, 2, 3, 4, 5, 6]
    await city.one(me, "mutation { setAvailability(input: {availability: AWAY}) { __typename } }")
    seen = await city.one(me, EXPOSURE)
    assert (seen["placeInTurn"], seen["inTurn"]) == (None, 5)
    await city.turn(timedelta(days=31))
    assert (await city.one(me, EXPOSURE))["offers"]["mine"] == 0
    assert (await city.one(me, EXPOSURE, days=90))["offers"]["mine"] == 2


async def test_of_fewer_than_five_peers_nothing_is_told(city: City) -> None:
    (me, *_) = await city.lawyers(5)
    await city.asked(await city.resident())
    await city.settle()
    seen = await city.one(me, EXPOSURE)
    assert seen["peers"] == 4
    assert seen["offers"] == {"mine": 1, "peers": None}
    assert [error["extensions"]["code"] for error in await city.errors(me, EXPOSURE, days=91)] == ["BAD_VALUE"]
    assert await city.one(await city.person(Role.LAWYER), EXPOSURE) is None
    with city.statements() as asked:
        await city.one(me, EXPOSURE)
    assert len(asked) == 2, asked


# Several devices, one truth --------------------------------------------------------------------------------------


@asynccontextmanager
async def devices(city: City, lawyer: Viewer, count: int) -> AsyncIterator[list[Any]]:
    async with served(city) as url:
        opened = [socket(url, token(city, lawyer)) for _ in range(count)]
        connections = [await device.__aenter__() for device in opened]
        try:
            for connection in connections:
                assert (await receive(connection))["type"] == "connection_ack"
                await subscribe(connection, "desk", DESK)
                await news(connection)
            yield connections
        finally:
            for device in opened:
                await device.__aexit__(None, None, None)


async def news(connection: Any) -> Any:
    while (message := await receive(connection))["type"] != "next":
        assert message["type"] in ("ping", "pong"), message
    return message["payload"]["data"]["offerUpdates"]


async def test_what_a_lawyer_does_on_one_device_her_other_shows(city: City) -> None:
    lawyer = await city.lawyer()
    async with devices(city, lawyer, 2) as both:
        question = uuid_of(await city.asked(await city.resident()), "Question")
        await city.settle()
        offers = [await news(device) for device in both]
        assert [[event["kind"] for event in frame["events"]] for frame in offers] == [["OFFERED"]] * 2
        assert (
            offers[0]["offers"] == offers[1]["offers"] == [{"id": f"{offers[0]['offers'][0]['id']}", "state": "OPEN"}]
        )
        # Both devices press at once: one seat.
        offer = offers[0]["offers"][0]["id"]
        got = await asyncio.gather(*(city.claim(lawyer, offer) for _ in range(2)))
        assert sorted(codes(payload) for payload in got) == [[], ["ALREADY_SEATED"]]
        seats = [await news(device) for device in both]
        assert [frame["events"] for frame in seats] == [[{"kind": "SEAT_CHANGED"}]] * 2
        assert seats[0]["seats"] == seats[1]["seats"]
        assert [seat["state"] for seat in seats[0]["seats"]] == ["WRITING"]
        assert await city.sql("SELECT count(*) FROM app.seat WHERE question = :q", q=question) == [(1,)]
