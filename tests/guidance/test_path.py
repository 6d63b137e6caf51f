"""Where a grievance can go: pure, as somebody asks for it, and whether the data keeps its word."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from app.core.errors import Language
from app.directory.models import INSTITUTIONS
from app.guidance.rules.path import against, card, missing, route_of
from app.guidance.rules.path.law import (
    ARTICLES,
    QUESTIONS,
    ROUTES,
    WAYS,
    Answers,
    PathDispute,
    PathMatter,
    PathStage,
    PathState,
    PathWay,
    ReviewFirst,
)
from app.guidance.types.path import PathCard
from tests.city import City

pytestmark = pytest.mark.anyio

TODAY = date(2026, 11, 30)
ACT, DISPUTE, JUDGMENT = PathMatter.ADMINISTRATIVE_ACT, PathMatter.DISPUTE, PathMatter.JUDGMENT
LABOUR, LAND = PathDispute.LABOUR, PathDispute.LAND
EVERY = [Answers(about=about, dispute=dispute) for about, dispute in ROUTES]
STAGES = [
    Answers(about=about, dispute=dispute, stage=stage)
    for (about, dispute), route in ROUTES.items()
    for stage in route.stages
]
ASK = """query ($answers: PathAnswersInput!) { pathCard(answers: $answers) {
  steps { way state why note first opens office kinds articles { law number } services
    limit { code lastDay daysLeft urgent } }
  ask { name text options { value text } } } }"""


def states(said: Answers) -> dict[str, str]:
    return {step.entry.way.value: step.state.value for step in card(said, TODAY)}


def test_every_matter_has_its_ways_and_every_way_and_article_has_its_use() -> None:
    pairs = {(about, None) for about in PathMatter if about is not DISPUTE}
    assert ROUTES.keys() == pairs | set(product([DISPUTE], PathDispute))
    entries = [entry for route in ROUTES.values() for entry in route.entries]
    assert {entry.way for entry in entries} == set(PathWay)
    used = {article for entry in entries for article in (*entry.articles, *WAYS[entry.way].articles)}
    places = {one.article for one in QUESTIONS["authority"].options.values()}
    assert set(ARTICLES.values()) == used | (places - {None})
    assert all({*way.kinds} <= {*INSTITUTIONS} for way in WAYS.values())
    assert all(entry.articles or WAYS[entry.way].articles for entry in entries)
    for route in ROUTES.values():
        ways = [entry.way for entry in route.entries]
        assert len(ways) == len(set(ways))
        assert all(entry.after in ways for entry in route.entries if entry.after)
        assert all({*entry.by} <= {*route.stages} for entry in route.entries)


@pytest.mark.parametrize("said", [*EVERY, *STAGES], ids=str)
@pytest.mark.parametrize("language", Language)
def test_every_card_is_whole_in_both_languages(said: Answers, language: Language) -> None:
    shown = PathCard.of(said, TODAY, language)
    words = [text for step in shown.steps for text in (step.name, step.why, step.office, step.cost, step.then)]
    words += [text for step in shown.steps for text in step.papers]
    words += [text for question in shown.ask for text in (question.text, *(one.text for one in question.options))]
    assert shown.steps
    assert all(word == word.strip() != "" for word in words)
    assert all(word.isascii() is (language is Language.EN) for word in words)
    assert all(step.articles for step in shown.steps)


@pytest.mark.parametrize("said", [*EVERY, *STAGES], ids=str)
def test_who_waits_knows_for_what_and_something_is_always_open(said: Answers) -> None:
    steps = {step.entry.way: step for step in card(said, TODAY)}
    for way, step in steps.items():
        assert (step.state is PathState.AFTERWARDS) <= (step.first is not None)
        assert step.first is None or way in steps[step.first].opens
    assert {PathState.OPEN, PathState.UNDER_WAY} & {step.state for step in steps.values()}
    if PathWay.PETITION in steps and steps[PathWay.PETITION].entry.not_for:
        assert list(steps)[-1] is PathWay.PETITION


def test_an_act_may_be_reconsidered_or_sued_over_and_never_both_at_once() -> None:
    """行政诉讼法第四十四条, 行政复议法第二十九条."""
    both = states(Answers(about=ACT, review_first=frozenset()))
    assert (both["REVIEW"], both["ADMINISTRATIVE_SUIT"], both["PETITION"]) == ("OPEN", "OPEN", "NOT_FOR_THIS")
    assert states(Answers(about=ACT, stage=PathStage.REVIEW))["ADMINISTRATIVE_SUIT"] == "AFTERWARDS"
    assert states(Answers(about=ACT, stage=PathStage.COURT))["REVIEW"] == "CLOSED"
    assert states(Answers(about=ACT, stage=PathStage.REVIEWED))["ADMINISTRATIVE_SUIT"] == "OPEN"


@pytest.mark.parametrize("first", ReviewFirst)
def test_some_acts_are_reconsidered_before_any_court(first: ReviewFirst) -> None:
    """行政复议法第二十三条."""
    said = Answers(about=ACT, review_first=frozenset({first}))
    assert states(said)["ADMINISTRATIVE_SUIT"] == "AFTERWARDS"
    assert states(Answers(about=PathMatter.INACTION))["ADMINISTRATIVE_SUIT"] == "AFTERWARDS"


def test_labour_goes_to_arbitration_first_and_farmland_may() -> None:
    """劳动争议调解仲裁法第五条, 农村土地承包经营纠纷调解仲裁法第四条."""
    assert states(Answers(about=DISPUTE, dispute=LABOUR))["CIVIL_SUIT"] == "AFTERWARDS"
    assert states(Answers(about=DISPUTE, dispute=LABOUR, stage=PathStage.AWARDED))["CIVIL_SUIT"] == "OPEN"
    assert states(Answers(about=DISPUTE, dispute=LAND))["CIVIL_SUIT"] == "OPEN"
    assert states(Answers(about=DISPUTE, dispute=LAND, stage=PathStage.ARBITRATION))["CIVIL_SUIT"] == "AFTERWARDS"


def test_a_judgment_is_appealed_against_then_tried_again_then_brought_before_the_procuratorate() -> None:
    """民事诉讼法第一百七十一条、第二百一十条、第二百二十条."""
    wanted = {"FIRST_JUDGMENT": "APPEAL", "FINAL_JUDGMENT": "RETRIAL", "RETRIAL_REFUSED": "PROCURATORATE"}
    for stage, way in wanted.items():
        found = states(Answers(about=JUDGMENT, stage=PathStage(stage)))
        assert [one for one in wanted.values() if found[one] == "OPEN"] == [way]
        assert found["PETITION"] == "NOT_FOR_THIS"


@pytest.mark.parametrize(
    ("said", "way", "last"),
    [
        (Answers(about=ACT, learned_on=date(2026, 11, 1)), "REVIEW", date(2026, 12, 31)),
        (Answers(about=ACT, learned_on=date(2026, 11, 1)), "ADMINISTRATIVE_SUIT", date(2027, 5, 1)),
        (Answers(about=ACT, stage=PathStage.REVIEWED, decided_on=TODAY), "ADMINISTRATIVE_SUIT", date(2026, 12, 15)),
        (Answers(about=DISPUTE, dispute=LABOUR, learned_on=TODAY), "LABOUR_ARBITRATION", date(2027, 11, 30)),
        (Answers(about=JUDGMENT, stage=PathStage.FIRST_JUDGMENT, decided_on=TODAY), "APPEAL", date(2026, 12, 15)),
        (Answers(about=JUDGMENT, stage=PathStage.FINAL_JUDGMENT, decided_on=TODAY), "RETRIAL", date(2027, 5, 30)),
        (
            Answers(about=PathMatter.OTHER, stage=PathStage.PETITION_ANSWERED, decided_on=TODAY),
            "PETITION",
            date(2026, 12, 30),
        ),
    ],
)
def test_known_last_days(said: Answers, way: str, last: date) -> None:
    (step,) = [step for step in card(said, TODAY) if step.entry.way == way]
    assert step.limit
    assert step.since
    assert step.limit.last_day(step.since) == last
    assert {one.entry.way: one.state for one in card(said, last)}[PathWay(way)] is PathState.OPEN
    late = {one.entry.way: one.state for one in card(said, last + timedelta(days=1))}
    assert late[PathWay(way)] is PathState.LATE


def test_who_answers_what_is_asked_is_asked_nothing_in_the_end() -> None:
    """However she answers, each question is put once at most."""
    pending, seen = [Answers()], 0
    while pending:
        said = pending.pop()
        ask = missing(said)
        seen += not ask
        for question in ask[:1]:
            field = {"reviewFirst": "review_first", "learnedOn": "learned_on", "decidedOn": "decided_on"}
            name, route = field.get(question.name, question.name), route_of(said)
            kinds = {"about": PathMatter, "dispute": PathDispute, "authority": list(QUESTIONS["authority"].options)[:1]}
            values: Any = kinds.get(name) or (route.stages if name == "stage" and route else [TODAY])
            for value in [frozenset(), frozenset(ReviewFirst)] if name == "review_first" else values:
                answer: dict[str, Any] = {name: value}
                pending.append(replace(said, **answer))
    assert seen > 30


def test_what_cannot_be_is_refused() -> None:
    fields = [
        (Answers(about=ACT, stage=PathStage.AWARDED), "answers.stage"),
        (Answers(stage=PathStage.COURT), "answers.stage"),
        (Answers(about=ACT, learned_on=TODAY + timedelta(days=1)), "answers.learnedOn"),
        (Answers(about=ACT, decided_on=date.max), "answers.decidedOn"),
    ]
    assert [[reason.field for reason in against(said, TODAY)] for said, _ in fields] == [[name] for _, name in fields]


async def test_somebody_who_was_fined_on_the_spot_is_led_to_a_reconsideration(city: City) -> None:
    ((today,),) = await city.sql("SELECT (app.clock() AT TIME ZONE interval '8 hours')::date")
    nothing = await city.one(None, ASK, answers={})
    assert nothing["steps"] == []
    assert [one["name"] for one in nothing["ask"]] == ["about"]
    assert [one["value"] for one in nothing["ask"][0]["options"]] == [*PathMatter]

    answers: dict[str, Any] = {"about": "ADMINISTRATIVE_ACT", "reviewFirst": ["ON_THE_SPOT"]}
    begun = await city.one(None, ASK, answers=answers)
    assert [one["name"] for one in begun["ask"]] == ["authority", "stage", "learnedOn"]
    assert [one["value"] for one in begun["ask"][1]["options"]] == ["NOTHING", "REVIEW", "REVIEWED", "COURT"]

    learned = (today - timedelta(days=57)).isoformat()
    answers |= {"authority": "JUSTICE", "stage": "NOTHING", "learnedOn": learned}
    whole = await city.one(None, ASK, answers=answers)
    assert whole["ask"] == []
    review, suit = whole["steps"][0], whole["steps"][1]
    assert (review["way"], review["state"], review["opens"]) == ("REVIEW", "OPEN", ["ADMINISTRATIVE_SUIT"])
    assert review["limit"] | {"lastDay": None} == {
        "code": "administrative-review",
        "lastDay": None,
        "daysLeft": 3,
        "urgent": True,
    }
    assert "司法行政部门" in review["office"]
    assert {"law": "行政复议法", "number": "28"} in review["articles"]
    assert (suit["state"], suit["first"], suit["limit"]) == ("AFTERWARDS", "REVIEW", None)

    answers["learnedOn"] = (today - timedelta(days=61)).isoformat()
    late = {step["way"]: step for step in (await city.one(None, ASK, answers=answers))["steps"]}
    assert late["REVIEW"]["state"] == "LATE"
    assert late["REVIEW"]["note"]
