"""What raw SQL can do with appointments, past all of the house's code."""

import itertools
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from app.appointments.models import State
from app.appointments.rules.machine import Mover, may
from app.core.db import NOBODY, Database
from app.graph.ids import uuid_of
from tests.appointments.reception import Reception, reception
from tests.city import City
from tests.vault.scene import DENIED, attempt

pytestmark = pytest.mark.anyio


async def force(city: City, id: UUID, state: str) -> None:
    """Into that state, past every trigger; and the staff read it still."""
    async with city.super.acting(NOBODY) as session:
        await session.rows(text("SET LOCAL session_replication_role = replica"))
        await session.rows(text("UPDATE app.appointment SET state = :state WHERE id = :id"), {"state": state, "id": id})
        await session.rows(text("UPDATE app.reader SET until = 'infinity' WHERE subject = :id"), {"id": id})


async def test_the_database_and_the_rules_agree_who_may_lead_it_where(city: City) -> None:
    desk = await reception(city)
    resident = await city.resident()
    made = await desk.booked(resident, (await desk.slots())[0]["startsAt"])
    id = uuid_of(made["id"], "Appointment")
    who: dict[Mover, tuple[Database, UUID | str]] = {
        Mover.RESIDENT: (city.db, resident.id),
        Mover.STAFF: (city.db, desk.clerk.id),
        Mover.HOUSE: (city.worker, NOBODY),
    }
    stands: State | None = None
    for begins, ends, mover in itertools.product(State, State, Mover):
        if begins == ends:
            continue
        if stands is not begins:
            await force(city, id, begins)
        tried = await attempt(*who[mover], f"UPDATE app.appointment SET state = '{ends}' WHERE id = :id", id=id)
        assert tried == ("rows=1" if may(begins, ends, mover) else DENIED), (begins, ends, mover)
        stands = begins if tried == DENIED else None


async def test_nobody_makes_more_of_an_appointment_than_it_is(city: City) -> None:
    desk, foreign = await reception(city), await reception(city, "示例-G-0002")
    resident, other = await city.resident(), await city.resident()
    slots = [one["startsAt"] for one in await desk.slots()]
    made, held = await desk.booked(resident, slots[0]), await desk.hold(resident, slots[1])
    said: dict[str, Any] = {"id": uuid_of(made["id"], "Appointment"), "held": uuid_of(held["id"], "Appointment")}
    said |= {"at": uuid_of(desk.institution, "Institution"), "me": resident.id}
    for who, statement, outcome in (
        (resident, "UPDATE app.appointment SET body = '' WHERE id = :id", DENIED),
        (resident, "UPDATE app.appointment SET reason = '' WHERE id = :id", DENIED),
        (resident, "UPDATE app.appointment SET called_at = now() WHERE id = :id", DENIED),
        (resident, "UPDATE app.appointment SET hold_until = 'infinity' WHERE id = :held", DENIED),
        (resident, "UPDATE app.appointment SET state = 'DONE' WHERE id = :id", DENIED),
        (resident, "UPDATE app.appointment SET room = NULL WHERE id = :id", DENIED),
        (resident, "INSERT INTO app.key VALUES (:id, 'mine', '')", "23505"),
        (desk.clerk, "SELECT 1 FROM app.appointment WHERE id = :id", "rows=1"),
        (desk.clerk, "SELECT 1 FROM app.key WHERE subject = :id", "rows=1"),
        (desk.clerk, "SELECT 1 FROM app.appointment WHERE id = :held", "rows=0"),
        (desk.clerk, "UPDATE app.appointment SET body = '' WHERE id = :id", DENIED),
        (desk.clerk, "UPDATE app.appointment SET state = 'RESCHEDULED' WHERE id = :id", DENIED),
        (desk.clerk, "UPDATE app.appointment_service SET minutes = 15", "rows=0"),
        (desk.clerk, "INSERT INTO app.key VALUES (:held, 'mine', '')", DENIED),
        (desk.officer, "UPDATE app.appointment_service SET service = 'NOTARY'", DENIED),
        (desk.officer, "UPDATE app.appointment_calendar SET capacity = 9", DENIED),
        (foreign.officer, "SELECT 1 FROM app.appointment", "rows=0"),
        (foreign.officer, "SELECT 1 FROM app.appointment_move", "rows=0"),
        (foreign.officer, "SELECT 1 FROM app.key", "rows=0"),
        (foreign.officer, "UPDATE app.appointment SET state = 'DONE'", "rows=0"),
        (foreign.officer, "UPDATE app.appointment_service SET active = false WHERE institution = :at", "rows=0"),
        (other, "SELECT 1 FROM app.appointment", "rows=0"),
        (other, "UPDATE app.appointment SET state = 'CANCELLED_BY_RESIDENT'", "rows=0"),
    ):
        assert await attempt(city.db, who.id, statement, **said) == outcome, (statement, who)
    # What waits for the staff is not confirmed by who asked for it.
    assert (await desk.serve(confirms=True, version=1))["confirms"]
    assert await attempt(city.db, resident.id, CONFIRM, **said) == DENIED
    # Nobody is received twice at one place and time, whatever is written.
    assert await attempt(city.super, NOBODY, TWICE, **said) == "23P01"


CONFIRM = "UPDATE app.appointment SET state = 'CONFIRMED' WHERE id = :held"
TWICE = """INSERT INTO app.appointment (id, institution, service, origin, mode, state, room, place, starts_at, ends_at,
    made_at, hold_until, state_at, policy, body)
    SELECT gen_random_uuid(), institution, service, origin, mode, 'CONFIRMED', room, place,
           starts_at + interval '15 minutes', ends_at + interval '15 minutes', made_at, hold_until, state_at, policy, ''
    FROM app.appointment WHERE id = :id"""


async def test_who_leaves_the_institution_reads_no_more_and_who_comes_reads_on(city: City) -> None:
    desk, foreign = await reception(city), await reception(city, "示例-G-0002")
    resident = await city.resident()
    made = await desk.booked(resident, (await desk.slots())[0]["startsAt"])
    assert (await desk.seen(desk.clerk, made["id"]))["contact"]["name"] == "王小姐"
    assert await desk.seen(foreign.clerk, made["id"]) is None
    await city.sql("UPDATE app.post SET institution = :at WHERE person = :me", at=at(foreign), me=desk.clerk.id)
    assert await desk.seen(desk.clerk, made["id"]) is None
    await city.sql("UPDATE app.post SET institution = :at WHERE person = :me", at=at(desk), me=foreign.clerk.id)
    assert (await desk.seen(foreign.clerk, made["id"]))["contact"]["name"] == "王小姐"
    await city.sql("UPDATE app.post SET until = app.clock() WHERE person = :me", me=foreign.clerk.id)
    assert await desk.seen(foreign.clerk, made["id"]) is None
    (who,) = await city.sql(
        "SELECT count(DISTINCT person) FROM app.access WHERE subject = :id", id=uuid_of(made["id"], "Appointment")
    )
    assert who[0] == 2  # both clerks stand in the ledger


async def test_who_closes_her_account_leaves_her_slot_to_others(city: City) -> None:
    desk = await reception(city)
    resident = await city.resident()
    first = (await desk.slots())[0]["startsAt"]
    made = await desk.booked(resident, first)
    await city.one(resident, "mutation { closeAccount(input: {understood: true}) { __typename } }")
    await city.settle()
    ((person, state, body),) = await city.sql("SELECT person, state, body FROM app.appointment")
    assert (person, state, bytes(body)) == (None, "CANCELLED_BY_RESIDENT", b"")
    assert await city.sql("SELECT 1 FROM app.key WHERE subject = :id", id=uuid_of(made["id"], "Appointment")) == []
    assert (await desk.slots())[0]["startsAt"] == first
    await city.pass_time(timedelta(days=1))


def at(desk: Reception) -> UUID:
    return uuid_of(desk.institution, "Institution")
