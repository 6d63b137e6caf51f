"""This room's part of a copy of all that is kept about somebody."""

from collections.abc import AsyncIterator
from typing import Any, Final

from app.core.errors import Language
from app.core.portable import Enclosed, Page, Record, Source
from app.notices.reads import NoticeRow, notices
from app.notices.reads import exporting as reads
from app.notices.rules.exporting import (
    DeliveryRecord,
    MessageConsentRecord,
    NoticePreferenceRecord,
    NoticeRecord,
)
from app.notices.rules.wording import wording


async def contents(source: Source) -> AsyncIterator[Page | Enclosed]:
    for ids in source.batches("notice"):
        async with source.reading() as session:
            rows = sorted(await notices(session, source.viewer, ids), key=lambda row: (row.at, row.id))
        if rows:
            yield Page(NoticeRecord, [_record(row) for row in rows])
    for what, read, record in _PARTS:
        for ids in source.batches(what):
            async with source.reading() as session:
                rows = await read(session, source.viewer, ids)
            if rows:
                yield Page(record, [record(**row._asdict()) for row in rows])


def _record(row: NoticeRow) -> NoticeRecord:
    headline, words = wording(row.kind, Language.ZH)
    return NoticeRecord(
        id=row.id, what=row.kind, headline=headline, text=words, about=row.about, at=row.at, read_at=row.read_at
    )


_PARTS: Final[tuple[tuple[str, Any, type[Record]], ...]] = (
    ("delivery", reads.messages, DeliveryRecord),
    ("messageConsent", reads.consents, MessageConsentRecord),
    ("noticePreference", reads.wishes, NoticePreferenceRecord),
)
