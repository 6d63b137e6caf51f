"""Many at once at each door, and one has it."""

import asyncio
import os
from collections import Counter
from datetime import datetime
from typing import Any

import pytest

from app.core.ids import new_id
from tests.appointments.reception import BRIEFLY, HERE, Reception, reception
from tests.city import City, codes

pytestmark = pytest.mark.anyio
ROUNDS = int(os.environ.get("APPOINTMENT_ROUNDS", "8"))
"""Of a hundred people each; fifty take some minutes."""


async def hundred(city: City, rounds: int) -> None:
    desk = await reception(city)
    desk.shown = BRIEFLY
    people = [await city.resident() for _ in range(100)]
    slots = [one["startsAt"] for one in await desk.slots(days=14)]
    for start in slots[:rounds]:
        tried = await asyncio.gather(*(desk.hold(who, start) for who in people))
        outcomes = Counter("".join(codes(one)) for one in tried)
        assert outcomes == {"": 1, "SLOT_TAKEN": 99}, outcomes
        ((taken,),) = await city.sql(
            "SELECT count(*) FROM app.appointment WHERE state = 'HELD' AND starts_at = :at",
            at=datetime.fromisoformat(start),
        )
        assert taken == 1
        await city.pass_time(301)  # nobody books it, and nobody has too many


@pytest.mark.short
async def test_of_a_hundred_at_once_one_has_the_slot(city: City) -> None:
    await hundred(city, 2)


@pytest.mark.full
async def test_of_a_hundred_at_once_one_has_the_slot_each_time(city: City) -> None:
    await hundred(city, ROUNDS)


async def test_a_room_of_five_and_all_it_can_hold(city: City) -> None:
    desk = await reception(city, capacity=5)
    desk.shown = BRIEFLY
    people = [await city.resident() for _ in range(50)]
    start = (await desk.slots())[0]["startsAt"]
    tried = await asyncio.gather(*(desk.hold(who, start) for who in people))
    assert Counter("".join(codes(one)) for one in tried) == {"": 5, "SLOT_TAKEN": 45}
    assert len({one["id"] for one in tried if not codes(one)}) == 5


async def fifty(call: Any) -> Counter[str]:
    return Counter("".join(codes(one)) for one in await asyncio.gather(*(call(number) for number in range(50))))


async def test_fifty_at_once_at_each_door_of_one_appointment(city: City) -> None:
    desk: Reception = await reception(city, capacity=5)
    desk.shown = BRIEFLY
    resident, key = await city.resident(), str(new_id())
    slots = [one["startsAt"] for one in await desk.slots()]
    same = await asyncio.gather(*(desk.hold(resident, slots[0], idempotencyKey=key) for _ in range(50)))
    assert len({one["id"] for one in same}) == 1  # the same request makes one
    tried = await fifty(lambda number: desk.hold(resident, slots[number % 10 + 1]))
    assert tried[""] == 1  # the second before her
    assert set(tried) <= {"", "TOO_MANY_BOOKINGS", "OVERLAPPING"}
    held = same[0]["id"]
    assert await fifty(lambda _: desk.do(resident, "extendHold", appointmentId=held)) <= Counter(
        {"": 50, "HELD_LONG": 50}
    )
    assert await fifty(lambda _: desk.book(resident, held)) == {"": 1, "APPOINTMENT_STATE": 49}

    def moves(number: int) -> Any:
        said = {"appointmentId": held, "startsAt": slots[number + 12], "idempotencyKey": str(new_id())}
        return desk.do(resident, "rescheduleAppointment", **said)

    assert await fifty(moves) == {"": 1, "APPOINTMENT_STATE": 49}
    ((moved,),) = await city.sql("SELECT count(*) FROM app.appointment WHERE state = 'CONFIRMED'")
    assert moved == 1
    page = await city.one(resident, "{ appointments(first: 9) { nodes { id state startsAt } } }")
    (now,) = [one for one in page["nodes"] if one["state"] == "CONFIRMED"]
    await desk.until(now["startsAt"])
    there = {"appointmentId": now["id"]}
    assert await fifty(lambda _: desk.do(resident, "checkIn", **there, at=HERE)) == {"": 1, "APPOINTMENT_STATE": 49}
    assert await fifty(lambda _: desk.do(desk.clerk, "recordAttendance", **there, attended=True)) == {
        "": 1,
        "APPOINTMENT_STATE": 49,
    }


async def test_fifty_numbers_at_once_are_fifty_and_each_window_calls_another(city: City) -> None:
    desk = await reception(city, capacity=20)
    desk.shown = BRIEFLY
    await desk.until((await desk.slots())[0]["startsAt"])
    said = {"institutionId": desk.institution, "service": "LEGAL_AID"}
    made = await asyncio.gather(
        *(desk.do(desk.clerk, "takeWalkInNumber", **said, idempotencyKey=str(new_id())) for _ in range(50))
    )
    assert sorted(one["number"] for one in made) == list(range(1, 51))
    calls = await asyncio.gather(
        *(desk.do(desk.clerk, "callNextNumber", idempotencyKey=str(new_id())) for _ in range(50))
    )
    assert sorted(one["number"] for one in calls) == list(range(1, 51))
    assert codes(await desk.do(desk.clerk, "callNextNumber", idempotencyKey=str(new_id()))) == ["NOBODY_WAITS"]
