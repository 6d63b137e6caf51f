"""Who works for which institution: said by administrators, seen by herself and colleagues, ended with her office."""

import asyncio

import pytest

from app.core.access import Role
from app.graph.ids import global_id
from tests.accounts.hall import file_id, moves, reinstate, set_roles, suspend
from tests.city import City, codes
from tests.directory.desk import POST, enter_institution, set_post
from tests.vault.scene import DENIED, attempt

pytestmark = pytest.mark.anyio

MINE = f"{{ viewerPost {{ {POST} }} }}"
COLLEAGUES = "{ colleagues { id called duty } }"
OF = f"query ($id: ID!) {{ postOf(personId: $id) {{ {POST} }} }}"


async def test_a_post_is_said_seen_changed_and_ended_and_its_history_stays(city: City) -> None:
    admin, auditor = await city.person(Role.ADMIN), await city.person(Role.AUDITOR)
    centre = (
        await enter_institution(city, admin, kind="LEGAL_AID_CENTRE", number="示例-F-1", name="示例法律援助中心")
    )["id"]
    other = (await enter_institution(city, admin))["id"]
    officer, head, stranger, clerk = [await city.person(Role.OFFICER) for _ in range(3)] + [
        await city.person(Role.WINDOW_STAFF)
    ]
    assert (await set_post(city, admin, officer, centre))["__typename"] == "PersonFile"
    await set_post(city, admin, head, centre, duty="SUPERVISOR", called="赵主任")
    await set_post(city, admin, clerk, centre, duty="WINDOW_STAFF", called="小孙")
    await set_post(city, admin, stranger, other)
    mine = await city.one(officer, MINE)
    assert (mine["duty"], mine["called"], mine["institution"]["id"]) == ("OFFICER", "王工作人员", centre)
    assert {post["called"] for post in await city.one(officer, COLLEAGUES)} == {"王工作人员", "赵主任", "小孙"}
    assert [post["called"] for post in await city.one(stranger, COLLEAGUES)] == ["王工作人员"]
    for keeper in (admin, auditor):
        assert (await city.one(keeper, OF, id=file_id(head)))["duty"] == "SUPERVISOR"
    node = "query ($id: ID!) { node(id: $id) { id } }"
    assert await city.one(stranger, node, id=global_id("Post", head.id)) is None
    assert await city.one(officer, node, id=global_id("Post", head.id)) is not None

    # The same again is no decision; another place takes the first one's.
    await set_post(city, admin, officer, centre)
    await set_post(city, admin, officer, other, called="王工")
    assert {post["called"] for post in await city.one(stranger, COLLEAGUES)} == {"王工作人员", "王工"}
    assert {post["called"] for post in await city.one(head, COLLEAGUES)} == {"赵主任", "小孙"}
    await set_post(city, admin, officer, None, reason="岗位取消")
    assert await city.one(officer, MINE) is None
    assert await city.one(officer, COLLEAGUES) == []
    kinds = [(move["kind"], move["reason"]) for move in await moves(city, auditor, officer)]
    assert kinds == [("POSTED", "岗位取消"), ("POSTED", "机构岗位安排"), ("POSTED", "机构岗位安排")]


async def test_a_post_needs_its_office_ends_with_it_and_comes_back_from_a_suspension(city: City) -> None:
    admin, officer, plain = await city.person(Role.ADMIN), await city.person(Role.OFFICER), await city.resident()
    centre = (await enter_institution(city, admin))["id"]
    refusals = {
        "OFFICE_NEEDED": await set_post(city, admin, plain, centre),
        "OWN_FILE": await set_post(city, admin, admin, centre),
        "BAD_VALUE": await set_post(city, admin, officer, centre, duty=None),
        "BLANK": await set_post(city, admin, officer, centre, called=" "),
        "NOT_FOUND": await set_post(city, admin, officer, global_id("Institution", officer.id)),
        "BAD_ID": await set_post(city, admin, officer, "x"),
    }
    assert {code: codes(said) for code, said in refusals.items()} == {code: [code] for code in refusals}
    assert codes(await set_post(city, admin, officer, centre, duty="WINDOW_STAFF")) == ["OFFICE_NEEDED"]
    await set_post(city, admin, officer, centre)
    live = "SELECT 1 FROM app.post WHERE person = :p AND until = 'infinity'"
    await suspend(city, admin, officer)
    assert await city.sql(live, p=officer.id) == []
    await reinstate(city, admin, officer)
    assert len(await city.sql(live, p=officer.id)) == 1
    await set_roles(city, admin, officer, "EDITOR")
    assert await city.sql(live, p=officer.id) == []
    await set_roles(city, admin, officer, "EDITOR", "OFFICER")
    assert await city.sql(live, p=officer.id) == []  # the office was given anew; the post was not


async def test_of_many_posts_at_once_one_stands_and_raw_sql_makes_none(city: City) -> None:
    admin, officer = await city.person(Role.ADMIN), await city.person(Role.OFFICER)
    places = [(await enter_institution(city, admin, number=f"示例-G-{n}", name=f"示例公证{n}处"))["id"] for n in "12"]
    said = [set_post(city, admin, officer, places[n % 2]) for n in range(50)]
    assert {made["__typename"] for made in await asyncio.gather(*said)} == {"PersonFile"}
    assert await city.sql("SELECT count(*) FROM app.post WHERE until = 'infinity'") == [(1,)]
    ((last,),) = await city.sql("SELECT institution FROM app.person_move ORDER BY at DESC, id DESC LIMIT 1")
    assert await city.sql("SELECT institution FROM app.post") == [(last,)]
    posted = "INSERT INTO app.person_move (id, person, actor, kind, roles, reason, at, institution, duty, called)"
    posted += " VALUES (gen_random_uuid(), :them, :me, '{kind}', '{{}}', '', app.clock(), :i, '{duty}', 'x')"
    people = {"me": admin.id, "them": officer.id, "i": last}
    for kind, duty, comes in (("POSTED", "NOTARY", DENIED), ("ROLES", "OFFICER", "23514"), ("POSTED", "KING", "23514")):
        assert await attempt(city.db, admin.id, posted.format(kind=kind, duty=duty), **people) == comes
    herself = people | {"me": officer.id}
    assert await attempt(city.db, officer.id, posted.format(kind="POSTED", duty="SUPERVISOR"), **herself) == DENIED
    assert await attempt(city.db, officer.id, "SELECT 1 FROM door.posts(NULL)") == "rows=1"
    assert await attempt(city.db, (await city.resident()).id, "SELECT 1 FROM door.posts(NULL)") == "rows=0"
