"""The staff make channels: a tree with codes, with targets, and an end; others see nothing of it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.core.access import Role
from app.core.db import NOBODY
from app.core.html import LARGE
from app.core.ids import new_id
from app.graph.ids import global_id, uuid_of
from app.places.rules.workdays import today
from tests.city import codes
from tests.outreach.hall import CLOSE, FUNNEL, TARGET, UPDATE, Hall, created
from tests.vault.scene import DENIED, attempt
from tests.vault.sending import path

pytestmark = pytest.mark.anyio

LIST = """query ($parent: ID, $kind: ChannelKind, $live: Boolean! = true) {
    channels(parentId: $parent, kind: $kind, live: $live, first: 20) { nodes {
        name parent { name } targets { step reached weeks { came } } } } }"""


async def names(hall: Hall, **said: Any) -> list[str]:
    found = await hall.city.one(hall.editor, LIST, **said)
    return [one["name"] for one in found["nodes"]]


async def test_a_tree_is_made_changed_and_closed(hall: Hall) -> None:
    city, editor = hall.city, hall.editor
    town = await hall.made(kind="TOWN", name=" 沁园街道 ", divisionCode="419001001")
    assert (town["name"], town["office"], town["until"]) == ("沁园街道", "济源市司法局", None)
    assert town["url"].endswith(f"/c/{town['code']}")
    assert town["qrUrl"] == f"{town['url']}/qr.png"
    said = {"kind": "VILLAGE", "name": "东马蓬社区", "parentId": town["id"], "divisionCode": "419001001001"}
    village = await hall.made(**said)
    assert (village["parent"]["id"], village["division"]["code"]) == (town["id"], "419001001001")
    assert codes(await created(city, editor, **said)) == ["DIVISION_HAS_CHANNEL"]
    assert codes(await created(city, editor, **said | {"parentId": None})) == ["BAD_PLACE_IN_TREE"]
    assert codes(await created(city, editor, parentId=global_id("Channel", new_id()))) == ["NOT_FOUND"]
    assert codes(await created(city, editor, name="字", link="ftp://x")) == ["TOO_SHORT", "BAD_LINK"]
    key = str(new_id())
    many = await asyncio.gather(*(created(city, editor, name="示例集市", idempotencyKey=key) for _ in range(50)))
    assert len({one["id"] for one in many}) == 1
    assert codes(await created(city, editor, name="另一集市", idempotencyKey=key)) == ["KEY_REUSED"]
    assert await names(hall) == ["示例集市", "东马蓬社区", "沁园街道"]
    assert await names(hall, parent=town["id"]) == await names(hall, kind="VILLAGE") == ["东马蓬社区"]

    # One change at a time; a channel that is closed stays as it is.
    change = {"channelId": village["id"], "version": 1, "name": "东马蓬居委会"}
    changed = await city.one(editor, UPDATE, input=change)
    assert (changed["name"], changed["version"], changed["code"]) == ("东马蓬居委会", 2, village["code"])
    assert codes(await city.one(editor, UPDATE, input=change)) == ["CHANNEL_CHANGED"]
    assert codes(await city.one(editor, UPDATE, input=change | {"name": " "})) == ["BLANK"]
    assert codes(await city.one(editor, UPDATE, input=change | {"link": "https://x.example"})) == ["BAD_LINK"]
    assert codes(await city.one(editor, CLOSE, input={"channelId": village["id"], "version": 1})) == ["CHANNEL_CHANGED"]
    for _ in range(2):
        closed = await city.one(editor, CLOSE, input={"channelId": village["id"], "version": 2})
        assert closed["closedAt"]
    assert codes(await city.one(editor, UPDATE, input=change | {"version": 3})) == ["CHANNEL_CLOSED"]
    assert codes(await created(city, editor, parentId=village["id"])) == ["CHANNEL_CLOSED"]
    assert await names(hall) == ["示例集市", "沁园街道"]
    assert "东马蓬居委会" in await names(hall, live=False)
    assert (await hall.made(**said))["code"] != village["code"]


async def test_a_code_leads_on_whatever_became_of_it(hall: Hall) -> None:
    """Unknown, closed and over: nothing is counted, nothing is lost, nothing is told."""
    city = hall.city
    soon = (await city.now() + timedelta(days=1)).isoformat()
    partner = await hall.made(kind="PARTNER", name="示例工会", link="https://union.example/page", until=soon)
    closed = await hall.made()
    await city.one(hall.editor, CLOSE, input={"channelId": closed["id"], "version": 1})
    async with city.http() as house:
        for code in (closed["code"], "23456789ABCD", "x", "../../etc"):
            answer = await house.get(f"/c/{code}")
            assert (answer.status_code, "set-cookie" in answer.headers) == (404 if "/" in code else 200, False)
            assert (LARGE in answer.text) is ("/" not in code)
            assert (await house.get(f"/c/{code}/to")).status_code == 404
            assert (await house.post(f"/c/{code}")).status_code == (404 if "/" in code else 204)
        for look in (house.get, house.get, house.head):
            led = await look(path(partner["sendUrl"]))
            assert (led.status_code, led.headers["location"]) == (302, "https://union.example/page")
        house.cookies.clear()  # another browser, and first by its headers alone
        for look in (house.head, house.get):
            assert (await look(path(partner["sendUrl"]))).status_code == 302
        assert (await house.post(path(partner["url"]))).status_code == 204
        drawn = [await house.get(f"{path(partner['url'])}/qr.{kind}") for kind in ("svg", "png", "gif")]
        assert [one.status_code for one in drawn] == [200, 200, 404]
        assert drawn[0].headers["cache-control"] == "public, max-age=3600"
        await city.turn(timedelta(days=2))
        assert (await house.get(path(partner["sendUrl"]))).status_code == 404
        assert (await house.get(path(partner["url"]))).status_code == 200
    sums = await city.sql("SELECT step, n FROM app.outreach_day ORDER BY step")
    assert [tuple(row) for row in sums] == [("SCAN", 1), ("SENT", 2)]
    onward = city.settings.model_copy(update={"landing_url": "https://h5.example/?x=1"})
    city.settings = onward
    fair = await hall.made(kind="EVENT", name="示例集市")
    async with city.http() as house:
        led = await house.get(path(fair["url"]).lower().replace("/c/", "/c/"))
        assert (led.status_code, led.headers["location"]) == (302, f"https://h5.example/?x=1&c={fair['code']}")
        led = await house.get("/c/nonsense")
        assert (led.status_code, led.headers["location"]) == (302, "https://h5.example/?x=1")


async def test_targets_are_looked_at_week_by_week_in_few_statements(hall: Hall) -> None:
    city, editor = hall.city, hall.editor
    town = await hall.made(kind="TOWN", name="沁园街道", divisionCode="419001001")
    for number in range(5):
        channel = await hall.made(parentId=town["id"], name=f"窗口{number}")
        async with city.http() as house:
            assert (await house.post(path(channel["url"]))).status_code == 204
    day = today(await city.now())
    said = {"step": "SCAN", "goal": 70, "since": str(day - timedelta(days=6)), "until": str(day + timedelta(days=63))}
    for goal in (9, 70):
        made = await city.one(editor, TARGET, input=said | {"channelId": town["id"], "goal": goal})
    (target,) = made["targets"]
    assert (target["goal"], target["reached"], target["weeks"][-1]["reached"]) == (70, 5, 5)
    assert sum(week["came"] for week in target["weeks"]) == 5
    for bad, field in (({"goal": 0}, "goal"), ({"until": str(day - timedelta(days=9))}, "until")):
        refused = await city.one(editor, TARGET, input=said | {"channelId": town["id"]} | bad)
        assert [reason["field"] for reason in refused["reasons"]] == [field]
    with city.statements() as sent:
        found = await city.one(editor, LIST)
    assert len(found["nodes"]) == 6
    assert len(sent) <= 4, sent
    # Of a school, and of a town whose school brought few, no small number is told.
    school = await hall.made(kind="SCHOOL", parentId=town["id"], name="示例小学")
    async with city.http() as house:
        for _ in range(25):
            await house.post(path(school["url"]))
    assert [(await hall.counts(one))[0] for one in (school, town)] == [None, 5]
    # Once the week has passed, tens; and no other choice of days tells more of it.
    await city.turn(timedelta(days=7))
    assert [(await hall.counts(one))[0] for one in (school, town)] == [20, 25]
    monday = (day := today(await city.now())) - timedelta(days=day.weekday() + 7)
    for first, last in ((0, 5), (1, 6), (0, 6), (-3, 9)):
        said = {"from": str(monday + timedelta(days=first)), "to": str(monday + timedelta(days=last))}
        expected = 20 if first <= 0 and last >= 6 else None
        assert (await city.one(editor, FUNNEL, id=school["id"], **said))["scans"] == expected
    for edges in ({"from": "9999-12-31", "to": "9999-12-31"}, {"from": "0001-01-01", "to": "0001-01-03"}):
        assert (await city.one(editor, FUNNEL, id=school["id"], **edges))["scans"] is None


async def test_who_sees_channels_and_who_makes_them(hall: Hall) -> None:
    city, channel = hall.city, await hall.made()
    day = str(today(await city.now()))
    supervisor, resident = await city.person(Role.SUPERVISOR), await city.resident()
    assert (await city.one(supervisor, FUNNEL, id=channel["id"], **{"from": day, "to": day}))["scans"] == 0
    (denied,) = await city.errors(resident, FUNNEL, id=channel["id"], **{"from": day, "to": day})
    assert denied["extensions"]["code"] == "FORBIDDEN"
    assert await city.one(resident, "query ($id: ID!) { node(id: $id) { id } }", id=channel["id"]) is None
    errors = await city.errors(hall.editor, FUNNEL, id=channel["id"], **{"from": day, "to": "2020-01-01"})
    assert errors[0]["extensions"]["code"] == "BAD_PERIOD"
    # The walls hold without the house's code too.
    id, new = uuid_of(channel["id"], "Channel"), new_id()
    row = (
        "INSERT INTO app.outreach_channel (id, code, parent, path, kind, name, office, until, made_at, version,"
        " changed_at, changed_by) SELECT :new, '23456789ABCD', :parent, CAST(:path AS uuid[]), 'EVENT', '集市', '某局',"
        " 'infinity', app.clock(), 1, app.clock(), :by"
    )
    me = hall.editor.id
    for who, said in (
        (supervisor.id, {"by": supervisor.id}),
        (me, {"by": supervisor.id}),
        (me, {"path": [id, new]}),
        (me, {"parent": id}),
        (me, {"parent": new_id(), "path": [id, new]}),
    ):
        values = {"new": new, "parent": None, "path": [new], "by": me} | said
        assert await attempt(city.db, who, row, **values) in (DENIED, "23503"), said
    good = {"new": new, "parent": id, "path": [id, new], "by": me}
    assert await attempt(city.db, me, row, **good) == "rows=1"
    for statement, outcome in (
        ("UPDATE app.outreach_channel SET path = '{}'", DENIED),
        ("UPDATE app.outreach_channel SET code = '23456789ABCE'", DENIED),
        (
            "UPDATE app.outreach_channel SET name = '某某', changed_by = :me, changed_at = 'epoch'",
            DENIED,
        ),
        ("UPDATE app.outreach_day SET n = 5", DENIED),
        ("SELECT 1 FROM app.outreach_touch", DENIED),
        ("DELETE FROM app.outreach_channel", DENIED),
    ):
        assert await attempt(city.db, me, statement, me=me) == outcome, statement
    for statement in ("SELECT 1 FROM app.outreach_channel", "SELECT 1 FROM app.outreach_touch"):
        assert await attempt(city.worker, NOBODY, statement) == DENIED
