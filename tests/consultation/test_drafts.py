"""What one is writing is kept, on every device, until it is sent, discarded or forgotten."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.consultation.events import DraftAged
from app.core.access import Viewer
from app.core.ids import new_id
from app.graph.ids import global_id, uuid_of
from tests.city import ASK, TOWN, City, codes, question

pytestmark = pytest.mark.anyio

PARTS = """id body brief divisionCode opposingParty onBehalfOf revision savedAt expiresAt
  category { code } division { code } lawyers { id }"""
REFUSED = "... on Refused { reasons { code field } }"
SAVE = f"""mutation ($input: SaveDraftInput!) {{ saveDraft(input: $input) {{
  __typename ... on Draft {{ {PARTS} }} {REFUSED} }} }}"""
DISCARD = f"""mutation ($id: ID!) {{ discardDraft(input: {{draftId: $id}}) {{
  __typename ... on Draft {{ id body }} {REFUSED} }} }}"""
PAGE = f"{{ drafts(first: 100) {{ nodes {{ {PARTS} }} }} }}"
NODE = "query ($id: ID!) { node(id: $id) { id ... on Draft { body } } }"
DAY = timedelta(days=1)


async def save(city: City, writer: Viewer, id: str | None = None, **parts: Any) -> Any:
    said = {"draftId": id, "revision": 1, "idempotencyKey": str(new_id())} | parts
    return await city.one(writer, SAVE, input=said)


async def bodies(city: City, writer: Viewer) -> list[str]:
    return [draft["body"] for draft in (await city.one(writer, PAGE))["nodes"]]


async def test_what_is_begun_on_one_device_is_gone_on_with_on_another(city: City) -> None:
    phone, lawyer = await city.resident(), await city.lawyer()
    tablet = replace(phone, sign_in=new_id())
    await city.signed_in(tablet)
    begun = await save(city, phone, body="老板拖")
    chosen = {"categoryId": global_id("Category", "labour.wages"), "divisionCode": TOWN, "opposingParty": "宏达公司"}
    whole = chosen | {"body": "老板拖欠工资", "brief": "工资", "lawyerIds": [global_id("Lawyer", lawyer.id)]}
    delegation = global_id("Delegation", new_id())
    await save(city, phone, begun["id"], revision=2, onBehalfOf=delegation, **whole)

    (found,) = (await city.one(tablet, PAGE))["nodes"]
    assert {name: found[name] for name in ("id", "body", "brief", "revision", "opposingParty", "onBehalfOf")} == {
        "id": begun["id"],
        "body": "老板拖欠工资",
        "brief": "工资",
        "revision": 2,
        "opposingParty": "宏达公司",
        "onBehalfOf": delegation,
    }
    assert (found["category"]["code"], found["division"]["code"]) == ("labour.wages", TOWN)
    assert found["lawyers"] == [{"id": global_id("Lawyer", lawyer.id)}]
    # A save is all there is: what it leaves out is empty from then on.
    emptied = await save(city, tablet, begun["id"], revision=3)
    assert (emptied["body"], emptied["category"], emptied["lawyers"]) == ("", None, [])


async def test_a_late_packet_changes_nothing_and_brings_back_what_is_kept(city: City) -> None:
    writer = await city.resident()
    draft = (await save(city, writer, body="一"))["id"]
    await save(city, writer, draft, revision=5, body="一二三四五")
    for late in (1, 4, 5):
        kept = await save(city, writer, draft, revision=late, body="一二")
        assert (kept["body"], kept["revision"]) == ("一二三四五", 5)
    at_once = await asyncio.gather(*(save(city, writer, draft, revision=n, body="字" * n) for n in range(6, 26)))
    assert {payload["__typename"] for payload in at_once} == {"Draft"}
    assert await bodies(city, writer) == ["字" * 25]


async def test_a_first_save_that_is_repeated_makes_one_draft_whatever_was_written_since(city: City) -> None:
    writer = await city.resident()
    key = str(new_id())
    made = [
        await city.one(writer, SAVE, input={"idempotencyKey": key, "revision": n, "body": "字" * n}) for n in (1, 2, 3)
    ]
    assert len({draft["id"] for draft in made}) == 1
    assert await bodies(city, writer) == ["字字字"]


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"body": "欠" * 2001}, "TOO_LONG", "body"),
        ({"body": "老板\x00"}, "BAD_TEXT", "body"),
        ({"brief": "欠" * 81}, "TOO_LONG", "brief"),
        ({"brief": "\ud800"}, "BAD_TEXT", "brief"),
        ({"opposingParty": "某" * 61}, "TOO_LONG", "opposingParty"),
        ({"divisionCode": "110101"}, "BAD_VALUE", "divisionCode"),
        ({"categoryId": global_id("Category", "astrology")}, "BAD_VALUE", "categoryId"),
        ({"categoryId": "labour"}, "BAD_ID", "categoryId"),
        ({"lawyerIds": [global_id("Lawyer", new_id()) for _ in range(4)]}, "TOO_MANY", "lawyerIds"),
        ({"lawyerIds": [global_id("Firm", new_id())]}, "BAD_ID", "lawyerIds.0"),
        ({"onBehalfOf": global_id("Question", new_id())}, "BAD_ID", "onBehalfOf"),
        ({"revision": -1}, "BAD_VALUE", "revision"),
        ({"idempotencyKey": "short"}, "BAD_KEY", "idempotencyKey"),
    ],
)
async def test_only_what_could_never_be_sent_is_refused(city: City, change: Any, code: str, field: str) -> None:
    refused = await save(city, await city.resident(), **change)
    assert refused["reasons"] == [{"code": code, "field": field}]
    for table in ("draft", "key", "outbox", "idempotency"):
        assert await city.sql(f"SELECT 1 FROM app.{table}") == []


async def test_twenty_drafts_are_the_most_even_at_once(city: City) -> None:
    writer = await city.resident()
    made = await asyncio.gather(*(save(city, writer, body=f"第{n}份") for n in range(24)))
    assert sorted(code for payload in made for code in codes(payload)) == ["DRAFTS_FULL"] * 4
    kept = next(payload["id"] for payload in made if payload["__typename"] == "Draft")
    await city.one(writer, DISCARD, id=kept)
    assert (await save(city, writer))["__typename"] == "Draft"


async def test_a_page_of_drafts_costs_two_statements_and_one_for_their_lawyers(city: City) -> None:
    writer, lawyer = await city.resident(), await city.lawyer()
    for number in range(20):
        await save(city, writer, body=f"第{number}份", lawyerIds=[global_id("Lawyer", lawyer.id)])
    with city.statements() as asked:
        page = await city.one(writer, PAGE)
    assert [draft["body"] for draft in page["nodes"]] == [f"第{number}份" for number in reversed(range(20))]
    assert len(asked) == 3, asked


async def test_nobody_else_reads_a_draft_and_nothing_of_it_lies_open(city: City) -> None:
    writer, stranger = await city.resident(), await city.resident()
    mine = (await save(city, writer, body="我的丈夫打我", opposingParty="张三丰"))["id"]
    nowhere = global_id("Draft", new_id())
    assert await bodies(city, stranger) == []
    for document in (NODE, DISCARD):
        seen = []
        for id in (mine, nowhere):
            with city.statements() as asked:
                result = await city.one(stranger, document, id=id)
            assert result is None or codes(result) == ["NOT_FOUND"]
            seen.append(asked)
        assert seen[0] == seen[1]
    assert codes(await save(city, stranger, mine, revision=2, body="x")) == ["NOT_FOUND"]
    ((content,),) = await city.sql("SELECT content FROM app.draft")
    assert "打我".encode() not in content
    assert await city.sql("SELECT 1 FROM app.access") == []  # one's own reading is nobody else's


async def test_a_draft_is_wiped_thirty_days_after_the_last_save(city: City) -> None:
    writer = await city.resident()
    draft = (await save(city, writer, body="老板拖欠工资"))["id"]
    await city.pass_time(29 * DAY)
    again = await save(city, writer, draft, revision=2, body="老板拖欠工资三个月")
    await city.pass_time(29 * DAY)
    assert await bodies(city, writer) == ["老板拖欠工资三个月"]
    assert len(await pending(city)) == 1  # one event a draft, however often it is saved
    await city.pass_time(2 * DAY)
    assert await bodies(city, writer) == []
    assert await city.one(writer, NODE, id=draft) is None
    assert [row.content for row in await city.sql("SELECT content FROM app.draft")] == [b""]
    assert codes(await save(city, writer, draft, revision=3, body="又来")) == ["DRAFT_GONE"]
    assert await pending(city) == []
    assert again["expiresAt"] > again["savedAt"]


async def pending(city: City) -> list[Any]:
    return await city.sql("SELECT 1 FROM app.outbox WHERE kind = :k AND done_at IS NULL", k=DraftAged.__name__)


async def test_a_discarded_draft_is_wiped_at_once(city: City) -> None:
    writer = await city.resident()
    draft = (await save(city, writer, body="算了，不问了"))["id"]
    for _ in range(2):
        gone = await city.one(writer, DISCARD, id=draft)
        assert gone == {"__typename": "Draft", "id": draft, "body": ""}
    assert await bodies(city, writer) == []
    assert codes(await save(city, writer, draft, revision=9)) == ["DRAFT_GONE"]


async def test_a_sent_draft_is_wiped_and_is_not_sent_twice(city: City) -> None:
    writer = await city.resident()
    draft = (await save(city, writer, body="老板拖欠工资怎么办"))["id"]
    first, again = question() | {"draftId": draft}, question() | {"draftId": draft}
    made = await city.one(writer, ASK, input=first)
    assert await bodies(city, writer) == []
    ((asked_as, content),) = await city.sql("SELECT asked_as, content FROM app.draft")
    assert (asked_as, content) == (uuid_of(made["id"], "Question"), b"")

    # The same request once more is the same question; another device's is another request.
    assert await city.one(writer, ASK, input=first) == made
    refused = await city.one(writer, ASK, input=again)
    assert [(reason["code"], reason["field"]) for reason in refused["reasons"]] == [("DRAFT_SENT", "draftId")]
    # An autosave that was on its way meanwhile brings nothing back to life.
    assert codes(await save(city, writer, draft, revision=7, body="老板拖欠")) == ["DRAFT_SENT"]
    assert codes(await city.one(writer, DISCARD, id=draft)) == ["DRAFT_SENT"]
    assert len(await city.sql("SELECT 1 FROM app.question")) == 1


async def test_two_devices_that_send_one_draft_at_once_make_one_question(city: City) -> None:
    writer = await city.resident()
    draft = (await save(city, writer, body="老板拖欠工资怎么办"))["id"]
    made = await asyncio.gather(*(city.one(writer, ASK, input=question() | {"draftId": draft}) for _ in range(6)))
    assert sorted(code for payload in made for code in codes(payload)) == ["DRAFT_SENT"] * 5
    assert len(await city.sql("SELECT 1 FROM app.question")) == 1


async def test_only_ones_own_draft_is_sent(city: City) -> None:
    writer, stranger = await city.resident(), await city.resident()
    draft = (await save(city, writer, body="老板拖欠工资怎么办"))["id"]
    refused = await city.one(stranger, ASK, input=question() | {"draftId": draft})
    assert [(reason["code"], reason["field"]) for reason in refused["reasons"]] == [("NOT_FOUND", "draftId")]
    assert await bodies(city, writer) == ["老板拖欠工资怎么办"]
    # What was discarded meanwhile may still be sent from the screen it is on.
    await city.one(writer, DISCARD, id=draft)
    assert (await city.one(writer, ASK, input=question() | {"draftId": draft}))["__typename"] == "Question"
