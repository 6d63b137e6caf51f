"""Every night the audit of the day before is anchored: once, however late, and with nobody in it."""

import asyncio
import json

import pytest
from sqlalchemy import text

from app.audit.rules import read
from app.consultation.rules.receipt import Receipt, authentic
from app.core.access import Role
from app.core.db import NOBODY, now
from scripts.verify_audit import KINDS
from tests.audit.night import DAY, READ, anchor, faults, keys_of, looked, newest, night, reads, to_noon
from tests.city import City
from tests.vault.scene import play

pytestmark = pytest.mark.anyio

ANCHORS = """query ($first: Int, $after: String) { auditAnchors(first: $first, after: $after) {
    nodes { day document signature keyId anchoredAt } pageInfo { hasNextPage endCursor } } }"""


async def test_an_auditor_reads_a_chain_that_names_nobody(city: City) -> None:
    await to_noon(city)
    auditor, admin = await city.person(Role.AUDITOR), await city.person(Role.ADMIN)
    await reads(city)
    first = str(await city.today())
    await night(city)
    await reads(city)
    await reads(city)
    await night(city)
    await night(city)
    newest_page = await city.one(auditor, ANCHORS, first=2)
    rest = await city.one(auditor, ANCHORS, first=2, after=newest_page["pageInfo"]["endCursor"])
    assert [one["pageInfo"]["hasNextPage"] for one in (newest_page, rest)] == [True, False]
    shown = [*newest_page["nodes"], *rest["nodes"]][::-1]
    told = [read(authentic(Receipt(one["document"], one["signature"], one["keyId"]), keys_of(city))) for one in shown]
    assert [one["day"] for one in shown] == [one.day for one in told]
    assert (told[0].day, told[0].first, told[0].previous) == (first, None, None)
    assert [one.facts["access"].n for one in told[:2]] == [1, 2]
    assert told[2].facts == {}
    people = await city.sql("SELECT person FROM app.access UNION SELECT person FROM app.consent")
    assert len(people) > 3
    assert not [person for (person,) in people if str(person) in json.dumps(shown)]
    assert await faults(city) == []
    for other in (admin, await city.resident(), None):
        (error,) = await city.errors(other, ANCHORS)
        assert error["extensions"]["code"] in ("FORBIDDEN", "UNAUTHENTICATED")


async def test_it_is_anchored_once_however_often_it_is_tried(city: City) -> None:
    await to_noon(city)
    await reads(city)
    await city.turn(DAY)
    await asyncio.gather(*(anchor(city) for _ in range(5)))
    await night(city)
    days = [day for (day,) in await city.sql("SELECT day FROM app.audit_anchor ORDER BY day")]
    assert days == [await city.today() - 2 * DAY, await city.today() - DAY]
    assert await faults(city) == []


async def test_a_day_is_not_anchored_before_it_is_over_and_has_come_to_rest(city: City) -> None:
    await to_noon(city)
    await anchor(city)
    before = await city.today() - DAY
    await city.turn(DAY / 2 + DAY / 48)  # half an hour after midnight
    await anchor(city)
    assert await city.sql("SELECT day FROM app.audit_anchor") == [(before,)]
    await city.turn(DAY / 48)
    await anchor(city)
    assert [*await city.sql("SELECT max(day) FROM app.audit_anchor")] == [(before + DAY,)]


async def test_what_is_committed_after_midnight_belongs_to_the_day_in_which_it_began(city: City) -> None:
    await to_noon(city)
    await night(city)
    async with city.super.acting(NOBODY) as session:
        await session.rows(text(READ), {"at": now(session), "basis": "answered"})
        await city.turn(DAY / 2 + DAY / 1440)
        assert await city.today() > now(session).date()
        await session.commit()
    await night(city)
    assert read((await newest(city)).document).facts["access"].n == 1
    assert await faults(city) == []


async def test_what_comes_after_its_day_was_anchored_is_told_for_ever(city: City) -> None:
    await to_noon(city)
    yesterday, day = await city.now(), await city.today()
    await night(city)
    await reads(city, at=yesterday)
    told = [f"the beginning to {day}: access: 1 added afterwards."]
    assert await faults(city) == told
    await night(city)
    assert await faults(city) == told


async def test_nights_that_went_by_are_made_up_for_and_told_until_somebody_outside_has_seen_it(city: City) -> None:
    await to_noon(city)
    await night(city)
    await reads(city)
    await city.turn(4 * DAY)
    await reads(city)
    assert [fault[:27] for fault in await faults(city)] == ["Nothing was anchored since "]
    await night(city)
    caught_up = read((await newest(city)).document)
    today = await city.today()
    assert caught_up.days == f"{today - 5 * DAY} to {today - DAY}"
    assert caught_up.facts["access"].n == 2
    (fault,) = await faults(city)
    assert fault.startswith(f"{caught_up.days}: anchored as late as ")
    held = await newest(city)
    await night(city)
    assert await faults(city, held) == []


async def test_both_lists_of_what_is_hashed_agree_on_every_kind(city: City) -> None:
    """The database's own and the verifier's; of each kind the scene has something."""
    await play(city)
    for table in ("audit_anchor", "audit_leaf", "audit_removal"):  # it has some of each, of no night
        await city.sql(f"DELETE FROM app.{table}")
    other = await city.person(Role.ADMIN)
    await reads(city, basis="delegate")
    await city.sql("DELETE FROM app.access WHERE basis = 'delegate'")
    await reads(city, basis="moderator")
    await city.sql("UPDATE app.minor_access SET approver = :a, approved_at = now(), opened_at = now()", a=other.id)
    odd = "王（法制科）,\"\\'\t\n\u007f😀 "
    await city.sql("UPDATE app.legal_hold SET why = :odd, lifted_by = :odd, lifted_at = now()", odd=odd)
    await night(city, days=2)
    found = await looked(city)
    assert found.anchors[0].facts.keys() == KINDS
    assert (found.faults, found.waiting) == ([], 0)
    assert found.facts == sum(kept.n for kept in found.anchors[0].facts.values()) >= len(KINDS)
