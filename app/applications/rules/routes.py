"""The other ways than mediation, with their law: read from `data/routes.toml`."""

import tomllib
from dataclasses import dataclass
from typing import Final

from app.applications.models import Route
from app.applications.rules.machine import DATA


@dataclass(frozen=True, slots=True)
class Way:
    route: Route
    matters: frozenset[str]
    unkept: bool
    only_said: bool
    """Named only by a mediator who chose it."""
    zh: str
    en: str
    law: str
    article: str


WAYS: Final = {
    Route(said["route"]): Way(
        Route(said["route"]),
        frozenset(said.get("matters", ())),
        said.get("unkept", False),
        said.get("only_said", False),
        said["zh"],
        said["en"],
        said["law"],
        said["article"],
    )
    for said in tomllib.loads((DATA / "routes.toml").read_text("utf-8"))["route"]
}


def without_agreement(matter: str) -> list[Way]:
    """人民调解法第二十六条: 仲裁、行政、司法等途径."""
    return [way for way in WAYS.values() if not way.only_said and (not way.matters or matter in way.matters)]


def unkept() -> list[Way]:
    """Where what was agreed on is not done."""
    return [way for way in WAYS.values() if way.unkept]


def told(state: str, matter: str) -> list[Way]:
    """What people are told where a mediation stands there."""
    if state in ("FAILED", "RESPONDENT_REFUSED"):
        return without_agreement(matter)
    return unkept() if state == "PERFORMING" else []
