"""A lawyer of the asker's own choice, and a senior one where answers disagree: seats are kept for them for a while."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.consultation.actions import dispatch
from app.core.access import Viewer
from app.core.db import NOBODY
from app.graph.ids import global_id, uuid_of
from tests.city import City, codes
from tests.consultation.test_races import offer_to, outcome

pytestmark = pytest.mark.anyio

OFFERS = "{ offers(first: 100) { nodes { id state invited keptUntil reasons { rank of } } } }"
NOTICES = "{ notices(first: 9) { nodes { kind } } }"
DECLINE = """mutation ($id: ID!) { declineOffer(input: {offerId: $id, reason: BUSY}) {
  __typename ... on Refused { reasons { code } } } }"""
AVAILABLE = """mutation { setAvailability(input: {availability: AVAILABLE}) { __typename } }"""


async def chosen(city: City, count: int = 1, **how: Any) -> list[Viewer]:
    """Lawyers who agreed to be chosen; of another field, so that no wave would have called them at once."""
    return await city.lawyers(count, **{"specialty": "marriage", "requestable": True} | how)


async def asked_of(city: City, *lawyers: Viewer) -> UUID:
    ids = [global_id("Lawyer", lawyer.id) for lawyer in lawyers]
    return uuid_of(await city.asked(await city.resident(), lawyerIds=ids), "Question")


async def offer_of(city: City, lawyer: Viewer) -> Any:
    nodes = (await city.one(lawyer, OFFERS))["nodes"]
    return nodes[0] if nodes else None


async def notices(city: City, lawyer: Viewer) -> list[str]:
    return [notice["kind"] for notice in (await city.one(lawyer, NOTICES))["nodes"]]


async def test_whom_the_asker_chose_is_called_at_once_and_the_others_beside_her(city: City) -> None:
    (named,), (other,) = await chosen(city), await city.lawyers(1)
    await asked_of(city, named)
    await city.settle()
    mine, theirs = await offer_of(city, named), await offer_of(city, other)
    assert (mine["state"], mine["invited"], mine["reasons"]) == ("OPEN", "ASKER", {"rank": None, "of": None})
    assert (theirs["invited"], theirs["keptUntil"]) == (None, None)
    assert await notices(city, named) == ["INVITED"]
    assert await notices(city, other) == []
    assert codes(await city.claim(named)) == codes(await city.claim(other)) == []


async def test_no_cap_of_offers_keeps_her_away(city: City) -> None:
    (named,) = await chosen(city, specialty="labour")
    for _ in range(20):
        await city.asked(await city.resident())
        await city.settle()
    await asked_of(city, named)
    await city.settle()
    assert (await offer_of(city, named))["invited"] == "ASKER"
    assert len(await city.offer_ids(named)) == 21


@pytest.mark.parametrize(
    "what",
    [
        "standing = 'SUSPENDED'",
        "availability = 'AWAY'",
        "snoozed_until = app.clock() + interval '5 min'",
        "requestable = false",
    ],
)
async def test_who_cannot_come_or_no_longer_agrees_is_not_called(city: City, what: str) -> None:
    (named,) = await chosen(city)
    await asked_of(city, named)
    await city.sql(f"UPDATE app.lawyer SET {what} WHERE id = :id", id=named.id)
    others = await city.lawyers(5)
    await city.settle()
    assert await city.offer_ids(named) == []
    # Nothing is kept for who was not called.
    assert [codes(await city.claim(other)) for other in others] == [[]] * 5


async def test_who_comes_back_within_her_time_finds_her_seat(city: City) -> None:
    named, absent = await chosen(city, 2)
    await asked_of(city, named, absent)
    await city.sql("UPDATE app.lawyer SET availability = 'AWAY' WHERE id = :id", id=absent.id)
    await city.settle()
    await city.pass_time(30)
    await city.one(absent, AVAILABLE)
    await city.settle()
    assert (await offer_of(city, absent))["invited"] == "ASKER"
    assert await notices(city, absent) == ["INVITED"]


async def test_three_seats_are_kept_for_three_whom_the_asker_chose(city: City) -> None:
    named, others = await chosen(city, 3), await city.lawyers(4)
    await asked_of(city, *named)
    await city.settle()
    assert [codes(await city.claim(other)) for other in others] == [[], [], ["SEATS_RESERVED"], ["SEATS_RESERVED"]]
    await city.settle()
    assert (await offer_of(city, others[3]))["state"] == "FULL"
    assert [(await offer_of(city, lawyer))["state"] for lawyer in named] == ["OPEN"] * 3
    await city.pass_time(160)
    assert [codes(await city.claim(lawyer)) for lawyer in named] == [[], [], []]
    assert codes(await city.claim(others[2])) == ["SEATS_FULL"]


async def test_no_local_reserve_keeps_her_seat_from_her(city: City) -> None:
    named = await chosen(city, 3, pool="NATION")
    question = await asked_of(city, *named)
    await city.settle()
    provincial = await city.lawyers(1, pool="PROVINCE")
    await offer_to(city, question, provincial, "PROVINCE")
    assert codes(await city.claim(provincial[0])) == ["SEATS_RESERVED"]
    assert [codes(await city.claim(lawyer)) for lawyer in named] == [[], [], []]


async def test_when_her_time_is_over_the_seat_is_anybodys_and_who_was_passed_by_is_called(city: City) -> None:
    named, others = await chosen(city, 3), await city.lawyers(3)
    await asked_of(city, *named)
    await city.settle()
    for other in others[:2]:
        await city.claim(other)
    late = await city.lawyer("marriage", "PROVINCE")
    await city.pass_time(60)
    assert await city.offer_ids(late) == []  # every seat was taken or kept
    await city.pass_time(121)
    assert (await offer_of(city, others[2]))["state"] == "OPEN"
    assert len(await city.offer_ids(late)) == 1
    assert (
        codes(await city.claim(others[2])) == codes(await city.claim(late)) == codes(await city.claim(named[0])) == []
    )
    assert codes(await city.claim(named[1])) == ["SEATS_FULL"]


async def test_her_no_opens_the_seat_that_was_kept(city: City) -> None:
    (named, *_), others = await chosen(city, 1), await city.lawyers(5)
    await asked_of(city, named)
    await city.settle()
    got = [codes(await city.claim(other)) for other in others]
    assert got == [[], [], [], [], ["SEATS_RESERVED"]]
    await city.settle()
    assert (await offer_of(city, others[4]))["state"] == "FULL"
    (offer,) = await city.offer_ids(named)
    assert (await city.one(named, DECLINE, id=offer))["__typename"] == "Offer"
    await city.settle()
    assert (await offer_of(city, others[4]))["state"] == "OPEN"
    assert codes(await city.claim(others[4])) == []


async def test_an_outage_does_not_take_her_time(city: City) -> None:
    (named,), others = await chosen(city), await city.lawyers(5)
    question = await asked_of(city, named)
    await city.pass_time(300)
    (row,) = await city.sql("SELECT named_until - asked_at AS kept FROM app.dispatch WHERE question = :q", q=question)
    assert row.kept >= timedelta(seconds=480)
    assert [codes(await city.claim(other)) for other in others][-1] == ["SEATS_RESERVED"]


async def test_fifty_claims_at_once_leave_the_seats_that_are_kept(city: City) -> None:
    named, others = await chosen(city, 2), await city.lawyers(48)
    question = await asked_of(city, *named)
    await city.settle()
    await city.sql("DELETE FROM app.offer WHERE invited IS NULL AND question = :q", q=question)
    await offer_to(city, question, others, "LOCAL")
    got = await asyncio.gather(*(outcome(city, lawyer) for lawyer in [*others, *named]))
    assert got[48:] == ["Seat", "Seat"]
    theirs = Counter(got[:48])
    assert theirs["Seat"] == 3
    assert set(theirs) <= {"Seat", "SEATS_RESERVED", "SEATS_FULL"}


async def test_fifty_claims_while_her_time_ends(city: City) -> None:
    """Before its end three get a seat, after it the two that were kept: five in all, whoever reads which clock."""
    named, others = await chosen(city, 2), await city.lawyers(50)
    question = await asked_of(city, *named)
    await city.settle()
    await city.sql("DELETE FROM app.offer WHERE invited IS NULL AND question = :q", q=question)
    await offer_to(city, question, others, "LOCAL")
    (row,) = await city.sql("SELECT named_until FROM app.dispatch WHERE question = :q", q=question)
    await city.turn(row.named_until - await city.now() - timedelta(milliseconds=250))

    async def some(lawyer: Viewer, number: int) -> str:
        await asyncio.sleep(number / 100)
        return await outcome(city, lawyer)

    got = await asyncio.gather(*(some(lawyer, number) for number, lawyer in enumerate(others)), city.settle())
    counted = Counter(got[:50])
    assert counted["Seat"] == 5, counted
    assert set(counted) <= {"Seat", "SEATS_RESERVED", "SEATS_FULL"}
    seats = await city.sql("SELECT place, claimed_at < :end AS early FROM app.seat", end=row.named_until)
    assert sorted(seat.place for seat in seats) == [1, 2, 3, 4, 5]
    assert sum(seat.early for seat in seats) <= 3


# A senior lawyer, where answers disagree -------------------------------------------------------------------------


async def answered(city: City, count: int = 3) -> tuple[UUID, list[Viewer]]:
    lawyers = await city.lawyers(count)
    question = uuid_of(await city.asked(await city.resident()), "Question")
    await city.settle()
    for lawyer in lawyers:
        await city.answer(lawyer, (await city.claim(lawyer))["id"])
    await city.settle()
    return question, lawyers


async def invite(city: City, question: UUID) -> UUID | None:
    async with city.worker.acting(NOBODY) as session:
        return await dispatch.invite_senior(session, question, session.info["now"])


async def more(city: City, question: UUID, answers: int = 1) -> None:
    async with city.worker.acting(NOBODY) as session:
        await dispatch.call_more(session, question, session.info["now"], answers=answers)


async def test_the_best_senior_lawyer_of_the_field_is_invited_once(city: City) -> None:
    question, _ = await answered(city)
    long_ago: dict[str, Any] = {"practising_since": (await city.today()).replace(year=2005)}
    young: dict[str, Any] = {"practising_since": await city.today() - timedelta(days=3000)}
    await city.lawyer(rating_lower=0.99, **young)
    await city.lawyer("marriage", rating_lower=0.99, **long_ago)
    await city.lawyer(rating_lower=0.99, availability="AWAY", **long_ago)
    await city.lawyer(rating_lower=0.5, **long_ago)
    best = await city.lawyer(rating_lower=0.8, pool="NATION", **long_ago)
    assert await invite(city, question) == best.id
    assert await invite(city, question) is None
    await city.settle()
    offer = await offer_of(city, best)
    assert (offer["state"], offer["invited"]) == ("OPEN", "SENIOR")
    # What is looked for is her answer: nobody who was called before may take the seat while her time runs.
    (late,) = await city.lawyers(1)
    await offer_to(city, question, [late], "LOCAL")
    assert (await offer_of(city, late))["state"] == "FULL"
    assert codes(await city.claim(late)) == ["SEATS_RESERVED"]
    await city.answer(best, (await city.claim(best))["id"])
    await city.settle()
    assert (await offer_of(city, late))["state"] == "FILLED"


async def test_a_senior_lawyer_who_does_not_come_lets_others_in(city: City) -> None:
    question, _ = await answered(city)
    senior = await city.lawyer(practising_since=(await city.today()).replace(year=2000))
    assert await invite(city, question) == senior.id
    (late,) = await city.lawyers(1, specialty="marriage")
    await city.pass_time(1801)
    assert (await offer_of(city, late))["state"] == "OPEN"
    assert codes(await city.claim(late)) == []


async def test_where_there_is_no_senior_lawyer_nothing_changes(city: City) -> None:
    question, _ = await answered(city)
    assert await invite(city, question) is None
    (row,) = await city.sql("SELECT wanted, board FROM app.dispatch WHERE question = :q", q=question)
    assert tuple(row) == (3, "FILLED")


async def test_one_more_answer_calls_newcomers_and_opens_a_seat(city: City) -> None:
    question, _ = await answered(city)
    spare = await city.lawyers(2, specialty="marriage", pool="NATION")
    await more(city, question)
    await city.settle()
    assert [(await offer_of(city, lawyer))["state"] for lawyer in spare] == ["OPEN", "OPEN"]
    await more(city, question)  # the same again
    (row,) = await city.sql("SELECT wanted, board FROM app.dispatch WHERE question = :q", q=question)
    assert tuple(row) == (4, "OPEN")
    await city.answer(spare[0], (await city.claim(spare[0]))["id"])
    await city.settle()
    assert (await offer_of(city, spare[1]))["state"] == "FILLED"
    # Long after the promise the search is not taken up again.
    assert (
        await city.sql(
            "SELECT 1 FROM app.outbox WHERE kind = 'PromiseRanOut' AND due_at > app.clock() + interval '10 min'"
        )
        == []
    )


async def test_a_follow_up_that_waits_is_not_kept_waiting_for_the_senior_lawyer(city: City) -> None:
    question, _ = await answered(city)
    senior = await city.lawyer(practising_since=(await city.today()).replace(year=2000))
    assert await invite(city, question) == senior.id
    (spare,) = await city.lawyers(1)
    await more(city, question)
    await more(city, question)
    (row,) = await city.sql("SELECT wanted FROM app.dispatch WHERE question = :q", q=question)
    assert row.wanted == 5
    assert codes(await city.claim(spare)) == codes(await city.claim(senior)) == []


async def test_more_answers_than_there_are_places_break_nothing(city: City) -> None:
    question, _ = await answered(city)
    others = await city.lawyers(12)
    await more(city, question, answers=20)
    await city.settle()
    got = Counter([await outcome(city, lawyer) for lawyer in others])
    assert got == {"Seat": 9, "SEATS_FULL": 3}
