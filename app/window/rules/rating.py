"""When a case may be rated, and until when that may be changed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from app.applications.models import ApplicationState
from app.core.errors import BAD_VALUE, Reason, because, code

CHANGED: Final = timedelta(days=7)
STARS: Final = (1, 5)
LIKED: Final = 4
TAKEN_BACK: Final = frozenset({ApplicationState.WITHDRAWN, ApplicationState.DEEMED_WITHDRAWN})
"""Where the institution did nothing that could be rated."""

NOT_DONE = code(
    "NOT_DONE",
    zh="该事项尚未办结，或已撤回，暂不能评价。",
    en="This is not done yet, or was taken back.",
    remedy="Rate it once it is closed or decided.",
)
RATING_STANDS = code(
    "RATING_STANDS",
    zh="评价提交满七日后不能再修改。",
    en="After seven days a rating is not changed any more.",
    remedy="Show the one that stands.",
)


def against_stars(stars: int) -> Iterator[Reason]:
    if not STARS[0] <= stars <= STARS[1]:
        yield because(BAD_VALUE, "stars")


def may_change(rated_at: datetime, now: datetime) -> bool:
    return now < rated_at + CHANGED
