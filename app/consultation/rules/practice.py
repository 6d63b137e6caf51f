"""What a lawyer says of a question's field and of her clients, and what she is shown of how she is called."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from app.consultation.rules.answering import TOO_MANY
from app.core.errors import Reason, because, code
from app.screening.rules.parties import NAMES_MAX, against_party

RECATEGORISED_ALREADY = code(
    "RECATEGORISED_ALREADY",
    zh="该问题的类别已更正过一次。",
    en="The category of this question was corrected already.",
    remedy="Leave it: a question is recategorised once.",
)
SAME_CATEGORY = code(
    "SAME_CATEGORY",
    zh="该问题已属于此类别。",
    en="The question is of this category already.",
    remedy="Choose another category, or leave it.",
)

EXPOSURE_DAYS = (1, 90)
LEAST_PEERS = 5
"""Figures of fewer peers would tell of single ones."""
TOLD_MOST = 20
"""Reasons at a time: enough to find what is wrong with a long list."""


def against_clients(names: Sequence[str]) -> list[Reason]:
    """Why this cannot be a list of clients: at most 500 names, each of 2 to 60 characters; `names.3` is the fourth."""
    if len(names) > NAMES_MAX:
        return [because(TOO_MANY, "names", limit=NAMES_MAX)]
    return list(_against(names))[:TOLD_MOST]


def _against(names: Sequence[str]) -> Iterator[Reason]:
    for place, name in enumerate(names):
        yield from against_party(name, f"names.{place}")


class Spread(NamedTuple):
    """The lower quartile, the median and the upper quartile."""

    low: float
    median: float
    high: float


def spread(quartiles: Sequence[float] | None, peers: int) -> Spread | None:
    """Of at least five peers; None below."""
    return Spread(*quartiles) if quartiles and peers >= LEAST_PEERS else None
