"""This room's part of a copy of all that is kept about somebody."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from app.core.portable import Enclosed, Page, Source
from app.directory.actions.applying import opened, reason_of
from app.directory.reads import LawyerRow, applying, lawyers
from app.directory.rules.exporting import ApplicationRecord, LawyerRecord, OpenedRecord
from app.vault.actions.keys import release
from app.vault.reads import accesses


async def contents(source: Source) -> AsyncIterator[Page | Enclosed]:
    for ids in source.batches("lawyer"):
        async with source.reading() as session:
            entries = await lawyers(session, [id for id in ids if id == source.viewer.id])
        if entries:
            yield Page(LawyerRecord, [_entry(row) for row in entries])
    for ids in source.batches("application"):
        async with source.reading() as session:
            found = await applying.applications(session, source.viewer, ids)
            rows = [row for row in found if row.person == source.viewer.id]  # an administrator sees those of others
            keys = await release(session, source.keys, source.viewer, [row.id for row in rows if row.body])
            looks = await accesses(session, [row.id for row in rows])
        if rows:
            yield Page(ApplicationRecord, [_application(source, row, keys.get(row.id), looks) for row in rows])


def _entry(row: LawyerRow) -> LawyerRecord:
    said = {name: value for name, value in row._asdict().items() if name in LawyerRecord.model_fields}
    return LawyerRecord(**said | {"firm": row.firm_name, "position": row.title})


def _application(source: Source, row: Any, key: bytes | None, looks: Sequence[Any]) -> ApplicationRecord:
    said = opened(key, row).model_dump() if key and row.body else dict.fromkeys(_SAID)
    return ApplicationRecord(
        **said,
        id=row.id,
        state=row.state,
        made_at=row.made_at,
        decided_at=row.decided_at,
        reason=reason_of(source.keys, row),
        kept_until=row.keep_until,
        opened=[
            OpenedRecord(at=look.at, part=look.part if look.part != look.subject else None)
            for look in looks
            if look.subject == row.id
        ],
    )


_SAID = ("name", "licence", "firm", "specialties", "division", "languages", "introduction")
