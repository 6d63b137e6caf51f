"""This room's part of a copy of all that is kept about somebody."""

from collections.abc import AsyncIterator

from sqlalchemy import select

from app.core.errors import Language
from app.core.portable import Enclosed, Page, Source
from app.notices.reads import D, M, NoticeRow, W, notices
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
    me = source.viewer.id
    for ids in source.batches("delivery"):
        sent = select(D.c.id, D.c.kind.label("what"), D.c.channel, D.c.state, D.c.made_at.label("at"))
        sent = sent.add_columns(D.c.pushed_at.label("sent_at")).where(D.c.id.in_(ids), D.c.person == me)
        async with source.reading() as session:
            messages = (await session.rows(sent.order_by(D.c.made_at, D.c.id))).mappings().all()
        if messages:
            yield Page(DeliveryRecord, [DeliveryRecord(**row) for row in messages])
    for ids in source.batches("messageConsent"):
        given = select(M.c.id, M.c.channel, M.c.template, M.c.at, M.c.ended_at).where(M.c.id.in_(ids), M.c.person == me)
        async with source.reading() as session:
            consents = (await session.rows(given.order_by(M.c.at, M.c.id))).mappings().all()
        if consents:
            yield Page(MessageConsentRecord, [MessageConsentRecord(**row) for row in consents])
    for _ in source.batches("noticePreference"):
        wishes = select(W.c.quiet_from, W.c.quiet_until, W.c.refused, W.c.at).where(W.c.person == me)
        async with source.reading() as session:
            said = (await session.rows(wishes)).mappings().all()
        if said:
            yield Page(NoticePreferenceRecord, [NoticePreferenceRecord(**row) for row in said])


def _record(row: NoticeRow) -> NoticeRecord:
    headline, words = wording(row.kind, Language.ZH)
    return NoticeRecord(
        id=row.id, what=row.kind, headline=headline, text=words, about=row.about, at=row.at, read_at=row.read_at
    )
