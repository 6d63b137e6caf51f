"""What happens in the city becomes a supervisor's task; she takes it, does it, ends it."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from app.consultation.events import AnswerRated, PromiseBroken
from app.core.access import Role, Viewer
from app.core.ids import new_id
from app.graph.ids import global_id
from app.places.rules import add_workdays
from app.places.rules.workdays import Calendar, DayKind
from tests.city import TOWN, City, codes
from tests.directory.desk import set_calendar
from tests.oversight.office import (
    COMPLETE,
    MINE,
    QUOTED,
    READ,
    RETURN,
    SEEN,
    TAKE,
    TASKS,
    appeal,
    blocked,
    call_me,
    complete,
    happens,
    key_of,
    supervisors,
    tasks,
    told,
)

pytestmark = pytest.mark.anyio

REFRESH = "query ($id: ID!) { node(id: $id) { __typename ... on Task { id mine taken } } }"


async def day_off(city: City) -> Calendar:
    """The staff let the next working day be a holiday."""
    day = (add_workdays(await city.now(), 1) - timedelta(days=1)).date()
    said = [{"day": day.isoformat(), "kind": "HOLIDAY"}]
    made = await set_calendar(city, await city.person(Role.EDITOR), day.year, 0, days=said)
    assert made["__typename"] == "CalendarYear"
    return Calendar({day: DayKind.HOLIDAY})


async def test_a_callback_from_asking_to_the_end(city: City) -> None:
    asker = await city.resident()
    anna, berta = await supervisors(city, 2)
    id = await city.asked(asker)
    made = await call_me(city, asker, id, note="晚上在家")
    await city.settle()
    for supervisor in (anna, berta):
        assert await told(city, supervisor) == ["TASK_NEW"]
        (task,) = await tasks(city, supervisor)
        assert (task["kind"], task["category"], task["town"]["code"]) == ("CALLBACK", {"code": "labour.wages"}, TOWN)
        assert (task["dueAt"], task["overdue"], task["escalated"]) == (made["dueAt"], False, 0)
        assert (task["taken"], task["mine"], task["petition"]) == (False, False, None)

    taken = await city.one(anna, TAKE, id=task["id"])
    assert (taken["taken"], taken["mine"]) == (True, True)
    assert taken["petition"]["details"]["phone"] == READ
    (seen,) = await tasks(city, berta)
    assert (seen["taken"], seen["mine"], seen["petition"]) == (True, False, None)
    assert codes(await city.one(berta, TAKE, id=task["id"])) == ["TASK_TAKEN"]
    assert await city.one(berta, SEEN, id=made["id"]) is None

    mine = await city.one(asker, SEEN, id=made["id"])
    assert (mine["state"], [access["basis"] for access in mine["accesses"]]) == ("TAKEN", ["staff"])

    done = await complete(city, anna, task["id"], "DONE")
    assert (done["outcome"], done["petition"]) == ("DONE", None)
    assert await tasks(city, anna) == []
    (listed,) = await tasks(city, berta, open=False)
    assert (listed["id"], listed["outcome"]) == (task["id"], "DONE")
    # What she read she has no way to read again.
    assert await city.one(anna, SEEN, id=made["id"]) is None
    mine = await city.one(asker, SEEN, id=made["id"])
    assert (mine["state"], mine["outcome"]) == ("DONE", "DONE")
    assert len(mine["accesses"]) == 1


async def test_nobody_answered_so_the_asker_chooses_another_time(city: City) -> None:
    asker = await city.resident()
    (anna,) = await supervisors(city, 1)
    id = await city.asked(asker)
    await city.pass_time(601)
    await call_me(city, asker, id)
    await city.settle()
    (task,) = await tasks(city, anna, kind="CALLBACK")
    await city.one(anna, TAKE, id=task["id"])
    assert codes(await complete(city, anna, task["id"], "UPHELD")) == ["BAD_VALUE"]
    await complete(city, anna, task["id"], "NOT_REACHED")
    breach = (await city.one(asker, MINE, id=id))["breach"]
    assert (breach["callback"]["outcome"], breach["choices"]) == ("NOT_REACHED", ["WAIT", "CALLBACK", "HOTLINE"])
    again = await call_me(city, asker, id)
    await city.settle()
    (task,) = await tasks(city, anna, kind="CALLBACK")
    taken = await city.one(anna, TAKE, id=task["id"])
    assert taken["petition"]["id"] == again["id"]


@pytest.mark.parametrize(("outcome", "notice"), [("UPHELD", "APPEAL_UPHELD"), ("DISMISSED", "APPEAL_DISMISSED")])
async def test_an_appeal_is_decided_in_two_working_days(city: City, outcome: str, notice: str) -> None:
    asker = await city.resident()
    (anna,) = await supervisors(city, 1)
    id = await blocked(city, asker)
    off = await day_off(city)
    made = await appeal(city, asker, id, disclose=True)
    await city.settle()
    (task,) = await tasks(city, anna)
    assert (task["kind"], task["dueAt"]) == ("APPEAL", made["dueAt"])
    due = add_workdays(datetime.fromisoformat(made["madeAt"]), 2, off)
    assert datetime.fromisoformat(task["dueAt"]) == due
    taken = await city.one(anna, TAKE, id=task["id"])
    assert taken["petition"]["details"]["question"] == QUOTED
    assert await city.one(anna, "query ($id: ID!) { node(id: $id) { id } }", id=id) is None
    assert codes(await complete(city, anna, task["id"], "DONE")) == ["BAD_VALUE"]
    await complete(city, anna, task["id"], outcome)
    upheld = await city.sql("SELECT ids FROM app.outbox WHERE kind = 'AppealUpheld'")
    assert [tuple(row) for row in upheld] == ([({"question": str(key_of(id))},)] if outcome == "UPHELD" else [])
    await city.settle()
    assert notice in await told(city, asker)
    assert (await city.one(asker, SEEN, id=made["id"]))["outcome"] == outcome
    status, code = ("NEEDS_EDIT", "NOT_BLOCKED") if outcome == "UPHELD" else ("BLOCKED", "APPEALED_ALREADY")
    assert (await city.one(asker, MINE, id=id))["status"] == status
    assert codes(await appeal(city, asker, id)) == [code]


async def test_a_breach_is_one_task_however_often_it_is_told(city: City) -> None:
    (anna,) = await supervisors(city, 1)
    id = await city.asked(await city.resident())
    await city.pass_time(601)
    for _ in range(2):
        await happens(city, PromiseBroken(question=key_of(id)))
    (task,) = await tasks(city, anna)
    half_an_hour = datetime.fromisoformat(task["dueAt"]) - datetime.fromisoformat(task["madeAt"])
    assert (task["kind"], half_an_hour) == ("BREACH", timedelta(minutes=30))
    assert await told(city, anna) == ["TASK_NEW"]
    taken = await city.one(anna, TAKE, id=task["id"])
    assert taken["petition"] is None
    assert (await complete(city, anna, task["id"], "DONE"))["outcome"] == "DONE"


async def test_every_unhappy_asker_is_seen_to_and_a_better_rating_takes_nothing_back(city: City) -> None:
    (anna,) = await supervisors(city, 1)
    question, lawyer, answers = key_of(await city.asked(await city.resident())), new_id(), [new_id() for _ in range(5)]
    off = await day_off(city)

    async def rated(answer: UUID, stars: int, round: int = 0) -> None:
        await happens(city, AnswerRated(question=question, answer=answer, round=round, lawyer=lawyer, stars=stars))

    for stars, answer in enumerate(answers, 1):
        await rated(answer, stars)
    found = await tasks(city, anna, kind="LOW_RATING")
    assert len(found) == 2
    for task in found:
        due = add_workdays(datetime.fromisoformat(task["madeAt"]), 2, off)
        assert datetime.fromisoformat(task["dueAt"]) == due
    for stars in (5, 1):
        await rated(answers[0], stars)
    assert len(await tasks(city, anna)) == 2
    for _ in range(2):
        await rated(answers[0], 1, round=1)
    assert len(await tasks(city, anna)) == 3, "who took it up again and is unhappy again"


async def test_twenty_supervisors_take_one_task_at_once(city: City) -> None:
    asker, all_ = await city.resident(), await supervisors(city, 20)
    await call_me(city, asker, await city.asked(asker))
    await city.settle()
    (task,) = await tasks(city, all_[0])
    taken = await asyncio.gather(*(city.one(supervisor, TAKE, id=task["id"]) for supervisor in all_))
    assert sorted(code for payload in taken for code in codes(payload)) == ["TASK_TAKEN"] * 19
    (winner,) = (one for one, payload in zip(all_, taken, strict=True) if payload["__typename"] == "Task")
    assert await city.sql("SELECT person FROM app.reader WHERE basis = 'staff'") == [(winner.id,)]
    ends = await asyncio.gather(*(complete(city, supervisor, task["id"], "DONE") for supervisor in all_))
    assert sum(payload["__typename"] == "Task" for payload in ends) == 1
    assert {code for payload in ends for code in codes(payload)} <= {"TASK_TAKEN", "TASK_DONE"}


async def test_who_returns_a_task_reads_nothing_more_and_may_take_it_again(city: City) -> None:
    asker, (anna, berta) = await city.resident(), await supervisors(city, 2)
    made = await call_me(city, asker, await city.asked(asker))
    await city.settle()
    (task,) = await tasks(city, anna)
    assert codes(await complete(city, anna, task["id"], "DONE")) == ["TASK_NOT_TAKEN"]
    for _ in range(2):
        assert (await city.one(anna, TAKE, id=task["id"]))["mine"]
    assert codes(await city.one(berta, RETURN, id=task["id"])) == ["TASK_TAKEN"]
    for _ in range(2):
        assert not (await city.one(anna, RETURN, id=task["id"]))["taken"]
    assert await city.one(anna, SEEN, id=made["id"]) is None
    assert (await city.one(asker, SEEN, id=made["id"]))["state"] == "OPEN"
    assert (await city.one(berta, TAKE, id=task["id"]))["petition"]["details"]["phone"] == READ
    assert await city.one(anna, SEEN, id=made["id"]) is None
    await city.one(berta, RETURN, id=task["id"])
    assert (await city.one(anna, TAKE, id=task["id"]))["petition"]["details"]["phone"] == READ


async def test_ending_twice_is_once(city: City) -> None:
    asker, (anna,) = await city.resident(), await supervisors(city, 1)
    await call_me(city, asker, await city.asked(asker))
    await city.settle()
    (task,) = await tasks(city, anna)
    await city.one(anna, TAKE, id=task["id"])
    key = str(new_id())
    first = await complete(city, anna, task["id"], "DONE", key)
    assert await complete(city, anna, task["id"], "DONE", key) == first
    assert codes(await complete(city, anna, task["id"], "NOT_REACHED", key)) == ["KEY_REUSED"]
    assert codes(await complete(city, anna, task["id"], "DONE")) == ["TASK_DONE"]
    assert codes(await city.one(anna, TAKE, id=task["id"])) == ["TASK_DONE"]
    assert codes(await city.one(anna, RETURN, id=task["id"])) == ["TASK_DONE"]


async def test_nobody_sees_to_her_own_case(city: City) -> None:
    """A supervisor may ask as everybody may, and be a lawyer: neither her block nor her answer is hers to judge."""
    asker, lawyer, (anna,) = await city.resident(), await city.lawyer(), await supervisors(city, 1)
    await city.sql("INSERT INTO app.role_held (person, role, since) VALUES (:p, 'SUPERVISOR', now())", p=lawyer.id)
    both = Viewer(lawyer.id, lawyer.sign_in, lawyer.roles | {Role.SUPERVISOR})
    await appeal(city, both, await blocked(city, both))
    question = await city.asked(asker)
    await city.settle()
    answer = await city.answer(both, (await city.claim(both))["id"])
    about = key_of(answer["id"])
    await happens(city, AnswerRated(question=key_of(question), answer=about, round=0, lawyer=both.id, stars=1))
    found = await tasks(city, both)
    assert {task["kind"] for task in found} == {"APPEAL", "LOW_RATING"}
    for task in found:
        assert codes(await city.one(both, TAKE, id=task["id"])) == ["OWN_CASE"]
        assert codes(await city.one(both, RETURN, id=task["id"])) == []
        assert (await city.one(anna, TAKE, id=task["id"]))["mine"]


async def test_the_list_is_in_order_of_urgency_page_by_page(city: City) -> None:
    (anna,) = await supervisors(city, 1)
    ids = [key_of(await city.asked(await city.resident())) for _ in range(5)]
    for question in ids[:2]:
        rating = AnswerRated(question=question, answer=new_id(), round=0, lawyer=new_id(), stars=1)
        await happens(city, rating)
    for question in ids[2:]:
        await happens(city, PromiseBroken(question=question))
        await city.turn(timedelta(minutes=1))
    nodes, after = [], None
    while True:
        page = await city.one(anna, TASKS, first=2, after=after)
        nodes += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert [task["kind"] for task in nodes] == ["BREACH"] * 3 + ["LOW_RATING"] * 2
    assert [task["dueAt"] for task in nodes] == sorted(task["dueAt"] for task in nodes)
    for task in nodes:
        await city.one(anna, TAKE, id=task["id"])
        await complete(city, anna, task["id"], "DONE")
    done = await tasks(city, anna, open=False)
    assert [task["id"] for task in done] == [task["id"] for task in nodes[::-1]]
    assert len(await tasks(city, anna, open=False, kind="LOW_RATING")) == 2


async def test_a_page_of_tasks_costs_the_same_however_long(city: City) -> None:
    (anna,) = await supervisors(city, 1)
    counts = []
    for _ in range(2):
        for _ in range(3):
            asker = await city.resident()
            await call_me(city, asker, await city.asked(asker))
        await city.settle()
        for task in await tasks(city, anna):
            await city.one(anna, TAKE, id=task["id"])
        with city.statements() as asked:
            found = await tasks(city, anna)
        assert all(task["petition"]["details"]["phone"] for task in found)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 5, asked


async def test_what_is_no_task_is_not_found(city: City) -> None:
    (anna,) = await supervisors(city, 1)
    nowhere = global_id("Task", str(new_id()))
    for document in (TAKE, RETURN):
        assert codes(await city.one(anna, document, id=nowhere)) == ["NOT_FOUND"]
        assert codes(await city.one(anna, document, id=global_id("Question", str(new_id())))) == ["BAD_ID"]
    assert codes(await complete(city, anna, nowhere, "DONE")) == ["NOT_FOUND"]
    assert await city.one(anna, REFRESH, id=nowhere) is None
    said = {"taskId": nowhere, "outcome": "DONE", "idempotencyKey": "short"}
    assert codes(await city.one(anna, COMPLETE, input=said)) == ["BAD_KEY"]
