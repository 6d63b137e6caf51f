"""Whether somebody gets what she is about to apply for, decided by rules that are data with their article.

A kind of application has conditions; each is decided by the first of its rules that holds, and better rules come first.
What was not answered is neither true nor false: a rule that could still hold and would be better leaves its condition
open, and tells what is missing. The same function answers `checkEligibility` and decides at submission.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.guidance.rules.eligibility.answers import (
    AidCircumstance,
    AidGroup,
    AidMatter,
    Answers,
    DefenceGround,
    EconomicBasis,
    EligibilityKind,
    FormOfAid,
)
from app.guidance.rules.eligibility.law import LAWS, Condition, Gives, Holds, Law, Named, Question, Rule

__all__ = [
    "LAWS",
    "AidCircumstance",
    "AidGroup",
    "AidMatter",
    "Answers",
    "Condition",
    "DefenceGround",
    "EconomicBasis",
    "EligibilityKind",
    "FormOfAid",
    "Gives",
    "Holds",
    "Law",
    "Named",
    "Outcome",
    "Question",
    "Rule",
    "Step",
    "Verdict",
    "judged",
]


class Outcome(StrEnum):
    ELIGIBLE = "ELIGIBLE"
    NEEDS_CHECK = "NEEDS_CHECK"
    NOT_ELIGIBLE = "NOT_ELIGIBLE"


@dataclass(frozen=True, slots=True)
class Step:
    """A rule that was looked at, what it was given, and whether it holds; `decides` its condition or not."""

    rule: Rule
    given: Mapping[str, tuple[str, ...] | None]
    holds: Holds
    decides: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    outcome: Outcome
    basis: EconomicBasis | None
    steps: tuple[Step, ...]
    missing: tuple[str, ...]
    """Questions whose answer could make it better."""


def judged(kind: str, answers: Answers) -> Verdict:
    """The trace of all rules that were looked at, and what comes of it.

    One condition that fails is enough to be not eligible; one that is open, or that the centre has to look at, to need
    a check.
    """
    law = LAWS[EligibilityKind(kind)]
    steps: list[Step] = []
    missing: list[str] = []
    results: list[Gives] = []
    basis: EconomicBasis | None = None
    for rules in law.by_condition.values():
        looked, result, lacking = _decided(rules, answers, law.standard)
        steps += looked
        results.append(result)
        missing += lacking
        basis = next((step.rule.basis for step in looked if step.decides), None) or basis
    return Verdict(_outcome(results), basis, tuple(steps), tuple(dict.fromkeys(missing)))


def _decided(rules: Iterable[Rule], answers: Answers, standard: int) -> tuple[list[Step], Gives, list[str]]:
    steps: list[Step] = []
    open_rules: list[Rule] = []
    for rule in rules:
        holds = rule.holds(answers, standard)
        steps.append(Step(rule, _given(rule, answers, standard), holds, holds is Holds.HOLDS))
        if holds is Holds.UNANSWERED:
            open_rules.append(rule)
        if holds is Holds.HOLDS:
            better = [one for one in open_rules if _RANK[one.gives] < _RANK[rule.gives]]
            result = Gives.CHECK if better else rule.gives
            return steps, result, [name for one in better for name in one.unanswered(answers, standard)]
    return steps, Gives.CHECK, [name for one in open_rules for name in one.unanswered(answers, standard)]


def _given(rule: Rule, answers: Answers, standard: int) -> Mapping[str, tuple[str, ...] | None]:
    found = {question: answers.given(question, standard) for question in rule.when}
    return {question: None if said is None else tuple(map(_worded, said)) for question, said in found.items()}


def _worded(said: str | bool) -> str:
    return str(said) if isinstance(said, str) else "YES" if said else "NO"


def _outcome(results: list[Gives]) -> Outcome:
    if Gives.FAILED in results:
        return Outcome.NOT_ELIGIBLE
    return Outcome.NEEDS_CHECK if Gives.CHECK in results else Outcome.ELIGIBLE


_RANK = {gives: place for place, gives in enumerate(Gives)}
