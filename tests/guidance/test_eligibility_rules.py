"""Who gets legal aid: the rules as data, pure."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.guidance.rules.eligibility import (
    LAWS,
    AidCircumstance,
    AidGroup,
    AidMatter,
    Answers,
    DefenceGround,
    EconomicBasis,
    EligibilityKind,
    FormOfAid,
    Gives,
    Holds,
    Outcome,
    Rule,
    judged,
)

LAW = LAWS[EligibilityKind.LEGAL_AID]
ENUMS: dict[str, Any] = {
    "form": FormOfAid,
    "matter": AidMatter,
    "circumstances": AidCircumstance,
    "groups": AidGroup,
    "defence": DefenceGround,
}
LISTS = ("circumstances", "groups", "defence")
BEST_FIRST = list(Outcome)
NO = Answers(FormOfAid.REPRESENTATION, AidMatter.OTHER, (), (), (), False, False, False, 2, 2 * LAW.standard + 1, False)
"""Everything is answered, and nothing is so."""

yes_or_no = st.none() | st.booleans()


def some(kind: Any) -> st.SearchStrategy[Any]:
    return st.none() | st.lists(st.sampled_from(list(kind)), unique=True).map(tuple)


anybody = st.builds(
    Answers,
    form=st.none() | st.sampled_from(FormOfAid),
    matter=st.none() | st.sampled_from(AidMatter),
    circumstances=some(AidCircumstance),
    groups=some(AidGroup),
    defence=some(DefenceGround),
    proved=yes_or_no,
    hardship=yes_or_no,
    promised=yes_or_no,
    household=st.none() | st.integers(1, 9),
    monthly_income=st.none() | st.integers(0, 3_000_000),
    represented=yes_or_no,
)


def as_asked(rule: Rule, otherwise: Answers) -> Answers:
    """Answers that satisfy this rule, by its own words."""
    said: dict[str, Any] = {}
    for question, wanted in rule.when.items():
        if question == "income":
            said |= {"household": 1, "monthly_income": LAW.standard + (wanted != ("WITHIN",))}
        elif question in ENUMS:
            value = ENUMS[question](wanted[0] if wanted else next(iter(LAW.questions[question].options)))
            said[question] = (value,) if question in LISTS else value
        else:
            assert wanted is not None
            said[question] = wanted[0]
    return replace(otherwise, **said)


def but(answers: Answers, name: str, value: Any) -> Answers:
    said: dict[str, Any] = {name: value}
    return replace(answers, **said)


def decided(answers: Answers) -> list[str]:
    return [step.rule.id for step in judged("LEGAL_AID", answers).steps if step.decides]


@pytest.mark.parametrize("rule", LAW.rules, ids=lambda rule: rule.id)
def test_every_rule_is_reached_by_who_says_what_it_asks_for(rule: Rule) -> None:
    assert rule.id in decided(as_asked(rule, Answers()))
    assert rule.id in decided(as_asked(rule, NO))


def test_every_article_is_in_the_data_and_every_article_there_is_cited() -> None:
    cited = {number for rule in LAW.rules for number in rule.articles} | {"34"}
    named = {option.article for question in LAW.questions.values() for option in question.options.values()}
    assert (cited | named) <= LAW.articles.keys()
    assert LAW.articles.keys() == cited | named
    assert all(words.zh and words.en for words in (*LAW.articles.values(), *(rule.says for rule in LAW.rules)))


def test_the_data_and_the_enums_name_the_same_values() -> None:
    assert {name: list(kind) for name, kind in ENUMS.items()} == {
        name: list(LAW.questions[name].options) for name in ENUMS
    }
    for rule in LAW.rules:
        for question, wanted in rule.when.items():
            options: set[str | bool] = {*LAW.questions[question].options} or {True, False}
            assert set(wanted or ()) <= options, rule.id
    items = [(one.article, one.item) for one in LAW.questions["matter"].options.values() if one.article == "31"]
    assert {item for _, item in items} == set(range(1, 10))
    assert [one.item for one in LAW.questions["form"].options.values()] == [1, 2, 3, 4, 5, 6]


def test_better_rules_come_first_and_only_means_have_a_basis() -> None:
    for rules in LAW.by_condition.values():
        ranks = [list(Gives).index(rule.gives) for rule in rules]
        assert ranks == sorted(ranks)
    assert {rule.condition.value for rule in LAW.rules if rule.basis} == {"MEANS"}
    assert {rule.basis for rule in LAW.rules} == {None, *EconomicBasis}


@given(answers=anybody)
@settings(max_examples=300, deadline=None)
def test_an_outcome_is_what_its_conditions_say(answers: Answers) -> None:
    verdict = judged("LEGAL_AID", answers)
    gives = [step.rule.gives for step in verdict.steps if step.decides]
    if verdict.outcome is Outcome.ELIGIBLE:
        assert gives == [Gives.MET] * len(LAW.by_condition)
        assert verdict.missing == ()
        assert verdict.basis is not None
    if verdict.outcome is Outcome.NOT_ELIGIBLE:
        assert Gives.FAILED in gives
    assert all((step.holds is Holds.HOLDS) is step.decides for step in verdict.steps)
    # Whatever is missing was really not said.
    assert all(answers.given(question, LAW.standard) is None for question in verdict.missing)


@given(answers=anybody, also=st.data())
@settings(max_examples=600, deadline=None)
def test_an_exemption_never_makes_a_case_less_eligible(answers: Answers, also: st.DataObject) -> None:
    name = also.draw(st.sampled_from([*LISTS, "proved", "promised", "hardship", "represented", "monthly_income"]))
    if name in LISTS:
        more = also.draw(st.sampled_from(list(ENUMS[name])))
        better = but(answers, name, (*(getattr(answers, name) or ()), more))
    elif name == "monthly_income":
        better = replace(answers, monthly_income=also.draw(st.integers(0, answers.monthly_income or 0)))
    else:
        better = but(answers, name, name != "represented")
    before, after = judged("LEGAL_AID", answers).outcome, judged("LEGAL_AID", better).outcome
    assert BEST_FIRST.index(after) <= BEST_FIRST.index(before)


@given(answers=anybody)
@settings(max_examples=300, deadline=None)
def test_what_is_not_missing_does_not_make_it_better(answers: Answers) -> None:
    """Nobody is asked in vain, and nobody is left unasked."""
    verdict = judged("LEGAL_AID", answers)
    for name in ("proved", "hardship", "promised"):
        if getattr(answers, name) is None and name not in verdict.missing:
            told = judged("LEGAL_AID", but(answers, name, True))
            assert BEST_FIRST.index(told.outcome) >= BEST_FIRST.index(verdict.outcome)


WAGES = Answers(
    form=FormOfAid.REPRESENTATION,
    matter=AidMatter.LABOUR,
    circumstances=(),
    groups=(),
    defence=(),
    represented=False,
    hardship=True,
)


MIGRANT: dict[str, Any] = {"groups": (AidGroup.MIGRANT_WORKER,), "proved": True}
DEFENDANT: dict[str, Any] = {"form": FormOfAid.CRIMINAL, "matter": AidMatter.SUSPECT_OR_DEFENDANT}
RICH: dict[str, Any] = {"hardship": False, "proved": False}
PROMISED: dict[str, Any] = {"promised": True, "household": 3}
BEATEN: dict[str, Any] = {"circumstances": (AidCircumstance.ABUSE_OR_VIOLENCE,)}
OTHER: dict[str, Any] = {"matter": AidMatter.OTHER}


@pytest.mark.parametrize(
    ("said", "outcome", "basis"),
    [
        (MIGRANT, "ELIGIBLE", "EXEMPT"),
        (MIGRANT | {"matter": AidMatter.MAINTENANCE}, "NEEDS_CHECK", "CHECK"),
        ({"groups": (AidGroup.SOCIAL_RELIEF,)}, "NEEDS_CHECK", "CHECK"),  # a document is missing
        (PROMISED | {"monthly_income": 3 * LAW.standard}, "ELIGIBLE", "PROMISE"),
        (PROMISED | {"monthly_income": 3 * LAW.standard + 1}, "NEEDS_CHECK", "CHECK"),
        (PROMISED | {"monthly_income": 0} | OTHER, "NEEDS_CHECK", "PROMISE"),
        (RICH, "NOT_ELIGIBLE", None),
        (RICH | {"groups": None, "proved": None}, "NEEDS_CHECK", None),  # nobody asked whether she is exempt
        (RICH | BEATEN | OTHER, "ELIGIBLE", "UNCONDITIONAL"),
        ({"represented": True}, "NOT_ELIGIBLE", "CHECK"),
        (RICH | {"form": FormOfAid.ADVICE, "represented": True}, "ELIGIBLE", "UNCONDITIONAL"),
        ({"form": FormOfAid.DUTY_LAWYER}, "NEEDS_CHECK", "UNCONDITIONAL"),
        (RICH | DEFENDANT | {"form": FormOfAid.DUTY_LAWYER}, "ELIGIBLE", "UNCONDITIONAL"),
        (DEFENDANT | {"defence": (DefenceGround.MINOR,)}, "ELIGIBLE", "UNCONDITIONAL"),
        (RICH | DEFENDANT, "NEEDS_CHECK", None),
        ({"form": FormOfAid.CRIMINAL}, "NEEDS_CHECK", "CHECK"),
    ],
)
def test_known_cases(said: dict[str, Any], outcome: str, basis: str | None) -> None:
    verdict = judged("LEGAL_AID", replace(WAGES, **said))
    assert (verdict.outcome, verdict.basis) == (outcome, basis)


def test_who_says_nothing_is_told_what_to_answer() -> None:
    verdict = judged("LEGAL_AID", Answers())
    assert verdict.outcome is Outcome.NEEDS_CHECK
    assert set(verdict.missing) == LAW.questions.keys()
