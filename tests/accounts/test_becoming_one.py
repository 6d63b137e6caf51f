"""What is a person's whose WeChat and telephone had an account each, once they are one."""

import asyncio

import pytest

from app.accounts.actions import closing
from app.core.db import NOBODY, now
from app.core.ids import new_id
from app.graph.ids import global_id
from app.notices.actions import tell
from app.notices.models import NoticeKind
from tests.accounts.test_binding import bind, two
from tests.accounts.test_closing import CLOSE
from tests.accounts.town import WHO, Town
from tests.activities.hall import MINE as ENROLLED
from tests.activities.hall import enroll, opened
from tests.activities.hall import told as notices
from tests.city import codes
from tests.consultation.test_erasing import erase, hold
from tests.threads.talk import MARK, ask_back, deliver, reply, thread_id

pytestmark = pytest.mark.anyio


async def test_a_lawyer_known_by_wechat_alone_does_not_lose_her_office_to_an_account_of_her_number(town: Town) -> None:
    wechat, holder, phone = await two(town)
    await town.city.sql("INSERT INTO app.role_held (person, role, since) VALUES (:me, 'LAWYER', now())", me=wechat.id)
    assert codes(await bind(town, wechat, phone)) == ["ACCOUNT_IN_OFFICE"]
    await town.pass_time(minutes=1)
    assert (await town.ask(wechat, WHO))["hasPhone"] is False
    # Once that account is closed the number is nobody's.
    assert (await town.ask(holder, CLOSE))["__typename"] == "AccountClosing"
    bound = await bind(town, wechat, phone)
    assert (bound["viewer"]["hasPhone"], bound["roles"]) == (True, ["LAWYER", "RESIDENT"])
    assert (await town.viewer(bound)).id == wechat.id


async def test_both_may_have_been_told_the_same(town: Town) -> None:
    """Of one campaign, of a gathering that both signed up for, of a question that one asked on behalf of the other."""
    wechat, holder, phone = await two(town)
    both, alone = new_id(), new_id()
    async with town.city.worker.acting(NOBODY) as session:
        await tell(session, [wechat.id, holder.id], NoticeKind.ARTICLE_PUSH, both, both, now(session))
        await tell(session, [wechat.id], NoticeKind.ARTICLE_PUSH, alone, alone, now(session))
    await town.pass_time(seconds=10)
    merged = await town.viewer(await bind(town, wechat, phone))
    assert merged.id == holder.id
    told = await town.city.sql("SELECT cause FROM app.notice WHERE person = :me", me=holder.id)
    assert {cause for (cause,) in told} == {both, alone}
    assert len(told) == 2
    assert await town.city.sql("SELECT count(*) FROM app.notice WHERE person = :old", old=wechat.id) == [(0,)]


@pytest.mark.parametrize("first", ["wechat", "holder"])
async def test_of_two_places_the_better_is_kept_and_who_gets_the_other_is_told(town: Town, first: str) -> None:
    city = town.city
    both, waiting = (await opened(city, places=1))[0], (await opened(city, places=2))[0]
    wechat, holder, phone = await two(town)
    third = await city.resident()
    one, other = (wechat, holder) if first == "wechat" else (holder, wechat)
    for who in (one, third, other):  # one has the only place here
        assert (await enroll(city, who, both))["__typename"] == "Enrolment"
    for who in (one, other, third):  # the two have both places there
        assert (await enroll(city, who, waiting))["__typename"] == "Enrolment"
    merged = await town.viewer(await bind(town, wechat, phone))
    mine = (await city.one(merged, ENROLLED))["nodes"]
    assert [each["state"] for each in mine] == ["ENROLLED", "ENROLLED"]
    await city.settle()
    assert await notices(city, third) == ["ACTIVITY_PLACE"]
    assert await city.sql("SELECT taken, waiting FROM app.activity ORDER BY places") == [(1, 1), (2, 0)]


async def test_what_she_asked_and_said_is_hers_afterwards_and_read(town: Town) -> None:
    city = town.city
    wechat, holder, phone = await two(town)
    lawyer = await city.lawyer()
    question = await city.asked(wechat)
    await city.settle()
    await deliver(city, lawyer)
    asked = await ask_back(city, wechat, question)
    said = await reply(city, lawyer, asked["id"])
    await city.one(wechat, MARK, id=thread_id(question), upTo=said["id"])
    merged = await town.viewer(await bind(town, wechat, phone))
    assert merged.id == holder.id
    seen = "query ($id: ID!) { node(id: $id) { ... on Thread { unread } } }"
    assert (await city.one(merged, seen, id=thread_id(question)))["unread"] == 0
    mine = "query ($id: ID!) { node(id: $id) { ... on Message { mine readBy } } }"
    assert await city.one(merged, mine, id=asked["message"]["id"]) == {"mine": True, "readBy": 0}
    assert await city.one(lawyer, mine, id=said["id"]) == {"mine": True, "readBy": 1}
    whose = "SELECT count(*) FROM app.question q, app.message m WHERE q.asker = :me AND m.author = :me"
    assert await city.sql(whose, me=merged.id) == [(1,)]


async def test_a_legal_hold_follows_her(town: Town) -> None:
    wechat, holder, phone = await two(town)
    question = await town.city.asked(wechat)
    assert await hold(town.city, global_id("Viewer", wechat.id)) == 0
    merged = await town.viewer(await bind(town, wechat, phone))
    assert merged.id == holder.id
    assert codes(await erase(town.city, merged, question)) == ["LEGAL_HOLD"]
    assert codes(await town.ask(merged, CLOSE)) == ["LEGAL_HOLD"]
    assert await hold(town.city, global_id("Viewer", merged.id), "lift") == 0
    assert (await town.ask(merged, CLOSE))["__typename"] == "AccountClosing"


async def test_who_binds_a_number_while_its_account_is_being_closed_gives_nothing_to_that(town: Town) -> None:
    wechat, holder, phone = await two(town)
    await town.city.asked(wechat)
    async with town.city.db.acting(holder) as session:
        await closing.close(session, holder, town.keys, True, now(session))
        binding = asyncio.create_task(bind(town, wechat, phone))
        await asyncio.sleep(0.5)
    bound = await town.viewer(await binding)
    assert bound.id == wechat.id
    await town.city.settle()
    assert await town.city.sql("SELECT status FROM app.question WHERE asker = :me", me=bound.id) == [("OPEN",)]
