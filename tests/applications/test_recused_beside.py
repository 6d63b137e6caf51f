"""Who stepped back from a case sees nothing of what goes with it either: visits, consultations, codes at a window."""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from app.appointments.actions import booking
from app.core.access import Role, Viewer
from app.core.db import NOBODY, now
from app.core.ids import new_id
from app.core.sealing import KeyProvider
from app.graph.ids import global_id, uuid_of
from app.notices.models import NoticeKind
from tests.applications.bureau import Bureau, open_bureau
from tests.applications.office import open_office, post_of
from tests.applications.test_recusal import leaves
from tests.city import City, codes
from tests.directory.desk import set_post
from tests.threads.counter import Counter
from tests.threads.talk import told
from tests.vault.scene import DENIED, attempt
from tests.window.counter import open_counter
from workers.post import STAND

pytestmark = pytest.mark.anyio

MINE = "{ appointments(first: 1) { nodes { id } } }"


async def moved(bureau: Bureau, who: Viewer, appointment: str) -> str:
    """To a later time; the id of what takes its place."""
    free = [slot for slot in await bureau.reception.slots(who, after=4, service="NOTARY") if slot["free"]]
    said = {"appointmentId": appointment, "startsAt": free[-1]["startsAt"], "idempotencyKey": str(new_id())}
    made = await bureau.reception.do(who, "rescheduleAppointment", **said)
    assert made["__typename"] == "Appointment", made
    id: str = made["id"]
    return id


async def test_a_notary_who_stepped_back_sees_no_visit_that_was_booked_for_it(city: City) -> None:
    bureau, resident, other = await open_bureau(city), await city.resident(), await city.resident()
    id = await bureau.admissible(resident)
    first = (await city.one(resident, MINE))["nodes"][0]["id"]
    second = await moved(bureau, resident, first)
    theirs = await bureau.visit(other)
    assert (await bureau.reception.seen(bureau.notary, second))["contact"] is not None
    assert (await leaves(city, bureau.notary, id))["__typename"] == "ApplicationLeft"

    async def hidden(*appointments: str) -> None:
        for one in appointments:
            assert await bureau.reception.seen(bureau.notary, one) is None
            assert (await bureau.reception.seen(bureau.officer, one))["contact"] is not None
            said = {"id": uuid_of(one, "Appointment")}
            assert await attempt(city.db, bureau.notary.id, "SELECT 1 FROM app.key WHERE subject = :id", **said) == (
                "rows=0"
            )

    await hidden(first, second)
    assert (await bureau.reception.seen(bureau.notary, theirs))["contact"] is not None, "another's is hers still"
    # What is moved or booked since, and whatever post she is given later.
    third = await moved(bureau, resident, second)
    await hidden(first, second, third)
    cancelled = await bureau.reception.do(resident, "cancelAppointment", appointmentId=third)
    assert cancelled["__typename"] == "Appointment", cancelled
    fourth = await bureau.visit(resident)
    assert not codes(await bureau.does(resident, "bookNotaryVisit", id, appointmentId=fourth))
    await hidden(third, fourth)
    admin = await city.person(Role.ADMIN)
    for duty in ("OFFICER", "SUPERVISOR"):
        await set_post(city, admin, bureau.notary, bureau.office, duty=duty)
        await hidden(first, second, third, fourth)
    assert (await bureau.reception.seen(resident, fourth))["contact"] is not None


async def test_a_visit_that_is_moved_while_she_steps_back_is_kept_from_her(city: City) -> None:
    bureau, resident = await open_bureau(city), await city.resident()
    id = await bureau.admissible(resident)
    first = (await city.one(resident, MINE))["nodes"][0]["id"]
    free = [slot for slot in await bureau.reception.slots(resident, after=4, service="NOTARY") if slot["free"]]
    at, keys = datetime.fromisoformat(free[-1]["startsAt"]), city.doors[KeyProvider]
    waits = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    async with city.db.acting(resident) as session:
        said = uuid_of(first, "Appointment"), at, None, str(new_id())
        moved = await booking.move(session, resident, keys, *said, now(session))
        leaving = asyncio.create_task(leaves(city, bureau.notary, id))
        while not leaving.done() and not await city.sql(waits):
            await asyncio.sleep(0.05)
    assert (await leaving)["__typename"] == "ApplicationLeft"
    assert await bureau.reception.seen(bureau.notary, global_id("Appointment", moved)) is None
    assert (await bureau.reception.seen(bureau.officer, global_id("Appointment", moved)))["contact"] is not None


async def test_a_consultation_about_it_goes_to_another(city: City) -> None:
    office, resident = await open_office(city), await city.resident()
    id = await office.taken(resident)
    desk = Counter(city, office.centre, office.admin, office.officer, office.second)
    held = (await desk.consult(resident, applicationId=id))["id"]
    await city.settle()
    await desk.take(office.officer, held)
    assert (await leaves(city, office.officer, id))["__typename"] == "ApplicationLeft"
    assert await desk.seen(office.officer, held) is None
    assert (await desk.seen(resident, held))["state"] == "WAITING"
    assert held not in [one for one, _ in await desk.desk(office.officer)]
    assert codes(await desk.take(office.officer, held)) == ["NOT_FOUND"]
    before = await told(city, office.officer)
    await desk.say(resident, "sendToInstitution", held, "还有人在吗？")
    await city.settle()
    assert await told(city, office.officer) == before, "of what waits she hears nothing"
    assert (await desk.take(office.second, held))["state"] == "TAKEN"
    assert codes(await desk.hand(office.second, held, office.officer)) == ["COLLEAGUE_RECUSED"]
    assert (await desk.hand(office.second, held, office.head))["__typename"] == "Post"
    taking = "UPDATE app.institution_consultation SET holder = :me WHERE id = :id"
    said: dict[str, Any] = {"id": uuid_of(held, "InstitutionConsultation"), "me": office.officer.id}
    assert await attempt(city.db, office.head.id, taking, **said) == DENIED
    # Of a new one about it she hears nothing, and does not see that it waits.
    await desk.do(resident, "closeConsultation", consultationId=held)
    before, colleagues = await told(city, office.officer), len(await told(city, office.second))
    anew = (await desk.consult(resident, applicationId=id))["id"]
    await city.settle()
    assert (await told(city, office.officer), len(await told(city, office.second))) == (before, colleagues + 1)
    assert (anew, "WAITING") in await desk.desk(office.second)
    assert anew not in [one for one, _ in await desk.desk(office.officer)]
    # One that is about nothing, or another case, is hers as before.
    other = (await desk.consult(await city.resident()))["id"]
    assert (await desk.take(office.officer, other))["state"] == "TAKEN"


async def test_at_the_window_a_colleague_sees_to_it(city: City) -> None:
    counter, resident = await open_counter(city), await city.resident()
    office = counter.office
    id = await office.taken(resident)
    assert (await leaves(city, office.officer, id))["__typename"] == "ApplicationLeft"
    said = "INSERT INTO app.role_held (person, role, since) VALUES (:me, 'WINDOW_STAFF', app.clock())"
    await city.sql(said, me=office.officer.id)
    moved = replace(office.officer, roles=office.officer.roles | {Role.WINDOW_STAFF})
    await set_post(city, office.admin, moved, office.centre, duty="WINDOW_STAFF", called="赵窗口")
    made = await counter.code(resident, id)
    assert codes(await counter.opens(moved, made["digits"])) == ["PICKUP_CODE_OWN"]
    assert (await counter.opens(counter.clerk, made["digits"]))["__typename"] == "WindowVisit"


async def test_word_that_waited_does_not_come_to_who_stepped_back_meanwhile(city: City) -> None:
    office, resident = await open_office(city), await city.resident()
    id = await office.taken(resident)

    async def stands(who: Viewer) -> set[bool]:
        kinds = (NoticeKind.AID_WORK, NoticeKind.AID_DUE_SOON, NoticeKind.AID_OVERDUE)
        async with city.worker.acting(NOBODY) as session:
            return {await STAND[kind](session, who.id, uuid_of(id, "LegalAidApplication")) for kind in kinds}

    assert await stands(office.officer) == {True}
    assert (await leaves(city, office.officer, id))["__typename"] == "ApplicationLeft"
    assert (await stands(office.officer), await stands(office.second)) == ({False}, {True})


async def test_what_is_closed_is_taken_by_another_too(city: City) -> None:
    office, resident = await open_office(city), await city.resident()
    id, assignment = await office.in_hand(resident)
    await office.reports(office.lawyer, assignment)
    closed = await office.does(office.officer, "closeApplication", id, reason="工资已经支付，予以结案。")
    assert closed["state"] == "CLOSED_REPORTED", closed
    assert (await leaves(city, office.officer, id))["__typename"] == "ApplicationLeft"
    taken = await office.does(office.second, "takeApplication", id)
    assert (taken["__typename"], taken["state"]) == ("LegalAidApplication", "CLOSED_REPORTED")
    assert post_of(office.second) == taken["officer"]["id"]
