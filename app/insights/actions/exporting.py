"""Taking figures along: it is recorded first, and what is fetched is made from what stands there then."""

from datetime import date, datetime, timedelta
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import insert

from app.consultation.reads import record
from app.consultation.rules.record import against_days
from app.core.access import Viewer
from app.core.db import Session, one_at_a_time
from app.core.errors import refuse, refuse_if
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.sealing import KeyProvider
from app.insights import reads
from app.insights.models import FigureExport, FigureFormat, Figures, Purpose
from app.insights.rules import figures as rules
from app.places.rules.workdays import today


class Wanted(BaseModel):
    """What somebody takes along, and what for."""

    figures: Figures
    first: date
    last: date
    purpose: Purpose
    format: FigureFormat


async def take_along(
    session: Session, viewer: Viewer, keys: KeyProvider, said: Wanted, key: str, now: datetime
) -> UUID:
    """The export's id. Refuses days as the public record does, and TOO_MANY_EXPORTS."""
    id = new_id()
    if known := await once(session, keys.secret("idempotency"), key, said, "exportFigures", id):
        return known
    refuse_if(against_days(said.first, said.last, now))
    await one_at_a_time(session, f"figures {viewer.id}")
    made = await reads.exports_of(session, viewer, today(now))
    if made >= rules.A_DAY:
        raise refuse(rules.TOO_MANY_EXPORTS, limit=rules.A_DAY)
    row = said.model_dump() | {"id": id, "person": viewer.id, "made_at": now, "day": today(now), "n": made + 1}
    await session.rows(insert(FigureExport).inline().values(row))
    return id


async def made(session: Session, viewer: Viewer, export: FigureExport, now: datetime) -> bytes:
    """The file, of what the viewer may see."""
    figures, first, last = Figures(export.figures), export.first, export.last
    match figures:
        case Figures.HOT_ISSUES:
            rows = [*rules.of_issues(await reads.issues(session, viewer, first, last))]
        case Figures.DEMAND:
            monday = first - timedelta(days=first.weekday())
            rows = [*rules.of_cells(await reads.cells(session, viewer, monday, last))]
        case Figures.PROMISE_RECORD:
            weeks = rules.weeks_of(first, last)
            rows = [rules.of_record(*week, await record.record(session, *week)) for week in weeks]
    return rules.written(figures, first, last, now, rows, FigureFormat(export.format))
