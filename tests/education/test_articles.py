"""An article from its first draft to its end: written, looked at by a second person, published, corrected, withdrawn;
found, read and recommended."""

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
from tests.advisers.hall import lives_in
from tests.city import City, codes
from tests.education.desk import (
    BODY,
    DESK,
    act,
    choose,
    content,
    created,
    published,
    recommended,
    review,
    seen,
    titles,
)
from tests.outreach.hall import created as channel_made
from tests.outreach.hall import funnel
from tests.vault.samples import picture
from tests.vault.sending import house, path, sent

pytestmark = pytest.mark.anyio


async def refused(city: City, who: Viewer, field: str, /, **said: Any) -> list[str]:
    return codes(await act(city, who, field, **said))


async def test_an_article_is_published_once_a_second_person_has_looked_at_it(city: City) -> None:
    author, second, supervisor = [await city.person(role) for role in (Role.EDITOR, Role.EDITOR, Role.SUPERVISOR)]
    resident = await city.resident()
    async with house(city) as client:
        cover = await sent(city, client, author, picture())
        key = str(new_id())
        said = {"content": content(coverId=cover), "idempotencyKey": key}
        made = await act(city, author, "createArticle", **said)
        assert (made["state"], made["draft"]["revision"], made["draft"]["mine"]) == ("DRAFT", 1, True)
        assert (await act(city, author, "createArticle", **said))["id"] == made["id"], (
            "the same request, the same article"
        )
        id = made["id"]
        # A draft is the staff's alone.
        for who in (None, resident, await city.lawyer()):
            assert await seen(city, who, id) is None
        assert await titles(city) == []
        # Another changes it: she is an author from then on, and may not review what she wrote.
        change = {"articleId": id, "revision": 1, "content": content(title="拖欠工资怎么办？")}
        assert (await act(city, second, "editArticle", **change))["draft"]["revision"] == 2
        assert await refused(city, author, "editArticle", **change) == ["ARTICLE_CHANGED"]
        assert await refused(
            city, supervisor, "reviewArticle", articleId=id, approve=True, reason="法条无误", calledAs="王"
        ) == ["TOO_SHORT"]
        assert codes(await review(city, supervisor, id)) == ["ARTICLE_BUSY"], "nobody has submitted it"
        assert (await act(city, author, "submitArticle", articleId=id))["state"] == "IN_REVIEW"
        assert await refused(city, author, "editArticle", **change | {"revision": 2}) == ["ARTICLE_BUSY"]
        for who in (author, second):
            assert codes(await review(city, who, id)) == ["OWN_ARTICLE"]
        assert (await city.one(supervisor, DESK, state="IN_REVIEW"))["nodes"][0]["id"] == id
        back = await review(city, supervisor, id, approve=False, reason="时效写错了")
        assert (back["state"], back["draft"]["verdict"]) == ("DRAFT", "时效写错了")
        # Meanwhile it is put right: nobody approves words that she did not read.
        assert (await act(city, author, "editArticle", **change | {"revision": 2}))["draft"]["revision"] == 3
        await act(city, author, "submitArticle", articleId=id)
        assert codes(await review(city, supervisor, id, revision=2)) == ["ARTICLE_CHANGED"]
        tomorrow = await city.now() + timedelta(days=1)
        late = {"publishAt": (tomorrow + timedelta(days=400)).isoformat()}
        assert codes(await review(city, supervisor, id, **late)) == ["PUBLISH_TOO_LATE"]
        approved = await review(city, supervisor, id, publishAt=tomorrow.isoformat(), revision=3)
        assert (approved["state"], approved["reviewedBy"]) == ("SCHEDULED", "王审核")
        # It may be taken back before its day, and looked at again.
        assert (await act(city, second, "reopenArticle", articleId=id))["state"] == "DRAFT"
        await act(city, author, "submitArticle", articleId=id)
        await review(city, supervisor, id, publishAt=(tomorrow + timedelta(hours=1)).isoformat())
        await city.pass_time(timedelta(days=1, minutes=1))
        assert await seen(city, resident, id) is None, "the earlier day was taken back"
        await city.pass_time(timedelta(hours=1))
        read = await seen(city, None, id)
        assert (read["state"], read["title"], read["topic"]) == ("PUBLISHED", "拖欠工资怎么办？", {"code": "labour"})
        assert (read["byline"], read["reviewedBy"]) == ("市司法局普法科 李敏", "王审核")
        assert "<strong>公司拖欠工资的，</strong>" in read["html"]
        assert read["cases"][0]["title"] == "工地工资案"
        hidden = {"withdrawnBecause": None, "verdict": None}
        assert [{name: one[name] for name in hidden} for one in read["versions"]] == [hidden]
        assert (await city.one(supervisor, DESK, state="PUBLISHED"))["nodes"][0]["draft"] is None
        # Everybody sees the cover, and the page that is passed on.
        cover_url, small_url = read["cover"]["url"], read["cover"]["smallUrl"]
        for url, limit in ((read["cover"]["url"], 10_000_000), (read["cover"]["smallUrl"], 100_000)):
            got = await client.get(path(url))
            assert (got.status_code, got.headers["content-type"]) == (200, "image/jpeg")
            assert len(got.content) == int(got.headers["content-length"]) < limit
            again = await client.get(path(url), headers={"if-none-match": got.headers["etag"]})
            assert again.status_code == 304
        assert (await client.get(f"/pictures/{new_id()}")).status_code == 404
        assert (await city.one(author, "query ($id: ID!) { file(id: $id) { url } }", id=cover))["url"]
        page = await client.get(path(read["shareUrl"]))
        assert "王审核" in page.text
        assert "第二十七条" in page.text
        assert path(read["cover"]["url"]) in page.text
        assert LARGE in page.text
        for about, said in (("image", read["cover"]["url"]), ("url", read["shareUrl"])):
            assert f'property="og:{about}" content="{said}"' in page.text
        known = {"if-none-match": page.headers["etag"]}
        assert (await client.get(path(read["shareUrl"]), headers=known)).status_code == 304
        assert "script" not in page.headers["content-security-policy"]
        # By whom it was passed on is counted, and nothing else of it.
        channel = await channel_made(city, author)
        shared = "query ($id: ID!, $code: String) { article(id: $id) { shareUrl(channelCode: $code) } }"
        for code, ending in ((channel["code"], f"?c={channel['code']}"), ("no channel", "")):
            url = (await city.one(None, shared, id=id, code=code))["shareUrl"]
            assert url == read["shareUrl"] + ending
            assert (await client.get(path(url) + ending)).status_code == 200
        assert (await funnel(city, author, channel["id"]))["scans"] == 1
        # It is corrected, and what stood there before stays to be seen.
        fixed = {"articleId": id, "correction": "更正：仲裁时效自终止劳动关系之日起算", "idempotencyKey": str(new_id())}
        fixed["content"] = content(title="拖欠工资怎么办？", markdown=BODY + "\n\n劳动关系存续期间不受一年限制。")
        assert (await act(city, second, "correctArticle", **fixed))["draft"]["number"] == 2
        assert await refused(city, author, "correctArticle", **fixed | {"idempotencyKey": str(new_id())}) == [
            "ARTICLE_BUSY"
        ]
        await act(city, author, "submitArticle", articleId=id)
        assert codes(await review(city, second, id)) == ["OWN_ARTICLE"]
        assert (await review(city, author, id))["state"] == "PUBLISHED", (
            "the author of the first did not write the second"
        )
        await city.settle()
        read = await seen(city, resident, id)
        assert "不受一年限制" in read["html"]
        assert read["correctedAt"] > read["publishedAt"]
        assert [(one["number"], one["state"], bool(one["correction"])) for one in read["versions"]] == [
            (2, "PUBLISHED", True),
            (1, "REPLACED", False),
        ]
        assert "自终止劳动关系" in (await client.get(path(read["shareUrl"]))).text
        # At last it is withdrawn, with all that came before and its picture, whoever has the address.
        gone = await act(city, supervisor, "withdrawArticle", articleId=id, reason="新法施行，内容过时")
        assert (gone["state"], gone["versions"][0]["withdrawnBecause"]) == ("WITHDRAWN", "新法施行，内容过时")
        assert await seen(city, resident, id) is None
        assert (await client.get(path(read["shareUrl"]))).status_code == 404
        for url in (cover_url, small_url):
            assert (await client.get(path(url))).status_code == 404
        assert await refused(city, supervisor, "withdrawArticle", articleId=id, reason="再撤一次") == ["ARTICLE_BUSY"]
        assert await refused(city, resident, "readArticle", articleId=id) == ["NOT_FOUND"]


async def test_the_tables_hold_who_reviews_what(city: City) -> None:
    """Raw SQL, past the house's code."""
    author, second, resident = [await city.person(*roles) for roles in ((Role.EDITOR,), (Role.EDITOR,), ())]
    id = await created(city, author)
    await act(city, author, "submitArticle", articleId=id)

    async def tried(who: Viewer, statement: str) -> str:
        try:
            async with city.db.acting(who) as session:
                done = await session.rows(text(statement), {"me": who.id} if ":me" in statement else {})
                return f"rows={done.rowcount}"
        except DBAPIError as error:
            return str(getattr(error.orig, "sqlstate", error))

    approves = (
        "UPDATE app.article_version SET state = 'SCHEDULED', reviewer = :me, reviewer_called = 'x',"
        " publish_at = app.clock()"
    )
    assert await tried(author, approves) == "23514", "its author"
    assert await tried(author, approves.replace("reviewer = :me", f"reviewer = '{second.id}'")) == "42501", (
        "in another's name"
    )
    assert await tried(second, approves.replace(", reviewer = :me", ", authors = '{}', reviewer = :me")) in (
        "23514",
        "42501",
    )
    assert await tried(second, "UPDATE app.article_version SET body = 'x'") == "42501", (
        "what is looked at stays as it is"
    )
    assert await tried(second, "UPDATE app.article_version SET state = 'PUBLISHED'") in ("23514", "42501")
    assert await tried(second, "UPDATE app.article SET reads = 9") == "42501"
    assert await tried(resident, approves) == "rows=0"
    assert (
        await tried(resident, "INSERT INTO app.article (id, made_at) VALUES (gen_random_uuid(), app.clock())")
        == "42501"
    )
    assert await tried(resident, "SELECT door.publish_article(gen_random_uuid())") == "42501"
    assert await tried(second, approves) == "rows=1"
    assert await tried(
        second,
        "UPDATE app.article_version SET state = 'DRAFT', reviewer = NULL, reviewer_called = '', publish_at = NULL",
    ) == ("rows=1")


async def test_readers_find_articles_and_articles_find_readers(city: City) -> None:
    editor, reviewer = await city.person(Role.EDITOR), await city.person(Role.SUPERVISOR)
    resident, lawyer = await city.resident(), await city.lawyer()
    ids = {}
    written: dict[str, dict[str, Any]] = {
        "被拖欠工资怎么办": {},
        "离婚时孩子归谁": {"topicId": global_id("Category", "family"), "markdown": "孩子的抚养权" * 10},
        "轵城镇征地补偿指南": {
            "topicId": global_id("Category", "land"),
            "divisionCodes": ["419001100"],
            "markdown": "征地" * 40,
        },
        "律师执业新规解读": {
            "topicId": global_id("Category", "other"),
            "roles": ["LAWYER"],
            "markdown": "执业规范" * 20,
        },
        "校园欺凌怎么办": {
            "topicId": global_id("Category", "minors"),
            "ageBands": ["UNDER_14", "FROM_14_TO_17"],
            "markdown": "欺凌" * 40,
        },
    }
    for title, more in written.items():
        ids[title] = await published(city, editor, reviewer, title=title, **more)
        await city.turn_seconds(60)
    newest_first = list(reversed(ids))
    assert await titles(city) == newest_first
    with city.statements() as statements:
        assert len(await titles(city, first=3)) == 3
    assert len(statements) == 1
    assert await titles(city, topic=global_id("Category", "family")) == ["离婚时孩子归谁"]
    # By words of the title, of the text, of the law; by characters of the other kind, by sound, with a letter wrong.
    for words, found in {
        "工资": "被拖欠工资怎么办",
        "拖欠工資": "被拖欠工资怎么办",
        "劳动监察大队": "被拖欠工资怎么办",
        "抚养权": "离婚时孩子归谁",
        "zhengdi": "轵城镇征地补偿指南",
        "lhs": "离婚时孩子归谁",
        "xiaoyuanqiling": "校园欺凌怎么办",
        "劳动仲裁": "被拖欠工资怎么办",
    }.items():
        assert (await titles(city, words))[:1] == [found], words
    assert await titles(city, "火星移民") == []
    paged = [await titles(city, "怎么办", first=1)]
    assert paged == [["校园欺凌怎么办"]]
    # What everybody gets; what is meant for others only is not in it.
    everybody = [("离婚时孩子归谁", ["NEWEST"]), ("被拖欠工资怎么办", ["NEWEST"])]
    assert await recommended(city, None) == everybody
    assert await recommended(city, resident) == everybody
    assert (await choose(city, resident, "labour", "family"))["topics"] == [{"code": "family"}, {"code": "labour"}]
    await choose(city, resident, "labour")
    await lives_in(city, resident, "419001100201")
    mine = [("被拖欠工资怎么办", ["TOPIC_CHOSEN"]), ("轵城镇征地补偿指南", ["TOWN"]), ("离婚时孩子归谁", ["NEWEST"])]
    assert await recommended(city, resident) == mine
    assert await recommended(city, resident, personal=False) == everybody
    assert ("律师执业新规解读", ["ROLE"]) in await recommended(city, lawyer)
    await city.sql("UPDATE app.age_said SET band = 'FROM_14_TO_17' WHERE person = :me", me=resident.id)
    assert ("校园欺凌怎么办", ["AGE_BAND"]) in await recommended(city, resident)
    # What she has read is not put first again; a hundred times is once.
    id = ids["被拖欠工资怎么办"]
    done = await asyncio.gather(*(act(city, resident, "readArticle", articleId=id) for _ in range(50)))
    assert {one["reads"] for one in done} == {1}
    assert (await recommended(city, resident))[-1][0] == "被拖欠工资怎么办"
    others = [await city.resident() for _ in range(2)]
    said = {"articleId": id, "reaction": "HELPFUL"}
    for who in (resident, *others):
        assert (await act(city, who, "reactToArticle", **said))["reaction"] == "HELPFUL"
    await asyncio.gather(*(act(city, others[0], "reactToArticle", **said | {"reaction": "UNCLEAR"}) for _ in range(5)))
    await act(city, others[1], "reactToArticle", articleId=id)
    shown = await seen(city, resident, id)
    assert (shown["reads"], shown["helpful"], shown["unclear"], shown["reaction"]) == (3, 1, None, "HELPFUL")
    assert (await seen(city, editor, id))["unclear"] == 1
    assert (await seen(city, others[1], id))["reaction"] is None
    # Nobody else can tell what she read, chose or said.
    assert (await city.sql("SELECT count(*) FROM app.article_reader WHERE person = :me", me=resident.id))[0][0] == 1
    async with city.db.acting(others[0]) as session:
        assert (await session.rows(text("SELECT person FROM app.article_reader"))).scalars().all() == [others[0].id]
        assert (await session.rows(text("SELECT person FROM app.topic_choice"))).all() == []
    assert codes(await choose(city, resident, "labour.wages")) == ["BAD_VALUE"]
    assert (await choose(city, resident))["topics"] == []
    # Whoever leaves takes it along; the counts stay.
    await city.one(others[0], "mutation { closeAccount(input: {understood: true}) { __typename } }")
    await city.settle()
    assert await city.sql("SELECT 1 FROM app.article_reader WHERE person = :me", me=others[0].id) == []
    assert (await seen(city, editor, id))["unclear"] == 1


async def test_of_fifty_who_decide_at_once_one_does(city: City) -> None:
    editor = await city.person(Role.EDITOR)
    reviewers = [await city.person(Role.SUPERVISOR) for _ in range(5)]
    id = await created(city, editor)
    await act(city, editor, "submitArticle", articleId=id)
    tries = [review(city, who, id, approve=place % 2 == 0) for place, who in enumerate(reviewers * 10)]
    done = await asyncio.gather(*tries)
    won = [one for one in done if one["__typename"] == "Article"]
    assert len(won) == 1
    assert {code for one in done if one not in won for code in codes(one)} == {"ARTICLE_BUSY"}
    other = content(title="别的题目怎么写")
    said = {"articleId": id, "revision": 1, "content": other}
    if won[0]["state"] == "DRAFT":
        edits = await asyncio.gather(*(act(city, editor, "editArticle", **said) for _ in range(10)))
        assert sum(one["__typename"] == "Article" for one in edits) == 1
    await city.settle()
    rows = await city.sql("SELECT count(*) FROM app.article_version WHERE article = :id", id=uuid_of(id, "Article"))
    assert rows[0][0] == 1


async def test_what_is_wrong_in_an_article_is_said_by_its_place(city: City) -> None:
    editor = await city.person(Role.EDITOR)
    wrong = content(title="短", markdown="短", divisionCodes=["1"], statutes=[{"law": "x" * 61, "article": ""}])
    made = await act(city, editor, "createArticle", content=wrong, idempotencyKey=str(new_id()))
    assert {(one["field"], one["code"]) for one in made["reasons"]} == {
        ("content.title", "TOO_SHORT"),
        ("content.markdown", "TOO_SHORT"),
        ("content.divisionCodes", "BAD_VALUE"),
        ("content.statutes.0.law", "TOO_LONG"),
        ("content.statutes.0.article", "BLANK"),
    }
    cases = [{"title": "甲某案", "text": "太短", "source": "示"}] * 6
    made = await act(city, editor, "createArticle", content=content(cases=cases), idempotencyKey=str(new_id()))
    assert {(one["field"], one["code"]) for one in made["reasons"]} >= {("content.cases", "BAD_VALUE")}
    hers = await city.resident()
    async with house(city) as client:
        theirs = await sent(city, client, hers, picture())
    made = await act(city, editor, "createArticle", content=content(coverId=theirs), idempotencyKey=str(new_id()))
    assert (made["reasons"][0]["field"], codes(made)) == ("content.coverId", ["NOT_FOUND"])
    for who in (None, hers, await city.lawyer()):
        said = {"content": content(), "idempotencyKey": str(new_id())}
        document = "mutation ($input: CreateArticleInput!) { createArticle(input: $input) { __typename } }"
        errors = await city.errors(who, document, input=said)
        assert errors[0]["extensions"]["code"] in ("FORBIDDEN", "UNAUTHENTICATED")
