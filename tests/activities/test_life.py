"""An activity from its draft into the archive: who writes it, who passes it, who sees it when."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import pytest

from app.activities.rules.machine import edges
from app.core.access import Role
from app.core.ids import new_id
from app.graph.ids import global_id, uuid_of
from tests.activities.hall import (
    CHANGE,
    FOLLOW,
    LISTED,
    content,
    draft,
    move,
    opened,
    published,
    seen,
)
from tests.city import City, codes
from tests.directory.desk import enter_institution
from tests.vault.scene import DENIED, attempt

pytestmark = pytest.mark.anyio


async def test_an_activity_is_written_passed_by_another_and_opens_and_closes_by_itself(city: City) -> None:
    editor, second = await city.person(Role.EDITOR), await city.person(Role.EDITOR)
    supervisor = await city.person(Role.SUPERVISOR)
    resident = await city.resident()
    hall = await enter_institution(city, editor, name="示例司法所", kind="JUDICIAL_OFFICE", number="示例-S-1")
    made = await draft(city, editor, institutionId=hall["id"], key="of-the-lecture")
    assert (made["state"], made["version"], made["institution"]) == ("DRAFT", 1, {"name": "示例司法所"})
    id = made["id"]
    now = await city.now()
    changed = {"activityId": id, "version": 1, "content": content(now, title="民法典讲座（一）", places=2)}
    made = await city.one(second, CHANGE, input=changed)
    assert (made["title"], made["places"], made["version"]) == ("民法典讲座（一）", 2, 2)
    assert codes(await city.one(editor, CHANGE, input=changed | {"content": content(now)})) == ["ACTIVITY_CHANGED"]
    # A draft is nobody's but the staff's.
    for viewer in (None, resident):
        assert await seen(city, viewer, id) is None
    assert (await seen(city, supervisor, id))["state"] == "DRAFT"
    # Both had a hand in it: a third passes it, and nobody passes what she has not seen.
    assert codes(await move(city, editor, id, "PASS", 2)) == ["ACTIVITY_STATE"]
    assert codes(await move(city, supervisor, id, "SUBMIT", 2)) == ["EDITORS_ONLY"]
    assert (await move(city, editor, id, "SUBMIT", 2))["state"] == "IN_REVIEW"
    assert codes(await city.one(editor, CHANGE, input=changed | {"version": 2})) == ["ACTIVITY_STATE"]
    assert [codes(await move(city, who, id, "PASS", 2)) for who in (editor, second)] == [["SECOND_PERSON"]] * 2
    assert codes(await move(city, supervisor, id, "PASS", 1)) == ["ACTIVITY_CHANGED"]
    assert codes(await move(city, supervisor, id, "RETURN", 2)) == ["BLANK"]
    back = await move(city, supervisor, id, "RETURN", 2, "请写明讲师所在单位")
    assert (back["state"], back["steps"][-1]["reason"]) == ("DRAFT", "请写明讲师所在单位")
    assert (await move(city, editor, id, "SUBMIT", 2))["state"] == "IN_REVIEW"
    passed = await asyncio.gather(*(move(city, supervisor, id, "PASS", 2) for _ in range(50)))
    assert {one["state"] for one in passed} == {"SCHEDULED"}
    await city.settle()
    shown = await seen(city, None, id)
    assert (shown["state"], shown["taken"], shown["steps"], shown["cancelledFor"]) == ("SCHEDULED", 0, [], None)
    async with city.follow(supervisor, FOLLOW, id=id) as frames:
        async with asyncio.timeout(60):
            first, _ = await anext(frames)
            told = {"__typename": "Activity", "taken": 0, "steps": []}  # everybody's stream has nothing of anybody's
            assert first["activityUpdates"] == told | {"state": "SCHEDULED"}
            await city.pass_time(timedelta(hours=1))
            frame, _ = await anext(frames)
    assert frame["activityUpdates"] == told | {"state": "OPEN"}
    await city.pass_time(timedelta(days=2))
    assert (await seen(city, None, id))["state"] == "CLOSED"
    assert codes(await move(city, editor, id, "SCORE", 2)) == ["ACTIVITY_STATE"]  # a gathering is not judged
    await city.pass_time(timedelta(days=32))
    steps = (await seen(city, editor, id))["steps"]
    assert [step["state"] for step in steps] == (
        ["DRAFT", "DRAFT", "IN_REVIEW", "DRAFT", "IN_REVIEW", "SCHEDULED", "OPEN", "CLOSED", "ARCHIVED"]
    )
    whose = [editor, second, editor, supervisor, editor, supervisor]
    assert [step["actorId"] for step in steps[:6]] == [global_id("PersonFile", who.id) for who in whose]
    assert [step["actorId"] for step in steps[6:]] == [None] * 3


async def test_the_list_shows_what_is_public_and_not_over(city: City) -> None:
    editor, second = await city.person(Role.EDITOR), await city.person(Role.EDITOR)
    far = await draft(city, editor, key="of-the-same-one", closesAt="2099-01-01T00:00:00Z")
    assert codes(far) == ["ACTIVITY_TIMES"]
    now = await city.now()
    same: dict[str, Any] = {"opensAt": now + timedelta(hours=2), "closesAt": now + timedelta(days=1)}
    same |= {"beginsAt": now + timedelta(days=2), "endsAt": now + timedelta(days=3)}
    twice = await asyncio.gather(*(draft(city, editor, key="of-the-same-one", **same) for _ in range(50)))
    assert len({one["id"] for one in twice}) == 1
    quiz = await published(city, editor, second, "CONTEST", title="宪法知识竞赛", divisionCode="419001")
    gathering = await published(city, editor, second)
    gone = await published(city, second, editor, title="要取消的活动")
    assert codes(await move(city, second, gone, "CANCEL", 1, "x")) == ["TOO_SHORT"]
    cancelled = await move(city, second, gone, "CANCEL", 1, "因天气原因取消")
    assert cancelled["cancelledFor"] == "因天气原因取消"
    assert (await seen(city, None, gone))["cancelledFor"] == "因天气原因取消"
    returned = await published(city, editor, second, title="要撤回的活动")
    async with city.follow(None, FOLLOW, id=returned) as frames, asyncio.timeout(60):
        await anext(frames)
        assert (await move(city, editor, returned, "TAKE_BACK"))["state"] == "DRAFT"
        last, _ = await anext(frames)
    assert codes(last["activityUpdates"]) == ["NOT_FOUND"]
    async with city.follow(None, FOLLOW, id="x") as frames:
        bad, _ = await anext(frames)
    assert codes(bad["activityUpdates"]) == ["BAD_ID"]
    assert await seen(city, None, returned) is None
    await city.pass_time(timedelta(hours=1))
    for who, filter, expected in (
        (None, None, {quiz, gathering}),
        (None, {"kind": "CONTEST"}, {quiz}),
        (None, {"states": ["CANCELLED"]}, {gone}),
        (None, {"states": ["DRAFT", "IN_REVIEW"]}, set()),
        (second, {"states": ["DRAFT"]}, {returned, twice[0]["id"]}),
        (None, {"divisionCode": "419001"}, {quiz, gathering}),
        (None, {"divisionCode": "419001100"}, {quiz}),
        (None, {"states": []}, set()),
    ):
        nodes = (await city.one(who, LISTED, filter=filter))["nodes"]
        assert {node["id"] for node in nodes} == expected, filter
    (error,) = await city.errors(None, LISTED, filter={"divisionCode": "\x00"})
    assert error["extensions"]["code"] == "BAD_VALUE"
    page = await city.one(None, LISTED, first=1)
    rest = await city.one(None, LISTED, first=5, after=page["pageInfo"]["endCursor"])
    assert {page["nodes"][0]["id"], rest["nodes"][0]["id"]} == {quiz, gathering}
    with city.statements() as few:
        await city.one(None, LISTED, first=1)
    with city.statements() as many:
        await city.one(None, LISTED, first=20)
    assert len(few) == len(many) == 1


async def test_a_contest_is_judged_and_announced_by_its_editor_or_by_the_house(city: City) -> None:
    id, editor = await opened(city, "CONTEST")
    assert (await move(city, editor, id, "CLOSE"))["state"] == "CLOSED"
    assert (await move(city, editor, id, "SCORE"))["state"] == "SCORING"
    assert (await move(city, editor, id, "ANNOUNCE"))["state"] == "ANNOUNCED"
    assert (await move(city, editor, id, "ANNOUNCE"))["state"] == "ANNOUNCED"  # said twice is said once
    await city.settle()
    await city.pass_time(timedelta(days=30))
    assert (await seen(city, None, id))["state"] == "ARCHIVED"
    assert codes(await move(city, editor, id, "CANCEL", 1, "已经结束了")) == ["ACTIVITY_STATE"]


async def test_raw_sql_leads_an_activity_no_other_way(city: City) -> None:
    editor, second = await city.person(Role.EDITOR), await city.person(Role.EDITOR)
    supervisor, nobody = await city.person(Role.SUPERVISOR), await city.resident()
    said: dict[str, Any] = {"id": uuid_of((await draft(city, editor))["id"], "Activity")}
    how = "UPDATE app.activity SET {what}, changed_by = :me, changed_at = app.clock() WHERE id = :id"
    for who, what, outcome in (
        (editor, "state = 'SCHEDULED'", DENIED),
        (editor, "state = 'OPEN'", DENIED),
        (editor, "title = 'x'", DENIED),  # its version stays behind
        (editor, "title = '另一个', version = version + 1", "rows=1"),
        (supervisor, "title = 'x', version = version + 1", "rows=0"),
        (nobody, "title = 'x', version = version + 1", "rows=0"),
        (editor, "state = 'IN_REVIEW', title = 'x'", DENIED),
        (editor, "state = 'IN_REVIEW'", "rows=1"),
        (supervisor, "title = 'x', version = version + 1", DENIED),
        (second, "title = 'x', version = version + 1", DENIED),
        (editor, "state = 'SCHEDULED'", DENIED),
        (supervisor, "state = 'CANCELLED'", DENIED),
        (supervisor, "state = 'SCHEDULED', title = 'x'", DENIED),
        (supervisor, "state = 'SCHEDULED'", "rows=1"),
        (supervisor, "state = 'DRAFT'", "rows=0"),
        (editor, "state = 'OPEN'", DENIED),
    ):
        found = await attempt(city.db, who.id, how.format(what=what), me=who.id, **said)
        assert found == outcome, (what, found)
    early = "UPDATE app.activity SET state = 'OPEN' WHERE id = :id"
    assert await attempt(city.worker, "", early, **said) == DENIED
    assert await attempt(city.worker, "", early.replace("state = 'OPEN'", "title = 'x'"), **said) == DENIED
    await city.turn(timedelta(hours=1))
    assert await attempt(city.worker, "", early, **said) == "rows=1"
    for statement in ("INSERT INTO app.activity_step SELECT id, 99, 'OPEN', NULL, '', 1, now() FROM app.activity",):
        assert await attempt(city.db, editor.id, statement) == DENIED
    # The table of the trigger is that of the rules.
    ((source,),) = await city.sql("SELECT prosrc FROM pg_proc WHERE proname = 'activity_moves'")
    pattern = r"\('(\w+)', '(\w+)', '\{([\w,]+)\}'::text\[\], '\{([\w,]+)\}'::text\[\]\)"
    listed = re.findall(pattern, source)
    ways = {(b, e, m, k) for b, e, movers, kinds in listed for m in movers.split(",") for k in kinds.split(",")}
    assert ways == {tuple(map(str, edge)) for edge in edges()}


async def test_what_cannot_be_written_is_refused_by_name(city: City) -> None:
    editor = await city.person(Role.EDITOR)
    for wrong, expected in (
        ({"title": "\x00讲座"}, ["BAD_TEXT"]),
        ({"words": ""}, ["BLANK"]),
        ({"institutionId": global_id("Institution", new_id())}, ["NOT_FOUND"]),
        ({"places": 0, "title": "会"}, ["TOO_SHORT", "BAD_VALUE"]),
    ):
        assert codes(await draft(city, editor, **wrong)) == expected, wrong
    assert codes(await move(city, editor, global_id("Activity", new_id()), "SUBMIT")) == ["NOT_FOUND"]
    # What has lain in review until it would have closed does not pass.
    made = await draft(city, editor)
    await move(city, editor, made["id"], "SUBMIT")
    await city.turn(timedelta(days=3))
    assert codes(await move(city, await city.person(Role.SUPERVISOR), made["id"], "PASS")) == ["ALREADY_PAST"]
