"""What of a question can be carried into a form, each thing only where the asker names it."""

import tomllib
from enum import StrEnum
from typing import Final

from app.applications.rules.forms.mediation import DisputeKind
from app.applications.rules.machine import DATA
from app.guidance.rules.eligibility import LAWS, AidMatter, EligibilityKind
from app.guidance.rules.notarisation import NotaryMatter
from app.places.rules import DIVISIONS


class PrefillField(StrEnum):
    FACTS = "FACTS"
    MATTER = "MATTER"
    LIVES_AT = "LIVES_AT"


def facts_of(body: str | None, transcript: str | None) -> str | None:
    """All that was said, written first: what is too long for the form is hers to shorten."""
    return "\n".join(said for one in (body, transcript) if one and (said := one.strip())) or None


def matter_of(category: str) -> AidMatter | None:
    """The matter of the law that a category of the taxonomy is; None where its first level may be several."""
    return LAWS[EligibilityKind.LEGAL_AID].matter_of(category)


_DISPUTES: Final = {
    category: DisputeKind(said)
    for category, said in tomllib.loads((DATA / "disputes.toml").read_text("utf-8"))["categories"].items()
}


def dispute_of(category: str) -> DisputeKind | None:
    """The type of dispute that a category is; None where it may be several, or is for no mediator."""
    return _DISPUTES.get(category) or _DISPUTES.get(category.partition(".")[0])


_NOTARY: Final = {
    category: NotaryMatter(said)
    for category, said in tomllib.loads((DATA / "notary_matters.toml").read_text("utf-8"))["categories"].items()
}


def notary_matter_of(category: str) -> NotaryMatter | None:
    """The matter that a notary would certify of a category; None where it may be several, or none."""
    return _NOTARY.get(category)


def place_of(division: str) -> str:
    """The names of a division and of those it lies in, from the city down."""
    names: list[str] = []
    code: str | None = division
    while code is not None:
        names.append(DIVISIONS[code].name)
        code = DIVISIONS[code].parent
    return "".join(reversed(names))
