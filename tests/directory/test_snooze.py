"""A lawyer takes a break, and says whether she may be chosen by name."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.core.access import Role, Viewer
from app.directory.actions.presence import saw
from tests.city import City, codes

pytestmark = pytest.mark.anyio

SNOOZE = """mutation ($minutes: Int!) { snooze(input: {minutes: $minutes}) {
  __typename ... on Lawyer { online snoozedUntil availability } ... on Refused { reasons { code field } } } }"""
WAKE = """mutation { endSnooze {
  __typename ... on Lawyer { online snoozedUntil } ... on Refused { reasons { code } } } }"""
AGREE = """mutation ($agrees: Boolean!) { setRequestable(input: {requestable: $agrees}) {
  __typename ... on Lawyer { requestable } ... on Refused { reasons { code } } } }"""
ME = "{ viewerLawyer { online snoozedUntil } }"
ONLINE = "{ lawyers(first: 9, filter: {online: true}) { nodes { name } } }"


async def arrivals(city: City) -> int:
    """How many arrivals the house has been told of whose time has come."""
    ((count,),) = await city.sql(
        "SELECT count(*) FROM app.outbox WHERE kind = 'LawyerCameOnline' AND due_at <= app.clock()"
    )
    return int(count)


async def seen(city: City, lawyer: Viewer) -> None:
    async with city.db.acting(lawyer.id) as session:
        await saw(session, lawyer)


async def ends(city: City, lawyer: Viewer) -> datetime:
    return datetime.fromisoformat((await city.one(lawyer, ME))["snoozedUntil"])


async def test_who_is_snoozed_is_not_online_and_comes_back_by_herself(city: City) -> None:
    lawyer = await city.lawyer()
    await seen(city, lawyer)
    assert (await city.one(lawyer, ME)) == {"online": True, "snoozedUntil": None}
    snoozed = await city.one(lawyer, SNOOZE, minutes=30)
    assert (snoozed["online"], snoozed["availability"]) == (False, "AVAILABLE")
    left = datetime.fromisoformat(snoozed["snoozedUntil"]) - await city.now()
    assert timedelta(minutes=29) < left <= timedelta(minutes=30)
    assert (await city.one(None, ONLINE))["nodes"] == []

    await city.turn(timedelta(minutes=29))
    await seen(city, lawyer)
    assert await arrivals(city) == 1, "her own signs of life are no arrival meanwhile"
    await city.turn(timedelta(minutes=1))
    assert await arrivals(city) == 2
    assert (await city.one(lawyer, ME)) == {"online": True, "snoozedUntil": None}
    assert (await city.one(None, ONLINE))["nodes"] == [{"name": "李律师"}]
    await seen(city, lawyer)
    assert await arrivals(city) == 2


async def test_who_ends_her_break_is_back_at_once(city: City) -> None:
    lawyer = await city.lawyer()
    await city.one(lawyer, SNOOZE, minutes=720)
    assert await city.one(lawyer, WAKE) == {"__typename": "Lawyer", "online": True, "snoozedUntil": None}
    assert await arrivals(city) == 1
    await city.one(lawyer, WAKE)
    assert await arrivals(city) == 1, "there was no break to end"


async def test_who_is_away_or_suspended_does_not_come_online_by_waking(city: City) -> None:
    for lawyer in (await city.lawyer(availability="AWAY"), await city.lawyer(standing="SUSPENDED")):
        await city.one(lawyer, SNOOZE, minutes=5)
        await city.one(lawyer, WAKE)
    assert await arrivals(city) == 0


async def test_a_new_break_takes_the_place_of_the_one_that_runs(city: City) -> None:
    lawyer = await city.lawyer()
    await city.one(lawyer, SNOOZE, minutes=600)
    await city.turn(timedelta(minutes=10))
    await city.one(lawyer, SNOOZE, minutes=5)
    assert await ends(city, lawyer) - await city.now() <= timedelta(minutes=5)
    await city.one(lawyer, SNOOZE, minutes=60)
    assert await ends(city, lawyer) - await city.now() > timedelta(minutes=59)


async def test_fifty_taps_are_one_break(city: City) -> None:
    lawyer = await city.lawyer()
    said = await asyncio.gather(*(city.one(lawyer, SNOOZE, minutes=15) for _ in range(50)))
    assert len({payload["snoozedUntil"] for payload in said}) == 1
    await city.turn(timedelta(minutes=16))
    assert await arrivals(city) == 1
    woken = await asyncio.gather(*(city.one(lawyer, WAKE) for _ in range(50)))
    assert {payload["snoozedUntil"] for payload in woken} == {None}


@pytest.mark.parametrize("minutes", [4, 721, 0, -30])
async def test_a_break_is_of_five_minutes_to_twelve_hours(city: City, minutes: int) -> None:
    refused = await city.one(await city.lawyer(), SNOOZE, minutes=minutes)
    assert refused["reasons"] == [{"code": "BAD_VALUE", "field": "minutes"}]


async def test_nobody_else_sees_a_break(city: City) -> None:
    lawyer = await city.lawyer()
    await city.one(lawyer, SNOOZE, minutes=30)
    document = "{ lawyers(first: 1) { nodes { snoozedUntil } } }"
    shown: dict[str, Any] = {}
    for name, viewer in {"nobody": None, "another": await city.lawyer(standing="LEFT"), "herself": lawyer}.items():
        shown[name] = (await city.one(viewer, document))["nodes"][0]["snoozedUntil"]
    assert (shown["nobody"], shown["another"]) == (None, None)
    assert shown["herself"] is not None


async def test_a_lawyer_is_chosen_by_name_only_if_she_agreed(city: City) -> None:
    lawyer, other = await city.lawyers(2)
    chosen = "{ lawyers(first: 9, filter: {requestable: true}) { nodes { requestable } } }"
    assert (await city.one(None, chosen))["nodes"] == []
    assert await city.one(lawyer, AGREE, agrees=True) == {"__typename": "Lawyer", "requestable": True}
    assert (await city.one(None, chosen))["nodes"] == [{"requestable": True}]
    assert await city.one(lawyer, AGREE, agrees=False) == {"__typename": "Lawyer", "requestable": False}
    assert not (await city.one(other, "{ viewerLawyer { requestable } }"))["requestable"]


async def test_who_is_not_in_the_directory_is_refused(city: City) -> None:
    nobody = await city.person(Role.LAWYER)
    for document, said in ((SNOOZE, {"minutes": 5}), (WAKE, {}), (AGREE, {"agrees": True})):
        assert codes(await city.one(nobody, document, **said)) == ["NOT_FOUND"]
        (error,) = await city.errors(await city.resident(), document, **said)
        assert error["extensions"]["code"] == "FORBIDDEN"
    assert await arrivals(city) == 0


async def test_who_takes_a_break_is_not_called_and_finds_what_waited_when_it_ends(city: City) -> None:
    lawyer = await city.lawyer()
    await city.one(lawyer, SNOOZE, minutes=10)
    await city.turn(timedelta(minutes=2))
    await city.one(lawyer, SNOOZE, minutes=30)
    await city.asked(await city.resident())
    for _ in range(29):
        await city.pass_time(timedelta(minutes=1))
    assert await city.offer_ids(lawyer) == [], "also when the first break would have ended"
    await city.pass_time(timedelta(minutes=1))
    assert len(await city.offer_ids(lawyer)) == 1
