"""This room's part of a copy of all that is kept about somebody."""

from collections.abc import AsyncIterator
from typing import Any

from app.core.portable import Enclosed, Page, Source
from app.core.sealing import unseal
from app.moderation import reads
from app.moderation.rules import Disclosed, Reasons
from app.moderation.rules.exporting import DisclosedRecord, MeasureRecord, ReportRecord
from app.vault.actions.keys import release


async def contents(source: Source) -> AsyncIterator[Page | Enclosed]:
    for ids in source.batches("report"):
        async with source.reading() as session:
            rows = await reads.reports(session, source.viewer, ids)
            keys = await release(session, source.keys, source.viewer, [row.id for row in rows])
        if rows:
            yield Page(ReportRecord, [_report(row, keys.get(row.id)) for row in rows])
    for ids in source.batches("measure"):
        async with source.reading() as session:
            rows = await reads.measures(session, source.viewer, ids)
            keys = await release(session, source.keys, source.viewer, [row.id for row in rows])
        if rows:
            yield Page(MeasureRecord, [_measure(row, keys.get(row.id)) for row in rows])


def _report(row: Any, key: bytes | None) -> ReportRecord:
    said = opened(row, key)
    return ReportRecord(
        id=row.id,
        reason=row.reason,
        state=row.state,
        made_at=row.made_at,
        decided_at=row.decided_at,
        words=said.words if said else None,
        disclosed=[DisclosedRecord(by=one.by, at=one.at, text=one.text) for one in said.copies]
        if said and row.still
        else [],
        reply=reply(row, key),
    )


def _measure(row: Any, key: bytes | None) -> MeasureRecord:
    said = reasons(row, key)
    return MeasureRecord(
        id=row.id,
        measure=row.kind,
        reason=row.reason,
        at=row.at,
        reasons=said.reasons if said else None,
        ground=said.ground if said else None,
        appealed_at=row.appealed_at,
        appeal=words(row, "appeal", key),
        lifted=row.lifted,
        answer=words(row, "answer", key),
    )


def opened(row: Any, key: bytes | None) -> Disclosed | None:
    """What was disclosed; None where it may not be opened, or is destroyed."""
    if key is None or not row.content:
        return None
    return Disclosed.model_validate_json(unseal(key, row.content, "report", "content", row.id))


def reply(row: Any, key: bytes | None) -> str | None:
    return unseal(key, row.reply, "report", "reply", row.id) if key and row.reply else None


def reasons(row: Any, key: bytes | None) -> Reasons | None:
    if key is None or not row.content:
        return None
    return Reasons.model_validate_json(unseal(key, row.content, "measure", "content", row.id))


def words(row: Any, column: str, key: bytes | None) -> str | None:
    """Her appeal, or what was answered to it."""
    sealed = getattr(row, column)
    return unseal(key, sealed, "measure", column, row.id) if key and sealed else None
