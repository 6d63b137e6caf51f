"""Articles are pushed to who agreed to it: never to so few that one could be told apart, at most two a week, each with
its reason, and all of them ended by one tap."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.core.access import Role, Viewer
from app.core.html import LARGE
from app.core.ids import new_id
from app.graph.ids import global_id, uuid_of
from tests.city import REFUSED, City, codes
from tests.education.desk import act, choose, published
from tests.people import VERSIONS
from tests.vault.sending import path

pytestmark = pytest.mark.anyio

CAMPAIGN = (
    "id state estimate sendAt endedAt article { title } results { sent read stopped } audience { topics { code } }"
)
CREATE = f"""mutation ($input: CreateCampaignInput!) {{ createCampaign(input: $input) {{
  __typename {REFUSED} ... on Campaign {{ {CAMPAIGN} }} }} }}"""
CANCEL = f"""mutation ($id: ID!) {{ cancelCampaign(input: {{campaignId: $id}}) {{
  __typename {REFUSED} ... on Campaign {{ {CAMPAIGN} }} }} }}"""
ESTIMATE = f"""query ($audience: CampaignAudienceInput!) {{ campaignEstimate(audience: $audience) {{
  __typename {REFUSED} ... on CampaignEstimate {{ people }} }} }}"""
SEEN = f"query ($id: ID!) {{ node(id: $id) {{ ... on Campaign {{ {CAMPAIGN} }} }} }}"
PUSHES = "{ myPushes { nodes { id at why stopUrl stoppedAt article { id title } } } }"
TOLD = "{ notices { nodes { kind title aboutId } } }"
STOP = f"""mutation ($id: ID!) {{ stopPushes(input: {{pushId: $id}}) {{
  __typename {REFUSED} ... on ArticlePush {{ stoppedAt }} }} }}"""
AGREE = f"""mutation {{ giveConsent(input: {{purpose: EDUCATION, version: {VERSIONS["EDUCATION"]}}}) {{
    __typename {REFUSED} }} }}"""
CONSENTS = "{ viewer { consents { given notice { purpose } } } }"
LABOUR: dict[str, Any] = {"topicIds": [global_id("Category", "labour")]}


async def push(city: City, editor: Viewer, article: str, audience: dict[str, Any] | None = None, **other: Any) -> Any:
    said = {"articleId": article, "audience": audience or {}, "idempotencyKey": str(new_id())} | other
    return await city.one(editor, CREATE, input=said)


async def got(city: City, who: Viewer) -> list[Any]:
    nodes: list[Any] = (await city.one(who, PUSHES))["nodes"]
    return nodes


async def readers(city: City, count: int) -> list[Viewer]:
    """People who agreed and chose what they want to read about."""
    people = [await city.resident() for _ in range(count)]
    for who in people:
        await city.one(who, AGREE)
        await choose(city, who, "labour")
    return people


async def agrees(city: City, who: Viewer) -> bool:
    consents = (await city.one(who, CONSENTS))["consents"]
    return any(one["notice"]["purpose"] == "EDUCATION" and one["given"] for one in consents)


async def test_what_was_planned_long_ago_is_pushed_as_people_agree_by_then(city: City) -> None:
    editor, second = await city.person(Role.EDITOR), await city.person(Role.SUPERVISOR)
    people = await readers(city, 11)
    article = await published(city, editor, second)
    tomorrow = (await city.now() + timedelta(days=1)).isoformat()
    planned = [await push(city, editor, article, LABOUR, sendAt=tomorrow) for _ in "ab"]
    # The notice has changed since, and all but one have agreed to it as it is.
    await city.sql("UPDATE app.campaign SET consent = consent - 1")
    await city.sql("UPDATE app.consent SET version = version - 1 WHERE person = :me", me=people[0].id)
    await city.pass_time(timedelta(days=1))
    assert [len(await got(city, who)) for who in people] == [0] + [2] * 10
    # Fewer than ten are left by its day: nobody is told.
    third = await push(city, editor, article, LABOUR, sendAt=(await city.now() + timedelta(days=30)).isoformat())
    assert third["state"] == "SCHEDULED"
    await city.sql("UPDATE app.consent SET given = false WHERE person = :me", me=people[1].id)
    await city.pass_time(timedelta(days=30))
    assert [(await city.one(editor, SEEN, id=one["id"]))["state"] for one in (*planned, third)] == [
        "SENT",
        "SENT",
        "CANCELLED",
    ]
    assert [len(await got(city, who)) for who in people[2:4]] == [2, 2]


async def test_an_article_is_pushed_to_who_agreed_at_most_twice_a_week_and_ends_by_one_tap(city: City) -> None:
    editor, second = await city.person(Role.EDITOR), await city.person(Role.SUPERVISOR)
    people = await readers(city, 12)
    stranger, child = await city.resident(), people[11]
    await choose(city, stranger, "labour")  # she chose, and did not agree
    await city.sql("UPDATE app.age_said SET band = 'UNDER_14' WHERE person = :me", me=child.id)
    articles = [await published(city, editor, second, title=f"第{n}篇普法文章") for n in "一二三"]
    for audience in (LABOUR, {}, LABOUR | {"ageBands": ["ADULT"]}, LABOUR | {"roles": ["RESIDENT"]}):
        assert (await city.one(editor, ESTIMATE, audience=audience))["people"] == 10
    narrow: list[dict[str, Any]] = [
        {"divisionCodes": ["419001100"]},
        {"topicIds": [global_id("Category", "family")]},
        {"roles": ["LAWYER"]},
    ]
    for audience in narrow:
        assert codes(await city.one(editor, ESTIMATE, audience=audience)) == ["AUDIENCE_TOO_SMALL"]
        assert codes(await push(city, editor, articles[0], audience)) == ["AUDIENCE_TOO_SMALL"]
    assert codes(await city.one(editor, ESTIMATE, audience={"divisionCodes": ["x"]})) == ["BAD_VALUE"]
    tomorrow = await city.now() + timedelta(days=1)
    key = str(new_id())
    made = await push(city, editor, articles[0], LABOUR, sendAt=tomorrow.isoformat(), idempotencyKey=key)
    assert (made["state"], made["estimate"], made["results"]["sent"]) == ("SCHEDULED", 10, None)
    same = {"sendAt": tomorrow.isoformat(), "idempotencyKey": key}
    again = await asyncio.gather(*(push(city, editor, articles[0], LABOUR, **same) for _ in range(50)))
    assert {one["id"] for one in again} == {made["id"]}
    assert await city.sql("SELECT count(*) FROM app.campaign") == [(1,)]
    chosen = await asyncio.gather(
        *(choose(city, people[0], "labour", "family") for _ in range(25)),
        *(choose(city, people[0], "labour") for _ in range(25)),
    )
    assert {len(one["topics"]) for one in chosen} == {1, 2}
    await choose(city, people[0], "labour")
    early = {"sendAt": (tomorrow - timedelta(days=2)).isoformat()}
    assert codes(await push(city, editor, articles[0], LABOUR, **early)) == ["CAMPAIGN_TIME"]
    await city.settle()
    assert await got(city, people[0]) == []
    await city.pass_time(timedelta(days=1, seconds=1))
    (told,) = await got(city, people[0])
    assert (told["why"], told["article"]["title"]) == (["TOPIC_CHOSEN"], "第一篇普法文章")
    (notice,) = [one for one in (await city.one(people[0], TOLD))["nodes"] if one["kind"] == "ARTICLE_PUSH"]
    assert notice["aboutId"] == told["id"]
    for who in (stranger, child):
        assert await got(city, who) == []
    shown = await city.one(editor, SEEN, id=made["id"])
    assert (shown["state"], shown["results"]) == ("SENT", {"sent": 11, "read": None, "stopped": None})
    assert codes(await city.one(second, CANCEL, id=made["id"])) == ["CAMPAIGN_OVER"]
    # A second one comes, a third does not: seven days have two, whoever plans however many.
    done = await asyncio.gather(*(push(city, editor, articles[n], LABOUR) for n in (1, 2, 0)))
    assert {one["state"] for one in done} == {"SCHEDULED"}
    await city.settle()
    assert [len(await got(city, who)) for who in people[:11]] == [2] * 11
    await city.pass_time(timedelta(days=6))
    await push(city, editor, articles[2], LABOUR)
    await city.settle()
    assert len(await got(city, people[0])) == 2
    await city.pass_time(timedelta(days=1, minutes=1))
    await push(city, editor, articles[2], LABOUR)
    await city.settle()
    assert len(await got(city, people[0])) == 3
    # All who read it: enough to be told.
    for who in people[:11]:
        await act(city, who, "readArticle", articleId=articles[0])
    assert (await city.one(editor, SEEN, id=made["id"]))["results"]["read"] == 11
    # One tap, in the app or by the link without signing in; a look at the link stops nothing.
    stopped = await asyncio.gather(*(city.one(people[0], STOP, id=told["id"]) for _ in range(50)))
    assert len({one["stoppedAt"] for one in stopped}) == 1
    given = "SELECT count(*) FROM app.consent WHERE person = :me AND purpose = 'EDUCATION'"
    assert await city.sql(given, me=people[0].id) == [(2,)]
    for who in people[:10]:
        assert (await city.one(who, STOP, id=told["id"]))["stoppedAt"]
        assert not await agrees(city, who)
    url = path((await got(city, people[10]))[0]["stopUrl"])
    async with city.http() as client:
        look = (await client.get(url)).text
        assert "停止全部普法推送" in look
        assert LARGE in look
        assert await agrees(city, people[10])
        for _ in range(2):
            assert "已停止" in (await client.post(url)).text
        assert (await client.post(f"/stop/{new_id()}")).status_code == 200
    assert not await agrees(city, people[10])
    await city.settle()
    assert (await city.one(editor, SEEN, id=made["id"]))["results"]["stopped"] == 10
    assert codes(await city.one(stranger, STOP, id=told["id"])) == ["NOT_FOUND"]
    assert codes(await push(city, editor, articles[1], LABOUR)) == ["AUDIENCE_TOO_SMALL"]
    # Who pushes never sees to whom.
    async with city.db.acting(editor) as session:
        assert (await session.rows(text("SELECT 1 FROM app.article_push"))).all() == []


async def test_a_campaign_goes_out_a_few_at_a_time_and_can_be_cancelled_on_its_way(city: City) -> None:
    editor, second = await city.person(Role.EDITOR), await city.person(Role.SUPERVISOR)
    article = await published(city, editor, second)
    people = [new_id() for _ in range(250)]
    many = {"people": people}
    await city.sql("INSERT INTO app.person SELECT unnest(CAST(:people AS uuid[])), 'ACTIVE', now()", **many)
    await city.sql(
        "INSERT INTO app.consent SELECT unnest(CAST(:people AS uuid[])), 'EDUCATION', 1, :version, true, '', now()",
        version=VERSIONS["EDUCATION"],
        **many,
    )

    async def sent() -> int:
        return int((await city.sql("SELECT count(*) FROM app.article_push"))[0][0])

    made = await push(city, editor, article)
    assert made["estimate"] == 250
    await city.settle()
    assert await sent() == 100
    await city.pass_time(10)
    assert await sent() == 200
    over = await asyncio.gather(*(city.one(second, CANCEL, id=made["id"]) for _ in range(50)))
    assert sum(one["__typename"] == "Campaign" for one in over) == 1
    await city.pass_time(60)
    assert await sent() == 200
    assert (await city.one(editor, SEEN, id=made["id"]))["results"]["sent"] == 200
    # The table itself holds the two a week, and withdrawing an article ends what is planned of it.
    again = """INSERT INTO app.article_push SELECT gen_random_uuid(), :c, person, 1, at + interval '6 days',
        at + interval '6 days 168 hours' FROM app.article_push LIMIT 1"""
    async with city.super.acting("") as session:
        await session.rows(text("SET LOCAL session_replication_role = replica"))
        with pytest.raises(DBAPIError, match="article_push_two_a_week"):
            await session.rows(text(again), {"c": new_id()})
    later = await push(city, editor, article, sendAt=(await city.now() + timedelta(days=1)).isoformat())
    await act(city, second, "withdrawArticle", articleId=article, reason="规定已废止")
    await city.pass_time(timedelta(days=2))
    assert (await city.one(editor, SEEN, id=later["id"]))["state"] == "CANCELLED"
    assert await sent() == 200
    kinds = [one["kind"] for one in (await city.one(editor, TOLD))["nodes"]]
    assert kinds.count("CAMPAIGN_OVER") == 2, "one that was cancelled, and one whose article is gone"
    assert codes(await push(city, editor, article)) == ["NOT_FOUND"]
    assert await city.sql("SELECT 1 FROM app.campaign WHERE article <> :a", a=uuid_of(article, "Article")) == []
