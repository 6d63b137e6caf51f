"""This room's part of a copy of all that is kept about somebody."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from app.appointments import reads
from app.appointments.actions.booking import opened
from app.appointments.rules.booking import Contact
from app.appointments.rules.exporting import AppointmentRecord, StepRecord
from app.core.portable import Enclosed, Page, Source
from app.core.sealing import unseal
from app.vault.actions.keys import release


async def contents(source: Source) -> AsyncIterator[Page | Enclosed]:
    for ids in source.batches("appointment"):
        async with source.reading() as session:
            found = await reads.appointments(session, source.viewer, ids)
            rows = [row for row in found if row.person == source.viewer.id]  # the staff see those of others
            steps = await reads.moves(session, source.viewer, [row.id for row in rows])
            keys = await release(session, source.keys, source.viewer, [row.id for row in rows if row.body])
        if rows:
            yield Page(AppointmentRecord, [_record(row, keys.get(row.id), steps) for row in rows])


def _record(row: Any, key: bytes | None, steps: Sequence[Any]) -> AppointmentRecord:
    said = opened(key, row) if key and row.body else Contact()
    why = unseal(key, row.reason, "appointment", "reason", row.id) if key and row.reason else None
    names = ("id", "institution", "service", "mode", "state", "starts_at", "ends_at", "made_at", "number")
    kept = {name: getattr(row, name) for name in names}
    hers = [StepRecord(state=step.state, at=step.at) for step in steps if step.appointment == row.id]
    return AppointmentRecord(**kept, **said.model_dump(), reason=why, steps=hers)
