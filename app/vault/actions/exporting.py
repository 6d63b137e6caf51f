"""This room's part of a copy of all that is kept about somebody: files, opened as they are sent."""

from collections.abc import AsyncIterator
from typing import Any

from app.core.portable import Enclosed, Page, Source
from app.outside.storage import Missing, Storage
from app.vault.actions import storing
from app.vault.actions.files import key_of
from app.vault.actions.keys import release
from app.vault.actions.voices import read
from app.vault.models import FileState
from app.vault.reads.files import files
from app.vault.rules.exporting import FileRecord, TranscriptRecord, path_of
from app.vault.rules.ranges import Part

AT_ONCE = 20


async def contents(source: Source) -> AsyncIterator[Page | Enclosed]:
    storage: Storage = source.doors[Storage]
    for ids in source.batches("file", AT_ONCE):
        async with source.reading() as session:
            rows = [row for row in await files(session, source.viewer, ids) if row.state == FileState.READY]
        records = []
        for row in rows:
            # A link may have ended, and so may her reading: it is asked again for each.
            async with source.reading() as session:
                key = await key_of(session, source.keys, source.viewer, row)
                spoken = bool(key and row.words and row.subject)
                words = (await release(session, source.keys, source.viewer, [row.subject])) if spoken else {}
            whole = await _there(storage, row, key) if key else None
            if whole is not None:
                yield Enclosed(path_of(row.id, row.content_type), whole)
            records.append(_record(source, row, words.get(row.subject), whole is not None))
        if records:
            yield Page(FileRecord, records)


async def _there(storage: Storage, row: Any, key: bytes) -> AsyncIterator[bytes] | None:
    """Its bytes; None where nothing lies there any more."""
    pieces = storing.part(storage, f"{storing.kept(row.id)}/{storing.WHOLE}", key, row.size, Part(0, row.size))
    try:
        first = await anext(pieces)
    except Missing:
        return None
    return storing.following(first, pieces)


def _record(source: Source, row: Any, key: bytes | None, enclosed: bool) -> FileRecord:
    text = read(key, row) if key else None
    words = text and TranscriptRecord(text=text, source=row.source, engine=row.engine, at=row.written_at)
    return FileRecord(
        id=row.id,
        what=row.kind,
        content_type=row.content_type,
        size=row.size,
        path=path_of(row.id, row.content_type) if enclosed else None,
        mine=row.owner == source.viewer.id,
        sent_at=row.made_at,
        subject=row.subject,
        part=row.part,
        spoken=row.spoken,
        seconds=None if row.duration is None else row.duration / 1000,
        transcript=words or None,
    )
