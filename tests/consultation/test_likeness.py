"""Which answers count: those of substance that are unlike others; and what the asker says of the rest."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.consultation.rules.answering import substance
from app.core.access import Role, Viewer
from app.core.db import NOBODY
from app.core.ids import new_id
from app.graph.ids import global_id, uuid_of
from tests.city import CONTENT, REFUSED, City, codes
from tests.consultation.test_answering import SAVE, seated
from tests.vault.scene import DENIED, attempt
from tests.words import own_words

pytestmark = pytest.mark.anyio

TEXT = CONTENT["text"]
HELPFUL = f"""mutation ($id: ID!) {{ markHelpful(input: {{answerId: $id}}) {{
  __typename ... on Answer {{ id counts suspect }} {REFUSED} }} }}"""
ANSWERS = "query ($id: ID!) { question(id: $id) { answers { id counts suspect } } }"
LATE = "query ($id: ID!) { question(id: $id) { promise { lastAnswer { reachedAt late } } } }"


async def seen(city: City, viewer: Viewer, question: str) -> list[tuple[bool, bool | None]]:
    """(counts, suspect) of each answer, as this viewer sees them."""
    found = (await city.one(viewer, ANSWERS, id=question))["answers"]
    return [(answer["counts"], answer["suspect"]) for answer in found]


async def asker_of(city: City, question: str) -> Viewer:
    ((person,),) = await city.sql("SELECT asker FROM app.question WHERE id = :q", q=uuid_of(question, "Question"))
    viewer = Viewer(person, new_id(), frozenset({Role.RESIDENT}))
    await city.signed_in(viewer)
    return viewer


async def state_of(city: City, question: str) -> str:
    ((board,),) = await city.sql("SELECT board FROM app.dispatch WHERE question = :q", q=uuid_of(question, "Question"))
    return str(board)


async def two_alike(city: City, lawyers: int = 2) -> tuple[str, Viewer, list[Viewer], str]:
    """A question with answers by so many lawyers, the last of whom copied: (question, asker, lawyers, her answer)."""
    question, answering, seats = await seated(city, lawyers)
    for lawyer, seat in list(zip(answering, seats, strict=True))[:-1]:
        await city.answer(lawyer, seat)
        await city.settle()
    copied = await city.answer(answering[-1], seats[-1], text=own_words(seats[0]))
    await city.settle()
    return question, await asker_of(city, question), answering, copied["id"]


# What counts ---------------------------------------------------------------------------------------------------


async def test_an_answer_like_a_peers_does_not_count_and_who_wrote_it_and_who_asked_are_told(city: City) -> None:
    question, (first, second), (seat_a, seat_b) = await seated(city, 2)
    assert (await city.answer(first, seat_a, text=TEXT))["counts"]
    almost = TEXT.replace("请尽快备份", "请赶快备份")
    assert not (await city.answer(second, seat_b, text=almost, summary="话不同，文相同。"))["counts"]
    assert await seen(city, await asker_of(city, question), question) == [(True, False), (False, True)]
    assert await seen(city, second, question) == [(True, None), (False, True)]
    assert await seen(city, first, question) == [(True, False), (False, None)]


async def test_a_lawyers_own_stock_answer_counts_once(city: City) -> None:
    lawyer = await city.lawyer()
    counted = []
    for text in (TEXT, TEXT, own_words("another")):
        await city.asked(await city.resident())
        await city.settle()
        seat = (await city.claim(lawyer))["id"]
        counted.append((await city.answer(lawyer, seat, text=text))["counts"])
        await city.settle()
    assert counted == [True, False, True]


async def test_an_answer_that_says_little_is_delivered_and_does_not_count(city: City) -> None:
    question, (first, second), (seat_a, seat_b) = await seated(city, 2)
    assert not (await city.answer(first, seat_a, text="请您先去申请劳动仲裁。" * 12))["counts"]
    assert not (await city.answer(second, seat_b, text="好的！！" + "…… " * 60))["counts"]
    assert await seen(city, await asker_of(city, question), question) == [(False, False)] * 2


@given(st.text(min_size=1, max_size=40), st.integers(2, 5))
def test_saying_it_again_adds_nothing(text: str, times: int) -> None:
    assert substance("，".join([text] * times)) == substance(text)
    assert substance(text + "。！ \n——") == substance(text) <= len(text)


async def test_of_two_who_deliver_the_same_text_at_once_one_counts(city: City) -> None:
    for race in range(8):
        _, lawyers, seats = await seated(city, 2)
        text = own_words(f"race {race}")
        got = await asyncio.gather(
            *(city.answer(lawyer, seat, text=text) for lawyer, seat in zip(lawyers, seats, strict=True))
        )
        assert sorted(answer["counts"] for answer in got) == [False, True]
        await city.settle()


async def test_of_one_lawyers_same_text_for_two_questions_at_once_one_counts(city: City) -> None:
    lawyer = await city.lawyer()
    for _ in range(2):
        await city.asked(await city.resident())
    await city.settle()
    seats = [(await city.claim(lawyer, offer))["id"] for offer in await city.offer_ids(lawyer)]
    got = await asyncio.gather(*(city.answer(lawyer, seat, text=TEXT) for seat in seats))
    assert sorted(answer["counts"] for answer in got) == [False, True]


async def test_with_one_suspect_of_three_the_board_stays_open_and_the_search_goes_on(city: City) -> None:
    elsewhere = await city.lawyer("marriage", "PROVINCE")
    question, _, _, _ = await two_alike(city, 3)
    assert await state_of(city, question) == "OPEN"
    await city.pass_time(60)
    seat = await city.claim(elsewhere)
    assert (await city.answer(elsewhere, seat["id"]))["counts"]
    await city.settle()
    assert await state_of(city, question) == "FILLED"


# The asker's word ----------------------------------------------------------------------------------------------


async def test_copies_keep_nobody_out(city: City) -> None:
    """Five seats, of which four say the same: there is room for as many as are still looked for."""
    question, lawyers, seats = await seated(city, 5)
    for lawyer, seat in zip(lawyers, seats, strict=True):
        await city.answer(lawyer, seat, text=TEXT)
    assert [counts for counts, _ in await seen(city, lawyers[0], question)] == [True] + [False] * 4
    newcomers = await city.lawyers(2, pool="NATION")
    await city.pass_time(150)
    for newcomer in newcomers:
        await city.answer(newcomer, (await city.claim(newcomer))["id"])
    await city.settle()
    assert await state_of(city, question) == "FILLED"


async def test_what_the_asker_found_helpful_counts_from_that_moment(city: City) -> None:
    question, asker, _, copied = await two_alike(city, 3)
    await city.pass_time(601)
    broken = (await city.one(asker, LATE, id=question))["promise"]["lastAnswer"]
    assert broken == {"reachedAt": None, "late": True}
    said = await city.one(asker, HELPFUL, id=copied)
    assert said == {"__typename": "Answer", "id": copied, "counts": True, "suspect": True}
    await city.settle()
    assert await state_of(city, question) == "FILLED"
    kept = (await city.one(asker, LATE, id=question))["promise"]["lastAnswer"]
    assert kept["late"]
    assert kept["reachedAt"]
    assert (await city.one(asker, HELPFUL, id=copied)) == said
    log = await city.sql(
        "SELECT kind FROM app.feed WHERE subject = :q AND kind = 'ANSWER_COUNTED'", q=uuid_of(question, "Question")
    )
    assert len(log) == 1
    assert len(await city.sql("SELECT 1 FROM app.outbox WHERE kind = 'AnswerCounted'")) == 1


async def test_to_call_a_counting_answer_helpful_changes_nothing(city: City) -> None:
    question, (lawyer,), (seat,) = await seated(city)
    answer = await city.answer(lawyer, seat)
    asker = await asker_of(city, question)
    said = await city.one(asker, HELPFUL, id=answer["id"])
    assert (said["counts"], said["suspect"]) == (True, False)
    assert await city.sql("SELECT 1 FROM app.helpful") == []


async def test_twice_at_once_is_once(city: City) -> None:
    _, asker, _, copied = await two_alike(city)
    got = await asyncio.gather(*(city.one(asker, HELPFUL, id=copied) for _ in range(6)))
    assert {answer["counts"] for answer in got} == {True}
    assert len(await city.sql("SELECT 1 FROM app.outbox WHERE kind = 'AnswerCounted'")) == 1


async def test_who_asks_for_another_says_what_helped(city: City) -> None:
    question, _, _, copied = await two_alike(city)
    child = await city.resident()
    await city.sql(
        "INSERT INTO app.reader (subject, person, basis, since) VALUES (:q, :p, 'delegate', app.clock())",
        q=uuid_of(question, "Question"),
        p=child.id,
    )
    assert await seen(city, child, question) == [(True, False), (False, True)]
    assert (await city.one(child, HELPFUL, id=copied))["counts"]


async def test_only_the_asker_says_what_helped(city: City) -> None:
    """To others the answer is not there, by the same statements; its author and her peers see that it is."""
    _, _, (first, second), copied = await two_alike(city)
    nowhere = global_id("Answer", new_id())
    stranger, unseated = await city.resident(), await city.lawyer()
    for viewer in (stranger, unseated):
        with city.statements() as there:
            assert codes(await city.one(viewer, HELPFUL, id=copied)) == ["NOT_FOUND"]
        with city.statements() as not_there:
            assert codes(await city.one(viewer, HELPFUL, id=nowhere)) == ["NOT_FOUND"]
        assert there == not_there
    for viewer in (first, second):
        assert codes(await city.one(viewer, HELPFUL, id=copied)) == ["NOT_FOUND"]
    assert await city.sql("SELECT 1 FROM app.helpful") == []


async def test_after_the_question_was_taken_back_nothing_begins_to_count(city: City) -> None:
    question, asker, _, copied = await two_alike(city)
    gone = "mutation ($id: ID!) { withdrawQuestion(input: {questionId: $id}) { __typename } }"
    assert (await city.one(asker, gone, id=question))["__typename"] == "Question"
    assert codes(await city.one(asker, HELPFUL, id=copied)) == ["QUESTION_CLOSED"]


# What is not to be said ----------------------------------------------------------------------------------------

REACH_ME = "详情请加我微信 lawyer_li2020，或打电话 13912345678 联系。"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": TEXT + REACH_ME}, "content.text"),
        ({"conclusion": REACH_ME}, "content.conclusion"),
        ({"summary": REACH_ME}, "content.summary"),
        ({"nextSteps": ["申请仲裁", REACH_ME]}, "content.nextSteps"),
        ({"evidence": [REACH_ME]}, "content.evidence"),
        ({"deadlines": [REACH_ME]}, "content.deadlines"),
        ({"basis": [{"law": REACH_ME, "article": "第一条"}]}, "content.basis"),
        ({"limit": {"amount": 1, "unit": "YEAR", "begins": REACH_ME}}, "content.limit.begins"),
    ],
)
async def test_how_to_reach_a_lawyer_is_refused_wherever_it_is_said(
    city: City, change: dict[str, Any], field: str
) -> None:
    _, (lawyer,), (seat,) = await seated(city)
    refused = await city.answer(lawyer, seat, **change)
    assert refused["__typename"] == "Refused"
    assert {reason["field"] for reason in refused["reasons"]} == {field}
    assert "CONTACT_DETAILS" in codes(refused)
    kept = await city.one(lawyer, SAVE, id=seat, content=CONTENT | change)
    assert kept["__typename"] == "Seat"
    assert (await city.answer(lawyer, seat))["__typename"] == "Answer"


async def test_soliciting_is_refused_and_public_lines_are_not(city: City) -> None:
    _, (lawyer,), (seat,) = await seated(city)
    assert codes(await city.answer(lawyer, seat, text=TEXT + "把案子委托给我，我保证打赢，费用私下给我就行。")) == [
        "SOLICITATION"
    ]
    assert (await city.answer(lawyer, seat, text=TEXT + "也可以拨打 12348 或者 12333 咨询。"))["counts"]


# Blind ---------------------------------------------------------------------------------------------------------

DESK = """query ($id: ID!) { question(id: $id) { body lawyersWriting agreement { sentence fields { field value } }
  answers { id counts suspect amendedAt versions { at content { text } } content { text forum } } } }"""


async def test_whoever_has_a_seat_alone_learns_nothing_of_what_her_peers_wrote(city: City) -> None:
    """Not that they answered, agree, or copied: the same statements and the same nothing as without them."""
    told = []
    for peers in (0, 2):
        question, lawyers, seats = await seated(city, peers + 1)
        for lawyer, seat in list(zip(lawyers, seats, strict=True))[:peers]:
            text = own_words(f"alike {question}")
            await city.answer(lawyer, seat, text=text, forum="COURT", outlook="STRONG")
        with city.statements() as asked:
            found = await city.one(lawyers[-1], DESK, id=question)
        assert found["answers"] == []
        assert found["agreement"] is None
        told.append(asked)
        await city.settle()
    assert sorted(told[0]) == sorted(told[1])


async def test_her_delivery_tells_her_of_no_peer_by_what_it_costs(city: City) -> None:
    costs = []
    for peers in (0, 2):
        _, lawyers, seats = await seated(city, peers + 1)
        for lawyer, seat in list(zip(lawyers, seats, strict=True))[:peers]:
            await city.answer(lawyer, seat)
        with city.statements() as asked:
            await city.answer(lawyers[-1], seats[-1])
        costs.append(len(asked))
        await city.settle()
    assert costs[0] == costs[1]


async def test_what_is_kept_of_an_answer_to_compare_it_by_gives_no_word_away(city: City) -> None:
    """Tokens meet within a question and nowhere else; the worker reads no likeness at all."""
    for _ in range(2):
        _, lawyers, seats = await seated(city, 3)
        for lawyer, seat in zip(lawyers, seats, strict=True):
            await city.answer(lawyer, seat, forum="COURT", limit={"amount": 3, "unit": "YEAR"})
        await city.settle()
        await city.turn_seconds(3600)
    marks = await city.sql("SELECT question, outlook, forum, deadline FROM app.sketch ORDER BY at, question")
    assert len({mark.forum for mark in marks}) == len({mark.question for mark in marks}) == 2
    assert all(mark.outlook is None and len(mark.forum) == len(mark.deadline) == 16 for mark in marks)
    assert await attempt(city.worker, NOBODY, "SELECT forum FROM app.sketch") == "rows=6"
    assert await attempt(city.worker, NOBODY, "SELECT minhash FROM app.sketch") == DENIED
