"""The law of a kind of application, as `data/<kind>.toml` tells it: questions, and rules with their articles."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from app.core.errors import Language
from app.guidance.rules.eligibility.answers import AidMatter, Answers, EconomicBasis, EligibilityKind

_DATA = Path(__file__).parents[2] / "data"


class Condition(StrEnum):
    FORM = "FORM"
    MATTER = "MATTER"
    REPRESENTATION = "REPRESENTATION"
    MEANS = "MEANS"


class Gives(StrEnum):
    """What a rule says of its condition, the best first."""

    MET = "MET"
    CHECK = "CHECK"
    FAILED = "FAILED"


class Holds(StrEnum):
    HOLDS = "HOLDS"
    DOES_NOT_HOLD = "DOES_NOT_HOLD"
    UNANSWERED = "UNANSWERED"


@dataclass(frozen=True, slots=True)
class Named:
    """What something is called, and where in the law it stands."""

    zh: str
    en: str
    article: str | None = None
    item: int | None = None

    def told(self, language: Language) -> str:
        return self.en if language is Language.EN else self.zh


@dataclass(frozen=True, slots=True)
class Question:
    name: str
    text: Named
    options: Mapping[str, Named]


@dataclass(frozen=True, slots=True)
class Rule:
    """`when`: question -> the answers that satisfy it, None for any answer that is not "none of them"."""

    id: str
    condition: Condition
    articles: tuple[str, ...]
    says: Named
    when: Mapping[str, tuple[str | bool, ...] | None]
    gives: Gives
    basis: EconomicBasis | None

    def unanswered(self, answers: Answers, standard: int) -> tuple[str, ...]:
        return tuple(question for question in self.when if answers.given(question, standard) is None)

    def holds(self, answers: Answers, standard: int) -> Holds:
        for question, wanted in self.when.items():
            given = answers.given(question, standard)
            if given is not None and not (given if wanted is None else set(given) & set(wanted)):
                return Holds.DOES_NOT_HOLD
        return Holds.UNANSWERED if self.unanswered(answers, standard) else Holds.HOLDS


@dataclass(frozen=True)
class Law:
    """The law of one kind of application, as `data/<kind>.toml` tells it."""

    called: Named
    articles: Mapping[str, Named]
    standard: int
    questions: Mapping[str, Question]
    rules: tuple[Rule, ...]
    matters: Mapping[str, AidMatter | None]
    """Of a category of questions; None where it may be several."""

    def matter_of(self, category: str) -> AidMatter | None:
        """OTHER for a category that the law does not list, as its first level is where it says nothing itself."""
        return self.matters.get(category, self.matters.get(category.split(".")[0], AidMatter.OTHER))

    @cached_property
    def by_condition(self) -> Mapping[Condition, tuple[Rule, ...]]:
        found: dict[Condition, list[Rule]] = {}
        for rule in self.rules:
            found.setdefault(rule.condition, []).append(rule)
        return MappingProxyType({condition: tuple(rules) for condition, rules in found.items()})


def _read(kind: EligibilityKind) -> Law:
    """ValueError for a file that does not hold together."""
    data = tomllib.loads((_DATA / f"{kind.value.lower()}.toml").read_text("utf-8"))
    questions = {name: _question(name, said) for name, said in data["questions"].items()}
    rules = tuple(_rule(said) for said in data["rules"])
    articles = {number: Named(**said) for number, said in data["articles"].items()}
    for rule in rules:
        if unknown := (set(rule.articles) - articles.keys()) | (rule.when.keys() - questions.keys()):
            raise ValueError(f"{rule.id} speaks of {unknown.pop()}, which the file does not hold")
    if len({rule.id for rule in rules}) < len(rules):
        raise ValueError("two rules have one id")
    fen = int(Decimal(data["standard"]["monthlyPerHead"]) * 100)
    matters = {category: AidMatter(said) if said else None for category, said in data["categories"].items()}
    return Law(
        Named(**data["law"]),
        MappingProxyType(articles),
        fen,
        MappingProxyType(questions),
        rules,
        MappingProxyType(matters),
    )


def _question(name: str, said: Mapping[str, Any]) -> Question:
    options = {value: Named(**words) for value, words in said.get("options", {}).items()}
    return Question(name, Named(said["zh"], said["en"]), MappingProxyType(options))


def _rule(said: Mapping[str, Any]) -> Rule:
    when = {question: None if wanted == "*" else tuple(wanted) for question, wanted in said["when"].items()}
    return Rule(
        said["id"],
        Condition(said["condition"]),
        tuple(said["articles"]),
        Named(said["zh"], said["en"]),
        MappingProxyType(when),
        Gives(said["gives"]),
        EconomicBasis(said["basis"]) if "basis" in said else None,
    )


LAWS: Mapping[EligibilityKind, Law] = MappingProxyType({kind: _read(kind) for kind in EligibilityKind})
