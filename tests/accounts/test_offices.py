"""Administrators say who is what, suspend and reinstate; auditors see what was decided, and why."""

import asyncio
import re

import pytest
from sqlalchemy.exc import IntegrityError

from app.accounts.models import MoveKind
from app.core.access import Role, Viewer
from app.core.ids import new_id
from app.graph.ids import global_id
from tests.accounts.hall import FILE_OF, STAFF, SUSPEND, file_id, moves, reinstate, roles_in, set_roles, suspend
from tests.accounts.town import BY_SMS, REFRESH, WHO, Town, new_openid, new_phone
from tests.city import City, codes
from tests.vault.scene import DENIED, attempt

pytestmark = pytest.mark.anyio


async def test_an_appointment_stays_with_its_reason_and_who_decided_it(city: City) -> None:
    admin, auditor, editor = await city.person(Role.ADMIN), await city.person(Role.AUDITOR), await city.resident()
    done = await set_roles(city, admin, editor, "EDITOR", "MODERATOR", reason="负责普法专栏")
    assert done["roles"] == ["EDITOR", "MODERATOR", "RESIDENT"]
    assert (await set_roles(city, admin, editor, "EDITOR", reason="不再审核"))["roles"] == ["EDITOR", "RESIDENT"]
    for keeper in (admin, auditor):
        later, first = await moves(city, keeper, editor)
        assert (later["kind"], later["roles"], later["reason"]) == ("ROLES", ["EDITOR"], "不再审核")
        assert (first["roles"], first["reason"]) == (["EDITOR", "MODERATOR"], "负责普法专栏")
        assert first["actor"] == {"id": file_id(admin)}
        assert first["person"] == {"id": file_id(editor)}
        assert (await city.one(keeper, FILE_OF, id=file_id(editor)))["roles"] == ["EDITOR", "RESIDENT"]
    assert await roles_in(city, editor) == {"EDITOR"}
    kept = await city.sql("SELECT reason FROM app.person_move")
    assert not any("普法".encode() in bytes(reason) for (reason,) in kept)


async def test_the_same_again_is_nothing_new(city: City) -> None:
    admin, editor = await city.person(Role.ADMIN), await city.resident()
    for _ in range(2):
        await set_roles(city, admin, editor, "EDITOR")
    for _ in range(2):
        assert (await suspend(city, admin, editor))["suspended"]
    for _ in range(2):
        assert not (await reinstate(city, admin, editor))["suspended"]
    assert [move["kind"] for move in await moves(city, admin)] == ["REINSTATED", "SUSPENDED", "ROLES"]


async def test_the_staff_are_listed_whoever_is_suspended_included(city: City) -> None:
    admin, editor = await city.person(Role.ADMIN), await city.person(Role.EDITOR)
    await city.lawyer()
    await suspend(city, admin, editor)
    with city.statements() as sent:
        listed = (await city.one(admin, STAFF))["nodes"]
    assert {(one["id"], one["suspended"]) for one in listed} == {(file_id(admin), False), (file_id(editor), True)}
    assert len(sent) == 1
    with city.statements() as sent:
        await moves(city, admin)
    assert len(sent) == 2  # the page, and all people it names


async def test_a_person_is_found_by_her_telephone_or_as_a_lawyer(town: Town) -> None:
    city, phone = town.city, new_phone()
    admin, lawyer = await city.person(Role.ADMIN), await city.lawyer()
    resident = await town.viewer(await town.by_sms(phone))
    assert (await city.one(admin, FILE_OF, phone=phone))["id"] == file_id(resident)
    assert await city.one(admin, FILE_OF, phone=new_phone()) is None
    assert (await city.one(admin, FILE_OF, id=global_id("Lawyer", lawyer.id)))["roles"] == ["LAWYER", "RESIDENT"]
    assert await city.one(admin, FILE_OF, id=global_id("PersonFile", new_id())) is None
    for how in ({}, {"id": file_id(lawyer), "phone": phone}):
        (error,) = await city.errors(admin, FILE_OF, **how)
        assert error["extensions"]["code"] == "BAD_VALUE"


async def test_what_cannot_be_decided_is_said(city: City) -> None:
    admin, editor = await city.person(Role.ADMIN), await city.resident()
    assert codes(await set_roles(city, admin, editor, "SECURITY_OFFICER", "AUDITOR")) == ["ROLES_APART"]
    assert codes(await set_roles(city, admin, editor, "LAWYER")) == ["BAD_VALUE"]
    assert codes(await set_roles(city, admin, editor, "EDITOR", reason="")) == ["BLANK"]
    assert codes(await suspend(city, admin, editor, reason="字" * 301)) == ["TOO_LONG"]
    nobody = global_id("PersonFile", new_id())
    assert codes(await city.one(admin, SUSPEND, person=nobody, reason="长期不在岗")) == ["NOT_FOUND"]
    assert codes(await city.one(admin, SUSPEND, person=global_id("Firm", new_id()), reason="长期不在岗")) == ["BAD_ID"]
    await suspend(city, admin, editor)
    assert codes(await set_roles(city, admin, editor, "EDITOR")) == ["REINSTATE_FIRST"]


async def test_nobody_decides_about_herself_and_so_an_administrator_remains(city: City) -> None:
    admin = await city.person(Role.ADMIN)
    assert codes(await suspend(city, admin, admin)) == ["OWN_FILE"]
    assert codes(await set_roles(city, admin, admin, "EDITOR")) == ["OWN_FILE"]
    assert await roles_in(city, admin) == {"ADMIN"}


async def test_fifty_administrators_who_end_each_other_leave_one(city: City) -> None:
    admins = [await city.person(Role.ADMIN) for _ in range(50)]
    done = await asyncio.gather(
        *(suspend(city, one, other) for one, other in zip(admins, [*admins[1:], admins[0]], strict=True))
    )
    assert {code for one in done for code in codes(one)} <= {"SESSION_ENDED"}
    left = await city.sql("SELECT person FROM app.role_held WHERE role = 'ADMIN' AND until = 'infinity'")
    assert len(left) == 50 - len([one for one in done if not codes(one)]) >= 1


async def test_fifty_appointments_at_once_make_nobody_two_of_the_three(city: City) -> None:
    admin, person = await city.person(Role.ADMIN), await city.resident()
    offices = ["SECURITY_OFFICER", "AUDITOR"] * 25
    done = await asyncio.gather(*(set_roles(city, admin, person, office) for office in offices))
    assert {one["__typename"] for one in done} == {"PersonFile"}
    assert await roles_in(city, person) in ({"SECURITY_OFFICER"}, {"AUDITOR"})
    held = "SELECT count(*) FROM app.role_held WHERE until = 'infinity' AND person = :id"
    assert await city.sql(held, id=person.id) == [(1,)]


async def test_the_database_itself_keeps_the_three_apart(city: City) -> None:
    person = await city.person(Role.AUDITOR)
    with pytest.raises(IntegrityError, match="role_held_apart"):
        await city.sql(
            "INSERT INTO app.person_move VALUES (:m, :p, NULL, 'ROLES', '{AUDITOR,ADMIN}', '', now())",
            m=new_id(),
            p=person.id,
        )


async def test_the_database_knows_every_kind_of_decision(city: City) -> None:
    ((said,),) = await city.sql(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'person_move_kind_check'"
    )
    assert set(re.findall("'([A-Z_]+)'", said)) == set(MoveKind)


async def test_a_suspended_person_is_nowhere_signed_in_and_gets_back_what_she_was(town: Town) -> None:
    city, phone = town.city, new_phone()
    admin, session = await city.person(Role.ADMIN), await town.by_sms(phone)
    person = await town.viewer(session)
    await set_roles(city, admin, person, "EDITOR", "ANALYST")
    await set_roles(city, admin, person, "EDITOR")
    await town.pass_time(minutes=2)
    session = await town.by_sms(phone)
    await suspend(city, admin, person)
    assert await roles_in(city, person) == set()
    assert await city.sql("SELECT 1 FROM app.sign_in WHERE person = :p AND ended_at IS NULL", p=person.id) == []
    await town.pass_time(minutes=2)
    assert codes(await town.ask(None, REFRESH, token=session["refreshToken"])) == ["SUSPENDED"]
    assert codes(await town.ask(None, BY_SMS, phone=phone, code=await town.code_for(phone))) == ["SUSPENDED"]
    await reinstate(city, admin, person)
    await town.pass_time(minutes=2)
    assert (await town.by_sms(phone))["__typename"] == "Session"
    assert await roles_in(city, person) == {"EDITOR"}


async def test_whoever_loses_an_office_signs_in_anew(town: Town) -> None:
    city, admin = town.city, await town.city.person(Role.ADMIN)
    person = await town.viewer(await town.by_wechat(new_openid()))
    await set_roles(city, admin, person, "EDITOR")
    assert await town.ask(person, WHO) is not None
    await set_roles(city, admin, person)
    assert await city.sql("SELECT ended_why FROM app.sign_in WHERE id = :id", id=person.sign_in) == [("ROLES_CHANGED",)]


async def test_a_suspended_supervisor_holds_no_task(city: City) -> None:
    admin, supervisor = await city.person(Role.ADMIN), await city.person(Role.SUPERVISOR)
    await city.sql(
        "INSERT INTO app.task (id, kind, question, about, category, town, made_at, due_at, taken_by, taken_at)"
        " VALUES (:id, 'BREACH', :id, :id, 'labour', '419001001', now(), now(), :who, now())",
        id=new_id(),
        who=supervisor.id,
    )
    await suspend(city, admin, supervisor)
    assert await city.sql("SELECT taken_by FROM app.task") == [(None,)]


@pytest.mark.parametrize("role", [None, Role.SUPERVISOR, Role.SECURITY_OFFICER, Role.AUDITOR])
async def test_nobody_else_decides_and_few_see_it(city: City, role: Role | None) -> None:
    viewer, other = await city.person(*filter(None, [role])), await city.resident()
    asked = {"query": FILE_OF, "move": "{ personMoves { nodes { id } } }", "staff": STAFF}
    for name, document in asked.items():
        said = {"id": file_id(other)} if name == "query" else {}
        wrong = [error["extensions"]["code"] for error in await city.errors(viewer, document, **said)]
        assert wrong == ([] if role is Role.AUDITOR else ["FORBIDDEN"]), name
    (error,) = await city.errors(viewer, SUSPEND, person=file_id(other), reason="没有理由")
    assert error["extensions"]["code"] == "FORBIDDEN"


SAYS = "INSERT INTO app.person_move VALUES (gen_random_uuid(), {whom}, {by}, '{kind}', '{roles}', '', {at})"
DECIDES = {"whom": ":them", "by": ":me", "kind": "SUSPENDED", "roles": "{}", "at": "app.clock()"}


@pytest.mark.parametrize(
    ("wrong", "role"),
    [
        ({"whom": ":me", "kind": "ROLES", "roles": "{ADMIN,EDITOR}"}, Role.ADMIN),
        ({"by": "NULL"}, Role.ADMIN),
        ({"by": ":them"}, Role.ADMIN),
        ({"at": "app.clock() - interval '1 day'"}, Role.ADMIN),
        ({}, Role.AUDITOR),
        ({}, Role.SECURITY_OFFICER),
        ({}, Role.SUPERVISOR),
    ],
)
async def test_raw_sql_decides_no_more(city: City, wrong: dict[str, str], role: Role) -> None:
    viewer, other = await city.person(role), await city.resident()
    said = {"me": viewer.id, "them": other.id}
    assert await attempt(city.db, viewer.id, SAYS.format(**DECIDES | wrong), **said) == DENIED
    for statement in ("UPDATE app.person_move SET reason = ''", "DELETE FROM app.person_move"):
        assert await attempt(city.db, viewer.id, statement) == DENIED


async def test_who_is_suspended_decides_and_sees_nothing_in_raw_sql(city: City) -> None:
    admin, other = await city.person(Role.ADMIN), await city.person(Role.ADMIN)
    await suspend(city, admin, other)

    async def tries(statement: str) -> str:
        return await attempt(city.db, other.id, statement, me=other.id, them=admin.id)

    assert await tries(SAYS.format(**DECIDES)) == DENIED
    assert await tries("SELECT 1 FROM app.person_move WHERE person <> :me") == "rows=0"
    assert await tries("SELECT 1 FROM app.person_move") == "rows=1"  # that she is suspended: it is about her
    assert await tries("SELECT 1 FROM door.people(NULL)") == "rows=0"
    assert await attempt(city.db, admin.id, "SELECT 1 FROM door.people(NULL)") == "rows=2"


async def test_an_administrator_who_signed_in_as_a_resident_sees_no_file_by_its_id(city: City) -> None:
    admin, other = await city.person(Role.ADMIN), await city.resident()
    await set_roles(city, admin, other, "EDITOR")
    ((move,),) = await city.sql("SELECT id FROM app.person_move")
    plain = Viewer(admin.id, admin.sign_in, frozenset({Role.RESIDENT}))
    node = "query ($id: ID!) { node(id: $id) { id } }"
    for id in (file_id(other), global_id("PersonMove", move)):
        assert (await city.one(admin, node, id=id))["id"] == id
        assert await city.one(plain, node, id=id) is None
