"""When an asker is asked what came of it, and which answers make sense."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from pydantic import BaseModel

from app.consultation.models import CameOf, WhyNotBegun
from app.core.errors import BAD_VALUE, Reason, because, code
from app.guidance.rules.path.law import PathWay

TURNS: Final = {1: timedelta(days=14), 2: timedelta(days=45)}
"""After a question was resolved."""
OPEN_FOR: Final = timedelta(days=30)
"""For so long an asking can be answered, and the answer changed: until the next one comes, at the latest."""
NEVER_ASKED: Final = frozenset({"family.violence"})
"""Categories. Somebody else may look at her telephone: as with what tells of danger, no message comes after weeks."""

FOLLOW_THROUGH_CLOSED = code(
    "FOLLOW_THROUGH_CLOSED",
    zh="现在没有要回答的问题，或者已过 30 天，不能再修改。",
    en="Nothing is asked just now, or it was more than thirty days ago.",
    remedy="Show `followThrough` as it stands; the next asking comes with a notice.",
)


class CameOfIt(BaseModel):
    """`way`: None is none."""

    way: PathWay | None
    outcome: CameOf
    hindrance: WhyNotBegun | None


def against(said: CameOfIt) -> list[Reason]:
    """Who has not begun says why, and what is under way or was refused was begun by some way."""
    not_begun = said.outcome is CameOf.NOT_BEGUN
    needs_way = said.outcome in (CameOf.UNDER_WAY, CameOf.REFUSED)
    wrong = [because(BAD_VALUE, "way")] if (needs_way and not said.way) or (not_begun and said.way) else []
    return wrong + ([because(BAD_VALUE, "hindrance")] if not_begun is (said.hindrance is None) else [])


def open_until(asked_at: datetime) -> datetime:
    return asked_at + OPEN_FOR


def asking_id(question: UUID, round: int, turn: int) -> UUID:
    """What makes an asking's notice one of its kind."""
    return uuid5(question, f"what came of it {round} {turn}")
