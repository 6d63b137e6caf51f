"""Who is called when, and what happens as time passes."""

from datetime import timedelta
from typing import Any

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from app.core.access import Viewer
from app.outside.post import Channel
from tests.city import City, codes
from tests.notices.carrying import Providers, reachable

pytestmark = pytest.mark.anyio

SMS = Channel.SMS

OFFERS = "{ offers(first: 100) { nodes { id state dueAt brief town { code } reasons { score rank of } } } }"
AVAILABLE = """mutation ($a: Availability!) { setAvailability(input: {availability: $a}) {
  __typename ... on Refused { reasons { code } } } }"""
DECLINE = """mutation ($id: ID!) { declineOffer(input: {offerId: $id, reason: CONFLICT}) {
  __typename ... on Offer { state declined brief } ... on Refused { reasons { code } } } }"""
PROMISE = """query ($id: ID!) { question(id: $id) { lawyersWriting promise {
  firstAnswer { late reachedAt } lastAnswer { late reachedAt } } } }"""


async def offered(city: City, question: str | None = None) -> int:
    (row,) = await city.sql("SELECT count(*) FROM app.offer")
    return int(row[0])


async def pools(city: City) -> dict[str, int]:
    return dict(map(tuple, await city.sql("SELECT pool, count(*) FROM app.offer GROUP BY pool")))


async def test_each_wave_calls_a_wider_circle(city: City) -> None:
    await city.lawyer("labour", "LOCAL")
    await city.lawyer("marriage", "LOCAL")
    await city.lawyer("marriage", "PROVINCE")
    await city.lawyer("labour", "NATION")
    await city.lawyer("marriage", "NATION")
    await city.lawyer("marriage", "PROVINCE", availability="AWAY")
    await city.asked(await city.resident())
    await city.settle()
    assert await pools(city) == {"LOCAL": 1}
    await city.pass_time(40)
    assert await pools(city) == {"LOCAL": 1}
    await city.pass_time(20)
    assert await pools(city) == {"LOCAL": 2, "PROVINCE": 1}
    await city.pass_time(90)
    assert await pools(city) == {"LOCAL": 2, "PROVINCE": 1, "NATION": 1}
    await city.pass_time(150)
    assert await pools(city) == {"LOCAL": 2, "PROVINCE": 1, "NATION": 2}


def at_risk(answers: int) -> float:
    return REGISTRY.get_sample_value("promises_at_risk_total", {"answers": str(answers)}) or 0


@pytest.mark.parametrize("answers", [0, 1, 3])
async def test_who_operates_the_house_hears_when_nobody_is_left_to_be_called(city: City, answers: int) -> None:
    lawyers, before = await city.lawyers(4), at_risk(answers)
    question = await city.asked(await city.resident())
    await city.settle()
    for lawyer in lawyers[:answers]:
        await city.answer(lawyer, (await city.claim(lawyer))["id"])
    with capture_logs() as lines:
        await city.pass_time(299)
        assert (at_risk(answers), lines) == (before, [])
        await city.pass_time(1)
        for _ in range(2):  # however often the worker is handed it
            await city.sql("UPDATE app.outbox SET done_at = NULL, reacted = '{}' WHERE kind = 'PatienceRanOut'")
            await city.settle()
    told = [line for line in lines if line["event"] == "promise_at_risk"]
    if answers == 3:
        assert (at_risk(answers), told) == (before, [])
        return
    assert at_risk(answers) == before + 1
    (line,) = told
    assert (line["answers"], line["seats"], line["log_level"]) == (answers, answers, "warning")
    assert set(line) <= {"event", "answers", "seats", "log_level"}, f"no word of {question}"


async def test_of_danger_it_is_heard_at_that_time_too(city: City) -> None:
    before = at_risk(0)
    await city.asked(await city.resident(), body="我想死，活不下去了，丈夫天天打我，求求你们帮帮我。")
    await city.settle()
    await city.pass_time(290)
    assert at_risk(0) == before
    await city.pass_time(10)
    assert at_risk(0) == before + 1


async def test_after_an_outage_the_waves_are_made_up_for_in_one_step(city: City) -> None:
    for pool in ("LOCAL", "PROVINCE", "NATION"):
        await city.lawyers(2, pool=pool)
    id = await city.asked(await city.resident())
    await city.pass_time(300)
    assert await offered(city) == 6
    log = await city.sql("SELECT ids->>'wave', ids->>'offers' FROM app.feed WHERE kind = 'WAVE_SENT'")
    assert [tuple(row) for row in log] == [("3", "6")]
    await city.pass_time(250)
    assert await offered(city) == 6
    assert id


async def test_where_somebody_is_in_danger_everybody_is_called_at_once(city: City) -> None:
    await city.lawyer("marriage", "LOCAL")
    await city.lawyer("labour", "PROVINCE")
    await city.lawyer("labour", "NATION")
    await city.lawyer("labour", "NATION", availability="ON_DUTY")
    await city.asked(await city.resident())
    await city.sql("UPDATE app.dispatch SET lane = 'CRISIS'")
    await city.settle()
    assert await pools(city) == {"LOCAL": 1, "PROVINCE": 1, "NATION": 2}
    log = await city.sql("SELECT ids->>'wave', ids->>'offers' FROM app.feed WHERE kind = 'WAVE_SENT'")
    assert [tuple(row) for row in log] == [("3", "4")]
    await city.pass_time(300)
    assert await offered(city) == 4


async def test_who_is_on_duty_is_called_by_text_message_with_the_last_wave_and_once(city: City) -> None:
    """Also who was offered it by an earlier wave and lay asleep: WeChat needs a consent that few have left at night."""
    providers = Providers(city)
    early, declines = await city.lawyers(2, availability="ON_DUTY")
    last, plain = await city.lawyer("marriage", "NATION", availability="ON_DUTY"), await city.lawyer("labour")
    phones = {who: (await reachable(city, who, SMS))[SMS] for who in (early, last, declines, plain)}
    await city.asked(await city.resident())
    await city.settle()
    (offer,) = await city.offer_ids(declines)
    await city.one(declines, DECLINE, id=offer)
    await providers.carry(timedelta(seconds=299))
    assert providers.counts() == [0, 0, 0]
    await providers.carry(timedelta(seconds=1))
    await providers.carry()
    called = sorted(address for address, *_ in providers[SMS].arrived)
    assert called == sorted([phones[early], phones[last]])
    # The promise breaks, and the search goes on and on: nobody is written to twice for one question.
    for _ in range(3):
        await providers.carry(timedelta(minutes=10))
    assert sorted(address for address, *_ in providers[SMS].arrived) == called


async def test_two_questions_in_danger_at_once_call_the_same_lawyers_without_waiting_for_each_other(city: City) -> None:
    for pool in ("LOCAL", "PROVINCE", "NATION"):
        await city.lawyers(12, pool=pool)
    for _ in range(4):
        await city.asked(await city.resident())
    await city.sql("UPDATE app.dispatch SET lane = 'CRISIS'")
    await city.settle()  # a deadlock would fail the reaction, and with it this test
    assert await offered(city) == 4 * 36


async def test_a_wave_has_a_cap(city: City) -> None:
    await city.lawyers(20)
    await city.asked(await city.resident())
    await city.settle()
    assert await offered(city) == 16


async def test_presence_orders_and_never_excludes(city: City) -> None:
    away = await city.lawyers(16)
    now = await city.now()
    present = await city.lawyers(1, seen_at=now)
    await city.asked(await city.resident())
    await city.settle()
    assert await offered(city) == 16
    page = await city.one(present[0], OFFERS)
    assert page["nodes"][0]["reasons"]["rank"] == 1
    assert sum([len(await city.offer_ids(lawyer)) for lawyer in away]) == 15


async def test_everybody_gets_a_turn(city: City) -> None:
    lawyers = await city.lawyers(32)
    for _ in range(2):
        await city.asked(await city.resident())
        await city.settle()
    assert [len(await city.offer_ids(lawyer)) for lawyer in lawyers] == [1] * 32


async def test_twenty_offers_an_hour_are_the_most(city: City) -> None:
    lawyer = await city.lawyer()
    for _ in range(22):
        await city.asked(await city.resident())
        await city.settle()
    assert len(await city.offer_ids(lawyer)) == 20
    turn = await city.one(lawyer, "{ myTurn { hindrances offers offersMax leases inHerField { score } } }")
    assert turn["hindrances"] == ["OFFERS_FULL"]
    assert turn["offers"] == turn["offersMax"] == 20


async def test_one_never_answers_oneself(city: City) -> None:
    lawyer = await city.lawyer()
    await city.asked(lawyer)
    await city.pass_time(300)
    assert await offered(city) == 0


async def test_three_leases_are_the_most(city: City) -> None:
    lawyer = await city.lawyer()
    for _ in range(4):
        await city.asked(await city.resident())
        await city.settle()
    # The fourth was not offered: three leases were not yet held then, so it was.
    offers = await city.offer_ids(lawyer)
    got = [await city.claim(lawyer, offer) for offer in offers]
    assert [codes(payload) for payload in got] == [[], [], [], ["LEASES_FULL"]]
    await city.asked(await city.resident())
    await city.settle()
    assert len(await city.offer_ids(lawyer)) == 4


async def test_a_declined_offer_does_not_come_again(city: City) -> None:
    lawyer = await city.lawyer()
    await city.asked(await city.resident())
    await city.settle()
    (offer,) = await city.offer_ids(lawyer)
    said = await city.one(lawyer, DECLINE, id=offer)
    assert said == {"__typename": "Offer", "state": "DECLINED", "declined": "CONFLICT", "brief": None}
    assert (await city.one(lawyer, DECLINE, id=offer))["state"] == "DECLINED"
    assert codes(await city.claim(lawyer, offer)) == ["OFFER_DECLINED"]
    await city.pass_time(600)
    assert await offered(city) == 1


async def test_a_conflict_of_interest_is_the_whole_firms(city: City) -> None:
    firm = await city.firm()
    lawyer = await city.lawyer(firm=firm)
    await city.lawyer("marriage", firm=firm)
    await city.lawyer("marriage")
    await city.asked(await city.resident())
    await city.settle()
    await city.one(lawyer, DECLINE, id=(await city.offer_ids(lawyer))[0])
    await city.pass_time(60)
    assert await offered(city) == 2


async def test_who_takes_a_break_is_not_called_and_catches_up_at_its_end(city: City) -> None:
    lawyer = await city.lawyer()
    await city.one(lawyer, "mutation { snooze(input: {minutes: 30}) { __typename } }")
    await city.asked(await city.resident())
    await city.pass_time(600)
    assert await city.offer_ids(lawyer) == []
    turn = await city.one(lawyer, "{ myTurn { hindrances } }")
    assert turn["hindrances"] == ["SNOOZED"]
    await city.pass_time(1201)
    assert len(await city.offer_ids(lawyer)) == 1
    assert (await city.one(lawyer, "{ myTurn { hindrances } }"))["hindrances"] == []


async def test_who_may_not_practise_is_neither_called_nor_seated(city: City) -> None:
    lawyer = await city.lawyer()
    await city.lawyer(standing="SUSPENDED")
    await city.asked(await city.resident())
    await city.settle()
    assert await offered(city) == 1
    await city.sql("UPDATE app.lawyer SET standing = 'SUSPENDED'")
    assert codes(await city.claim(lawyer)) == ["SUSPENDED"]


async def test_the_oldest_unfilled_question_comes_first_to_who_comes_online(city: City) -> None:
    late = await city.lawyer(availability="AWAY")
    asked = []
    for _ in range(5):
        asked.append(await city.asked(await city.resident()))
        await city.pass_time(1)
    assert await city.offer_ids(late) == []
    assert (await city.one(late, AVAILABLE, a="AVAILABLE"))["__typename"] != "Refused"
    await city.settle()
    oldest = await city.sql("SELECT d.question FROM app.offer JOIN app.dispatch d USING (question) ORDER BY d.asked_at")
    first = await city.sql("SELECT id FROM app.question ORDER BY asked_at LIMIT 3")
    assert [row[0] for row in oldest] == [row[0] for row in first]


async def test_who_is_out_of_reach_is_not_called_early(city: City) -> None:
    nation = await city.lawyer(pool="NATION", availability="AWAY")
    await city.asked(await city.resident())
    await city.settle()
    await city.one(nation, AVAILABLE, a="AVAILABLE")
    await city.settle()
    assert await city.offer_ids(nation) == []


async def test_two_seats_are_kept_for_local_lawyers_for_a_while(city: City) -> None:
    provincial = await city.lawyers(5, pool="PROVINCE")
    await city.lawyer(pool="LOCAL")
    await city.asked(await city.resident())
    await city.pass_time(60)
    got = [codes(await city.claim(lawyer)) for lawyer in provincial]
    assert got == [[], [], [], ["SEATS_RESERVED"], ["SEATS_RESERVED"]]
    await city.pass_time(90)
    assert codes(await city.claim(provincial[3])) == []


async def test_two_of_a_firm_are_the_most(city: City) -> None:
    firm = await city.firm()
    colleagues = await city.lawyers(3, firm=firm)
    await city.asked(await city.resident())
    await city.settle()
    assert [codes(await city.claim(lawyer)) for lawyer in colleagues] == [[], [], ["FIRM_FULL"]]


async def seated(city: City, count: int) -> tuple[str, list[Viewer], list[Any]]:
    lawyers = await city.lawyers(count)
    id = await city.asked(await city.resident())
    await city.settle()
    return id, lawyers, [await city.claim(lawyer) for lawyer in lawyers]


async def test_a_lease_that_runs_out_frees_the_seat_and_calls_others_within_five_seconds(city: City) -> None:
    _, lawyers, seats = await seated(city, 5)
    newcomer = await city.lawyer()
    for lawyer, seat in list(zip(lawyers, seats, strict=True))[:2]:
        await city.answer(lawyer, seat["id"])
    (lease,) = await city.sql("SELECT min(lease_until) AS ends FROM app.seat WHERE delivered_at IS NULL")
    await city.pass_time(lease.ends - await city.now() - timedelta(seconds=5))
    assert await city.offer_ids(newcomer) == []
    await city.pass_time(lease.ends - await city.now() + timedelta(milliseconds=1))
    assert len(await city.offer_ids(newcomer)) == 1
    (called,) = await city.sql("SELECT offered_at FROM app.offer WHERE lawyer = :id", id=newcomer.id)
    assert called.offered_at - lease.ends < timedelta(seconds=5)
    assert codes(await city.claim(newcomer)) == []
    told = await city.one(lawyers[2], "{ notices(first: 5) { nodes { kind } } }")
    assert [notice["kind"] for notice in told["nodes"]] == ["SEAT_LOST"]
    kept = await city.sql("SELECT seats_ended, seats_kept FROM app.lawyer WHERE id = :id", id=lawyers[2].id)
    assert [tuple(row) for row in kept] == [(1, 0)]


async def test_the_promise_is_broken_honestly_and_kept_later(city: City) -> None:
    asker = await city.resident()
    id = await city.asked(asker)
    await city.pass_time(600)
    told = await city.one(asker, "{ notices(first: 5) { nodes { kind } } }")
    assert [notice["kind"] for notice in told["nodes"]] == ["PROMISE_BROKEN"]
    lawyers = await city.lawyers(3)
    await city.pass_time(600)  # the search is repeated every ten minutes
    for lawyer in lawyers:
        seat = await city.claim(lawyer)
        await city.answer(lawyer, seat["id"])
    await city.pass_time(6000)
    promise = (await city.one(asker, PROMISE, id=id))["promise"]
    assert promise["firstAnswer"]["late"]
    assert promise["lastAnswer"]["late"]
    assert promise["lastAnswer"]["reachedAt"]
    told = await city.one(asker, "{ notices(first: 9) { nodes { kind } } }")
    assert [notice["kind"] for notice in told["nodes"]] == ["NEW_ANSWER"] * 3 + ["PROMISE_BROKEN"]
    assert await city.sql("SELECT 1 FROM app.outbox WHERE done_at IS NULL AND kind = 'PromiseRanOut'") == []


async def test_once_filled_nobody_else_is_called(city: City) -> None:
    _, lawyers, seats = await seated(city, 3)
    others = await city.lawyers(5, pool="NATION")
    for lawyer, seat in zip(lawyers, seats, strict=True):
        await city.answer(lawyer, seat["id"])
    await city.pass_time(timedelta(hours=1))
    assert [await city.offer_ids(other) for other in others] == [[]] * 5


async def test_while_all_seats_are_taken_nobody_is_called(city: City) -> None:
    id, lawyers, _ = await seated(city, 5)
    await city.lawyers(5, pool="PROVINCE")
    await city.pass_time(60)
    assert await offered(city) == 5
    page = await city.one(lawyers[0], OFFERS)
    assert page["nodes"][0]["state"] == "FULL"
    assert id
