"""An appointment in somebody's own calendar."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from tests.appointments.reception import reception
from tests.city import City
from tests.vault.sending import path

pytestmark = pytest.mark.anyio

LINK = "query ($id: ID!) { node(id: $id) { ... on Appointment { calendarUrl } } }"


async def test_her_calendar_takes_it_in_and_nobody_elses_link_is_good(city: City) -> None:
    desk = await reception(city)
    resident, other = await city.resident(), await city.resident()
    slots = [one["startsAt"] for one in await desk.slots()]
    held = await desk.hold(resident, slots[1])
    assert (await city.one(resident, LINK, id=held["id"]))["calendarUrl"] is None
    await desk.do(resident, "cancelAppointment", appointmentId=held["id"])
    made = await desk.booked(resident, slots[0])
    url = (await city.one(resident, LINK, id=made["id"]))["calendarUrl"]
    assert await city.one(other, LINK, id=made["id"]) is None
    async with city.http() as client:
        answer = await client.get(path(url))
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
        assert answer.headers["cache-control"] == "private, no-store"
        assert (await client.head(path(url))).status_code == 200
        event = event_in(answer.content)
        assert event.start == datetime.fromisoformat(slots[0])
        assert event.end - event.start == timedelta(minutes=30)
        assert event.start.tzinfo == ZoneInfo("Asia/Shanghai")
        assert event["SUMMARY"] == "法律援助预约（窗口）：济源示例公证处"
        assert event["STATUS"] == "CONFIRMED"
        assert (event["GEO"].latitude, event["GEO"].longitude) == (35.07, 112.6)
        assert "王小姐" not in answer.text
        assert "工资" not in answer.text
        assert b"\r\nTZID:Asia/Shanghai\r\n" in answer.content
        assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))  # octets, section 3.1
        changed = url[:-4] + ("AAAA" if url[-4:] != "AAAA" else "BBBB")
        assert (await client.get(path(changed))).status_code == 404
        assert (await client.get(path(url).replace("/appointments/", "/files/"))).status_code == 404
        await desk.do(resident, "cancelAppointment", appointmentId=made["id"])
        gone = (await client.get(path(url))).content
        assert b"METHOD:CANCEL" in gone
        assert (event_in(gone)["STATUS"], event_in(gone)["UID"]) == ("CANCELLED", event["UID"])
        await city.turn_seconds(301)
        assert (await client.get(path(url))).status_code == 404
        fresh = (await city.one(resident, LINK, id=made["id"]))["calendarUrl"]
        await city.one(resident, "mutation { signOut(input: {everywhere: true}) { __typename } }")
        assert (await client.get(path(fresh))).status_code == 404


def event_in(file: bytes) -> Any:
    calendar: Any = Calendar.from_ical(file)
    (event,) = calendar.events
    return event


async def test_slots_and_lists_cost_as_much_however_many_there_are(city: City) -> None:
    desk = await reception(city, capacity=5)
    first = (await desk.slots())[0]["startsAt"]
    with city.statements() as few:
        await desk.slots(days=1)
    residents = [await city.resident() for _ in range(5)]
    for who in residents:
        await desk.booked(who, first)
    with city.statements() as many:
        assert len(await desk.slots(days=31)) > 100
    assert len(few) == len(many) == 6
    page = """query ($from: DateTime!, $to: DateTime!, $first: Int) {
      institutionAppointments(from: $from, to: $to, first: $first) { nodes {
        id institution { id } room { name } staff { name } contact { name } reason moves { state } calendarUrl } } }"""
    now = await city.now()
    said = {"from": now.isoformat(), "to": (now + timedelta(days=30)).isoformat()}
    counts = []
    for size in (1, 5):
        with city.statements() as sent:
            found = await city.one(desk.clerk, page, **said, first=size)
        assert [one["contact"]["name"] for one in found["nodes"]] == ["王小姐"] * size
        counts.append(len(sent))
    assert counts[0] == counts[1]
