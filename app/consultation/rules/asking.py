"""What may be asked, and how often."""

from pydantic import BaseModel

from app.core.errors import BAD_VALUE, Reason, because, code
from app.core.texts import against_text

BODY = (5, 2000)
"""Characters: real questions are short."""
BRIEF_MAX = 80
OPEN_MAX = 3
DAILY_MAX = 10

QUOTA_OPEN = code(
    "QUOTA_OPEN",
    zh="您已有 {limit} 个问题正在等待解答，请稍候再提。急事请拨打 12348。",
    en="{limit} questions of yours are still waiting for their answers. In urgent cases call 12348.",
    remedy="Wait for the answers or withdraw a question; offer the 12348 line.",
)
QUOTA_DAY = code(
    "QUOTA_DAY",
    zh="一天最多提 {limit} 个问题，请明天再来。急事请拨打 12348。",
    en="At most {limit} questions a day; please come again tomorrow. In urgent cases call 12348.",
    remedy="Wait a day; offer the 12348 line.",
)


class Ask(BaseModel):
    """A question as it was put, ids already resolved to codes."""

    body: str
    category: str
    division: str
    brief: str


def against_asking(ask: Ask, known_category: bool, known_division: bool) -> list[Reason]:
    reasons = list(against_text(ask.body, "body", *BODY))
    if not known_category:
        reasons.append(because(BAD_VALUE, "categoryId"))
    if not known_division:
        reasons.append(because(BAD_VALUE, "divisionCode"))
    reasons.extend(against_text(ask.brief, "brief", 1, BRIEF_MAX))
    return reasons


def against_quota(waiting: int, asked_today: int) -> list[Reason]:
    if waiting >= OPEN_MAX:
        return [because(QUOTA_OPEN, limit=OPEN_MAX)]
    if asked_today >= DAILY_MAX:
        return [because(QUOTA_DAY, limit=DAILY_MAX)]
    return []
