"""This room's part of a copy of all that is kept about somebody."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from app.core.portable import Enclosed, Page, Source
from app.quizzes.reads import rounds as reads
from app.quizzes.reads.prizes import awards
from app.quizzes.rules.exporting import QuizAnswerRecord, QuizAttemptRecord, QuizAwardRecord


async def contents(source: Source) -> AsyncIterator[Page | Enclosed]:
    for ids in source.batches("quiz_attempt"):
        async with source.reading() as session:
            rows = await reads.attempts(session, source.viewer, ids)
            items = await reads.items(session, [row.id for row in rows])
            aliases = {row.round: await reads.entrant(session, source.viewer, row.round) for row in rows}
        if rows:
            yield Page(QuizAttemptRecord, [_record(row, aliases[row.round], items) for row in rows])
    for ids in source.batches("quiz_award"):
        async with source.reading() as session:
            won = await awards(session, source.viewer, ids)
        if won:
            yield Page(QuizAwardRecord, [_award(row) for row in won])


def _award(row: Any) -> QuizAwardRecord:
    names = ("id", "place", "state", "won_at", "ended_at")
    said = {name: getattr(row, name) for name in names}
    return QuizAwardRecord(activity=row.round, prize=row.name, claim_until=row.until, **said)


def _record(row: Any, entrant: Any, items: Sequence[Any]) -> QuizAttemptRecord:
    answers = [
        QuizAnswerRecord(
            question=item.stem, chosen=[item.options[place] for place in item.choice or ()], saved_at=item.saved_at
        )
        for item in items
        if item.attempt == row.id
    ]
    names = ("id", "state", "started_at", "closed_at", "score")
    return QuizAttemptRecord(
        **{name: getattr(row, name) for name in names},
        activity=row.round,
        alias=entrant.alias if entrant else "",
        number=row.n,
        answers=answers,
    )
