"""Who comes: places that are given once, a queue that moves up, and being there."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.core.access import Role, Viewer
from app.core.ids import new_id
from app.graph.ids import global_id, uuid_of
from app.schema import schema
from tests.activities.hall import (
    ENROLL,
    ENTRANCE,
    MINE,
    PLACES,
    check_in,
    draft,
    enroll,
    leave,
    move,
    opened,
    published,
    seen,
    set_places,
    told,
)
from tests.city import City, codes
from tests.vault.scene import DENIED, attempt

pytestmark = pytest.mark.anyio

COUNTS = "taken", "waiting", "came"


async def counts(city: City, id: str) -> tuple[int, ...]:
    shown = await seen(city, None, id)
    return tuple(shown[name] for name in COUNTS)


async def test_a_place_a_queue_and_the_door(city: City) -> None:
    id, editor = await opened(city, places=2)
    first, second, third, fourth = [await city.resident() for _ in range(4)]
    one = await enroll(city, first, id, "of-the-first")
    assert (one["state"], one["position"], one["activity"]["id"]) == ("ENROLLED", None, id)
    assert (await enroll(city, first, id, "of-the-first"))["id"] == (await enroll(city, first, id))["id"] == one["id"]
    assert (await enroll(city, second, id))["state"] == "ENROLLED"
    waits = await enroll(city, third, id)
    assert (waits["state"], waits["position"], waits["ticket"]) == ("WAITING", 1, None)
    assert (await enroll(city, fourth, id))["position"] == 2
    assert await counts(city, id) == (2, 2, 0)
    # Each sees her own alone.
    node = "query ($id: ID!) { node(id: $id) { id } activity(id: $of) { myEnrolment { state } } }"
    node = node.replace("$id: ID!", "$id: ID!, $of: ID!")
    for who, hers in ((first, "ENROLLED"), (third, "WAITING"), (editor, None), (None, None)):
        found = await city.run(who, node, id=one["id"], of=id)
        assert (found["node"] is not None) == (who is first)
        assert (found["activity"]["myEnrolment"] or {}).get("state") == hers
    # Who has waited longest moves up, and is told.
    assert (await leave(city, first, id))["state"] == "LEFT"
    assert codes(await leave(city, first, id)) == ["NOT_ENROLLED"]
    await city.settle()
    assert await told(city, third) == ["ACTIVITY_PLACE"]
    mine = await city.one(third, MINE)
    assert (mine["nodes"][0]["state"], len(mine["nodes"][0]["ticket"])) == ("ENROLLED", 38)
    assert (await enroll(city, first, id))["position"] == 2
    assert (await leave(city, fourth, id))["state"] == "LEFT"
    assert await counts(city, id) == (2, 1, 0)
    young = await city.resident()
    await city.sql("INSERT INTO app.age_said VALUES (:me, 2, 'UNDER_14', now())", me=young.id)
    assert codes(await enroll(city, young, id)) == ["GUARDIAN_NEEDED"]
    # It nears: who has a place is reminded, once each time.
    begins = timedelta(days=2, hours=23)
    await city.pass_time(begins - timedelta(hours=24))
    assert codes(await enroll(city, fourth, id)) == ["SIGN_UP_CLOSED"]
    assert codes(await check_in(city, second, id, code="AAAAAAAA")) == ["CHECK_IN_CLOSED"]
    await city.pass_time(timedelta(hours=22))
    assert await told(city, second) == ["ACTIVITY_SOON"] * 2
    assert await told(city, third) == ["ACTIVITY_PLACE"] + ["ACTIVITY_SOON"] * 2
    assert await told(city, first) == []
    await city.pass_time(timedelta(hours=1))
    shows = await city.one(editor, ENTRANCE, id=id)
    (refused,) = await city.errors(second, ENTRANCE, id=id)
    assert refused["extensions"]["code"] == "FORBIDDEN"
    for who, by, expected in (
        (second, {"code": "AAAAAAAA"}, "CHECK_IN_WRONG"),
        (second, {"code": "\x00"}, "CHECK_IN_WRONG"),
        (second, {}, "BAD_VALUE"),
        (second, {"code": shows["code"], "ticket": "x"}, "BAD_VALUE"),
        (first, {"code": shows["code"]}, "NOT_ENROLLED"),
        (fourth, {"code": shows["code"]}, "NOT_ENROLLED"),
        (third, {"ticket": mine["nodes"][0]["ticket"]}, "EDITORS_ONLY"),
        (editor, {"ticket": mine["nodes"][0]["ticket"][:-1]}, "CHECK_IN_WRONG"),
        (editor, {"ticket": "字"}, "CHECK_IN_WRONG"),
    ):
        assert codes(await check_in(city, who, id, **by)) == [expected], by
    done = await asyncio.gather(*(check_in(city, second, id, code=shows["code"].lower()) for _ in range(50)))
    assert len({one["at"] for one in done}) == 1
    assert {one["activity"]["came"] for one in done} == {1}
    await city.turn(timedelta(minutes=2))
    assert codes(await check_in(city, third, id, code=shows["code"])) == ["CHECK_IN_WRONG"]
    assert (await check_in(city, editor, id, ticket=mine["nodes"][0]["ticket"]))["activity"]["came"] == 2
    assert codes(await leave(city, second, id)) == ["ALREADY_THERE"]
    # Raw SQL makes nobody come, and opens no list.
    at = {"id": uuid_of(one["id"], "Enrolment"), "of": uuid_of(id, "Activity")}
    assert await attempt(city.db, first.id, "SELECT 1 FROM app.enrolment") == "rows=2"
    for statement in (
        "SELECT 1 FROM door.check_in(:id, :of) AS at WHERE at IS NOT NULL",
        "SELECT 1 FROM door.leave_activity(:id) AS heir WHERE heir IS NOT NULL",
        "SELECT 1 FROM door.waiting_before(ARRAY[CAST(:id AS uuid)])",
        "SELECT 1 FROM door.enrol(:of, gen_random_uuid()) AS made WHERE made IS NOT NULL",
    ):
        assert await attempt(city.db, fourth.id, statement, **at) == "rows=0", statement
    assert await counts(city, id) == (2, 1, 2)
    # Who came is forgotten a year after it was put away.
    await city.pass_time(timedelta(days=32))
    await city.pass_time(timedelta(days=366))
    assert await city.sql("SELECT 1 FROM app.enrolment WHERE person IS NOT NULL") == []


async def test_who_came_is_forgotten_a_year_after_an_editor_put_it_away_too(city: City) -> None:
    id, editor = await opened(city)
    await enroll(city, await city.resident(), id)
    await city.pass_time(timedelta(days=2))
    assert codes(await move(city, editor, id, "ANNOUNCE")) == ["ACTIVITY_STATE"]  # it is still to be
    await city.pass_time(timedelta(days=2))
    for what in ("ANNOUNCE", "ARCHIVE"):
        assert not codes(await move(city, editor, id, what))
    await city.settle()
    left = "SELECT 1 FROM app.enrolment WHERE person IS NOT NULL"
    await city.pass_time(timedelta(days=364))
    assert len(await city.sql(left)) == 1
    await city.pass_time(timedelta(days=2))
    assert await city.sql(left) == []


async def test_the_last_place_goes_to_one_of_fifty(city: City) -> None:
    id, _ = await opened(city, places=3)
    await enroll(city, await city.resident(), id)
    await enroll(city, await city.resident(), id)
    people = [await city.resident() for _ in range(50)]
    made = await asyncio.gather(*(enroll(city, who, id) for who in people))
    assert [one["state"] for one in made].count("ENROLLED") == 1
    assert await counts(city, id) == (3, 49, 0)
    waiting = [(await city.one(who, MINE))["nodes"][0] for who in people]
    assert sorted(one["position"] for one in waiting if one["position"]) == list(range(1, 50))
    # All who have a place give it up at once: as many move up, each once.
    held = [who for who, one in zip(people, waiting, strict=True) if one["state"] == "ENROLLED"]
    await asyncio.gather(*(leave(city, who, id) for who in held * 2), return_exceptions=True)
    await city.settle()
    assert await counts(city, id) == (3, 48, 0)
    ((up,),) = await city.sql("SELECT count(*) FROM app.notice WHERE kind = 'ACTIVITY_PLACE'")
    assert up == 1


async def test_more_places_move_the_queue_up_in_order(city: City) -> None:
    id, editor = await opened(city, places=2)
    people = [await city.resident() for _ in range(60)]
    for who in people[:8]:
        await enroll(city, who, id)
    await asyncio.gather(*(enroll(city, who, id) for who in people[8:]))
    assert await counts(city, id) == (2, 58, 0)

    async def position(who: Viewer) -> Any:
        return (await city.one(who, MINE))["nodes"][0]["position"]

    assert [await position(who) for who in people[:8]] == [None, None, 1, 2, 3, 4, 5, 6]
    wrong = (1, 0, "BAD_VALUE"), (1, 100_001, "BAD_VALUE"), (1, 1, "PLACES_TAKEN"), (2, 9, "ACTIVITY_CHANGED")
    for version, places, why in wrong:
        assert codes(await set_places(city, editor, id, version, places)) == [why], places
    (refused,) = await city.errors(people[0], PLACES, input={"activityId": id, "version": 1, "places": 9})
    assert refused["extensions"]["code"] == "FORBIDDEN"
    # Fifty say so at once: it is said once, and three of those who wait have a place.
    said = await asyncio.gather(*(set_places(city, editor, id, 1, 5) for _ in range(50)))
    assert {one.get("places") for one in said} == {5}
    assert await counts(city, id) == (5, 55, 0)
    assert [await position(who) for who in people[:8]] == [None, None, None, None, None, 1, 2, 3]
    await city.settle()
    for who in people[2:5]:
        assert await told(city, who) == ["ACTIVITY_PLACE"]
    assert await told(city, people[5]) == []
    # Positions stay true whoever gives up: one before her, one behind her, one with a place.
    for who in (people[5], people[7], people[0]):
        await leave(city, who, id)
    assert await position(people[6]) is None
    assert await counts(city, id) == (5, 52, 0)
    # Half of those who wait give up, and are gone, while the others' places come.
    await asyncio.gather(set_places(city, editor, id, 2, 25), *(leave(city, who, id) for who in people[8:34]))
    await city.settle()
    assert await counts(city, id) == (25, 6, 0)
    waiting = [place for who in people if (place := await position(who))]
    assert sorted(waiting) == [1, 2, 3, 4, 5, 6]
    # Whoever comes fits, once everybody does; steps tell who said so.
    everybody = await set_places(city, editor, id, 3, None)
    assert (everybody["places"], everybody["taken"], everybody["waiting"]) == (None, 31, 0)
    assert [(step["state"], step["version"]) for step in everybody["steps"]][-3:] == [("OPEN", n) for n in (2, 3, 4)]
    await city.settle()
    ((up,),) = await city.sql("SELECT count(DISTINCT person) FROM app.notice WHERE kind = 'ACTIVITY_PLACE'")
    ((held,),) = await city.sql("SELECT count(*) FROM app.enrolment WHERE state = 'ENROLLED'")
    assert held == 31
    assert up >= held - 1, "all who have a place but who came second were told"
    other = await draft(city, editor)
    assert codes(await set_places(city, editor, other["id"], 1, 9)) == ["ACTIVITY_STATE"]
    assert codes(await set_places(city, editor, global_id("Activity", editor.id), 1, 9)) == ["NOT_FOUND"]
    await city.pass_time(timedelta(days=3))
    assert codes(await set_places(city, editor, id, 4, 99)) == ["ACTIVITY_STATE"]
    raw = "SELECT door.set_places(:id, 4, 99)", {"id": uuid_of(id, "Activity")}
    for who in (people[0], editor):
        assert await attempt(city.db, who.id, raw[0], **raw[1]) == DENIED


async def until_there_is_time(city: City, who: Viewer, id: str) -> Any:
    """As a client does: who hears that the house is busy asks again, by the same key."""
    said = {"input": {"activityId": id, "idempotencyKey": str(new_id())}}
    while True:
        result = await schema.execute(ENROLL, variable_values=said, context_value=city.context(who))
        if not result.errors:
            return (result.data or {})["enroll"]
        assert {(error.extensions or {}).get("code") for error in result.errors} == {"BUSY"}


@pytest.mark.full
async def test_the_last_place_goes_to_one_of_a_thousand(city: City) -> None:
    id, _ = await opened(city, places=1)
    people = [await city.resident() for _ in range(1_000)]
    made = await asyncio.gather(*(until_there_is_time(city, who, id) for who in people))
    assert [one["state"] for one in made].count("ENROLLED") == 1
    assert await counts(city, id) == (1, 999, 0)


async def test_who_signed_up_hears_that_it_is_off_and_who_leaves_the_city_leaves_her_place(city: City) -> None:
    id, editor = await opened(city, places=1)
    first, second = await city.resident(), await city.resident()
    await enroll(city, first, id)
    await enroll(city, second, id)
    await city.one(first, "mutation { closeAccount(input: {understood: true}) { __typename } }")
    await city.settle()
    assert await told(city, second) == ["ACTIVITY_PLACE"]
    assert await city.sql("SELECT 1 FROM app.enrolment WHERE person = :me", me=first.id) == []
    third = await city.resident()
    assert (await enroll(city, third, id))["position"] == 1
    assert (await move(city, editor, id, "CANCEL", reason="场地临时不能使用"))["state"] == "CANCELLED"
    await city.settle()
    assert await told(city, second) == ["ACTIVITY_CANCELLED", "ACTIVITY_PLACE"]
    assert await told(city, third) == ["ACTIVITY_CANCELLED"]
    assert codes(await enroll(city, await city.resident(), id)) == ["SIGN_UP_CLOSED"]
    other = await city.person(Role.EDITOR)
    quiz = await published(city, editor, other, "CONTEST")
    assert codes(await enroll(city, third, quiz)) == ["NO_SIGN_UP"]
    unseen = await draft(city, editor)
    for nothing in (unseen["id"], global_id("Activity", third.id)):
        assert codes(await enroll(city, third, nothing)) == ["NOT_FOUND"]
    # It is in the copy of who signed up: `tests/exporting` opens one.
    ((listed,),) = await city.sql("SELECT count(*) FROM app.enrolment WHERE person = :me", me=third.id)
    assert listed == 1
