"""What supervisors are kept from, and who is kept from what supervisors see."""

import pytest

from app.core.access import Role, Viewer
from app.core.db import NOBODY
from tests.city import City, codes
from tests.oversight.office import SEEN, TAKE, TASKS, call_me, complete, key_of, supervisors, tasks
from tests.vault.scene import DENIED, attempt

pytestmark = pytest.mark.anyio

CONTENT = ("question", "brief", "answer", "answer_draft", "message", "draft", "rating", "seat", "offer", "dispatch")
NAMES = ("person", "identity", "delegation", "sign_in")


async def scene(city: City) -> tuple[Viewer, Viewer, Viewer, str, str, str]:
    """(asker, who took the task, another supervisor, question, petition, task)"""
    asker, lawyer = await city.resident(), await city.lawyer()
    taker, idle = await supervisors(city, 2)
    id = await city.asked(asker)
    await city.settle()
    await city.answer(lawyer, (await city.claim(lawyer))["id"])
    made = await call_me(city, asker, id)
    await city.settle()
    (task,) = await tasks(city, taker)
    await city.one(taker, TAKE, id=task["id"])
    return asker, taker, idle, id, made["id"], task["id"]


async def test_a_supervisor_sees_no_question_no_answer_and_nobody(city: City) -> None:
    asker, taker, idle, id, _, _ = await scene(city)
    for supervisor in (taker, idle):
        assert await city.one(supervisor, "query ($id: ID!) { node(id: $id) { id } }", id=id) is None
        assert await city.one(supervisor, "query ($id: ID!) { question(id: $id) { id } }", id=id) is None
        for table in CONTENT:
            assert await attempt(city.db, supervisor.id, f"SELECT 1 FROM app.{table}") == "rows=0", table
        for table in NAMES:
            column = "id" if table == "person" else "elder" if table == "delegation" else "person"
            others = f"SELECT 1 FROM app.{table} WHERE {column} <> app.person()"
            assert await attempt(city.db, supervisor.id, others) == "rows=0", table
    assert await attempt(city.db, idle.id, "SELECT 1 FROM app.key") == "rows=0"
    assert await attempt(city.db, taker.id, "SELECT 1 FROM app.key") == "rows=1"
    assert await attempt(city.db, asker.id, "SELECT 1 FROM app.task") == "rows=0"


async def test_the_list_is_for_supervisors_alone(city: City) -> None:
    asker, lawyer, admin = await city.resident(), await city.lawyer(), await city.person(Role.ADMIN)
    *_, task = await scene(city)
    for stranger in (asker, lawyer, admin):
        for document, said in ((TASKS, {}), (TAKE, {"id": task})):
            (error,) = await city.errors(stranger, document, **said)
            assert error["extensions"]["code"] == "FORBIDDEN"
        assert await city.one(stranger, "query ($id: ID!) { node(id: $id) { id } }", id=task) is None
        assert await attempt(city.db, stranger.id, "SELECT 1 FROM app.task") == "rows=0"
        assert await attempt(city.db, stranger.id, "UPDATE app.task SET taken_by = app.person()") == "rows=0"
    (error,) = await city.errors(None, TASKS)
    assert error["extensions"]["code"] == "UNAUTHENTICATED"


async def test_by_raw_sql_a_supervisor_takes_what_is_free_and_nothing_else(city: City) -> None:
    _, taker, idle, _, petition, task = await scene(city)
    said = {"t": key_of(task), "p": key_of(petition), "idle": idle.id}
    theft = "UPDATE app.task SET taken_by = app.person(), taken_at = app.clock() WHERE id = :t"
    assert await attempt(city.db, idle.id, theft, **said) == "rows=0"
    assert (
        await attempt(city.db, idle.id, "UPDATE app.task SET done_at = app.clock() WHERE id = :t", **said) == "rows=0"
    )
    assert await attempt(city.db, taker.id, "UPDATE app.task SET taken_by = :idle WHERE id = :t", **said) == DENIED
    for column in ("about = id", "due_at = 'infinity'", "escalated = 0", "kind = 'BREACH'"):
        assert await attempt(city.db, taker.id, f"UPDATE app.task SET {column} WHERE id = :t", **said) == DENIED
    assert await attempt(city.db, taker.id, "DELETE FROM app.task WHERE id = :t", **said) == DENIED
    assert await attempt(city.db, idle.id, "SELECT body FROM app.petition WHERE id = :p", **said) == "rows=0"
    await complete(city, taker, task, "DONE")
    assert await attempt(city.db, taker.id, "SELECT body FROM app.petition WHERE id = :p", **said) == "rows=0"
    assert await attempt(city.db, taker.id, "SELECT 1 FROM app.key WHERE subject = :p", **said) == "rows=0"
    again = "UPDATE app.task SET done_at = NULL, outcome = NULL WHERE id = :t"
    assert await attempt(city.db, taker.id, again, **said) == "rows=0"


async def test_who_is_a_supervisor_no_longer_sees_no_task_and_holds_none(city: City) -> None:
    """Her token says what she was for a quarter of an hour more; the walls ask what she is."""
    asker, taker, idle, _, petition, task = await scene(city)
    assert (await city.one(taker, SEEN, id=petition))["details"]["phone"]
    await city.sql("DELETE FROM app.role_held WHERE person = :p AND role = 'SUPERVISOR'", p=taker.id)
    assert await tasks(city, taker) == []
    assert await city.one(taker, SEEN, id=petition) is None
    assert codes(await city.one(taker, TAKE, id=task)) == ["NOT_FOUND"]
    assert codes(await complete(city, taker, task, "DONE")) == ["NOT_FOUND"]
    assert await attempt(city.db, taker.id, "SELECT 1 FROM app.key") == "rows=0"
    mine = await city.one(asker, SEEN, id=petition)
    assert (mine["state"], len(mine["accesses"])) == ("OPEN", 1)
    assert (await city.one(idle, TAKE, id=task))["mine"]


async def test_the_worker_makes_tasks_and_reads_no_petition(city: City) -> None:
    await scene(city)
    for table in ("petition", "key"):
        assert await attempt(city.worker, NOBODY, f"SELECT 1 FROM app.{table}") == DENIED
    assert await attempt(city.worker, NOBODY, "UPDATE app.task SET done_at = app.clock()") == DENIED
    assert await attempt(city.worker, NOBODY, "SELECT body FROM app.question") == DENIED


async def test_what_a_task_shows_names_no_one(city: City) -> None:
    asker, _, idle, id, petition, _ = await scene(city)
    page = str(await city.one(idle, TASKS))
    for secret in (id, petition, str(asker.id), str(key_of(id)), str(key_of(petition))):
        assert secret not in page
