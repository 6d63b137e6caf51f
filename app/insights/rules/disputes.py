"""Which committees hear of disputes that many of a town ask about. Pure."""

from collections.abc import Iterable
from uuid import UUID

from app.core.errors import code
from app.directory.rules.areas import areas_of

NOTED_ALREADY = code(
    "NOTED_ALREADY",
    zh="本调委会已经登记过这一处理情况。",
    en="Your committee has noted this already.",
    remedy="Read the alert's `notes`; something else that was done can be noted.",
)


def competent(town: str, committees: Iterable[tuple[UUID, str]]) -> list[UUID]:
    """Of the (id, division) of committees those of the town itself and those of the city, which mediate in all of it;
    not those of single villages: nobody knows of which village it was."""
    return [id for id, division in committees if division in areas_of(town)]
