"""Where somebody says that she lives."""

from app.core.errors import code
from app.places.rules import DIVISIONS, DivisionKind

NOT_A_VILLAGE = code(
    "NOT_A_VILLAGE",
    zh="请选择具体的村或社区。",
    en="This is no village or community.",
    remedy="Send the 12-digit code of a village or community; `divisions(within:)` lists those of a town.",
)


def is_village(division: str) -> bool:
    """A village or community, by its code."""
    known = DIVISIONS.get(division)
    return known is not None and known.kind in (DivisionKind.VILLAGE, DivisionKind.COMMUNITY)
