"""What `data/path.toml` says: questions, ways, and the routes of each matter, with their articles."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from app.directory.models import RegisterKind
from app.guidance.rules.eligibility import Named
from app.guidance.rules.limits import LIMITS, StatutoryLimit

_SAID: Final = tomllib.loads((Path(__file__).parents[2] / "data" / "path.toml").read_text("utf-8"))


class PathWay(StrEnum):
    """Where a grievance can go."""

    REVIEW = "REVIEW"
    ADMINISTRATIVE_SUIT = "ADMINISTRATIVE_SUIT"
    LABOUR_ARBITRATION = "LABOUR_ARBITRATION"
    LAND_ARBITRATION = "LAND_ARBITRATION"
    CIVIL_SUIT = "CIVIL_SUIT"
    MEDIATION = "MEDIATION"
    AUTHORITY = "AUTHORITY"
    POLICE_REPORT = "POLICE_REPORT"
    APPEAL = "APPEAL"
    RETRIAL = "RETRIAL"
    PROCURATORATE = "PROCURATORATE"
    ENFORCEMENT = "ENFORCEMENT"
    SUPERVISION = "SUPERVISION"
    PETITION = "PETITION"
    LEGAL_AID = "LEGAL_AID"


class PathMatter(StrEnum):
    ADMINISTRATIVE_ACT = "ADMINISTRATIVE_ACT"
    INACTION = "INACTION"
    DISPUTE = "DISPUTE"
    CRIMINAL = "CRIMINAL"
    JUDGMENT = "JUDGMENT"
    MISCONDUCT = "MISCONDUCT"
    SUGGESTION = "SUGGESTION"
    OTHER = "OTHER"


class PathDispute(StrEnum):
    LABOUR = "LABOUR"
    CONTRACT = "CONTRACT"
    FAMILY = "FAMILY"
    NEIGHBOURS = "NEIGHBOURS"
    LAND = "LAND"
    HARM = "HARM"


class ReviewFirst(StrEnum):
    """Acts that are reconsidered before any court looks at them (行政复议法第二十三条)."""

    ON_THE_SPOT = "ON_THE_SPOT"
    NATURAL_RESOURCES = "NATURAL_RESOURCES"
    INFORMATION = "INFORMATION"


class PathAuthority(StrEnum):
    """By which the place of a reconsideration goes (行政复议法第二十四条至第二十八条)."""

    TOWNSHIP = "TOWNSHIP"
    DEPARTMENT = "DEPARTMENT"
    GOVERNMENT = "GOVERNMENT"
    PROVINCE = "PROVINCE"
    VERTICAL = "VERTICAL"
    JUSTICE = "JUSTICE"
    MINISTRY = "MINISTRY"


class PathStage(StrEnum):
    NOTHING = "NOTHING"
    REVIEW = "REVIEW"
    REVIEWED = "REVIEWED"
    ARBITRATION = "ARBITRATION"
    AWARDED = "AWARDED"
    COURT = "COURT"
    FIRST_JUDGMENT = "FIRST_JUDGMENT"
    FINAL_JUDGMENT = "FINAL_JUDGMENT"
    RETRIAL_REFUSED = "RETRIAL_REFUSED"
    PETITION_ANSWERED = "PETITION_ANSWERED"
    PETITION_REVIEWED = "PETITION_REVIEWED"


class PathState(StrEnum):
    OPEN = "OPEN"
    AFTERWARDS = "AFTERWARDS"
    UNDER_WAY = "UNDER_WAY"
    DONE = "DONE"
    CLOSED = "CLOSED"
    LATE = "LATE"
    NOT_FOR_THIS = "NOT_FOR_THIS"


class HouseService(StrEnum):
    """Which of the house's own services helps."""

    ASK_LAWYER = "ASK_LAWYER"
    MEDIATION = "MEDIATION"
    LEGAL_AID = "LEGAL_AID"
    NOTARY = "NOTARY"


@dataclass(frozen=True, slots=True)
class Answers:
    """None is not answered yet."""

    about: PathMatter | None = None
    dispute: PathDispute | None = None
    review_first: frozenset[ReviewFirst] | None = None
    authority: PathAuthority | None = None
    stage: PathStage | None = None
    learned_on: date | None = None
    decided_on: date | None = None


@dataclass(frozen=True, slots=True)
class Article:
    law: Named
    number: str
    about: Named


@dataclass(frozen=True, slots=True)
class Option:
    """`office` and `article`: of an authority, where its acts are reconsidered."""

    text: Named
    office: Named | None
    article: Article | None


@dataclass(frozen=True, slots=True)
class PathQuestion:
    name: str
    text: Named
    instead: Mapping[PathMatter, Named]
    """How it is put where it is about this."""
    options: Mapping[str, Option]


@dataclass(frozen=True, slots=True)
class Way:
    """What holds of it whatever it is taken for."""

    name: Named
    office: Named
    kinds: tuple[RegisterKind, ...]
    papers: tuple[Named, ...]
    cost: Named
    then: Named
    days: int | None
    longer: int | None
    articles: tuple[Article, ...]
    services: tuple[HouseService, ...]
    under_way: frozenset[PathStage]
    done: frozenset[PathStage]
    closed: frozenset[PathStage]


@dataclass(frozen=True, slots=True)
class Entry:
    """A way, as a route has it."""

    way: PathWay
    why: Named
    articles: tuple[Article, ...]
    services: tuple[HouseService, ...]
    limit: StatutoryLimit | None
    after: PathWay | None
    only_first: bool
    only_pending: bool
    by: Mapping[PathStage, StatutoryLimit | None]
    not_for: bool

    def first(self, said: Answers) -> PathWay | None:
        """What has to come before it, as things stand."""
        stage = said.stage or PathStage.NOTHING
        if self.after is None or stage in self.by or stage in WAYS[self.way].under_way:
            return None
        pending = stage in WAYS[self.after].under_way
        if self.only_pending or (self.only_first and not said.review_first):
            return self.after if pending else None
        return self.after

    def runs(self, said: Answers) -> tuple[StatutoryLimit | None, date | None]:
        """Its limit, and since when that runs."""
        if said.stage is not None and said.stage in self.by:
            return self.by[said.stage], said.decided_on
        return self.limit, said.learned_on


@dataclass(frozen=True, slots=True)
class Route:
    asks: tuple[str, ...]
    stages: tuple[PathStage, ...]
    entries: tuple[Entry, ...]


def _named(said: Mapping[str, Any]) -> Named:
    return Named(said["zh"], said["en"])


def _articles(said: Mapping[str, Any]) -> tuple[Article, ...]:
    return tuple(ARTICLES[key] for key in said["articles"])


def _option(said: Mapping[str, Any]) -> Option:
    office = Named(said["office"], said["office_en"]) if "office" in said else None
    return Option(_named(said), office, ARTICLES[said["article"]] if "article" in said else None)


def _question(said: Mapping[str, Any]) -> PathQuestion:
    instead = {matter: _named(said[matter]) for matter in PathMatter if matter in said}
    options = {value: _option(one) for value, one in said.get("options", {}).items()}
    return PathQuestion(said["name"], _named(said), instead, options)


def _way(said: Mapping[str, Any]) -> Way:
    return Way(
        name=_named(said["name"]),
        office=_named(said["office"]),
        kinds=tuple(map(RegisterKind, said["kinds"])),
        papers=tuple(map(_named, said["papers"])),
        cost=_named(said["cost"]),
        then=_named(said["then"]),
        days=said.get("days"),
        longer=said.get("longer"),
        articles=_articles(said),
        services=tuple(map(HouseService, said["services"])),
        under_way=frozenset(map(PathStage, said["under_way"])),
        done=frozenset(map(PathStage, said["done"])),
        closed=frozenset(map(PathStage, said["closed"])),
    )


def _entry(said: Mapping[str, Any]) -> Entry:
    return Entry(
        way=PathWay(said["way"]),
        why=_named(said),
        articles=_articles(said),
        services=tuple(map(HouseService, said.get("services", ()))),
        limit=_PERIODS[said["limit"]] if "limit" in said else None,
        after=PathWay(said["after"]) if "after" in said else None,
        only_first=said.get("only_first", False),
        only_pending=said.get("only_pending", False),
        by={PathStage(stage): _PERIODS[limit] if limit else None for stage, limit in said.get("by", {}).items()},
        not_for=said.get("not_for", False),
    )


def _route(said: Mapping[str, Any]) -> Route:
    stages = tuple(map(PathStage, said.get("stages", ())))
    return Route(tuple(said.get("asks", ())), stages, tuple(map(_entry, said["ways"])))


_PERIODS: Final = {limit.id: limit for limit in LIMITS}
ARTICLES: Final = {
    key: Article(_named(_SAID["laws"][one["law"]]), one["number"], _named(one))
    for key, one in _SAID["articles"].items()
}
LATE: Final = _named(_SAID["late"])
QUESTIONS: Final = {one["name"]: _question(one) for one in _SAID["questions"]}
WAYS: Final[Mapping[PathWay, Way]] = MappingProxyType({way: _way(_SAID["ways"][way]) for way in PathWay})
ROUTES: Final = {
    (PathMatter(one["about"]), PathDispute(one["dispute"]) if "dispute" in one else None): _route(one)
    for one in _SAID["routes"]
}
