"""Who is near to a case steps back from it: she never sees it again, and another takes it."""

import asyncio
from typing import Any

import pytest

from app.core.access import Viewer
from app.core.ids import new_id
from app.graph.ids import uuid_of
from tests.applications.bureau import open_bureau
from tests.applications.office import LOOK, QUEUE, open_office, post_of
from tests.city import REFUSED, City, codes
from tests.directory.desk import set_post
from tests.vault.scene import DENIED, attempt

pytestmark = pytest.mark.anyio

LEAVE = f"""mutation ($input: RecuseOfficerInput!) {{ recuseOfficer(input: $input) {{
  __typename ... on ApplicationLeft {{ receipt }} {REFUSED} }} }}"""
ATTENDED = """query ($id: ID!) { application(id: $id) { attended officer { id } steps { move recusedFor reason } } }"""
NODE = "query ($id: ID!) { node(id: $id) { id } }"
UPDATES = "query ($id: ID!) { applicationUpdates(applicationId: $id) { __typename } }"


async def leaves(city: City, who: Viewer, id: str, ground: str = "RELATIVE", key: str = "") -> Any:
    input = {"applicationId": id, "ground": ground, "idempotencyKey": key or str(new_id())}
    made = await city.one(who, LEAVE, input=input)
    await city.settle()
    return made


async def sees_nothing(city: City, who: Viewer, id: str) -> None:
    assert await city.one(who, LOOK, id=id) is None
    assert await city.one(who, NODE, id=id) is None
    assert (await city.one(who, UPDATES, id=id))["__typename"] == "Refused"
    for mine in (True, False):
        assert id not in [one["id"] for one in (await city.one(who, QUEUE, mine=mine))["nodes"]]
    asked = {"id": uuid_of(id, "LegalAidApplication")}
    for table, column in (("application", "id"), ("application_step", "application"), ("key", "subject")):
        statement = f"SELECT 1 FROM app.{table} WHERE {column} = :id"
        assert await attempt(city.db, who.id, statement, **asked) == "rows=0", table


async def notices(city: City, who: Viewer, id: str) -> list[str]:
    said = {"me": who.id, "id": uuid_of(id, "LegalAidApplication")}
    rows = await city.sql("SELECT kind FROM app.notice WHERE person = :me AND about = :id ORDER BY id", **said)
    return [row.kind for row in rows]


async def test_an_officer_steps_back_and_a_colleague_takes_it(city: City) -> None:
    office, resident = await open_office(city), await city.resident()
    id = await office.taken(resident)
    before = await notices(city, office.officer, id)
    key = str(new_id())
    left = await leaves(city, office.officer, id, key=key)
    assert left["__typename"] == "ApplicationLeft"
    assert codes(await leaves(city, office.officer, id, key=key)) == ["NOT_FOUND"], "a repeat: she sees it no more"
    await sees_nothing(city, office.officer, id)
    assert await notices(city, office.officer, id) == before, "nothing more is told to her"
    seen = await city.one(resident, ATTENDED, id=id)
    assert (seen["attended"], seen["officer"]) == (True, None)
    assert seen["steps"][-1] == {"move": "STEP_BACK", "recusedFor": "RELATIVE", "reason": None}
    assert (await notices(city, resident, id))[-1] == "AID_PROGRESS"
    assert id in [one["id"] for one in (await city.one(office.second, QUEUE, mine=False))["nodes"]]
    assert codes(await office.does(office.officer, "takeApplication", id)) == ["NOT_FOUND"]
    handed = await office.does(office.head, "handOverApplication", id, officerId=post_of(office.officer))
    assert codes(handed) == ["OFFICER_RECUSED"]
    taken = await office.does(office.second, "takeApplication", id)
    assert (taken["state"], taken["clock"]["kind"]) == ("UNDER_REVIEW", "REVIEW")
    assert codes(await office.does(office.head, "takeApplication", id)) == ["TAKEN_ALREADY"]


async def test_a_supervisor_who_stepped_back_reads_it_no_more_whatever_post_she_is_given(city: City) -> None:
    office, resident = await open_office(city), await city.resident()
    id = await office.taken(resident)
    assert (await leaves(city, office.head, id, "INTEREST"))["__typename"] == "ApplicationLeft"
    await sees_nothing(city, office.head, id)
    assert (await city.one(office.officer, ATTENDED, id=id))["officer"] is not None, "who handles it goes on"
    for duty in ("OFFICER", "SUPERVISOR"):
        await set_post(city, office.admin, office.head, office.centre, duty=duty)
        await sees_nothing(city, office.head, id)
    assert (await city.one(office.second, ATTENDED, id=id)) is not None


async def test_where_nobody_else_is_left_who_applies_is_told_so(city: City) -> None:
    office, resident = await open_office(city), await city.resident()
    id = await office.taken(resident)
    await leaves(city, office.officer, id)
    await leaves(city, office.head, id, "OTHER")
    assert (await city.one(resident, ATTENDED, id=id))["attended"] is True
    taken = await office.does(office.second, "takeApplication", id)
    assert not codes(taken)
    await leaves(city, office.second, id)
    assert (await city.one(resident, ATTENDED, id=id))["attended"] is False
    withdrawn = await office.does(resident, "withdrawApplication", id)
    assert withdrawn["state"] == "WITHDRAWN"


async def test_nobody_steps_back_for_another_or_from_what_is_not_hers(city: City) -> None:
    office, resident = await open_office(city), await city.resident()
    id = await office.taken(resident)
    assert codes(await leaves(city, office.second, id)) == ["NOT_YOURS_TO_DO"]
    assert codes(await leaves(city, office.stranger, id)) == ["NOT_FOUND"]
    refused = await city.errors(
        resident, LEAVE, input={"applicationId": id, "ground": "OTHER", "idempotencyKey": str(new_id())}
    )
    assert [error["extensions"]["code"] for error in refused] == ["FORBIDDEN"]


async def test_of_fifty_who_step_back_and_take_at_once_it_is_one_after_the_other(city: City) -> None:
    office, resident = await open_office(city), await city.resident()
    id = await office.taken(resident)
    await asyncio.gather(*(leaves(city, office.officer, id) for _ in range(25)))
    steps = (await city.one(resident, ATTENDED, id=id))["steps"]
    assert [step["move"] for step in steps].count("STEP_BACK") == 1
    people = (office.second, office.head)
    made = await asyncio.gather(*(office.does(people[n % 2], "takeApplication", id) for n in range(25)))
    assert len([one for one in made if not codes(one)]) == 1
    assert {code for one in made for code in codes(one)} == {"TAKEN_ALREADY"}


async def test_raw_sql_gives_it_to_nobody_who_stepped_back(city: City) -> None:
    office, resident = await open_office(city), await city.resident()
    id = await office.taken(resident)
    await leaves(city, office.officer, id)
    said = {"id": uuid_of(id, "LegalAidApplication"), "me": office.officer.id, "by": office.head.id}
    step = """INSERT INTO app.application_step (id, application, seq, kind, move, before, after, by_whom, actor, at,
        clock, clock_since, due_at, officer) SELECT gen_random_uuid(), a.id, a.seq + 1, a.kind, {move}, a.state,
        a.state, {by}, {actor}, app.clock(), a.clock, a.clock_since, a.due_at, {officer}
        FROM app.application a WHERE a.id = :id"""
    hers = step.format(move="'HAND_OVER'", by="'SUPERVISOR'", actor=":by", officer=":me")
    assert await attempt(city.db, office.head.id, hers, **{k: v for k, v in said.items() if f":{k}" in hers}) == DENIED
    assert await attempt(city.db, office.officer.id, "UPDATE app.reader SET basis = 'staff'") == DENIED
    ((basis, open),) = await city.sql(
        "SELECT basis, until > app.clock() FROM app.reader WHERE subject = :id AND person = :me",
        id=said["id"],
        me=said["me"],
    )
    assert (basis, open) == ("recused", False)


async def test_a_notary_steps_back(city: City) -> None:
    bureau, resident = await open_bureau(city), await city.resident()
    id = await bureau.applied(resident)
    took = "mutation ($input: TakeApplicationInput!) { takeApplication(input: $input) { __typename } }"
    await city.one(bureau.notary, took, input={"applicationId": id, "idempotencyKey": str(new_id())})
    assert (await leaves(city, bureau.notary, id, "RELATIVE"))["__typename"] == "ApplicationLeft"
    assert await city.one(bureau.notary, NODE, id=id) is None
    seen = await city.one(resident, ATTENDED, id=id)
    assert (seen["officer"], seen["steps"][-1]["recusedFor"]) == (None, "RELATIVE")
