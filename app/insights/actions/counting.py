"""Counting what was asked, and finding what is asked more than usual: as the worker, every night."""

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import insert, text

from app.core.db import Session
from app.core.ids import new_id
from app.core.outbox import emit
from app.insights.events import IssueFound
from app.insights.models import HotIssue
from app.insights.rules import issues as rules

_COUNT: Final = text("SELECT door.count_demand()")
_PUBLISH: Final = text("SELECT door.publish_demand(:last)")
_OUTCOMES: Final = text("SELECT door.publish_outcomes()")
_RECENT: Final = text("SELECT category, town, questions, askers, before, days FROM door.recent_demand(:last)")


async def look(session: Session, now: datetime) -> None:
    """Count the days that have been over for a day, publish the weeks that end with them, and note what stands out in
    the last seven.

    The wait is for whoever takes a question back: it counts for nothing then. What was noted is noted once in seven
    days, however often this runs; the door leaves it out.
    """
    last: date = (await session.rows(_COUNT)).scalar_one()
    await session.rows(_PUBLISH, {"last": last})
    await session.rows(_OUTCOMES)
    weeks = [rules.Week(*row) for row in await session.rows(_RECENT, {"last": last})]
    for week in rules.hot(weeks):
        await _note(session, week, last, now)


async def _note(session: Session, week: rules.Week, last: date, now: datetime) -> None:
    row: dict[str, Any] = {"id": new_id(), "category": week.category, "town": week.town, "day": last, "found_at": now}
    told = {"askers": rules.step(week.askers), "times": rules.times(week)}
    await session.rows(insert(HotIssue).inline().values(row | told))
    await emit(session, IssueFound(issue=row["id"]))
