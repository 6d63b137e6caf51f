"""From the first answer to a closed question: every way out, and every act that is refused where it stands."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.consultation.models import QuestionStatus
from app.consultation.rules.life import MOVES, HouseAct, QuestionAct, becomes
from app.core.access import Viewer
from app.core.errors import Code
from app.core.ids import new_id
from app.graph.ids import global_id
from tests.city import REFUSED, City, codes
from tests.consultation.test_life_words import EMPTY_WORDS, FORBIDDEN, REVISE
from tests.threads.talk import ask_back, awaited, happened, inform, inquire, reply, told

pytestmark = pytest.mark.anyio

RESOLVE = f"""mutation ($id: ID!) {{ resolveQuestion(input: {{questionId: $id}}) {{
  __typename ... on Question {{ id status round resolvedAt reopensUntil }} {REFUSED} }} }}"""
WITHDRAW = RESOLVE.replace("resolveQuestion", "withdrawQuestion")
APPEAL = f"""mutation ($input: AppealBlockInput!) {{ appealBlock(input: $input) {{ __typename {REFUSED} }} }}"""
CALLBACK = f"""mutation ($input: RequestCallbackInput!) {{ requestCallback(input: $input) {{
  __typename {REFUSED} }} }}"""
READ = """query ($id: ID!) { question(id: $id) { status round resolvedAt reopensUntil allowed waitingOn
  lawyersWriting answers { id } } }"""
SEEN = [status for status in QuestionStatus if status != QuestionStatus.ERASED]
"""What was erased is nobody's to see: tests/consultation/test_erasing.py."""
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SILENCE, REMINDED, REOPENS = 3 * DAY, 3 * DAY, 30 * DAY


async def answered(city: City, count: int) -> tuple[Viewer, str, list[Viewer]]:
    """A resident's question, answered by so many lawyers."""
    asker, lawyers = await city.resident(), await city.lawyers(count)
    id = await city.asked(asker)
    await city.settle()
    for lawyer in lawyers:
        await deliver(city, lawyer)
    return asker, id, lawyers


async def deliver(city: City, lawyer: Viewer) -> None:
    """She takes a seat on what was offered to her last and answers."""
    made = await city.answer(lawyer, (await city.claim(lawyer))["id"])
    assert made["__typename"] == "Answer", made
    await city.settle()


async def read(city: City, viewer: Viewer, id: str) -> Any:
    return await city.one(viewer, READ, id=id)


async def resolve(city: City, asker: Viewer, id: str) -> Any:
    found = await city.one(asker, RESOLVE, id=id)
    await city.settle()
    return found


# Resolved by its asker -------------------------------------------------------------------------------------------


async def test_who_is_satisfied_says_so_and_those_still_writing_stop(city: City) -> None:
    asker, id, _ = await answered(city, 1)
    writing, offered = await city.lawyers(2)
    await city.pass_time(60)  # the second wave
    seat = await city.claim(writing)
    (offer,) = await city.offer_ids(offered)
    done = await city.one(asker, RESOLVE, id=id)
    assert (done["status"], done["round"]) == ("RESOLVED", 0)
    assert datetime.fromisoformat(done["reopensUntil"]) - datetime.fromisoformat(done["resolvedAt"]) == REOPENS
    # In the same instant, before any worker has run:
    assert codes(await city.answer(writing, seat["id"])) == ["LEASE_ENDED"]
    assert codes(await city.claim(offered, offer)) == ["QUESTION_CLOSED"]
    await city.settle()
    assert await told(city, writing) == ["QUESTION_RESOLVED"]
    assert await told(city, offered) == []
    assert "QUESTION_RESOLVED" not in await told(city, asker)
    assert (await happened(city, id))[-1] == "QUESTION_RESOLVED"
    # Twice changes nothing.
    again = await resolve(city, asker, id)
    assert again["resolvedAt"] == done["resolvedAt"]
    assert (await happened(city, id)).count("QUESTION_RESOLVED") == 1
    await city.pass_time(HOUR)
    assert "PROMISE_BROKEN" not in await happened(city, id)


async def test_nobody_is_satisfied_before_the_first_answer(city: City) -> None:
    asker = await city.resident()
    id = await city.asked(asker)
    assert codes(await resolve(city, asker, id)) == ["NO_ANSWER_YET"]
    assert (await read(city, asker, id))["allowed"] == ["WITHDRAW", "REQUEST_CALLBACK", "ERASE"]


async def test_only_its_owner_resolves_a_question(city: City) -> None:
    asker, id, (lawyer,) = await answered(city, 1)
    for other in (lawyer, await city.resident()):
        with city.statements() as mine:
            assert codes(await city.one(other, RESOLVE, id=id)) == ["NOT_FOUND"]
        with city.statements() as nowhere:
            assert codes(await city.one(other, RESOLVE, id=global_id("Question", new_id()))) == ["NOT_FOUND"]
        assert mine == nowhere
    assert (await read(city, lawyer, id))["allowed"] == []
    assert (await read(city, asker, id))["status"] == "OPEN"


async def test_of_two_acts_at_once_one_comes_first(city: City) -> None:
    asker, id, _ = await answered(city, 1)
    acts = [RESOLVE, WITHDRAW] * 4
    got = await asyncio.gather(*(city.one(asker, document, id=id) for document in acts))
    said = {codes(payload)[0] if codes(payload) else payload["status"] for payload in got}
    assert said in ({"RESOLVED", "RESOLVED_ALREADY"}, {"WITHDRAWN", "QUESTION_CLOSED"})
    ends = [kind for kind in await happened(city, id) if kind in ("QUESTION_RESOLVED", "QUESTION_WITHDRAWN")]
    assert len(ends) == 1


async def test_an_answer_that_comes_while_she_resolves_is_there_or_is_refused(city: City) -> None:
    asker, id, _ = await answered(city, 1)
    late = await city.lawyer()
    await city.pass_time(60)
    seat = await city.claim(late)
    done, came = await asyncio.gather(city.one(asker, RESOLVE, id=id), city.answer(late, seat["id"]))
    assert done["status"] == "RESOLVED"
    assert codes(came) in ([], ["LEASE_ENDED"])
    await city.settle()
    assert len((await read(city, asker, id))["answers"]) == (1 if codes(came) else 2)
    assert (await read(city, asker, id))["lawyersWriting"] == 0


# Opened again, and closed ----------------------------------------------------------------------------------------


async def test_a_follow_up_opens_a_resolved_question_and_those_who_answered_are_told(city: City) -> None:
    asker, id, lawyers = await answered(city, 2)
    await resolve(city, asker, id)
    await city.pass_time(29 * DAY)
    assert (await read(city, asker, id))["allowed"] == ["FOLLOW_UP", "RATE", "CHOOSE_BEST", "ERASE"]
    await ask_back(city, asker, id)
    await city.settle()
    now = await read(city, asker, id)
    assert (now["status"], now["round"], now["resolvedAt"], now["waitingOn"]) == ("OPEN", 1, None, "LAWYER")
    for lawyer in lawyers:
        assert (await told(city, lawyer)).count("QUESTION_REOPENED") == 1
    # What was planned for the first resolution closes nothing now.
    await city.pass_time(2 * DAY)
    assert (await read(city, asker, id))["status"] == "OPEN"
    await resolve(city, asker, id)
    assert (await read(city, asker, id))["round"] == 1
    await ask_back(city, asker, id)
    await city.settle()
    assert (await read(city, asker, id))["round"] == 2
    assert [(await told(city, lawyer)).count("QUESTION_REOPENED") for lawyer in lawyers] == [2, 2]


async def test_after_thirty_days_a_resolved_question_is_closed_and_kept_to_be_read(city: City) -> None:
    asker, id, _ = await answered(city, 1)
    done = await resolve(city, asker, id)
    await city.turn(REOPENS)
    # The time is over, though no worker has come by.
    assert codes(await ask_back(city, asker, id)) == ["QUESTION_CLOSED"]
    assert (await read(city, asker, id))["allowed"] == ["RATE", "CHOOSE_BEST", "ERASE"]
    await city.settle()
    now = await read(city, asker, id)
    assert (now["status"], now["resolvedAt"], now["reopensUntil"]) == ("CLOSED", done["resolvedAt"], None)
    assert len(now["answers"]) == 1
    assert (await happened(city, id))[-1] == "QUESTION_CLOSED"
    assert codes(await ask_back(city, asker, id)) == ["QUESTION_CLOSED"]


async def test_questions_are_listed_by_where_they_stand(city: City) -> None:
    asker = await city.resident()
    # The closed one first: the others would grow old while it does.
    found = {status: await bring_to(city, asker, status) for status in sorted(SEEN)}
    for status in SEEN:
        page = await city.one(asker, f"{{ questions(first: 9, status: {status}) {{ nodes {{ id status }} }} }}")
        assert page["nodes"] == [{"id": found[status], "status": status}]


# Silence ---------------------------------------------------------------------------------------------------------


async def kept(city: City) -> tuple[Viewer, str, list[Viewer]]:
    """A question that has what was promised."""
    return await answered(city, 3)


async def test_after_three_days_of_silence_she_is_asked_and_after_six_it_is_resolved(city: City) -> None:
    asker, id, _ = await kept(city)
    await city.pass_time(SILENCE - HOUR)
    assert "STILL_SATISFIED" not in await told(city, asker)
    await city.pass_time(HOUR)
    assert "STILL_SATISFIED" in await told(city, asker)
    assert (await read(city, asker, id))["status"] == "OPEN"
    await city.pass_time(REMINDED)
    assert (await read(city, asker, id))["status"] == "RESOLVED"
    assert (await told(city, asker)).count("STILL_SATISFIED") == 1
    assert "QUESTION_RESOLVED" in await told(city, asker)
    ((ids,),) = await city.sql("SELECT ids FROM app.feed WHERE kind = 'QUESTION_RESOLVED'")
    assert ids == {"round": 0, "by_silence": 1}
    await city.pass_time(REOPENS)
    assert (await read(city, asker, id))["status"] == "CLOSED"


async def test_a_word_from_anybody_begins_the_silence_anew(city: City) -> None:
    asker, id, (lawyer, *_) = await kept(city)
    await city.pass_time(SILENCE + DAY)  # asked once
    follow_up = await ask_back(city, asker, id)
    await city.pass_time(60)
    await reply(city, lawyer, follow_up["id"])
    await city.pass_time(SILENCE - DAY)  # when the first silence would have resolved it
    assert (await read(city, asker, id))["status"] == "OPEN"
    await city.pass_time(DAY)
    assert (await told(city, asker)).count("STILL_SATISFIED") == 2
    await city.pass_time(REMINDED)
    assert (await read(city, asker, id))["status"] == "RESOLVED"


async def test_silence_never_resolves_what_waits_for_a_lawyer(city: City) -> None:
    asker, id, _ = await answered(city, 2)  # of three
    await city.pass_time(30 * DAY)
    now = await read(city, asker, id)
    assert (now["status"], now["waitingOn"]) == ("OPEN", "LAWYER")
    assert "STILL_SATISFIED" not in await told(city, asker)
    assert await awaited(city, id, "PromiseRanOut") == 1
    # The third answer comes late, and from there silence is counted.
    third = await city.lawyer()
    await city.pass_time(HOUR)
    await deliver(city, third)
    await city.pass_time(SILENCE)
    assert "STILL_SATISFIED" in await told(city, asker)
    await city.pass_time(REMINDED)
    assert (await read(city, asker, id))["status"] == "RESOLVED"


async def test_silence_leaves_a_follow_up_alone_that_nobody_answers(city: City) -> None:
    asker, id, _ = await kept(city)
    await ask_back(city, asker, id)
    await city.pass_time(20 * DAY)
    now = await read(city, asker, id)
    assert (now["status"], now["waitingOn"]) == ("OPEN", "LAWYER")
    assert "STILL_SATISFIED" not in await told(city, asker)


async def test_who_never_replies_to_a_lawyer_is_waited_for_by_name(city: City) -> None:
    asker = await city.resident()
    lawyer = await city.lawyer()
    id = await city.asked(asker)
    await city.settle()
    await city.claim(lawyer)
    inquiry = await inquire(city, lawyer, id)
    await city.pass_time(60 * DAY)
    now = await read(city, asker, id)
    assert now["status"] == "OPEN"  # nobody has answered: there is nothing to be satisfied with
    assert "STILL_SATISFIED" not in await told(city, asker)
    # She comes back after two months, and the clock runs on.
    await inform(city, asker, inquiry["id"])
    await city.pass_time(HOUR)
    assert "PROMISE_BROKEN" in await happened(city, id)


async def test_an_inquiry_that_is_never_replied_to_does_not_keep_an_answered_question_open(city: City) -> None:
    asker, id, (lawyer,) = await answered(city, 1)
    await inquire(city, lawyer, id)
    await city.pass_time(SILENCE)
    assert "STILL_SATISFIED" in await told(city, asker)
    await city.pass_time(REMINDED)
    assert (await read(city, asker, id))["status"] == "RESOLVED"


# Every act, wherever it stands -----------------------------------------------------------------------------------


async def bring_to(city: City, asker: Viewer, status: QuestionStatus) -> str:
    """A question that stands so; where it was sent, one lawyer has answered."""
    words = {QuestionStatus.NEEDS_EDIT: EMPTY_WORDS, QuestionStatus.BLOCKED: FORBIDDEN}
    if status in words:
        return await city.asked(asker, words[status])
    lawyer = await city.lawyer()
    id = await city.asked(asker)
    await city.settle()
    await deliver(city, lawyer)
    if status == QuestionStatus.WITHDRAWN:
        await city.one(asker, WITHDRAW, id=id)
    elif status in (QuestionStatus.RESOLVED, QuestionStatus.CLOSED):
        await resolve(city, asker, id)
        if status == QuestionStatus.CLOSED:
            await city.pass_time(REOPENS)
    return id


def named(id: str) -> dict[str, str]:
    return {"questionId": id, "idempotencyKey": str(new_id())}


async def appeal(city: City, asker: Viewer, id: str) -> Any:
    return await city.one(asker, APPEAL, input=named(id) | {"text": "这是我的亲身经历", "disclose": False})


async def call_back(city: City, asker: Viewer, id: str) -> Any:
    now = await city.now()
    window = {"windowFrom": (now + HOUR).isoformat(), "windowTo": (now + 2 * HOUR).isoformat()}
    return await city.one(asker, CALLBACK, input=named(id) | window | {"phone": "13800001234"})


ACTS: dict[QuestionAct, Callable[[City, Viewer, str], Awaitable[Any]]] = {
    QuestionAct.REVISE: lambda city, asker, id: city.one(
        asker, REVISE, input=named(id) | {"body": "老板拖欠工资怎么办"}
    ),
    QuestionAct.APPEAL: appeal,
    QuestionAct.WITHDRAW: lambda city, asker, id: city.one(asker, WITHDRAW, id=id),
    QuestionAct.RESOLVE: resolve,
    QuestionAct.FOLLOW_UP: ask_back,
    QuestionAct.REQUEST_CALLBACK: call_back,
}
AGAIN = {
    (QuestionStatus.WITHDRAWN, QuestionAct.WITHDRAW),
    (QuestionStatus.RESOLVED, QuestionAct.RESOLVE),
}
"""Said twice, these change nothing and are no mistake."""


@pytest.mark.parametrize("status", SEEN)
async def test_each_act_leads_where_the_table_says_or_is_refused_by_name(city: City, status: QuestionStatus) -> None:
    for act, done in ACTS.items():
        asker = await city.resident()
        id = await bring_to(city, asker, status)
        assert (act in (await read(city, asker, id))["allowed"]) == (act in MOVES[status])
        payload, there = await done(city, asker, id), becomes(status, act)
        stands = (await read(city, asker, id))["status"]
        if isinstance(there, Code):
            assert stands == status, act
            if (status, act) not in AGAIN:
                (said,) = codes(payload)
                # A callback is the supervisors' business, who have one word for all that is not open.
                assert said == there.name or act is QuestionAct.REQUEST_CALLBACK, (act, said)
        else:
            assert codes(payload) == [], (act, payload)
            assert stands == there, act


def test_every_status_but_the_first_is_reached_and_every_end_is_known() -> None:
    reached = {there for moves in MOVES.values() for there in moves.values()}
    started = {QuestionStatus.OPEN, QuestionStatus.NEEDS_EDIT, QuestionStatus.BLOCKED}
    assert reached | started == set(QuestionStatus) == set(MOVES)
    assert {act for moves in MOVES.values() for act in moves} == {*QuestionAct, *HouseAct}
    ends = {status for status, moves in MOVES.items() if set(moves.values()) <= {status}}
    assert ends == {QuestionStatus.ERASED}
