"""What a lawyer answered, sat on and was offered. The words of those who asked are theirs."""

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

from app.consultation import reads
from app.consultation.actions.exporting.asking import ratings_of
from app.consultation.reads import exporting as more
from app.consultation.reads import practice, rating
from app.consultation.rules.answering import Content
from app.consultation.rules.exporting.parts import (
    category,
    version,
)
from app.consultation.rules.exporting.practising import (
    AnswerDraftRecord,
    ClientsRecord,
    OfferRecord,
    SeatRecord,
    WrittenAnswerRecord,
)
from app.consultation.rules.versions import sealed_versions
from app.core.db import Session
from app.core.portable import Enclosed, Page, Source, ended
from app.core.sealing import unseal
from app.vault.actions.keys import release

AT_ONCE = 20
"""Answers with all their versions."""


async def contents(source: Source) -> AsyncIterator[Page | Enclosed]:
    for ids in source.batches("writtenAnswer", AT_ONCE):
        async with source.reading() as session:
            written = await _written(session, source, ids)
        if written:
            yield Page(WrittenAnswerRecord, written)
    for ids in source.batches("answerDraft", AT_ONCE):
        async with source.reading() as session:
            drafts = await _drafts(session, source, ids)
        if drafts:
            yield Page(AnswerDraftRecord, drafts)
    for ids in source.batches("seat"):
        async with source.reading() as session:
            seats = await reads.seats(session, source.viewer, ids)
        if seats:
            yield Page(SeatRecord, [_seat(row) for row in seats])
    for ids in source.batches("offer"):
        async with source.reading() as session:
            offers = await reads.offers(session, source.viewer, ids)
        if offers:
            yield Page(OfferRecord, [_offer(row) for row in offers])
    async with source.reading() as session:
        names, updated_at = await practice.clients(session, source.viewer)
    if updated_at is not None:
        yield Page(ClientsRecord, [ClientsRecord(names=names, updated_at=updated_at)])


async def _written(session: Session, source: Source, ids: Sequence[UUID]) -> list[WrittenAnswerRecord]:
    """Hers, as long as she may read what it answers; that she opens it stands in the asker's ledger."""
    rows = [row for row in await reads.answers(session, source.viewer, ids) if row.lawyer == source.viewer.id]
    questions = [row.question for row in rows]
    keys = await release(session, source.keys, source.viewer, questions)
    ratings = await rating.ratings(session, source.viewer, [row.id for row in rows])
    best = await rating.best(session, source.viewer, questions)
    corrected = await more.corrected(session, source.viewer, questions)
    return [
        WrittenAnswerRecord(
            id=row.id,
            question=row.question,
            delivered_at=row.delivered_at,
            counts=row.counts,
            suspect=row.suspect,
            best=best.get(row.question) == row.id,
            versions=[version(one.at, one.opened(keys[row.question])) for one in sealed_versions(row)],
            ratings=ratings_of(ratings, row.id, keys[row.question]),
            corrected=corrected.get(row.question),
        )
        for row in rows
        if row.question in keys
    ]


async def _drafts(session: Session, source: Source, ids: Sequence[UUID]) -> list[AnswerDraftRecord]:
    rows = await reads.draft(session, source.viewer, ids)
    keys = await release(session, source.keys, source.viewer, [row.question for row in rows])
    found = []
    for row in rows:
        if row.question in keys:
            said = unseal(keys[row.question], row.content, "answer_draft", "content", row.lawyer)
            found.append(
                AnswerDraftRecord(
                    question=row.question, version=version(row.saved_at, Content.model_validate_json(said))
                )
            )
    return found


def _seat(row: Any) -> SeatRecord:
    return SeatRecord(**{name: getattr(row, name) for name in SeatRecord.model_fields})


def _offer(row: Any) -> OfferRecord:
    return OfferRecord(
        question=row.question,
        category=category(row.category),
        offered_at=row.offered_at,
        wave=row.wave,
        pool=row.pool,
        until=ended(row.until),
        declined=row.declined,
        invited=row.invited,
        why=row.why,
    )
