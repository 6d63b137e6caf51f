"""A minor's file opens for a second person's yes, and each step stays written down."""

import asyncio
from datetime import timedelta

import pytest

from app.core.access import Role, Viewer
from app.graph.ids import parse_id
from tests.accounts.hall import (
    FILE_OF,
    accesses,
    approve_access,
    file_id,
    moves,
    request_access,
    suspend,
)
from tests.city import City, codes
from tests.vault.scene import DENIED, attempt

pytestmark = pytest.mark.anyio


async def young(city: City, band: str = "FROM_14_TO_17") -> str:
    child = await city.resident()
    await city.sql("INSERT INTO app.age_said VALUES (:id, 2, :band, now())", id=child.id, band=band)
    return file_id(child)


async def refused(city: City, keeper: Viewer, file: str) -> bool:
    found = await city.errors(keeper, FILE_OF, id=file)
    return [error["extensions"]["code"] for error in found] == ["MINOR_ACCESS_NEEDED"]


@pytest.mark.parametrize("band", ["UNDER_14", "FROM_14_TO_17"])
@pytest.mark.parametrize("approver", [Role.ADMIN, Role.SECURITY_OFFICER])
async def test_a_minors_file_waits_for_a_second_person(city: City, band: str, approver: Role) -> None:
    admin, second, auditor = await city.person(Role.ADMIN), await city.person(approver), await city.person(Role.AUDITOR)
    file = await young(city, band)
    child = parse_id(file)[1]
    assert await refused(city, admin, file)
    assert await city.one(admin, "query ($id: ID!) { node(id: $id) { id } }", id=file) is None

    asked = await request_access(city, admin, file)
    assert (asked["kind"], asked["aboutId"], asked["office"], asked["crisis"]) == ("FILE", file, "ADMIN", False)
    assert (await request_access(city, admin, file))["id"] == asked["id"]
    await city.settle()
    told = "{ notices(first: 9) { nodes { kind aboutId } } }"
    for who, hears in ((second, True), (admin, False), (auditor, False)):
        found = [(one["kind"], one["aboutId"]) for one in (await city.one(who, told))["nodes"]]
        assert found == ([("MINOR_ACCESS_ASKED", asked["id"])] if hears else [])  # once, however often it is asked
    assert await refused(city, admin, file)
    assert codes(await approve_access(city, admin, asked["id"])) == ["OWN_REQUEST"]
    assert codes(await approve_access(city, auditor, asked["id"])) == ["APPROVER_NEEDED"]
    assert await refused(city, admin, file)

    approved = await approve_access(city, second, asked["id"])
    assert approved["approvedAt"]
    assert approved["openedAt"] is None
    assert (await city.one(admin, FILE_OF, id=file))["id"] == file
    assert await refused(city, auditor, file)  # it was approved for one
    (seen,) = await accesses(city, auditor)
    assert (seen["requester"]["id"], seen["approver"]["id"]) == (file_id(admin), file_id(second))
    assert seen["openedAt"]
    assert seen["reason"] == "家长来电核实情况"
    log = "SELECT count(*) FROM app.minor_access WHERE subject = :id AND reason <> convert_to(:why, 'UTF8')"
    assert await city.sql(log, id=child, why="家长来电核实情况") == [(1,)]

    await city.turn(timedelta(hours=25))
    assert await refused(city, admin, file)
    assert (await request_access(city, admin, file))["id"] != asked["id"]


async def test_what_lapsed_is_approved_no_more_and_a_grown_up_needs_none(city: City) -> None:
    admin, second = await city.person(Role.ADMIN), await city.person(Role.ADMIN)
    file = await young(city)
    id = (await request_access(city, admin, file))["id"]
    await city.turn(timedelta(hours=25))
    assert codes(await approve_access(city, second, id)) == ["MINOR_ACCESS_OVER"]
    grown = file_id(await city.resident())
    assert codes(await request_access(city, admin, grown)) == ["MINOR_ACCESS_NOT_NEEDED"]
    assert (await city.one(admin, FILE_OF, id=grown))["id"] == grown
    supervisor = await city.person(Role.SUPERVISOR)
    assert codes(await request_access(city, supervisor, file)) == ["NOT_FOUND"]


async def test_what_is_decided_about_a_minor_waits_too(city: City) -> None:
    admin, second = await city.person(Role.ADMIN), await city.person(Role.SECURITY_OFFICER)
    child = await city.resident()
    assert (await suspend(city, admin, child))["suspended"]
    assert len(await moves(city, admin, child)) == 1
    await city.sql("INSERT INTO app.age_said VALUES (:id, 2, 'FROM_14_TO_17', now())", id=child.id)
    assert await moves(city, admin, child) == []
    assert codes(await suspend(city, admin, child)) == ["MINOR_ACCESS_NEEDED"]
    await approve_access(city, second, (await request_access(city, admin, file_id(child)))["id"])
    assert await city.one(admin, FILE_OF, id=file_id(child))
    assert len(await moves(city, admin, child)) == 1


async def test_fifty_ask_and_approve_at_once(city: City) -> None:
    admin, seconds = await city.person(Role.ADMIN), [await city.person(Role.ADMIN) for _ in range(2)]
    file = await young(city)
    asked = await asyncio.gather(*(request_access(city, admin, file) for _ in range(50)))
    ((id,),) = {(one["id"],) for one in asked}
    done = await asyncio.gather(*(approve_access(city, seconds[n % 2], id) for n in range(50)))
    assert {one["__typename"] for one in done} == {"MinorAccess"}
    assert len({one["approvedAt"] for one in done}) == 1
    assert await city.sql("SELECT count(*) FROM app.minor_access") == [(1,)]


async def test_by_raw_sql_nobody_approves_her_own_or_opens_what_was_not_approved(city: City) -> None:
    admin, second = await city.person(Role.ADMIN), await city.person(Role.ADMIN)
    auditor, child = await city.person(Role.AUDITOR), await young(city)
    id = parse_id((await request_access(city, admin, child))["id"])[1]
    said = {"id": id, "child": parse_id(child)[1], "me": admin.id, "them": second.id}
    yes = "UPDATE app.minor_access SET approver = {who}, approved_at = app.clock(), until = {until} WHERE id = :id"
    day = "app.clock() + interval '24 hours'"
    for who, statement, outcome in (
        (admin, yes.format(who=":me", until=day), "rows=0"),
        (admin, yes.format(who=":them", until=day), "rows=0"),
        (auditor, yes.format(who=":them", until=day), "rows=0"),
        (second, yes.format(who=":me", until=day), DENIED),
        (second, yes.format(who=":them", until="'infinity'"), DENIED),
        (second, "UPDATE app.minor_access SET opened_at = app.clock()", DENIED),
        (second, "UPDATE app.minor_access SET requester = :them", DENIED),
        (second, "DELETE FROM app.minor_access", DENIED),
        (admin, "SELECT 1 FROM door.people(ARRAY[CAST(:child AS uuid)])", "rows=0"),
        (second, yes.format(who=":them", until=day), "rows=1"),
        (second, yes.format(who=":them", until=day), "rows=0"),
    ):
        assert await attempt(city.db, who.id, statement, **said) == outcome, statement
    opening = "SELECT 1 WHERE door.open_file(CAST(:id AS uuid))"
    assert await attempt(city.db, second.id, opening, **said) == "rows=0"
    assert await attempt(city.db, admin.id, opening, **said) == "rows=1"
    assert (
        await attempt(city.db, admin.id, "SELECT 1 FROM door.people(ARRAY[CAST(:child AS uuid)])", **said) == "rows=1"
    )
    forged = """INSERT INTO app.minor_access (id, kind, subject, requester, office, crisis, reason, asked_at, until)
        VALUES (gen_random_uuid(), '{kind}', CAST(:child AS uuid), {who}, '{office}', {crisis}, '',
                app.clock(), {until})"""
    whole = {"kind": "FILE", "who": ":me", "office": "ADMIN", "crisis": "false", "until": day}
    for wrong in (
        {"kind": "TASK"},
        {"who": ":them"},
        {"office": "AUDITOR"},
        {"crisis": "true"},
        {"until": "'infinity'"},
    ):
        assert await attempt(city.db, admin.id, forged.format(**whole | wrong), **said) == DENIED, wrong
    assert await attempt(city.db, admin.id, forged.format(**whole), **said) == "rows=1"
