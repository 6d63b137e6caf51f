"""A minor's telephone and her words wait for a second person's yes; where a life may hang on it, nothing waits."""

from datetime import timedelta

import pytest

from app.core.access import Role, Viewer
from tests.accounts.hall import accesses, approve_access, file_id, request_access
from tests.city import City, codes
from tests.oversight.office import READ, RETURN, SEEN, TAKE, appeal, blocked, call_me, complete, supervisors, tasks
from tests.vault.scene import attempt

pytestmark = pytest.mark.anyio

SHOWN = "query ($id: ID!) { node(id: $id) { ... on Task { id petition { id details { phone text } } } } }"
TAKEN = "mutation ($id: ID!) { takeTask(input: {taskId: $id}) { __typename ... on Task { id mine } } }"
IN_DANGER = "昨晚丈夫又动手打了我，现在还拿刀威胁要杀了我，怎么办？"


async def young(city: City, band: str = "FROM_14_TO_17") -> Viewer:
    """She has said so by now; what a child's asking itself needs is told elsewhere."""
    child = await city.resident()
    await city.sql("INSERT INTO app.age_said VALUES (:id, 2, :band, now())", id=child.id, band=band)
    return child


async def needs_approval(city: City, supervisor: Viewer, task: str) -> bool:
    found = await city.errors(supervisor, SHOWN, id=task)
    return [error["extensions"]["code"] for error in found] == ["MINOR_ACCESS_NEEDED"]


@pytest.mark.parametrize("kind", ["CALLBACK", "APPEAL"])
@pytest.mark.parametrize("approver", [Role.SUPERVISOR, Role.SECURITY_OFFICER])
async def test_the_petition_of_a_minor_waits_for_the_approval(city: City, kind: str, approver: Role) -> None:
    child = await young(city)
    anna, second, auditor = [await city.person(role) for role in (Role.SUPERVISOR, approver, Role.AUDITOR)]
    if kind == "CALLBACK":
        made = await call_me(city, child, await city.asked(child))
    else:
        made = await appeal(city, child, await blocked(city, child))
    await city.settle()
    (task,) = [task["id"] for task in await tasks(city, anna, kind=kind)]
    assert codes(await request_access(city, anna, task)) == ["NOT_FOUND"]  # it is nobody's yet
    assert (await city.one(anna, TAKEN, id=task))["mine"]
    assert await needs_approval(city, anna, task)
    assert await city.one(anna, SEEN, id=made["id"]) is None
    for table in ("petition", "key"):
        assert await attempt(city.db, anna.id, f"SELECT 1 FROM app.{table}") == "rows=0"

    asked = await request_access(city, anna, task)
    assert codes(await approve_access(city, anna, asked["id"])) == ["OWN_REQUEST"]
    assert await needs_approval(city, anna, task)
    ending = "DONE" if kind == "CALLBACK" else "UPHELD"
    assert codes(await complete(city, anna, task, ending)) == ["MINOR_ACCESS_NEEDED"]
    await approve_access(city, second, asked["id"])
    assert codes(await complete(city, anna, task, ending)) == ["MINOR_ACCESS_NEEDED"]  # approved is not yet opened
    shown = (await city.one(anna, SHOWN, id=task))["petition"]
    assert shown["details"]["phone" if kind == "CALLBACK" else "text"]
    assert await city.one(second, SEEN, id=made["id"]) is None  # who approves sees nothing
    (log,) = await accesses(city, auditor)
    assert (log["aboutId"], log["requester"]["id"], log["approver"]["id"]) == (task, file_id(anna), file_id(second))
    assert log["openedAt"]
    assert not log["crisis"]
    mine = await city.one(child, SEEN, id=made["id"])
    assert [access["basis"] for access in mine["accesses"]] == ["staff"]

    await city.one(anna, RETURN, id=task)
    assert (await city.one(anna, TAKEN, id=task))["mine"]
    assert await needs_approval(city, anna, task)  # given back is given back
    asked = await request_access(city, anna, task)
    await approve_access(city, second, asked["id"])
    assert (await complete(city, anna, task, ending))["__typename"] == "Task"
    assert await city.one(anna, SEEN, id=made["id"]) is None
    assert len(await accesses(city, auditor)) == 2


async def test_an_approval_holds_for_a_day_and_none_is_given_for_a_task_that_she_gave_back(city: City) -> None:
    child = await young(city)
    anna, berta = await supervisors(city, 2)
    await call_me(city, child, await city.asked(child))
    await city.settle()
    (task,) = [task["id"] for task in await tasks(city, anna, kind="CALLBACK")]
    await city.one(anna, TAKEN, id=task)
    asked = await request_access(city, anna, task)
    await city.one(anna, RETURN, id=task)
    assert codes(await approve_access(city, berta, asked["id"])) == ["MINOR_ACCESS_OVER"]
    await city.one(anna, TAKEN, id=task)
    await approve_access(city, berta, (await request_access(city, anna, task))["id"])
    assert (await city.one(anna, SHOWN, id=task))["petition"]["details"]["phone"] == READ
    await city.turn(timedelta(hours=25))
    assert await needs_approval(city, anna, task)


async def test_a_call_that_a_life_may_hang_on_does_not_wait_and_is_written_down(city: City) -> None:
    child = await young(city)
    (anna,), auditor = await supervisors(city, 1), await city.person(Role.AUDITOR)
    await call_me(city, child, await city.asked(child, IN_DANGER))
    await city.settle()
    (task,) = [task["id"] for task in await tasks(city, anna, kind="CALLBACK")]
    taken = await city.one(anna, TAKE, id=task)
    assert taken["petition"]["details"]["phone"] == READ
    (log,) = await accesses(city, auditor)
    assert (log["crisis"], log["reason"], log["approver"], log["requester"]["id"]) == (True, None, None, file_id(anna))
    assert log["openedAt"]
    assert codes(await request_access(city, anna, task)) == ["MINOR_ACCESS_NOT_NEEDED"]
