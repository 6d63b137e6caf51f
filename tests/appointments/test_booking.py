"""Appointments as people make, move, miss and keep them."""

import asyncio
from datetime import datetime, timedelta

import pytest

from tests.appointments.reception import AWAY, HERE, reception
from tests.city import City, codes

pytestmark = pytest.mark.anyio

HALF = timedelta(minutes=30)
TOLD = "{ notices(first: 20) { nodes { kind aboutId } } }"


async def told(city: City, who: object) -> list[str]:
    page = await city.one(who, TOLD)  # type: ignore[arg-type]
    return sorted(one["kind"] for one in page["nodes"])


async def test_a_slot_is_held_booked_and_kept(city: City) -> None:
    desk = await reception(city)
    resident, other = await city.resident(), await city.resident()
    slots = await desk.slots()
    first, second = slots[0]["startsAt"], slots[1]["startsAt"]
    assert {datetime.fromisoformat(one["endsAt"]) - datetime.fromisoformat(one["startsAt"]) for one in slots} == {HALF}
    assert all(one["free"] == 1 for one in slots)
    assert await desk.slots(resident) == slots

    held = await desk.hold(resident, first)
    assert (held["state"], held["contact"], held["staff"]) == ("HELD", None, None)
    assert held["room"] == {"id": desk.window, "name": "1号窗口"}
    assert datetime.fromisoformat(held["holdUntil"]) > await city.now() + timedelta(minutes=4)
    assert first not in [one["startsAt"] for one in await desk.slots()]
    assert codes(await desk.hold(other, first)) == ["SLOT_TAKEN"]
    assert await desk.seen(desk.clerk, held["id"]) is None  # nobody's business yet

    await city.pass_time(200)
    longer = await desk.do(resident, "extendHold", appointmentId=held["id"])
    assert longer["holdUntil"] > held["holdUntil"]
    await city.pass_time(200)
    made = await desk.book(resident, held["id"], phone="13800000011")
    assert (made["state"], made["holdUntil"]) == ("CONFIRMED", None)
    assert made["contact"] == {"name": "王小姐", "phone": "+8613800000011", "topic": "想问工资的事"}
    for staff in (desk.clerk, desk.officer):
        assert (await desk.seen(staff, held["id"]))["contact"]["name"] == "王小姐"
    assert await desk.seen(other, held["id"]) is None
    assert await desk.seen(None, held["id"]) is None
    page = await city.one(resident, "{ appointments { nodes { id } } }")
    assert page["nodes"] == [{"id": held["id"]}]

    await desk.until(first, timedelta(hours=24))
    await desk.until(first, timedelta(hours=2))
    assert await told(city, resident) == ["APPOINTMENT_SOON", "APPOINTMENT_SOON"]
    assert codes(await desk.do(resident, "checkIn", appointmentId=held["id"], at=HERE)) == ["TOO_EARLY"]
    await desk.until(first, timedelta(minutes=10))
    assert codes(await desk.do(resident, "checkIn", appointmentId=held["id"], at=AWAY)) == ["NOT_ON_SITE"]
    assert codes(await desk.do(resident, "checkIn", appointmentId=held["id"])) == ["NOT_ON_SITE"]
    there = await desk.do(resident, "checkIn", appointmentId=held["id"], at=HERE)
    assert there["state"] == "CHECKED_IN"
    await desk.until(first)
    called = await desk.do(desk.clerk, "callNextNumber", idempotencyKey="of-the-next-one")
    assert (called["id"], called["calledAt"] is not None) == (held["id"], True)
    assert await desk.do(desk.clerk, "callNextNumber", idempotencyKey="of-the-next-one") == called
    assert codes(await desk.do(desk.clerk, "callNextNumber", idempotencyKey="of-nobody")) == ["NOBODY_WAITS"]
    done = await desk.do(desk.clerk, "recordAttendance", appointmentId=held["id"], attended=True)
    assert done["moves"] == [
        {"state": "HELD", "by": "RESIDENT"},
        {"state": "CONFIRMED", "by": "RESIDENT"},
        {"state": "CHECKED_IN", "by": "RESIDENT"},
        {"state": "DONE", "by": "STAFF"},
    ]
    assert second > first
    await city.pass_time(timedelta(days=8))
    assert await desk.seen(desk.clerk, held["id"]) is None  # a week after it she reads it no more
    assert (await desk.seen(resident, held["id"]))["contact"]["name"] == "王小姐"
    await city.pass_time(timedelta(days=90))
    assert (await desk.seen(resident, held["id"]))["contact"] is None  # destroyed


async def test_what_nobody_holds_any_longer_is_free_before_the_relay_comes_by(city: City) -> None:
    desk = await reception(city)
    first, *_ = [slot["startsAt"] for slot in await desk.slots()]
    slow, quick = await city.resident(), await city.resident()
    held = await desk.hold(slow, first)
    await city.turn(timedelta(minutes=6))  # by the clock alone: no reaction has run
    assert first in [one["startsAt"] for one in await desk.slots()]
    taken = await asyncio.gather(*(desk.hold(quick, first, idempotencyKey=f"another-key-{n}") for n in range(5)))
    assert sorted(one["__typename"] for one in taken) == ["Appointment"] + ["Refused"] * 4
    assert codes(await desk.book(slow, held["id"])) == ["HOLD_EXPIRED"]
    (kept,) = [one for one in taken if one["__typename"] == "Appointment"]
    assert (await desk.book(quick, kept["id"]))["state"] == "CONFIRMED"
    await city.settle()
    steps = await city.sql("SELECT m.state, m.actor FROM app.appointment_move m ORDER BY m.at, m.n")
    assert [(state, actor is None) for state, actor in steps if state == "EXPIRED"] == [("EXPIRED", True)]
    again = await desk.hold(slow, (await desk.slots())[0]["startsAt"])
    assert again["state"] == "HELD"


async def test_what_cannot_be_is_refused_by_its_name(city: City) -> None:
    desk, foreign = await reception(city), await reception(city, "示例-G-0002")
    resident, other = await city.resident(), await city.resident()
    now = await city.now()
    slots = await desk.slots(days=31)
    first = datetime.fromisoformat(slots[0]["startsAt"])
    assert datetime.fromisoformat(slots[-1]["startsAt"]) < now + timedelta(days=30)

    async def held(starts_at: datetime, **more: object) -> list[str]:
        return codes(await desk.hold(resident, starts_at.isoformat(), **more))

    assert await held(now - timedelta(hours=1)) == ["PAST"]
    assert await held(now + timedelta(hours=1)) == ["TOO_SOON"]
    assert await held(now + timedelta(days=31)) == ["BEYOND_HORIZON"]
    night = datetime.fromisoformat(slots[-1]["startsAt"]).replace(hour=3, minute=0) - timedelta(days=3)
    assert await held(night) == ["OUT_OF_HOURS"]
    assert await held(first + timedelta(minutes=10)) == ["NOT_A_SLOT"]
    assert await held(first, mode="VIDEO") == ["NOT_OFFERED"]
    assert await held(first, service="NOTARY") == ["NOT_OFFERED"]
    assert await held(first, calendarId=foreign.window) == ["FOREIGN_CALENDAR"]
    assert await held(first, institutionId=desk.window) == ["BAD_ID"]
    assert codes(await desk.hold(resident, first.isoformat(), idempotencyKey="x")) == ["BAD_KEY"]
    said = {"at": desk.institution, "service": "LEGAL_AID", "from": now.isoformat()}
    ask = """query ($at: ID!, $service: AppointmentPurpose!, $from: DateTime!, $to: DateTime!) {
      appointmentSlots(institutionId: $at, service: $service, from: $from, to: $to) { free } }"""
    for to in (now, now - timedelta(days=1), now + timedelta(days=32)):
        (error,) = await city.errors(None, ask, **said, to=to.isoformat())
        assert error["extensions"]["code"] == "SPAN_TOO_LONG"
    away = (now + timedelta(days=60)).isoformat()
    assert await city.one(None, ask, **said | {"from": away}, to=(now + timedelta(days=70)).isoformat()) == []

    made = await desk.booked(resident, slots[0]["startsAt"])
    assert await held(first) == ["OVERLAPPING"]
    at_the_other = await foreign.hold(resident, slots[0]["startsAt"])
    assert codes(at_the_other) == ["OVERLAPPING"]
    again = await desk.hold(resident, slots[1]["startsAt"])
    assert codes(await desk.hold(resident, slots[2]["startsAt"])) == ["TOO_MANY_BOOKINGS"]
    for bad, code in (
        ({"name": ""}, "BLANK"),
        ({"name": "王" * 31}, "TOO_LONG"),
        ({"name": "王\x00"}, "BAD_TEXT"),
        ({"topic": "字" * 301}, "TOO_LONG"),
        ({"phone": "12"}, "BAD_PHONE"),
    ):
        assert codes(await desk.book(resident, again["id"], **bad)) == [code]
    assert codes(await desk.book(other, again["id"])) == ["NOT_FOUND"]
    assert codes(await desk.book(desk.clerk, made["id"])) == ["APPOINTMENT_STATE"]
    await city.pass_time(301)
    assert codes(await desk.book(resident, again["id"])) == ["HOLD_EXPIRED"]
    assert codes(await desk.do(resident, "extendHold", appointmentId=again["id"])) == ["HOLD_EXPIRED"]
    assert slots[1] in await desk.slots()
    assert (await desk.seen(resident, again["id"]))["moves"][-1] == {"state": "EXPIRED", "by": "HOUSE"}

    by_phone = await desk.hold(resident, slots[3]["startsAt"], mode="TELEPHONE")
    assert codes(await desk.book(resident, by_phone["id"])) == ["BAD_PHONE"]
    for _ in range(6):  # for half an hour in all
        await city.pass_time(290)
        last = await desk.do(resident, "extendHold", appointmentId=by_phone["id"])
    assert codes(last) == []
    assert codes(await desk.do(resident, "extendHold", appointmentId=by_phone["id"])) == ["HELD_LONG"]
    assert codes(await desk.do(resident, "extendHold", appointmentId=made["id"])) == ["APPOINTMENT_STATE"]


async def test_an_appointment_is_moved_cancelled_confirmed_and_missed(city: City) -> None:
    desk = await reception(city)
    resident = await city.resident()
    slots = [one["startsAt"] for one in await desk.slots()]

    made = await desk.booked(resident, slots[0])
    moved = await desk.do(
        resident, "rescheduleAppointment", appointmentId=made["id"], startsAt=slots[1], idempotencyKey="of-the-move"
    )
    assert (moved["state"], moved["movedFromId"], moved["contact"]) == ("CONFIRMED", made["id"], made["contact"])
    assert (await desk.seen(resident, made["id"]))["state"] == "RESCHEDULED"
    rival = await desk.booked(await city.resident(), slots[2])
    said = {"appointmentId": moved["id"], "idempotencyKey": "of-the-second-move"}
    assert codes(await desk.do(resident, "rescheduleAppointment", **said, startsAt=slots[2])) == ["SLOT_TAKEN"]
    assert (await desk.seen(resident, moved["id"]))["state"] == "CONFIRMED"
    said["idempotencyKey"] = "of-the-third-move"
    assert codes(await desk.do(desk.clerk, "rescheduleAppointment", **said, startsAt=slots[3])) == ["APPOINTMENT_STATE"]

    assert codes(await desk.do(desk.clerk, "cancelAppointment", appointmentId=moved["id"])) == ["BLANK"]
    why = "当天停电，窗口不开放"
    gone = await desk.do(desk.clerk, "cancelAppointment", appointmentId=moved["id"], reason=why)
    assert (gone["state"], gone["reason"]) == ("CANCELLED_BY_STAFF", why)
    await city.settle()
    assert (await desk.seen(resident, moved["id"]))["reason"] == why
    assert await told(city, resident) == ["APPOINTMENT_CANCELLED"]
    assert codes(await desk.do(resident, "cancelAppointment", appointmentId=moved["id"])) == ["APPOINTMENT_STATE"]

    # What the staff confirm first; what they leave is over when it would begin.
    assert (await desk.serve(confirms=True, version=1))["version"] == 2
    asked, left = await desk.booked(resident, slots[3]), await desk.booked(resident, slots[4])
    assert (asked["state"], left["state"]) == ("REQUESTED", "REQUESTED")
    assert codes(await desk.hold(await city.resident(), slots[3])) == ["SLOT_TAKEN"]  # pending is taken
    assert codes(await desk.do(desk.clerk, "checkIn", appointmentId=asked["id"])) == ["APPOINTMENT_STATE"]
    assert (await desk.do(desk.clerk, "confirmAppointment", appointmentId=asked["id"]))["state"] == "CONFIRMED"
    assert (await desk.serve(version=2))["confirms"] is False

    await desk.until(slots[2], timedelta(minutes=90))
    (resident_of_the_rival,) = await city.sql(
        "SELECT person FROM app.appointment WHERE state = 'CONFIRMED' AND starts_at = :at",
        at=datetime.fromisoformat(slots[2]),
    )
    assert resident_of_the_rival
    soon = await desk.do(desk.officer, "recordAttendance", appointmentId=rival["id"], attended=False)
    assert codes(soon) == ["TOO_EARLY"]
    await desk.until(slots[4], timedelta(seconds=-1))
    assert (await desk.seen(resident, left["id"]))["state"] == "EXPIRED"
    await desk.until(slots[4], timedelta(minutes=-60))
    assert (await desk.seen(resident, asked["id"]))["state"] == "NO_SHOW"
    assert (await desk.seen(desk.clerk, rival["id"]))["state"] == "NO_SHOW"
    assert "APPOINTMENT_MISSED" in await told(city, resident)
    right = await desk.do(desk.officer, "recordAttendance", appointmentId=rival["id"], attended=True)
    assert right["state"] == "DONE"


async def test_it_is_not_given_up_at_the_last_moment_and_who_misses_two_comes_to_windows(city: City) -> None:
    desk = await reception(city)
    resident = await city.resident()
    for _ in range(2):
        first = (await desk.slots())[0]["startsAt"]
        made = await desk.booked(resident, first)
        await desk.until(first, timedelta(minutes=90))
        for field, more in (("cancelAppointment", {}), ("rescheduleAppointment", {"startsAt": first})):
            if more:
                more |= {"idempotencyKey": "too-late-for-that"}
            assert codes(await desk.do(resident, field, appointmentId=made["id"], **more)) == ["TOO_LATE"]
        await desk.until(first, timedelta(minutes=-60))
        assert (await desk.seen(resident, made["id"]))["state"] == "NO_SHOW"
    slots = [one["startsAt"] for one in await desk.slots()]
    assert codes(await desk.hold(resident, slots[0], mode="TELEPHONE")) == ["WINDOW_ONLY"]
    held = await desk.hold(resident, slots[0])
    assert held["state"] == "HELD"
    gone = await desk.do(resident, "cancelAppointment", appointmentId=held["id"])
    assert gone["state"] == "CANCELLED_BY_RESIDENT"
    await city.pass_time(timedelta(days=30))
    slots = [one["startsAt"] for one in await desk.slots()]
    by_phone = await desk.booked(resident, slots[0], mode="TELEPHONE")
    await desk.until(slots[0], timedelta(minutes=-60))
    assert (await desk.seen(resident, by_phone["id"]))["state"] == "DONE"  # the staff said nothing else


async def test_whoever_cancels_or_moves_is_not_reminded(city: City) -> None:
    desk = await reception(city)
    resident = await city.resident()
    slots = [
        one["startsAt"]
        for one in await desk.slots()
        if one["startsAt"] > (await city.now() + timedelta(days=2)).isoformat()
    ]
    made = await desk.booked(resident, slots[0])
    await desk.do(resident, "cancelAppointment", appointmentId=made["id"])
    moved = await desk.booked(resident, slots[1])
    said = {"appointmentId": moved["id"], "startsAt": slots[-1], "idempotencyKey": "to-the-last-one"}
    assert (await desk.do(resident, "rescheduleAppointment", **said))["state"] == "CONFIRMED"
    await desk.until(slots[1], timedelta(hours=-2))
    assert await told(city, resident) == []
    await desk.until(slots[-1], timedelta(hours=1))
    assert await told(city, resident) == ["APPOINTMENT_SOON", "APPOINTMENT_SOON"]


async def test_who_is_there_waits_until_she_is_called_however_late_the_windows_are(city: City) -> None:
    desk = await reception(city)
    patient, gone = await city.resident(), await city.resident()
    first, second = (one["startsAt"] for one in (await desk.slots())[:2])
    made, other = await desk.booked(patient, first), await desk.booked(gone, second)
    for who, id in ((patient, made["id"]), (gone, other["id"])):
        assert (await desk.do(who, "checkIn", appointmentId=id, at=HERE))["__typename"] == "Refused"
        await desk.until(first if who is patient else second, timedelta(minutes=10))
        assert (await desk.do(who, "checkIn", appointmentId=id, at=HERE))["state"] == "CHECKED_IN"
    await city.pass_time(timedelta(hours=3))
    called = await desk.do(desk.clerk, "callNextNumber", idempotencyKey="of-who-waits-long")
    assert (called["id"], called["state"]) == (made["id"], "CHECKED_IN")
    assert (await desk.do(desk.clerk, "recordAttendance", appointmentId=made["id"], attended=True))["state"] == "DONE"
    await city.pass_time(timedelta(hours=12))
    assert (await desk.seen(gone, other["id"]))["moves"][-1] == {"state": "DONE", "by": "HOUSE"}
