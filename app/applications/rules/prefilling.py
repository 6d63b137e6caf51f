"""What of a question can be carried into a form, each thing only where the asker names it."""

from enum import StrEnum

from app.guidance.rules.eligibility import LAWS, AidMatter, EligibilityKind
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


def place_of(division: str) -> str:
    """The names of a division and of those it lies in, from the city down."""
    names: list[str] = []
    code: str | None = division
    while code is not None:
        names.append(DIVISIONS[code].name)
        code = DIVISIONS[code].parent
    return "".join(reversed(names))
