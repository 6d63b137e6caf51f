"""What is not done in time is said, to all, again and again, until it is done."""

from datetime import datetime, timedelta

import pytest

from app.consultation.events import AnswerRated
from app.core.ids import new_id
from app.oversight.events import TaskOverdue
from app.places.rules.workdays import CITY_TIME, is_workday
from tests.city import City, codes
from tests.oversight.office import SEEN, TAKE, call_me, complete, happens, key_of, supervisors, tasks, told

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)


async def turn_to(city: City, moment: datetime) -> None:
    await city.turn(moment - await city.now())


async def a_friday(city: City) -> datetime:
    """Three in the afternoon of a Friday with an ordinary weekend and two working days behind it."""
    moment = (await city.now()).astimezone(CITY_TIME).replace(hour=15, minute=0) + DAY
    while [is_workday((moment + n * DAY).date()) for n in range(5)] != [True, False, False, True, True]:
        moment += DAY
    return moment


async def test_a_low_rating_over_a_weekend(city: City) -> None:
    """Rated on a Friday: Monday and Tuesday are its two working days."""
    anna, berta = await supervisors(city, 2)
    question = key_of(await city.asked(await city.resident()))
    friday = await a_friday(city)
    await turn_to(city, friday)
    await city.settle()
    await happens(city, AnswerRated(question=question, answer=new_id(), round=0, lawyer=new_id(), stars=2))
    (task,) = await tasks(city, anna, kind="LOW_RATING")
    due = friday.replace(hour=0, second=0, microsecond=0) + 5 * DAY
    assert datetime.fromisoformat(task["dueAt"]) == due

    async def escalated() -> tuple[int, bool]:
        (task,) = await tasks(city, anna, kind="LOW_RATING")
        return task["escalated"], task["overdue"]

    await turn_to(city, due - timedelta(seconds=30))
    await city.settle()
    assert await escalated() == (0, False)
    await city.pass_time(31)
    assert await escalated() == (1, True)
    await city.pass_time(DAY - timedelta(minutes=1))
    assert await escalated() == (1, True)
    for number in (2, 3, 4):
        await city.pass_time(DAY)
        assert await escalated() == (number, True)
    for supervisor in (anna, berta):
        assert await told(city, supervisor, task["id"]) == ["TASK_NEW"] + ["TASK_OVERDUE"] * 4

    await city.one(berta, TAKE, id=task["id"])
    done = await complete(city, berta, task["id"], "NOT_REACHED")
    assert done["overdue"]  # late stays late
    await city.pass_time(3 * DAY)
    assert (await told(city, anna, task["id"])).count("TASK_OVERDUE") == 4


async def test_what_was_done_in_time_is_never_called_overdue(city: City) -> None:
    asker, (anna,) = await city.resident(), await supervisors(city, 1)
    await call_me(city, asker, await city.asked(asker))
    await city.settle()
    (task,) = await tasks(city, anna)
    await city.one(anna, TAKE, id=task["id"])
    assert not (await complete(city, anna, task["id"], "DONE"))["overdue"]
    await city.pass_time(10 * DAY)
    assert await told(city, anna, task["id"]) == ["TASK_NEW"]
    (task,) = await tasks(city, anna, kind="CALLBACK", open=False)
    assert (task["escalated"], task["overdue"]) == (0, False)


async def test_called_overdue_twice_by_a_worker_that_died_is_once(city: City) -> None:
    asker, (anna,) = await city.resident(), await supervisors(city, 1)
    await call_me(city, asker, await city.asked(asker))
    await city.pass_time(timedelta(hours=4))
    (task,) = await tasks(city, anna, kind="CALLBACK")
    assert task["escalated"] == 1
    await happens(city, TaskOverdue(task=key_of(task["id"]), round=0))
    (task,) = await tasks(city, anna, kind="CALLBACK")
    assert task["escalated"] == 1
    again = await city.sql("SELECT 1 FROM app.outbox WHERE kind = 'TaskOverdue' AND done_at IS NULL")
    assert len(again) == len(await tasks(city, anna))


async def test_who_holds_a_task_for_a_day_past_its_time_holds_it_no_more(city: City) -> None:
    asker, (ill, anna) = await city.resident(), await supervisors(city, 2)
    made = await call_me(city, asker, await city.asked(asker))
    await city.settle()
    (task,) = await tasks(city, ill)
    await city.pass_time(timedelta(hours=2, minutes=30))
    await city.one(ill, TAKE, id=task["id"])
    # She may be on the telephone just then: what she took is not taken from her at the stroke.
    await city.pass_time(timedelta(hours=1))
    (task,) = await tasks(city, ill, kind="CALLBACK")
    assert (task["escalated"], task["mine"]) == (1, True)
    assert codes(await city.one(anna, TAKE, id=task["id"])) == ["TASK_TAKEN"]
    await city.pass_time(DAY)
    assert await city.one(ill, SEEN, id=made["id"]) is None
    assert codes(await complete(city, ill, task["id"], "DONE")) == ["TASK_NOT_TAKEN"]
    assert (await city.one(anna, TAKE, id=task["id"]))["petition"]["id"] == made["id"]
