"""The register from a table: what is new goes in, what changed is changed, what is the same stays as it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, tuple_, update

from app.core.db import Session
from app.core.ids import new_id
from app.directory.actions.register import columns, record_of, write_down
from app.directory.models import INSTITUTIONS
from app.directory.reads.register import I, W, shown
from app.directory.rules.register import Office, Record, Worker


@dataclass
class Taken:
    new: int = 0
    changed: int = 0
    same: int = 0


async def take(session: Session, records: Sequence[Record], reason: str, now: datetime, taken: Taken) -> None:
    """Some hundreds of records, each known by its kind and number; counted in `taken`.

    By a command, in nobody's name. Institutions before who works in them, so that these are led to their records.
    """
    for table, kind in ((I, Office), (W, Worker)):
        some = await _led(session, [record for record in records if isinstance(record, kind)])
        known = await _known(session, table, some)
        fresh = [(new_id(), record) for record in some if (record.kind, record.number) not in known]
        taken.new += await write_down(session, fresh, None, reason, now)
        for record in some:
            if row := known.get((record.kind, record.number)):
                before = record_of(table, row)
                record = before.model_copy(update={name: getattr(record, name) for name in record.model_fields_set})
                changed = record != before
                taken.changed += changed
                taken.same += not changed
                if changed:
                    await _change(session, table, row, record, reason, now)


async def _led(session: Session, records: list[Record]) -> list[Record]:
    """Each worker to the institution of her workplace's name in her province."""
    at = {(record.workplace, record.province) for record in records if isinstance(record, Worker)}
    named = select(I.c.name, I.c.province, I.c.id).where(tuple_(I.c.name, I.c.province).in_(sorted(at)))
    rows = (await session.rows(named.order_by(I.c.id.desc()))).all() if at else []
    found = {(row.name, row.province): row.id for row in rows}  # the first entered comes last, and stays
    return [
        record.model_copy(update={"institution": found.get((record.workplace, record.province))})
        if isinstance(record, Worker)
        else record
        for record in records
    ]


async def _known(session: Session, table: Any, records: Sequence[Record]) -> dict[tuple[str, str], Any]:
    keys = [(record.kind, record.number) for record in records]
    if not keys:
        return {}
    rows = await session.rows(select(*shown(table)).where(tuple_(table.c.kind, table.c.number).in_(keys)))
    return {(row.kind, row.number): row for row in rows}


async def _change(session: Session, table: Any, row: Any, record: Record, reason: str, now: datetime) -> None:
    signed = {"version": row.version + 1, "changed_at": now, "changed_by": None, "reason": reason}
    as_read = table.c.id == row.id, table.c.version == row.version
    await session.rows(update(table).where(*as_read).values(columns(record) | signed))


def in_order(records: Sequence[Record]) -> list[Record]:
    """Institutions first; else as they came."""
    return sorted(records, key=lambda record: record.kind not in INSTITUTIONS)
