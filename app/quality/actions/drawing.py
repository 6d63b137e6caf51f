"""Drawing what is checked and giving it to a reviewer: as the worker, every night."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, insert, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.accounts.models import ConsentPurpose
from app.accounts.rules.consenting import NOTICES
from app.core.db import Session
from app.core.ids import new_id
from app.core.outbox import emit
from app.directory.reads.opening import calendar
from app.places.rules import add_workdays
from app.places.rules.workdays import today
from app.quality import reads, rules
from app.quality.events import CheckDue, CheckGiven
from app.quality.models import CheckState, QualityCheck, QualityDay, QualityReviewer
from app.quality.reads import K, V
from app.quality.rules import Lot, Terms

AGREED: Final = NOTICES[ConsentPurpose.QUALITY_CHECK].version
WEEK: Final = timedelta(days=7)
_Q: Any = QualityDay.__table__  # type: ignore[attr-defined]
_POOL: Final = text("SELECT question, lot FROM door.quality_pool(:first, :last, :version, CAST(:secret AS text[]))")


async def draw(session: Session, now: datetime) -> None:
    """What was resolved on the days since the last drawing, at most a week, is looked at once, however often this
    runs. A question for which no reviewer is free is left out, and the next one of the lot takes its place."""
    last = today(now) - timedelta(days=1)
    before = (await session.rows(select(func.max(_Q.c.day)))).scalar_one()
    row = {"day": last, "eligible": 0, "drawn": 0}
    if not (await session.rows(upsert(QualityDay).inline().values(row).on_conflict_do_nothing())).rowcount:
        return
    first = max(before or last - WEEK, last - WEEK) + timedelta(days=1)
    said = {"first": first, "last": last, "version": AGREED, "secret": rules.SECRET}
    lots = [Lot(*found) for found in await session.rows(_POOL, said)]
    terms = await reads.terms(session)
    lately = select(func.count()).where(K.c.drawn_at > now - WEEK + timedelta(hours=12))
    many = rules.how_many(lots, terms, (await session.rows(lately)).scalar_one(), await reads.room(session, terms.each))
    drawn = 0
    for question in rules.in_order(lots):
        if drawn < many and await _begin(session, question, terms, now):
            drawn += 1
    told = {"eligible": len(lots), "drawn": drawn}
    await session.rows(update(QualityDay).where(_Q.c.day == last).values(told))


async def _begin(session: Session, question: UUID, terms: Terms, now: datetime) -> bool:
    reviewer = await reads.next_reviewer(session, question, (), terms.each)
    if reviewer is None:
        return False
    due = add_workdays(now, terms.workdays, await calendar(session))
    row: dict[str, Any] = {"id": new_id(), "question": question, "agreed": AGREED, "drawn_at": now, "done_at": None}
    row |= {"reviewer": reviewer, "had": [], "given_at": now, "due_at": due, "state": CheckState.OPEN}
    await session.rows(insert(QualityCheck).inline().values(row))
    await _given(session, row["id"], reviewer, 0, due, now)
    return True


async def _given(session: Session, check: UUID, reviewer: UUID, turn: int, due: datetime, now: datetime) -> None:
    hers = update(QualityReviewer).where(V.c.lawyer == reviewer, V.c.released_at.is_(None))
    await session.rows(hers.values(turn_at=now))
    await emit(session, CheckGiven(check=check, turn=turn))
    await emit(session, CheckDue(check=check), at=due)


async def pass_on(session: Session, check: UUID, now: datetime, *, stranded: bool = False) -> None:
    """To the next, where its time is over or whoever has it cannot do it (`stranded`); it ends where nobody can."""
    row = await reads.held(session, check)
    if row is None or not (stranded or row.due_at <= now):
        return
    terms, had = await reads.terms(session), [*row.had, row.reviewer]
    reviewer = await reads.next_reviewer(session, row.question, had, terms.each)
    if reviewer is None:
        ended = {"state": CheckState.ENDED, "reviewer": None, "had": had}
        await session.rows(update(QualityCheck).where(K.c.id == check).values(ended))
        return
    due = add_workdays(now, terms.workdays, await calendar(session))
    given = {"reviewer": reviewer, "had": had, "given_at": now, "due_at": due}
    await session.rows(update(QualityCheck).where(K.c.id == check).values(given))
    await _given(session, check, reviewer, len(had), due, now)


async def pass_stranded(session: Session, now: datetime) -> None:
    for check in await reads.stranded(session):
        await pass_on(session, check, now, stranded=True)


async def end(session: Session, questions: Sequence[UUID] = ()) -> None:
    """What may not go on is over: all that is open, or what is open of these questions."""
    may = func.door.checkable(K.c.question, K.c.agreed)
    ended = update(QualityCheck).where(K.c.state == CheckState.OPEN, or_(~may, reads.secret()))
    if questions:
        ended = ended.where(K.c.question.in_(questions))
    gone = {"state": CheckState.ENDED, "reviewer": None, "had": func.array_append(K.c.had, K.c.reviewer)}
    await session.rows(ended.values(gone))


async def follow(session: Session, question: UUID) -> None:
    """Whatever was being noted while the question was erased follows it."""
    await session.rows(text("SELECT door.marks_follow(:question)"), {"question": question})


async def give_up(session: Session, person: UUID) -> None:
    """What was noted about the answers of who closes her account."""
    await session.rows(text("SELECT door.give_up_quality(:person)"), {"person": person})
