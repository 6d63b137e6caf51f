"""Words that are looked at before anybody is called: what must be changed, what is stopped, and who is in danger."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.consultation.events import AppealUpheld
from app.core.access import Viewer
from app.core.db import NOBODY
from app.core.ids import new_id
from app.core.outbox import emit
from app.graph.ids import global_id, uuid_of
from tests.city import ASK, City, codes, question
from tests.threads.talk import happened, told

pytestmark = pytest.mark.anyio

REFUSED = "... on Refused { reasons { code field } }"
REVISE = f"""mutation ($input: ReviseQuestionInput!) {{ reviseQuestion(input: $input) {{
  __typename ... on Question {{ id status body brief askedAt }} {REFUSED} }} }}"""
WITHDRAW = f"""mutation ($id: ID!) {{ withdrawQuestion(input: {{questionId: $id}}) {{
  __typename ... on Question {{ status }} {REFUSED} }} }}"""
READ = """query ($id: ID!) { question(id: $id) { status allowed body askedAt waitingOn promise { answersPromised }
  screening { verdict code reason field spans { start end } }
  safetyCards { signal title steps phones { number } } } }"""

EMPTY_WORDS = "哈哈哈哈哈"
FORBIDDEN = "澳门赌场上线了，注册送钱，加微信zj888888"
GOOD = "老板拖欠我三个月工资怎么办"


async def revise(city: City, asker: Viewer, id: str, body: str = GOOD, **more: Any) -> Any:
    said = {"questionId": id, "body": body, "idempotencyKey": str(new_id())} | more
    return await city.one(asker, REVISE, input=said)


async def upheld(city: City, id: str) -> None:
    """As if a supervisor had decided so."""
    async with city.worker.acting(NOBODY) as session:
        await emit(session, AppealUpheld(question=uuid_of(id, "Question")))
    await city.settle()


async def called(city: City) -> int:
    return len(await city.sql("SELECT 1 FROM app.offer"))


async def test_what_asks_nothing_comes_back_and_nobody_is_called(city: City) -> None:
    asker, lawyer = await city.resident(), await city.lawyer()
    id = await city.asked(asker, EMPTY_WORDS)
    await city.pass_time(timedelta(hours=1))
    read = await city.one(asker, READ, id=id)
    assert (read["status"], read["waitingOn"], read["promise"]) == ("NEEDS_EDIT", "ASKER", None)
    assert read["allowed"] == ["REVISE", "WITHDRAW", "ERASE"]
    screening = read["screening"]
    assert (screening["verdict"], screening["code"], screening["field"]) == ("EDIT", "NO_QUESTION", "body")
    assert screening["spans"] == [{"start": 0, "end": len(EMPTY_WORDS)}]
    assert screening["reason"].startswith("看不出您想问什么")
    assert await called(city) == 0
    assert await city.sql("SELECT 1 FROM app.dispatch") == []
    assert await happened(city, id) == ["QUESTION_BLOCKED"]
    assert await city.one(lawyer, READ, id=id) is None


async def test_other_words_are_sent_and_the_promise_runs_from_there(city: City) -> None:
    asker, (lawyer, chosen) = await city.resident(), await city.lawyers(2, requestable=True)
    id = await city.asked(asker, EMPTY_WORDS)
    first = (await city.one(asker, READ, id=id))["askedAt"]
    await city.pass_time(timedelta(hours=1))
    still = await revise(city, asker, id, "哈哈哈哈哈哈")
    assert (still["status"], still["body"], still["askedAt"]) == ("NEEDS_EDIT", "哈哈哈哈哈哈", first)

    await city.pass_time(timedelta(hours=1))
    more: dict[str, Any] = {
        "lawyerIds": [global_id("Lawyer", chosen.id)],
        "opposingParty": "宏达建筑公司",
        "brief": "工资",
    }
    sent = await revise(city, asker, id, **more)
    assert (sent["status"], sent["body"], sent["brief"]) == ("OPEN", GOOD, "工资")
    assert datetime.fromisoformat(sent["askedAt"]) - datetime.fromisoformat(first) >= timedelta(hours=2)
    await city.settle()
    assert await called(city) == 2
    ((named, party),) = await city.sql("SELECT named, party IS NOT NULL FROM app.dispatch")
    assert (named, party) == ([chosen.id], True)
    await city.answer(lawyer, (await city.claim(lawyer))["id"])
    await city.settle()
    read = await city.one(asker, READ, id=id)
    assert (read["screening"], read["promise"]) == (None, {"answersPromised": 3})
    assert (await happened(city, id))[:3] == ["QUESTION_BLOCKED", "QUESTION_BLOCKED", "QUESTION_REVISED"]
    assert codes(await revise(city, asker, id, "换个说法再问一次")) == ["SENT_ALREADY"]
    # The lawyer reads the words that were sent.
    assert (await city.one(lawyer, READ, id=id))["body"] == GOOD


async def test_the_same_revision_twice_is_sent_once(city: City) -> None:
    asker = await city.resident()
    id, key = await city.asked(asker, EMPTY_WORDS), str(new_id())
    once = await revise(city, asker, id, idempotencyKey=key)
    assert await revise(city, asker, id, idempotencyKey=key) == once
    assert codes(await revise(city, asker, id, "换个说法再问一次", idempotencyKey=key)) == ["KEY_REUSED"]
    assert len(await city.sql("SELECT 1 FROM app.dispatch")) == 1


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"body": ""}, "BLANK", "body"),
        ({"body": "欠" * 2001}, "TOO_LONG", "body"),
        ({"body": "老板\x00拖欠工资"}, "BAD_TEXT", "body"),
        ({"brief": " "}, "BLANK", "brief"),
        ({"brief": "欠" * 81}, "TOO_LONG", "brief"),
        ({"opposingParty": "某"}, "TOO_SHORT", "opposingParty"),
        ({"lawyerIds": [global_id("Lawyer", new_id())]}, "LAWYER_NOT_REQUESTABLE", "lawyerIds.0"),
        ({"idempotencyKey": "short"}, "BAD_KEY", "idempotencyKey"),
        ({"questionId": global_id("Answer", new_id())}, "BAD_ID", "questionId"),
        ({"questionId": global_id("Question", new_id())}, "NOT_FOUND", "questionId"),
    ],
)
async def test_what_cannot_be_said_anew_is_refused_by_name(city: City, change: Any, code: str, field: str) -> None:
    asker = await city.resident()
    id = await city.asked(asker, EMPTY_WORDS)
    refused = await revise(city, asker, id, **change)
    assert [(reason["code"], reason["field"]) for reason in refused["reasons"]] == [(code, field)]
    assert (await city.one(asker, READ, id=id))["body"] == EMPTY_WORDS


async def test_what_was_not_sent_can_be_taken_back_and_no_lawyer_hears_of_it(city: City) -> None:
    asker, lawyer = await city.resident(), await city.lawyer()
    id = await city.asked(asker, EMPTY_WORDS)
    assert (await city.one(asker, WITHDRAW, id=id))["status"] == "WITHDRAWN"
    await city.pass_time(timedelta(hours=1))
    assert await told(city, lawyer) == []
    assert codes(await revise(city, asker, id)) == ["QUESTION_CLOSED"]
    read = await city.one(asker, READ, id=id)
    assert (read["promise"], read["screening"], read["allowed"]) == (None, None, ["ERASE"])


async def test_what_the_law_forbids_is_stopped_and_stays_on_record(city: City) -> None:
    asker = await city.resident()
    await city.lawyer()
    id = await city.asked(asker, FORBIDDEN)
    await city.pass_time(timedelta(days=1))
    read = await city.one(asker, READ, id=id)
    assert (read["status"], read["allowed"], read["body"]) == ("BLOCKED", ["APPEAL"], FORBIDDEN)
    assert read["screening"]["verdict"] == "BLOCK"
    assert read["screening"]["spans"][0] == {"start": 0, "end": 4}
    assert codes(await revise(city, asker, id)) == ["BLOCKED_FOR_NOW"]
    assert codes(await city.one(asker, WITHDRAW, id=id)) == ["BLOCKED_FOR_NOW"]
    assert await called(city) == 0
    blocked = await city.sql("SELECT ids FROM app.outbox WHERE kind = 'QuestionBlocked'")
    assert [UUID(row.ids["question"]) for row in blocked] == [uuid_of(id, "Question")]


async def test_a_revision_may_be_stopped_too(city: City) -> None:
    asker = await city.resident()
    id = await city.asked(asker, EMPTY_WORDS)
    assert (await revise(city, asker, id, FORBIDDEN))["status"] == "BLOCKED"


async def test_what_a_supervisor_found_mistaken_is_sent_as_it_is(city: City) -> None:
    asker = await city.resident()
    await city.lawyer()
    id = await city.asked(asker, FORBIDDEN)
    for _ in range(2):
        await upheld(city, id)
    read = await city.one(asker, READ, id=id)
    assert (read["status"], read["screening"], read["allowed"]) == ("NEEDS_EDIT", None, ["REVISE", "WITHDRAW", "ERASE"])
    sent = await revise(city, asker, id, FORBIDDEN)
    assert (sent["status"], sent["body"]) == ("OPEN", FORBIDDEN)
    await upheld(city, id)  # too late to mean anything
    await city.settle()
    assert await called(city) == 1
    assert (await city.one(asker, READ, id=id))["status"] == "OPEN"


async def test_the_word_of_a_supervisor_is_for_those_words_alone(city: City) -> None:
    asker = await city.resident()
    id = await city.asked(asker, FORBIDDEN)
    await upheld(city, id)
    other = "私家侦探、手机定位，加微信zj888888办理，当天见效"
    assert codes(await revise(city, asker, id, FORBIDDEN + "，还卖假证，加微信zj999999")) == ["UNLAWFUL_CONTENT"]
    assert codes(await revise(city, asker, id, other)) != []
    assert (await city.one(asker, READ, id=id))["status"] == "NEEDS_EDIT"
    assert (await revise(city, asker, id, FORBIDDEN))["status"] == "OPEN"


async def test_a_brief_is_looked_at_as_well_but_need_not_ask_anything(city: City) -> None:
    asker = await city.resident()
    assert (await city.one(asker, ASK, input=question() | {"brief": "工资"}))["status"] == "OPEN"
    made = await city.one(asker, ASK, input=question() | {"brief": FORBIDDEN})
    assert made["status"] == "BLOCKED"
    screening = (await city.one(asker, READ, id=made["id"]))["screening"]
    assert (screening["field"], screening["spans"][0]) == ("brief", {"start": 0, "end": 4})


async def test_what_was_not_sent_counts_for_the_day_and_is_sent_within_the_quota(city: City) -> None:
    asker = await city.resident()
    unsent = [await city.asked(asker, EMPTY_WORDS) for _ in range(7)]
    sent = [await city.asked(asker) for _ in range(3)]
    assert codes(await revise(city, asker, unsent[0])) == ["QUOTA_OPEN"]
    assert codes(await city.one(asker, ASK, input=question())) == ["QUOTA_OPEN"]
    await city.one(asker, WITHDRAW, id=sent[0])
    assert codes(await city.one(asker, ASK, input=question())) == ["QUOTA_DAY"]
    assert (await revise(city, asker, unsent[0]))["status"] == "OPEN"


async def test_the_words_of_twenty_questions_are_looked_at_again_in_a_handful_of_statements(city: City) -> None:
    asker = await city.resident()
    for number in range(9):
        await city.asked(asker, "哈" * (number + 5))
    with city.statements() as asked:
        page = await city.one(asker, "{ questions(first: 20, status: NEEDS_EDIT) { nodes { screening { code } } } }")
    assert [node["screening"]["code"] for node in page["nodes"]] == ["NO_QUESTION"] * 9
    assert len(asked) <= 5, asked  # the page, what was spoken, the briefs, whose they are, the keys


async def test_a_person_in_danger_sees_what_helps_at_once_and_all_waves_go_out(city: City) -> None:
    asker = await city.resident()
    for pool in ("LOCAL", "PROVINCE", "NATION"):
        await city.lawyer("marriage", pool)
    id = await city.asked(asker, "老公打我，我想离婚怎么办")
    cards = (await city.one(asker, READ, id=id))["safetyCards"]
    assert [card["signal"] for card in cards] == ["DOMESTIC_VIOLENCE"]
    assert "110" in {phone["number"] for phone in cards[0]["phones"]}
    ((lane,),) = await city.sql("SELECT lane FROM app.dispatch")
    assert lane == "CRISIS"
    await city.settle()
    assert await called(city) == 3


async def test_a_brief_alone_may_tell_of_danger(city: City) -> None:
    asker = await city.resident()
    made = await city.one(asker, ASK, input=question() | {"brief": "我不想活了"})
    cards = (await city.one(asker, READ, id=made["id"]))["safetyCards"]
    assert [card["signal"] for card in cards] == ["SUICIDE"]
    assert (await city.one(asker, READ, id=await city.asked(asker)))["safetyCards"] == []
