"""Whether institutions are open, decided where they are looked for; and which days are worked."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH

from app.core.access import Viewer
from app.core.db import Session
from app.directory.models import CalendarYear
from app.directory.reads.register import I, shown, visible_to
from app.directory.rules.hours import WEEK, Hours
from app.places.rules.workdays import CITY_TIME, PUBLISHED, Calendar, DayKind

Y: Any = CalendarYear.__table__  # type: ignore[attr-defined]
_OPEN: Final = "strict $[*] ? (@[0] <= $at && @[1] > $at)"
"""Of a list of stretches; lax, it would take each of them apart before it looks."""


def open_at(moment: datetime, table: Any = I) -> ColumnElement[bool]:
    """As `rules.hours.open_at` has it, by the calendar that this statement sees; false where nobody said the hours."""
    local = moment.astimezone(CITY_TIME)
    day = local.date()
    said = select(Y.c.days[day.isoformat()].astext).where(Y.c.year == day.year).scalar_subquery()
    kind = func.coalesce(said, literal(PUBLISHED.kind(day).value, Text))
    name = func.coalesce(func.nullif(kind, DayKind.ORDINARY.value), WEEK[day.weekday()].value)
    usual = table.c.hours["days"].op("->", return_type=JSONB())(name)
    today = func.coalesce(table.c.hours["dates"][day.isoformat()], usual)
    now = func.jsonb_build_object("at", f"{local:%H:%M}")
    open: ColumnElement[bool] = func.jsonb_path_exists(today, cast(literal(_OPEN, Text), JSONPATH), now)
    return func.coalesce(open, False)


async def calendar(session: Session) -> Calendar:
    """The library's, and before it what the staff entered: one statement."""
    rows = (await session.rows(select(Y.c.year, Y.c.days, Y.c.complete))).all()
    days = {date.fromisoformat(day): DayKind(kind) for row in rows for day, kind in row.days.items()}
    return Calendar(days, frozenset(row.year for row in rows if row.complete))


async def year(session: Session, year: int) -> Any | None:
    """What the staff said of it; None where they have not."""
    return (await session.rows(select(*shown(Y)).where(Y.c.year == year))).one_or_none()


async def hours_of(session: Session, viewer: Viewer | None, ids: Iterable[UUID]) -> dict[UUID, Hours]:
    """Of those that the viewer sees and whose hours somebody has said."""
    wanted = select(I.c.id, I.c.hours).where(I.c.id.in_(list(ids)), visible_to(viewer, I), I.c.hours.is_not(None))
    return {row.id: Hours.model_validate(row.hours) for row in await session.rows(wanted)}
