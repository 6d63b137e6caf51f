"""Where answers that were written blind agree, and what follows where they do not."""

from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.consultation.rules.agreement import (
    Agreement,
    AgreementField,
    agreement,
    differ,
    sentence,
    shared,
    stance,
    wording,
)
from app.consultation.rules.answering import Content, Forum, Limit, LimitUnit, Outlook
from app.core.access import Viewer
from app.core.errors import Language
from app.graph.ids import uuid_of
from app.schema import schema
from tests.city import City
from tests.consultation.test_amending import amended
from tests.consultation.test_answering import seated
from tests.consultation.test_likeness import asker_of
from tests.words import own_words

anyio = pytest.mark.anyio

READ = """query ($id: ID!) { question(id: $id) { agreement {
  answers sentence fields { field value agreeing of unanimous } } } }"""


# Pure ----------------------------------------------------------------------------------------------------------


def said(outlook: Outlook | None, forum: Forum | None, limit: Limit | None) -> Content:
    empty: dict[str, Any] = {part: [] for part in ("basis", "next_steps", "evidence", "deadlines")}
    return Content(conclusion="", text="", summary="", outlook=outlook, forum=forum, limit=limit, **empty)


limits = st.builds(Limit, amount=st.integers(1, 24), unit=st.sampled_from(LimitUnit), begins=st.just("自离职之日起"))
contents = st.builds(
    said,
    st.none() | st.sampled_from(Outlook),
    st.none() | st.sampled_from([Forum.COURT, Forum.LABOUR_ARBITRATION, Forum.OTHER]),
    st.none() | limits,
)
answers = st.lists(st.tuples(contents, st.builds(uuid4)), max_size=5)


def of(given_so: list[tuple[Content, UUID]]) -> Agreement | None:
    return agreement([stance(content, answer) for content, answer in given_so])


def months(limit: Limit) -> object:
    return (limit.amount * 12, "MONTH") if limit.unit is LimitUnit.YEAR else (limit.amount, str(limit.unit))


@given(answers, st.randoms(use_true_random=False))
def test_the_order_of_answers_does_not_matter(given_so: list[tuple[Content, UUID]], chance: Any) -> None:
    mixed = list(given_so)
    chance.shuffle(mixed)
    assert of(mixed) == of(given_so)


@given(answers)
def test_unanimity_is_never_claimed_where_two_differ(given_so: list[tuple[Content, UUID]]) -> None:
    values: dict[AgreementField, list[object]] = {
        AgreementField.OUTLOOK: [c.outlook for c, _ in given_so if c.outlook],
        AgreementField.FORUM: [c.forum if c.forum is not Forum.OTHER else id for c, id in given_so if c.forum],
        AgreementField.LIMIT: [months(c.limit) for c, _ in given_so if c.limit],
    }
    found = of(given_so)
    fields = found.fields if found else {}
    assert fields.keys() == {field for field, those in values.items() if len(those) >= 2}
    for field, told in fields.items():
        those = values[field]
        assert told.of == len(those)
        assert told.agreeing == max(those.count(value) for value in those)
        assert told.unanimous == (len(set(those)) == 1)
        assert (told.value is None) == (sum(those.count(v) == told.agreeing for v in set(those)) > 1)
    for language in Language:
        assert found is None or sentence(found, language)


@given(st.lists(st.none() | st.sampled_from(["a", "b", "c"]), max_size=7))
def test_a_value_leads_only_with_more_than_any_other(values: list[str | None]) -> None:
    found = shared(values)
    for order in list(permutations(values))[:24]:
        assert shared(order) == found


@pytest.mark.parametrize(
    ("forums", "due"),
    [
        ("aaa", False),
        ("aab", False),
        ("abc", True),
        ("ab", True),
        ("ab-", True),
        ("a--", False),
        ("---", False),
        ("aabb", True),
        ("aaab", False),
        ("aaabb", True),
    ],
)
def test_a_further_opinion_is_due_below_two_thirds(forums: str, due: bool) -> None:
    tokens = [None if mark == "-" else mark.encode() for mark in forums]
    assert differ([None] * len(tokens), tokens) is differ(tokens, [None] * len(tokens)) is due


@pytest.mark.parametrize(
    ("forums", "zh", "en"),
    [
        ([Forum.LABOUR_ARBITRATION] * 3, "3/3 一致：先申请劳动仲裁", "3 of 3: labour arbitration first"),
        ([Forum.COURT, Forum.POLICE, Forum.COURT], "2/3 认为：先向法院起诉", "2 of 3: the court first"),
        ([Forum.COURT, Forum.POLICE], "先去哪里办，律师看法不一", "The lawyers differ on where to go first"),
        ([Forum.OTHER, Forum.OTHER], "先去哪里办，律师看法不一", "The lawyers differ on where to go first"),
    ],
)
def test_the_sentence_says_where_to_go_first(forums: list[Forum], zh: str, en: str) -> None:
    found = of([(said(Outlook.STRONG, forum, None), uuid4()) for forum in forums])
    assert found is not None
    assert (sentence(found, Language.ZH), sentence(found, Language.EN)) == (zh, en)


def test_where_nobody_says_where_to_go_it_says_the_next_thing() -> None:
    strong = [(said(Outlook.STRONG, None, None), uuid4())] * 2
    yearly = [
        (said(None, None, Limit(amount=n, unit=u)), uuid4()) for n, u in ((1, LimitUnit.YEAR), (12, LimitUnit.MONTH))
    ]
    for those, zh, en in (
        (strong, "2/2 一致：胜算很大", "2 of 2: the case is strong"),
        (yearly, "2/2 一致：1年内提出", "2 of 2: within 1 year"),
    ):
        found = of(those)
        assert found is not None
        assert (sentence(found, Language.ZH), sentence(found, Language.EN)) == (zh, en)


@given(limits)
def test_a_limit_is_named_as_people_count(limit: Limit) -> None:
    value = stance(said(None, None, limit), uuid4())[AgreementField.LIMIT]
    if limit.unit is LimitUnit.YEAR:
        assert wording(AgreementField.LIMIT, value, Language.ZH) == f"{limit.amount}年内提出"
    elif limit.unit is LimitUnit.DAY:
        assert str(limit.amount) in wording(AgreementField.LIMIT, value, Language.EN)


def test_every_value_has_its_words() -> None:
    for field, values in ((AgreementField.OUTLOOK, Outlook), (AgreementField.FORUM, Forum)):
        for language in Language:
            assert len({wording(field, value, language) for value in values}) == len(values)


# As people meet it ---------------------------------------------------------------------------------------------

YEAR = {"amount": 1, "unit": "YEAR", "begins": "自知道权利被侵害之日起"}
TWELVE = {"amount": 12, "unit": "MONTH", "begins": "从离职那天起"}


async def answered(city: City, *parts: dict[str, Any]) -> tuple[str, Viewer, list[Viewer]]:
    question, lawyers, seats = await seated(city, len(parts))
    for lawyer, seat, more in zip(lawyers, seats, parts, strict=True):
        assert (await city.answer(lawyer, seat, **more))["__typename"] == "Answer"
    await city.settle()
    return question, await asker_of(city, question), lawyers


async def read(city: City, viewer: Viewer, question: str, language: Language = Language.ZH) -> Any:
    context = city.context(viewer, language)
    result = await schema.execute(READ, variable_values={"id": question}, context_value=context)
    assert result.errors is None
    assert result.data
    return result.data["question"]["agreement"]


@anyio
async def test_the_asker_reads_where_three_lawyers_agree(city: City) -> None:
    question, asker, lawyers = await answered(
        city,
        {"forum": "LABOUR_ARBITRATION", "outlook": "STRONG", "limit": YEAR},
        {"forum": "LABOUR_ARBITRATION", "outlook": "LIKELY", "limit": TWELVE},
        {"forum": "LABOUR_ARBITRATION", "outlook": "STRONG"},
    )
    found = await read(city, asker, question)
    assert found["sentence"] == "3/3 一致：先申请劳动仲裁"
    assert found["answers"] == 3
    assert [tuple(field.values()) for field in found["fields"]] == [
        ("OUTLOOK", "胜算很大", 2, 3, False),
        ("FORUM", "先申请劳动仲裁", 3, 3, True),
        ("LIMIT", "1年内提出", 2, 2, True),
    ]
    english = await read(city, lawyers[0], question, Language.EN)
    assert english["sentence"] == "3 of 3: labour arbitration first"
    assert [field["value"] for field in english["fields"]] == [
        "the case is strong",
        "labour arbitration first",
        "within 1 year",
    ]


@anyio
async def test_there_is_none_below_two_that_count_and_for_whoever_has_not_answered(city: City) -> None:
    question, lawyers, seats = await seated(city, 3)
    asker = await asker_of(city, question)
    told = {"forum": "COURT", "outlook": "WEAK"}
    await city.answer(lawyers[0], seats[0], text=own_words("one"), **told)
    assert await read(city, asker, question) is None
    await city.answer(lawyers[1], seats[1], text=own_words("one"), **told)
    assert await read(city, asker, question) is None
    assert await read(city, lawyers[2], question) is None
    await city.answer(lawyers[2], seats[2], **told)
    for reader in (asker, *lawyers):
        assert (await read(city, reader, question))["answers"] == 2


@anyio
async def test_old_answers_say_nothing_to_compare(city: City) -> None:
    question, asker, _ = await answered(city, {}, {}, {"forum": "COURT"})
    assert await read(city, asker, question) is None


async def invited(city: City, question: str) -> list[UUID]:
    rows = await city.sql(
        "SELECT lawyer FROM app.offer WHERE question = :q AND invited = 'SENIOR'", q=uuid_of(question, "Question")
    )
    return [row.lawyer for row in rows]


COURT, ARBITRATION, POLICE = ({"forum": forum} for forum in ("COURT", "LABOUR_ARBITRATION", "POLICE"))


@anyio
async def test_where_three_differ_one_senior_lawyer_is_asked_once(city: City) -> None:
    question, lawyers, seats = await seated(city, 4)
    senior = await city.lawyer(seats_ended=30, seats_kept=30)
    for lawyer, seat, more in zip(lawyers[:2], seats[:2], (COURT, ARBITRATION), strict=True):
        await city.answer(lawyer, seat, **more)
        await city.settle()
    assert await invited(city, question) == []
    await city.answer(lawyers[2], seats[2], **POLICE)
    await city.settle()
    assert await invited(city, question) == [senior.id]
    told = await city.one(senior, "{ notices(first: 5) { nodes { kind aboutId } } }")
    assert told["nodes"] == [{"kind": "INVITED", "aboutId": question}]
    await city.answer(lawyers[3], seats[3], forum="MEDIATION")
    await city.settle()
    assert await invited(city, question) == [senior.id]


@anyio
@pytest.mark.parametrize("parts", [(COURT, COURT, POLICE), (COURT, {}, {}), ({}, {}, {})])
async def test_where_two_of_three_agree_or_nobody_differs_nobody_is_asked(
    city: City, parts: tuple[dict[str, Any], ...]
) -> None:
    question, _, _ = await answered(city, *parts)
    await city.lawyer()
    await city.pass_time(60)
    assert await invited(city, question) == []


@anyio
async def test_a_suspect_answer_speaks_once_the_asker_found_it_helpful(city: City) -> None:
    question, lawyers, seats = await seated(city, 3)
    senior = await city.lawyer(seats_ended=30, seats_kept=30)
    text = own_words("copied")
    for lawyer, seat, more in zip(lawyers, seats, (COURT, ARBITRATION, POLICE | {"text": text}), strict=True):
        await city.answer(lawyer, seat, **({"text": text} | more if more is COURT else more))
    await city.settle()
    assert await invited(city, question) == []
    asker = await asker_of(city, question)
    answers = (await city.one(asker, "query ($id: ID!) { question(id: $id) { answers { id counts } } }", id=question))[
        "answers"
    ]
    (copied,) = [answer["id"] for answer in answers if not answer["counts"]]
    await city.one(asker, "mutation ($id: ID!) { markHelpful(input: {answerId: $id}) { __typename } }", id=copied)
    await city.settle()
    assert await invited(city, question) == [senior.id]


@anyio
async def test_who_changes_her_mind_may_make_them_differ(city: City) -> None:
    question, asker, (lawyer, *_) = await answered(city, COURT, COURT, ARBITRATION)
    senior = await city.lawyer(seats_ended=30, seats_kept=30)
    assert await invited(city, question) == []
    rows = "query ($id: ID!) { question(id: $id) { answers { id } } }"
    first = (await city.one(asker, rows, id=question))["answers"][0]["id"]
    assert (await amended(city, lawyer, first, own_words("anew"), **POLICE))["__typename"] == "Answer"
    await city.settle()
    assert await invited(city, question) == [senior.id]
