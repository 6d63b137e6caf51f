"""Which days the public figures may be asked for."""

from datetime import date, datetime
from uuid import UUID

from app.core.errors import Reason, because, code
from app.places.rules.workdays import today

DAYS_MAX = 400
RECORD = UUID("6f1d3a52-0c4e-5b7e-9a55-3c9e1f1a7b10")
"""The topic that rings when what is on record of some question's promise has changed."""

TURNED_ROUND = code(
    "TURNED_ROUND",
    zh="起始日期不能晚于结束日期。",
    en="The first day lies after the last one.",
    remedy="Exchange the two days.",
)
TOO_MANY_DAYS = code(
    "TOO_MANY_DAYS", zh="一次最多查询 {limit} 天。", en="At most {limit} days at a time.", remedy="Ask for fewer days."
)
NOT_YET = code(
    "NOT_YET", zh="不能查询今天之后的日期。", en="That day has not come yet.", remedy="Ask for days up to today."
)


def against_days(first: date, last: date, now: datetime) -> list[Reason]:
    if first > last:
        return [because(TURNED_ROUND, "from")]
    reasons = [because(NOT_YET, "to")] if last > today(now) else []
    if (last - first).days >= DAYS_MAX:
        reasons.append(because(TOO_MANY_DAYS, "from", limit=DAYS_MAX))
    return reasons
