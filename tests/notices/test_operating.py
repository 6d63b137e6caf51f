"""Deliveries as those see them who see to it that messages leave the house, and as each sees her own."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.core.access import Role
from app.core.db import NOBODY
from app.outside.post import Channel, NotSent, Verdict
from app.vault.actions.rounds import await_night
from tests.city import REFUSED, City, codes
from tests.notices.carrying import Providers, consented, ledger, reachable
from tests.notices.telling import told

pytestmark = pytest.mark.anyio

MINI, OFFICIAL, SMS = Channel
LIST = """query ($state: DeliveryState, $channel: NoticeChannel, $kind: NoticeKind, $lane: DeliveryLane,
    $since: DateTime) {
  deliveries(state: $state, channel: $channel, kind: $kind, lane: $lane, since: $since, first: 50) {
    nodes { id kind template channel lane state why error attempts sentAt } } }"""
MINE = "{ myDeliveries(first: 50) { nodes { id channel state } } }"
RETRY = f"""mutation ($id: ID!, $even: Boolean!) {{
  retryDelivery(input: {{deliveryId: $id, evenIfItMayHaveArrived: $even}}) {{
    __typename ... on Delivery {{ id state retriedAt }} {REFUSED} }} }}"""
HEALTH = """{ channelHealth { channel waiting due oldestDueSeconds sent unknown dead dropped closedUntil lastError
  misconfiguredAt
  misconfigured spentThisHour hourlyBudget } }"""


async def test_operators_find_what_failed_and_see_nobodys_address(city: City) -> None:
    providers, person, other = Providers(city), await city.resident(), await city.resident()
    names = [*(await reachable(city, person, MINI, SMS)).values(), *(await reachable(city, other, MINI)).values()]
    for one in (person, other):
        await consented(city, one)
    providers[MINI].answers = [NotSent(Verdict.CONFIG, 40037)]
    await told(city, person, other)
    await providers.carry()
    supervisor = await city.person(Role.SUPERVISOR)
    every = await city.one(supervisor, LIST)
    assert {(node["channel"], node["state"]) for node in every["nodes"]} >= {(MINI, "DEAD"), (MINI, "SENT")}
    (dead,) = (await city.one(supervisor, LIST, state="DEAD"))["nodes"]
    assert (dead["why"], dead["error"], dead["attempts"]) == ("CONFIG", "40037", 1)
    assert not any(name in str(every) for name in names)
    for filter in ({"channel": "OFFICIAL_ACCOUNT"}, {"kind": "SEAT_LOST"}, {"lane": "EXPRESS"}):
        assert (await city.one(supervisor, LIST, **filter))["nodes"] == []
    later = (await city.now() + timedelta(minutes=1)).isoformat()
    assert (await city.one(supervisor, LIST, since=later))["nodes"] == []
    hers = (await city.one(person, MINE))["nodes"] + (await city.one(other, MINE))["nodes"]
    assert {node["id"] for node in hers} == {node["id"] for node in every["nodes"]}
    for document in (LIST, HEALTH):
        (error,) = await city.errors(person, document)
        assert error["extensions"]["code"] == "FORBIDDEN"


async def test_what_failed_is_sent_again_once_by_whoever_is_first_of_fifty(city: City) -> None:
    providers, person = Providers(city), await city.resident()
    await reachable(city, person, MINI)
    await consented(city, person)
    providers[MINI].answers = [NotSent(Verdict.CONFIG, 40037)]
    await told(city, person)
    await providers.carry()
    supervisor = await city.person(Role.SUPERVISOR)
    (dead,) = (await city.one(supervisor, LIST, state="DEAD"))["nodes"]
    tries = await asyncio.gather(*(city.one(supervisor, RETRY, id=dead["id"], even=False) for _ in range(50)))
    assert sorted(one["__typename"] for one in tries) == ["Delivery"] + ["Refused"] * 49
    assert {code for one in tries for code in codes(one)} == {"DELIVERY_NOT_OVER"}
    await providers.carry(timedelta(0))
    assert providers.counts() == [1, 0, 0]
    assert await ledger(city) == [(MINI, "SENT", None)]
    assert codes(await city.one(supervisor, RETRY, id=dead["id"], even=True)) == ["DELIVERY_NOT_OVER"]
    (error,) = await city.errors(person, RETRY, id=dead["id"], even=True)
    assert error["extensions"]["code"] == "FORBIDDEN"


@pytest.mark.parametrize(
    ("answer", "arrived"), [(NotSent(Verdict.NO_CONSENT, 43101), 1), ("taken", 2)], ids=["it had arrived", "it had not"]
)
async def test_what_may_have_arrived_is_sent_again_only_by_who_says_so(city: City, answer: Any, arrived: int) -> None:
    providers, person = Providers(city), await city.resident()
    await reachable(city, person, MINI)
    await consented(city, person)
    providers[MINI].answers = [NotSent(Verdict.UNKNOWN), answer]
    await told(city, person)
    await providers.carry()
    admin = await city.person(Role.ADMIN)
    (lost,) = (await city.one(admin, LIST, state="UNKNOWN"))["nodes"]
    assert codes(await city.one(admin, RETRY, id=lost["id"], even=False)) == ["MAY_HAVE_ARRIVED"]
    assert (await city.one(admin, RETRY, id=lost["id"], even=True))["state"] == "PENDING"
    await providers.carry(timedelta(0))
    # Where WeChat knows no consent any more, the one there was went with the first attempt.
    assert await ledger(city) == [(MINI, "SENT", None)]
    assert len(providers[MINI].arrived) == arrived


async def test_the_health_of_channels_is_counted_by_two_statements(city: City) -> None:
    providers, people = Providers(city), [await city.resident() for _ in range(3)]
    for person in people:
        await reachable(city, person, MINI)
        await consented(city, person)
    providers[MINI].answers = ["taken", NotSent(Verdict.UNKNOWN), NotSent(Verdict.BACK_OFF, 45009)]
    await told(city, *people)
    await providers.carry()
    supervisor = await city.person(Role.SUPERVISOR)
    with city.statements() as sent:
        found = {one["channel"]: one for one in await city.one(supervisor, HEALTH)}
    assert len(sent) == 2
    mini = found[MINI]
    assert (mini["waiting"], mini["sent"], mini["unknown"], mini["dead"]) == (1, 1, 1, 0)
    assert mini["lastError"] == "45009"
    assert mini["closedUntil"] is not None
    await city.turn(timedelta(minutes=1))
    mini = {one["channel"]: one for one in await city.one(supervisor, HEALTH)}[MINI]
    assert (mini["due"], mini["closedUntil"]) == (1, None)
    assert 55 <= mini["oldestDueSeconds"] <= 75
    assert (found[OFFICIAL]["waiting"], found[SMS]["misconfiguredAt"]) == (0, None)


async def test_operators_see_how_much_of_the_hours_text_messages_is_left(city: City) -> None:
    providers, person, admin = Providers(city), await city.resident(), await city.person(Role.ADMIN)
    await reachable(city, person, SMS)
    await city.sql("UPDATE app.sms_budget SET most = 300")
    await told(city, person)
    await providers.carry()
    found = {one["channel"]: one for one in await city.one(admin, HEALTH)}
    assert (found[SMS]["sent"], found[SMS]["spentThisHour"], found[SMS]["hourlyBudget"]) == (1, 1, 300)
    assert (found[MINI]["spentThisHour"], found[MINI]["hourlyBudget"]) == (None, None)


async def test_old_deliveries_are_forgotten_and_those_that_wait_are_not(city: City) -> None:
    providers, people = Providers(city), [await city.resident() for _ in range(2)]
    for person in people:
        await reachable(city, person, MINI)
        await consented(city, person)
    await told(city, people[0])
    await providers.carry()
    await told(city, people[1])
    await city.pass_time(10)
    await city.sql("UPDATE app.delivery SET next_push = app.clock() + interval '1 year' WHERE state = 'PENDING'")
    await city.pass_time(timedelta(days=180))
    async with city.worker.acting(NOBODY) as session:
        await await_night(session)
    await city.pass_time(timedelta(days=1))
    assert await ledger(city) == [(MINI, "PENDING", None)]
