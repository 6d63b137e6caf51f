"""What askers make of the answers, and what the directory learns from it."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.consultation import reads
from app.consultation.events import AnswerRated, BestChosen, RatingAwaited
from app.consultation.models import Best, Rating
from app.consultation.reads import rating as rated
from app.consultation.rules import rating as rules
from app.consultation.rules.promise import QuestionEventKind
from app.consultation.rules.rating import BEST_FIXED, CHANGEABLE, RATING_FIXED, Opinion, against_opinion
from app.core import feed
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.idempotency import once
from app.core.outbox import emit
from app.core.sealing import KeyProvider, seal
from app.directory.models import Lawyer
from app.vault.actions.keys import release
from app.vault.models import OWNERS
from app.vault.reads import basis

BEST, RATING, Q, S = rated.BEST, rated.RATING, reads.Q, reads.S
L: Any = Lawyer.__table__  # type: ignore[attr-defined]
_PUBLISH: Final = text("SELECT door.publish_satisfaction()")


class _Rate(BaseModel):
    answer: UUID
    opinion: Opinion


class _Choose(BaseModel):
    question: UUID
    answer: UUID


async def rate(
    session: Session, viewer: Viewer, keys: KeyProvider, answer: UUID, said: Opinion, key: str, now: datetime
) -> UUID:
    """Says it, or says it anew, of the answer in the round that its question is in. Returns the rating's id.

    What is said anew replaces the whole of what was said, for seven days. Refuses NOT_FOUND and RATING_FIXED.
    """
    refuse_if(against_opinion(said))
    row = await rated.to_rate(session, viewer, answer)
    if row is None:
        raise refuse(NOT_FOUND, "answerId")
    id = rules.rating_id(answer, row.round)
    wanted = _Rate(answer=answer, opinion=said)
    if known := await once(session, keys.secret("idempotency"), key, wanted, "rateAnswer", id):
        return known
    opinion = {
        "stars": said.stars,
        "understood": said.understood,
        "next_step": said.knows_next_step,
        "solved": said.solved,
        "comment": await _sealed(session, viewer, keys, row.question, id, said.comment),
        "changed_at": now,
    }
    whose = {"answer": answer, "round": row.round, "question": row.question, "lawyer": row.lawyer, "rater": viewer.id}
    first = upsert(Rating).inline().values(**whose, **opinion, rated_at=now)
    again = first.on_conflict_do_update(
        index_elements=["answer", "round"], set_=opinion, where=RATING.c.rated_at > now - CHANGEABLE
    )
    if not (await session.rows(again)).rowcount:
        raise refuse(RATING_FIXED, "answerId")
    await feed.show(session, QuestionEventKind.ANSWER_RATED, subject=row.question, answer=answer, round=row.round)
    told = {"question": row.question, "answer": answer, "round": row.round, "lawyer": row.lawyer}
    await emit(session, AnswerRated(**told, stars=said.stars))
    return id


async def _sealed(
    session: Session, viewer: Viewer, keys: KeyProvider, question: UUID, id: UUID, comment: str | None
) -> bytes | None:
    if comment is None or not comment.strip():
        return None
    data_key = (await release(session, keys, viewer, [question])).get(question)
    if data_key is None:
        raise refuse(NOT_FOUND, "answerId")
    return seal(data_key, comment.strip(), "rating", "comment", id)


async def choose_best(
    session: Session, viewer: Viewer, keys: KeyProvider, question: UUID, answer: UUID, key: str, now: datetime
) -> UUID:
    """The one answer she likes best; another may take its place until seven days after the first choice.

    Returns the answer. The same again changes nothing. Refuses NOT_FOUND and BEST_FIXED.
    """
    wanted = _Choose(question=question, answer=answer)
    if known := await once(session, keys.secret("idempotency"), key, wanted, "chooseBestAnswer", answer):
        return known
    if await basis(session, viewer, question) not in OWNERS:
        raise refuse(NOT_FOUND, "questionId")
    row = await rated.to_rate(session, viewer, answer)
    if row is None or row.question != question:
        raise refuse(NOT_FOUND, "answerId")
    first = upsert(Best).inline().values(question=question, answer=answer, first_at=now, chosen_at=now)
    another = first.on_conflict_do_update(
        index_elements=["question"],
        set_={"answer": answer, "chosen_at": now},
        where=(BEST.c.answer != answer) & (BEST.c.first_at > now - CHANGEABLE),
    )
    if (await session.rows(another)).rowcount:
        await feed.show(session, QuestionEventKind.BEST_CHOSEN, subject=question, answer=answer)
        await emit(session, BestChosen(question=question, answer=answer, lawyer=row.lawyer))
    elif (await rated.best(session, viewer, [question])).get(question) != answer:
        raise refuse(BEST_FIXED, "answerId")
    return answer


async def await_rating(session: Session, question: UUID, round: int, now: datetime) -> None:
    """The one reminder of this round; whether it is still wanted is looked at when its time has come."""
    await emit(session, RatingAwaited(question=question, round=round), at=now + rules.REMINDED_AFTER)


async def note_ratings(session: Session, lawyer: UUID) -> None:
    """A lawyer's figures in the directory, counted anew: one rating an answer and round, as it stands now.

    Her row is locked first: of two counts at once the later must not be the older.
    """
    await session.rows(select(L.c.id).where(L.c.id == lawyer).with_for_update(key_share=True))
    liked = func.count().filter(RATING.c.stars >= rules.LIKED)
    counts = select(func.count().label("rated"), liked.label("liked")).where(RATING.c.lawyer == lawyer)
    now_so = (await session.rows(counts)).one()
    lower = rules.lower_bound(now_so.liked, now_so.rated)
    figures = {"rated": now_so.rated, "liked": now_so.liked, "rating_lower": lower}
    await session.rows(update(Lawyer).where(L.c.id == lawyer).values(**figures))


async def publish(session: Session) -> None:
    """Tell what people make of the months that have been over for fourteen days, of answers and of cases: once and for
    all, however often this runs."""
    await session.rows(_PUBLISH)
