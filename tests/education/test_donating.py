"""A case is given away by whom it happened to: without names, exactly as she read it, hers until it is published."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.core.access import Role, Viewer
from app.core.ids import new_id
from app.education.rules.redacting import redacted
from app.graph.ids import uuid_of
from tests.activities.hall import told
from tests.city import City, codes
from tests.education import desk
from tests.education.donating import MINE, OFFERED, act, give, preview

BODY = "我叫张伟，在济源市轵城镇宏达建筑有限公司干活，王老板拖欠我工资15000元，电话13800001111，该怎么办？"
RESOLVE = "mutation ($id: ID!) { resolveQuestion(input: {questionId: $id}) { __typename } }"


def test_names_numbers_and_places_are_taken_out() -> None:
    said = redacted(f"{BODY}微信ｚｊ８８８８８８。劳动合同法第三十条怎么说？一三八零零零零一一一一", ["干活"])
    for gone in ("张伟", "济源", "轵城", "宏达", "王老板", "15000", "1380", "ｚｊ", "zj", "干活", "一三八"):
        assert gone not in said, (gone, said)
    for kept in ("拖欠", "工资", "劳动合同法第三十条", "老板", "该怎么办？"):
        assert kept in said, (kept, said)


MADE_UP = st.text(alphabet="我叫张伟李１23四五六七abＣ@.，。\n 电话工资拖欠轵城镇济源市", max_size=60)


@settings(max_examples=100, deadline=None)
@given(MADE_UP, st.sampled_from(["拖欠", "工资", "电话"]))
def test_no_run_of_digits_and_nothing_struck_out_is_left(said: str, strike: str) -> None:
    left = redacted(said, [strike])
    assert not re.search(r"[A-Za-z0-9]{3,}|[四五六七]{5,}", left)
    assert strike not in left
    assert "轵城镇" not in left


async def ended(city: City, asker: Viewer, lawyer: Viewer) -> str:
    """A question of hers that was answered and resolved."""
    id = await city.asked(asker, BODY)
    await city.settle()
    seat = await city.claim(lawyer)
    await city.answer(lawyer, seat["id"])
    await city.one(asker, RESOLVE, id=id)
    await city.settle()
    return id


@pytest.mark.anyio
async def test_a_case_is_given_as_it_was_read_and_taken_back_until_it_is_published(city: City) -> None:
    asker, stranger, lawyer = await city.resident(), await city.resident(), await city.lawyer()
    editor, other, second = [await city.person(role) for role in (Role.EDITOR, Role.EDITOR, Role.SUPERVISOR)]
    question = await ended(city, asker, lawyer)
    seen = await preview(city, asker, question)
    assert "拖欠" in seen["text"]
    assert "解答要点" in seen["text"]
    for gone in ("张伟", "宏达", "13800001111", "李律师"):
        assert gone not in seen["text"]
    for who in (stranger, lawyer, editor):
        assert codes(await preview(city, who, question)) == ["NOT_FOUND"]
    open = await city.asked(asker, "押金不退怎么办，房东一直拖着不给")
    assert codes(await preview(city, asker, open)) == ["CASE_NOT_ENDED"]
    await city.one(asker, "mutation ($id: ID!) { withdrawQuestion(input: {questionId: $id}) { __typename } }", id=open)
    # Exactly what she was shown, and once.
    assert codes(await give(city, asker, question, digest="0" * 32)) == ["CASE_CHANGED"]
    assert codes(await give(city, asker, question, ["x" * 41], digest="0" * 32)) == ["TOO_LONG"]
    done = await asyncio.gather(*(give(city, asker, question, ["老板"]) for _ in range(10)))
    (made,) = [one for one in done if one["__typename"] == "DonatedCase"]
    assert {code for one in done if one is not made for code in codes(one)} == {"CASE_GIVEN"}
    assert (made["state"], made["topic"]) == ("OFFERED", {"code": "labour"})
    assert "老板" not in made["text"]
    id = made["id"]
    # Editors see that it is there; who takes it reads it, and nobody else does. Of the question nobody sees a thing.
    for who in (editor, other):
        assert [(one["id"], one["text"]) for one in (await city.one(who, OFFERED))["nodes"]] == [(id, None)]
    took = await asyncio.gather(*(act(city, who, "takeDonatedCase", donationId=id) for who in (editor, other) * 25))
    assert {one["text"] for one in took if one["__typename"] == "DonatedCase"} == {made["text"]}
    ((taken_by,),) = await city.sql("SELECT taker FROM app.case_donation")
    taker, loser = (editor, other) if taken_by == editor.id else (other, editor)
    assert (await city.one(loser, OFFERED))["nodes"] == []
    assert (await city.one(taker, OFFERED))["nodes"][0]["text"] == made["text"]
    async with city.db.acting(taker) as session:
        assert (await session.rows(text("SELECT 1 FROM app.donation_source"))).all() == []
        assert (await session.rows(text("SELECT 1 FROM app.question"))).all() == []
    assert await city.one(stranger, MINE) == []
    # An article tells it, and she takes it back before its day: it is in no draft any more.
    case = {"title": "工资被拖欠的案子", "text": made["text"], "source": "当事人捐出", "donationId": id}
    said = {"content": desk.content(cases=[case]), "idempotencyKey": str(new_id())}
    refused = await desk.act(city, loser, "createArticle", **said)
    assert (codes(refused), refused["reasons"][0]["field"]) == (["NOT_FOUND"], "content.cases.0.donationId")
    article = (await desk.act(city, taker, "createArticle", **said))["id"]
    await desk.act(city, taker, "submitArticle", articleId=article)
    now = await city.now()
    await desk.review(city, second, article, publishAt=now.replace(year=now.year + 1, day=1).isoformat())
    gone_now = await act(city, asker, "revokeDonation", donationId=id)
    assert (gone_now["state"], gone_now["text"]) == ("REVOKED", None)
    # Its day comes, and whoever wrote it hears that nothing was published.
    await city.pass_time(timedelta(days=400))
    assert await told(city, taker) == ["ARTICLE_NOT_PUBLISHED", "ARTICLE_REVIEWED"]
    draft = (await desk.seen(city, taker, article))["draft"]
    assert (draft["state"], draft["cases"], draft["revision"]) == ("DRAFT", [], 2)
    assert await city.sql("SELECT 1 FROM app.key WHERE subject = :id", id=uuid_of(id, "DonatedCase")) == []
    assert (await city.one(taker, OFFERED))["nodes"] == []
    assert codes(await act(city, asker, "revokeDonation", donationId=id)) == ["CASE_SETTLED"]
    # Another she leaves to be published: then it is told for good, and says that it was given.
    id = (await give(city, asker, await ended(city, asker, lawyer)))["id"]
    assert codes(await act(city, stranger, "revokeDonation", donationId=id)) == ["NOT_FOUND"]
    await act(city, taker, "takeDonatedCase", donationId=id)
    told_again = desk.content(cases=[case | {"donationId": id}])
    await desk.act(city, taker, "editArticle", articleId=article, revision=2, content=told_again)
    await desk.act(city, taker, "submitArticle", articleId=article)
    await desk.review(city, second, article)
    await city.settle()
    assert (await desk.seen(city, stranger, article))["cases"][0]["source"] == "当事人捐出"
    assert codes(await act(city, asker, "revokeDonation", donationId=id)) == ["CASE_SETTLED"]
    assert [one["state"] for one in await city.one(asker, MINE)] == ["PUBLISHED", "REVOKED"]
    assert await told(city, taker) == ["ARTICLE_NOT_PUBLISHED", "ARTICLE_PUBLISHED", "ARTICLE_REVIEWED"]
    about = "{ notices(first: 9) { nodes { kind aboutId } } }"
    assert {"kind": "CASE_PUBLISHED", "aboutId": id} in (await city.one(asker, about))["nodes"]
    # A correction that tells it again is no news to her; that it is gone is.
    fixed: dict[str, Any] = {
        "articleId": article,
        "correction": "更正：补充法律依据",
        "idempotencyKey": str(new_id()),
        "content": told_again,
    }
    assert not codes(await desk.act(city, taker, "correctArticle", **fixed))
    await desk.act(city, taker, "submitArticle", articleId=article)
    back = await desk.review(city, second, article, approve=False, reason="请写明出处")
    assert back["draft"]["state"] == "DRAFT"
    await desk.act(city, taker, "submitArticle", articleId=article)
    await desk.review(city, second, article)
    await city.settle()
    await desk.act(city, second, "withdrawArticle", articleId=article, reason="规定已废止")
    await city.settle()
    cases = [kind for kind in await told(city, asker) if kind.startswith("CASE_")]
    assert cases == ["CASE_PUBLISHED", "CASE_WITHDRAWN"]
    assert (await told(city, taker)).count("ARTICLE_REVIEWED") == 2
    # Who erases her question, or leaves, is nobody's giver any more.
    await city.one(asker, "mutation { closeAccount(input: {understood: true}) { __typename } }")
    await city.settle()
    assert await city.sql("SELECT 1 FROM app.donation_source") == []


@pytest.mark.anyio
async def test_who_is_no_editor_any_more_reads_no_case_that_she_took(city: City) -> None:
    asker, lawyer = await city.resident(), await city.lawyer()
    editor = await city.person(Role.EDITOR)
    id = (await give(city, asker, await ended(city, asker, lawyer)))["id"]
    assert (await act(city, editor, "takeDonatedCase", donationId=id))["text"]
    node = "query ($id: ID!) { node(id: $id) { ... on DonatedCase { text } } }"
    assert (await city.one(editor, node, id=id))["text"]
    await city.sql("UPDATE app.role_held SET until = app.clock() WHERE person = :me", me=editor.id)
    assert not ((await city.one(editor, node, id=id)) or {}).get("text")
    assert (await city.one(asker, node, id=id))["text"]


@pytest.mark.anyio
async def test_a_case_whose_editor_has_left_is_anothers_to_take(city: City) -> None:
    """Unless a draft tells it already. Who comes back into office may take it too."""
    asker, lawyer = await city.resident(), await city.lawyer("labour")
    editor, other = await city.person(Role.EDITOR), await city.person(Role.EDITOR)
    told_in, lies = [(await give(city, asker, await ended(city, asker, lawyer)))["id"] for _ in "ab"]
    texts = [(await act(city, editor, "takeDonatedCase", donationId=id))["text"] for id in (told_in, lies)]
    case = {"title": "工资被拖欠的案子", "text": texts[0], "source": "当事人捐出", "donationId": told_in}
    said = {"content": desk.content(cases=[case]), "idempotencyKey": str(new_id())}
    assert not codes(await desk.act(city, editor, "createArticle", **said))
    assert codes(await act(city, other, "takeDonatedCase", donationId=lies)) == ["NOT_FOUND"]
    office = "UPDATE app.role_held SET until = {} WHERE person = :her"
    await city.sql(office.format("app.clock()"), her=editor.id)
    assert [one["id"] for one in (await city.one(other, OFFERED))["nodes"]] == [lies]
    await city.sql(office.format("'infinity'"), her=editor.id)
    assert (await act(city, editor, "takeDonatedCase", donationId=lies))["text"] == texts[1]
    assert codes(await act(city, other, "takeDonatedCase", donationId=lies)) == ["NOT_FOUND"]
    await city.sql(office.format("app.clock()"), her=editor.id)
    assert (await act(city, other, "takeDonatedCase", donationId=lies))["text"] == texts[1]
