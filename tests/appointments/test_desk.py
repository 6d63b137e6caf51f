"""What the officers say of services and calendars, and who walks in."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from app.core.access import Role
from app.core.ids import new_id
from tests.appointments.reception import AWAY, CALENDAR, HERE, WHY, post, reception
from tests.city import City, codes
from tests.directory.desk import set_post

pytestmark = pytest.mark.anyio


async def test_officers_say_what_is_offered_and_the_history_keeps_it(city: City) -> None:
    desk, foreign = await reception(city), await reception(city, "示例-G-0002")
    changed = await desk.serve(minutes=60, version=1)
    assert (changed["minutes"], changed["version"], len(changed["history"])) == (60, 2, 2)
    assert changed["calendars"] == [{"id": desk.window, "name": "1号窗口"}]
    assert codes(await desk.serve(version=1)) == ["CHANGED_MEANWHILE"]
    assert codes(await desk.serve(version=0)) == ["CHANGED_MEANWHILE"]
    assert codes(await desk.serve(version=2, minutes=20)) == ["BAD_VALUE"]
    assert codes(await desk.serve(version=2, modes=[])) == ["BAD_VALUE"]
    assert codes(await desk.serve(version=2, reason="好")) == ["TOO_SHORT"]
    assert codes(await desk.open(name="")) == ["BLANK"]
    assert codes(await desk.open(capacity=21)) == ["BAD_VALUE"]
    assert codes(await desk.open(kind="STAFF")) == ["FOREIGN_CALENDAR"]
    assert codes(await desk.open(kind="STAFF", personId=post(foreign.clerk))) == ["FOREIGN_CALENDAR"]
    hers = await desk.open(kind="STAFF", personId=post(desk.clerk), name="李窗口")
    assert (hers["__typename"], hers["capacity"]) == ("AppointmentCalendar", 1)
    assert codes(await desk.open(kind="STAFF", personId=post(desk.clerk), name="李窗口")) == ["CHANGED_MEANWHILE"]
    said: dict[str, Any] = {"calendarId": desk.window, "version": 1, "reason": WHY}
    assert codes(await desk.do(foreign.officer, "changeAppointmentCalendar", CALENDAR, **said)) == ["FOREIGN_CALENDAR"]
    nowhere = await city.person(Role.OFFICER)
    assert codes(await desk.do(nowhere, "changeAppointmentCalendar", CALENDAR, **said)) == ["FOREIGN_CALENDAR"]

    # A slot of an hour needs the clerk and a window, and she is away for a day.
    slots = await desk.slots()
    first = datetime.fromisoformat(slots[0]["startsAt"])
    away = {"from": first.isoformat(), "until": (first + timedelta(hours=1)).isoformat()}
    said |= {"calendarId": hers["id"], "away": [away]}
    gone = await desk.do(desk.officer, "changeAppointmentCalendar", CALENDAR, **said)
    assert [datetime.fromisoformat(one["from"]) for one in gone["away"]] == [first]
    assert [one["startsAt"] for one in await desk.slots()] == [one["startsAt"] for one in slots[1:]]
    held = await desk.hold(await city.resident(), slots[1]["startsAt"])
    assert (held["staff"]["name"], held["room"]["name"]) == ("李窗口", "1号窗口")
    by_phone = await desk.hold(await city.resident(), slots[2]["startsAt"], mode="TELEPHONE", calendarId=hers["id"])
    assert (by_phone["staff"]["id"], by_phone["room"]) == (hers["id"], None)
    with_absences = "{ appointmentCalendars { name away { from } } }"
    assert [len(one["away"]) for one in await city.one(desk.clerk, with_absences)] == [0, 1]
    node = (
        "query ($id: ID!) { node(id: $id) { ... on AppointmentCalendar { name away { from } history { version } } } }"
    )
    assert await city.one(foreign.clerk, node, id=hers["id"]) == {"name": "李窗口", "away": [], "history": []}
    assert (await desk.serve(active=False, version=2))["active"] is False
    assert codes(await desk.hold(await city.resident(), slots[3]["startsAt"])) == ["NOT_OFFERED"]
    told = "query ($at: ID!) { appointmentServices(institutionId: $at) { service } }"
    assert await city.one(None, told, at=desk.institution) == []


async def test_who_walks_in_shares_the_places_that_are_booked(city: City) -> None:
    desk, foreign = await reception(city), await reception(city, "示例-G-0002")
    slots = [one["startsAt"] for one in await desk.slots()]
    await desk.until(slots[0])  # its first slot has begun: nine o'clock of a working day
    today = [datetime.fromisoformat(one["startsAt"]) for one in await desk.slots(days=1)]
    visitor = await city.resident()
    booked = await desk.booked(visitor, today[0].isoformat())
    said: dict[str, Any] = {"institutionId": desk.institution, "service": "LEGAL_AID"}

    async def number(who: Any, **more: Any) -> Any:
        return await desk.do(who, "takeWalkInNumber", **said | {"idempotencyKey": str(new_id())} | more)

    resident = await city.resident()
    assert codes(await number(resident)) == ["NOT_ON_SITE"]
    assert codes(await number(resident, at=AWAY)) == ["NOT_ON_SITE"]
    assert codes(await number(foreign.clerk, at=None)) == ["NOT_ON_SITE"]
    assert codes(await number(resident, service="NOTARY", at=HERE)) == ["NOT_OFFERED"]
    hers = await number(resident, at=HERE)
    assert (hers["number"], hers["state"], hers["origin"], hers["startsAt"]) == (1, "CHECKED_IN", "WALK_IN", slots[0])
    nobodys = await number(desk.clerk)
    assert (nobodys["number"], nobodys["contact"], nobodys["startsAt"]) == (2, None, slots[1])
    assert await desk.seen(resident, nobodys["id"]) is None
    taken = {hers["startsAt"], nobodys["startsAt"], booked["startsAt"]}
    others = []
    while codes(made := await number(desk.officer)) == []:
        others.append(made["startsAt"])
    assert codes(made) == ["SLOT_TAKEN"]
    assert len(set(others) | taken) == len(others) + 3 == 13  # six before noon, seven after: each place once
    assert await desk.slots(days=0.9) == []

    calls = [await desk.do(desk.clerk, "callNextNumber", idempotencyKey=f"call-number-{n}") for n in range(2)]
    assert [one["number"] for one in calls] == [1, 2]
    # She is told that she is called, on her telephone; she alone sees who has opened what she said.
    await city.settle()
    told = [one["kind"] for one in (await city.one(resident, "{ notices(first: 9) { nodes { kind } } }"))["nodes"]]
    assert told == ["APPOINTMENT_CALLED"]
    assert (await desk.seen(desk.clerk, booked["id"]))["contact"]["phone"] == "+8613800000011"
    opened = "query ($id: ID!) { node(id: $id) { ... on Appointment { accesses { called file { id } } } } }"
    assert await city.one(visitor, opened, id=booked["id"]) == {"accesses": [{"called": "李窗口", "file": None}]}
    assert await city.one(desk.clerk, opened, id=booked["id"]) == {"accesses": []}
    left = await desk.do(desk.clerk, "recordAttendance", appointmentId=hers["id"], attended=False)
    assert left["state"] == "NO_SHOW"
    assert codes(await desk.do(foreign.clerk, "callNextNumber", idempotencyKey="of-the-foreign")) == ["NOBODY_WAITS"]
    await desk.until(slots[0], timedelta(days=-1))
    states = await city.sql("SELECT DISTINCT state FROM app.appointment WHERE origin = 'WALK_IN'")
    assert {state for (state,) in states} == {"NO_SHOW", "DONE"}


async def test_nobody_books_the_time_of_who_works_there_no_more(city: City) -> None:
    desk = await reception(city)
    admin, resident = await city.person(Role.ADMIN), await city.resident()
    hers = (await desk.open(kind="STAFF", personId=post(desk.clerk), name="李窗口"))["id"]
    asked = "query ($at: ID!) { appointmentServices(institutionId: $at) { calendars { id } } }"

    async def offered() -> list[str]:
        (service,) = await city.one(None, asked, at=desk.institution)
        return [one["id"] for one in service["calendars"]]

    async def held(number: int) -> Any:
        first = (await desk.slots(mode="TELEPHONE"))[number]["startsAt"]
        return await desk.hold(resident, first, mode="TELEPHONE", calendarId=hers)

    assert hers in await offered()
    assert (await held(0))["staff"]["id"] == hers
    await set_post(city, admin, desk.clerk, None)
    assert await offered() == [desk.window]
    assert codes(await held(1)) == ["FOREIGN_CALENDAR"]
    await set_post(city, admin, desk.clerk, desk.institution, duty="WINDOW_STAFF", called="李窗口")
    assert hers in await offered()
    assert (await held(2))["staff"]["id"] == hers


async def test_nobody_overtakes_who_took_a_lower_number(city: City) -> None:
    desk = await reception(city)
    booked, early, first, second = [await city.resident() for _ in range(4)]
    slots = [one["startsAt"] for one in await desk.slots()]
    made = await desk.booked(booked, slots[1])
    soon = await desk.booked(early, slots[2])
    await desk.until(slots[0], timedelta(minutes=-1))
    said: dict[str, Any] = {"institutionId": desk.institution, "service": "LEGAL_AID", "at": HERE}

    async def number(who: Any) -> Any:
        return await desk.do(who, "takeWalkInNumber", **said, idempotencyKey=str(new_id()))

    assert (await number(await city.resident()))["startsAt"] == slots[0]
    assert (await number(first))["startsAt"] == slots[3]  # what lies between is booked
    await desk.do(desk.clerk, "cancelAppointment", appointmentId=made["id"], reason="经办人临时外出。")
    assert (await number(second))["startsAt"] == slots[1]  # and then is free again
    await desk.until(slots[2], timedelta(minutes=20))
    assert (await desk.do(early, "checkIn", appointmentId=soon["id"], at=HERE))["state"] == "CHECKED_IN"

    async def called(n: int) -> Any:
        return (await desk.do(desk.clerk, "callNextNumber", idempotencyKey=f"call-in-turn-{n}"))["number"]

    assert [await called(n) for n in range(2)] == [1, 2]
    await desk.until(slots[2])
    assert [await called(n) for n in range(2, 4)] == [None, 3]  # who booked, once her time has come


async def test_who_comes_when_the_door_is_shut_is_told_so(city: City) -> None:
    desk = await reception(city)
    said: dict[str, Any] = {"institutionId": desk.institution, "service": "LEGAL_AID"}
    refused = await desk.do(desk.clerk, "takeWalkInNumber", **said, idempotencyKey=str(new_id()))
    assert codes(refused) == ["OUT_OF_HOURS"]  # in the evening
    await desk.until((await desk.slots())[0]["startsAt"], timedelta(hours=2))
    early = await desk.do(desk.clerk, "takeWalkInNumber", **said, idempotencyKey=str(new_id()))
    assert early["number"] == 1  # before the door opens, for when it does


async def test_who_took_a_number_and_left_has_broken_no_appointment(city: City) -> None:
    desk = await reception(city)
    resident = await city.resident()
    await desk.until((await desk.slots())[0]["startsAt"])
    said: dict[str, Any] = {"institutionId": desk.institution, "service": "LEGAL_AID", "at": HERE}
    for _ in range(2):
        made = await desk.do(resident, "takeWalkInNumber", **said, idempotencyKey=str(new_id()))
        left = await desk.do(desk.clerk, "recordAttendance", appointmentId=made["id"], attended=False)
        assert left["state"] == "NO_SHOW"
    first = (await desk.slots(mode="TELEPHONE"))[0]["startsAt"]
    assert (await desk.hold(resident, first, mode="TELEPHONE"))["state"] == "HELD"
