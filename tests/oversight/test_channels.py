"""A provider refuses our own settings: supervisors have it mended, and are told once."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from app.core.access import Role
from app.core.db import NOBODY, now
from app.notices.events import ChannelTurned
from app.notices.models import NoticeKind
from app.outside.post import Channel, NotSent, Verdict
from app.oversight import actions
from tests.city import City, codes
from tests.notices.carrying import Providers, consented, reachable
from tests.notices.telling import told as tells
from tests.oversight.office import RETURN, TAKE, complete, happens, supervisors, told
from tests.vault.scene import DENIED, attempt

pytestmark = pytest.mark.anyio

MINI = Channel.MINI_PROGRAM
WRONG = NotSent(Verdict.CONFIG, 40037)
TASKS = """query ($open: Boolean!) { tasks(kind: MISCONFIGURED, open: $open, first: 20) { nodes {
    id kind channel template madeAt dueAt doneAt outcome taken mine
    category { code } town { code } petition { id } } } }"""
HEALTH = "{ channelHealth { channel misconfigured misconfiguredAt } }"

Sends = Callable[..., Awaitable[None]]


@pytest.fixture
async def sends(city: City) -> Sends:
    """Somebody is told something by the mini-program, and its provider answers so."""
    providers, person = Providers(city), await city.resident()
    await reachable(city, person, MINI)
    await consented(city, person, times=20)

    async def send(*answers: NotSent | str, kind: NoticeKind = NoticeKind.NEW_ANSWER) -> None:
        providers[MINI].answers = list(answers)
        for _ in answers:
            await tells(city, person, kind=kind)
            await providers.carry()
        await city.settle()

    return send


async def tasks(city: City, supervisor: Any, open: bool = True) -> list[Any]:
    nodes: list[Any] = (await city.one(supervisor, TASKS, open=open))["nodes"]
    return nodes


async def wrong(city: City, supervisor: Any) -> list[str]:
    (mini,) = (one for one in await city.one(supervisor, HEALTH) if one["channel"] == MINI)
    templates: list[str] = mini["misconfigured"]
    return templates


async def test_one_task_while_it_stands_and_done_once_a_message_gets_through(city: City, sends: Sends) -> None:
    anna, berta = await supervisors(city, 2)
    await sends(WRONG, WRONG, WRONG)
    (task,) = await tasks(city, anna)
    assert (task["channel"], task["template"]) == (MINI, "REPLY")
    assert (task["category"], task["town"], task["petition"]) == (None, None, None)
    for supervisor in (anna, berta):
        assert await told(city, supervisor) == ["TASK_NEW"]
    assert await wrong(city, anna) == ["REPLY"]
    assert (await city.one(anna, TAKE, id=task["id"]))["mine"]
    await sends("taken", "taken")
    assert (await tasks(city, anna), await wrong(city, anna)) == ([], [])
    (done,) = await tasks(city, berta, open=False)
    assert (done["id"], done["outcome"]) == (task["id"], "DONE")
    # What goes wrong once more is another task.
    await sends(WRONG)
    (again,) = await tasks(city, anna)
    assert again["id"] != task["id"]
    assert (await told(city, anna)).count("TASK_NEW") == 2


async def test_a_task_that_is_called_done_and_is_not_comes_again(city: City, sends: Sends) -> None:
    (anna,) = await supervisors(city, 1)
    await sends(WRONG)
    (task,) = await tasks(city, anna)
    await city.one(anna, TAKE, id=task["id"])
    assert codes(await complete(city, anna, task["id"], "UPHELD")) == ["BAD_VALUE"]
    assert (await complete(city, anna, task["id"], "DONE"))["outcome"] == "DONE"
    await city.settle()
    assert (await tasks(city, anna), await wrong(city, anna)) == ([], [])
    await sends(WRONG, WRONG)
    assert len(await tasks(city, anna)) == 1


async def test_nobody_sees_to_it_in_time_so_all_are_told_again(city: City, sends: Sends) -> None:
    (anna,) = await supervisors(city, 1)
    await sends(WRONG)
    await city.pass_time(2 * 3600 + 1)
    assert await told(city, anna) == ["TASK_NEW", "TASK_OVERDUE"]
    (task,) = await tasks(city, anna)
    assert (await city.one(anna, TAKE, id=task["id"]))["escalated"] == 1
    assert not (await city.one(anna, RETURN, id=task["id"]))["taken"]


async def test_another_template_is_another_task_and_its_message_mends_no_other(city: City, sends: Sends) -> None:
    (anna,) = await supervisors(city, 1)
    await sends(WRONG)
    await city.sql("UPDATE app.message_consent SET template = 'PROGRESS' WHERE delivery IS NULL")
    await sends(WRONG, kind=NoticeKind.PROMISE_BROKEN)
    assert {task["template"] for task in await tasks(city, anna)} == {"REPLY", "PROGRESS"}
    await sends("taken", kind=NoticeKind.PROMISE_BROKEN)
    assert [task["template"] for task in await tasks(city, anna)] == ["REPLY"]
    assert await wrong(city, anna) == ["REPLY"]


async def test_news_that_comes_late_finds_the_channel_as_it_stands(city: City, sends: Sends) -> None:
    (anna,) = await supervisors(city, 1)
    turned = ChannelTurned(channel=MINI, template="REPLY")
    await happens(city, turned)  # it was refused, and is long mended
    assert await tasks(city, anna) == []
    await sends(WRONG)
    await happens(city, turned)  # it was mended before it was refused again
    assert len(await tasks(city, anna)) == 1


async def test_fifty_refusals_at_once_are_one_task(city: City, sends: Sends) -> None:
    (anna,) = await supervisors(city, 1)
    await city.sql("UPDATE app.channel SET misconfigured = '{REPLY}' WHERE name = :mini", mini=MINI)

    async def once() -> None:
        async with city.worker.acting(NOBODY) as session:
            await actions.see_to_channel(session, MINI, "REPLY", now(session))

    await asyncio.gather(*(once() for _ in range(50)))
    assert len(await tasks(city, anna)) == 1
    assert await told(city, anna) == ["TASK_NEW"]


async def test_only_supervisors_see_it_and_the_worker_ends_it_as_done_alone(city: City, sends: Sends) -> None:
    await supervisors(city, 1)
    await sends(WRONG)
    other = await city.resident()
    (error,) = await city.errors(other, TASKS, open=True)
    assert error["extensions"]["code"] == "FORBIDDEN"
    admin = await city.person(Role.ADMIN)
    assert await attempt(city.db, admin.id, "SELECT 1 FROM app.task") == "rows=0"
    end = "UPDATE app.task SET done_at = app.clock(), outcome = 'ERASED' WHERE kind = 'MISCONFIGURED'"
    assert await attempt(city.worker, NOBODY, end) == DENIED
    mix = "UPDATE app.task SET channel = NULL"
    assert await attempt(city.worker, NOBODY, mix) == DENIED
