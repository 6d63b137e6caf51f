"""A minor comes to an institution: the staff see when, and who it is once a colleague has said yes."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.core.access import Role
from app.core.db import NOBODY
from app.graph.ids import uuid_of
from tests.accounts.hall import accesses, approve_access, request_access
from tests.appointments.reception import WHY, reception
from tests.city import City, codes
from tests.vault.scene import DENIED, attempt

pytestmark = pytest.mark.anyio

SEES = "query ($id: ID!) { node(id: $id) { ... on Appointment { state startsAt } } }"
OPENS = "query ($id: ID!) { node(id: $id) { ... on Appointment { contact { name phone topic } } } }"


async def test_who_a_minor_is_waits_for_a_colleagues_yes(city: City) -> None:
    desk, foreign = await reception(city), await reception(city, "示例-G-0002")
    child, auditor = await city.resident(), await city.person(Role.AUDITOR)
    await city.sql("DELETE FROM app.age_said WHERE person = :id", id=child.id)
    await city.consent(child, band="FROM_14_TO_17")
    slots = [one["startsAt"] for one in await desk.slots()]
    id = (await desk.booked(child, slots[3]))["id"]
    assert (await city.one(child, OPENS, id=id))["contact"]["name"] == "王小姐"

    # Who works there sees that somebody comes, and not who; nor can she write to her what would not be sealed.
    async def refused(who: Any) -> list[str]:
        return [error["extensions"]["code"] for error in await city.errors(who, OPENS, id=id)]

    for who in (desk.officer, desk.clerk):
        assert (await city.one(who, SEES, id=id))["state"] == "CONFIRMED"
        assert await refused(who) == ["MINOR_ACCESS_NEEDED"]
    said = {"appointmentId": id, "reason": "当天停电，窗口不开放"}
    assert codes(await desk.do(desk.clerk, "cancelAppointment", **said)) == ["MINOR_ACCESS_NEEDED"]

    # She asks; nobody approves her own, nobody from elsewhere finds it, of fifty who approve one does.
    asked = await asyncio.gather(*(request_access(city, desk.clerk, id) for _ in range(10)))
    assert len({one["id"] for one in asked}) == 1
    access = asked[0]["id"]
    assert codes(await request_access(city, foreign.clerk, id)) == ["NOT_FOUND"]
    assert codes(await approve_access(city, desk.clerk, access)) == ["OWN_REQUEST"]
    assert codes(await approve_access(city, foreign.officer, access)) == ["NOT_FOUND"]
    assert await accesses(city, foreign.officer) == []
    await city.settle()
    told = "{ notices(first: 9) { nodes { kind } } }"
    assert "MINOR_ACCESS_ASKED" in [one["kind"] for one in (await city.one(desk.officer, told))["nodes"]]
    key = {"id": uuid_of(id, "Appointment"), "access": uuid_of(access, "MinorAccess"), "me": desk.clerk.id}
    for statement, outcome in (
        ("SELECT 1 FROM app.appointment WHERE id = :id", "rows=1"),
        ("SELECT 1 FROM app.key WHERE subject = :id", "rows=0"),
        ("UPDATE app.minor_access SET approver = :me, approved_at = app.clock() WHERE id = :access", "rows=0"),
        ("UPDATE app.reader SET basis = 'staff' WHERE subject = :id", DENIED),
        ("SELECT door.minor_access_over(:access)", DENIED),
    ):
        given = {name: value for name, value in key.items() if f":{name}" in statement}
        assert await attempt(city.db, desk.clerk.id, statement, **given) == outcome, statement
    approved = await asyncio.gather(*(approve_access(city, desk.officer, access) for _ in range(50)))
    assert {one["__typename"] for one in approved} == {"MinorAccess"}

    # For a day she reads it, and it stands in the child's ledger and before the auditor.
    assert (await city.one(desk.clerk, OPENS, id=id))["contact"]["phone"] == "+8613800000011"
    assert await refused(desk.officer) == ["MINOR_ACCESS_NEEDED"]
    opened = "query ($id: ID!) { node(id: $id) { ... on Appointment { accesses { called } } } }"
    assert await city.one(child, opened, id=id) == {"accesses": [{"called": "李窗口"}]}
    (record,) = await accesses(city, auditor)
    assert (record["kind"], record["office"], record["openedAt"] is not None) == ("APPOINTMENT", "WINDOW_STAFF", True)
    await city.pass_time(timedelta(hours=24, minutes=1))
    assert await refused(desk.clerk) == ["MINOR_ACCESS_NEEDED"]
    assert (await city.one(desk.clerk, SEES, id=id))["state"] == "CONFIRMED"
    assert await attempt(city.worker, NOBODY, "SELECT body FROM app.appointment") == DENIED

    # A grown-up's needs none, and what is asked for anew may be used for what the work needs.
    grown = (await desk.booked(await city.resident(), slots[4]))["id"]
    assert codes(await request_access(city, desk.clerk, grown)) == ["MINOR_ACCESS_NOT_NEEDED"]
    again = (await request_access(city, desk.clerk, id, WHY))["id"]
    assert again != access
    assert codes(await approve_access(city, await city.person(Role.SECURITY_OFFICER), again)) == []
    cancelled = await desk.do(desk.clerk, "cancelAppointment", **said)
    assert (cancelled["state"], cancelled["reason"]) == ("CANCELLED_BY_STAFF", said["reason"])
