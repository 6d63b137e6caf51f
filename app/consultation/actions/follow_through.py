"""Asking an asker what came of it, and what she says."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import literal, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.consultation import reads as questions
from app.consultation.actions.life import held
from app.consultation.events import FollowThroughDue
from app.consultation.models import FollowThrough, FollowThroughDeclined
from app.consultation.reads import follow_through as reads
from app.consultation.rules import follow_through as rules
from app.consultation.rules.follow_through import FOLLOW_THROUGH_CLOSED, CameOfIt
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.idempotency import once
from app.core.outbox import emit_each
from app.core.sealing import KeyProvider
from app.vault.models import Basis
from app.vault.reads import askers, basis

R, THROUGH = questions.R, reads.THROUGH


class _Answer(BaseModel):
    question: UUID
    said: CameOfIt


async def answer(
    session: Session, viewer: Viewer, keys: KeyProvider, question: UUID, said: CameOfIt, key: str, now: datetime
) -> None:
    """To the newest asking; what is said anew replaces what was said, for thirty days from the asking.

    Refuses NOT_FOUND to everybody but the asker, FOLLOW_THROUGH_CLOSED, and answers that make no sense.
    """
    refuse_if(rules.against(said))
    await _hers(session, viewer, question)
    wanted = _Answer(question=question, said=said)
    if await once(session, keys.secret("idempotency"), key, wanted, "answerFollowThrough", question):
        return
    asked = await reads.askings(session, viewer, [question])
    if not asked or now >= rules.open_until(asked[-1].asked_at):
        raise refuse(FOLLOW_THROUGH_CLOSED, "questionId")
    newest = asked[-1]
    values: dict[str, Any] = said.model_dump() | {"answered_at": newest.answered_at or now, "changed_at": now}
    this = (THROUGH.c.question == question, THROUGH.c.round == newest.round, THROUGH.c.turn == newest.turn)
    await session.rows(update(FollowThrough).where(*this).values(**values))


async def decline(session: Session, viewer: Viewer, question: UUID, now: datetime) -> None:
    """She is not asked about it any more; twice changes nothing. Refuses NOT_FOUND to everybody but the asker."""
    await _hers(session, viewer, question)
    await session.rows(upsert(FollowThroughDeclined).values(question=question, at=now).on_conflict_do_nothing())


async def _hers(session: Session, viewer: Viewer, question: UUID) -> None:
    """Whoever asked for her is not asked what came of it: the grievance may be against her."""
    await held(session, viewer, question)
    if await basis(session, viewer, question) != Basis.ASKER:
        raise refuse(NOT_FOUND, "questionId")


# What the worker does. ---------------------------------------------------------------------------------------------


async def await_outcome(session: Session, question: UUID, round: int, now: datetime) -> None:
    """Whether she is asked then is looked at when the time has come."""
    due = [
        (now + after, FollowThroughDue(question=question, round=round, turn=turn))
        for turn, after in rules.TURNS.items()
    ]
    await emit_each(session, list(due))


async def ask(session: Session, question: UUID, round: int, turn: int, now: datetime) -> list[UUID]:
    """Whom to ask now: nobody where it was taken up again, withdrawn or erased, where there was danger, where she is a
    child or said no. Twice asks once."""
    if not await reads.may_be_asked(session, question, round):
        return []
    people = await askers(session, question)
    if not people or any([await reads.is_child(session, person) for person in people]):
        return []
    asking = {"question": question, "round": round, "turn": turn, "asked_at": now}
    first = upsert(FollowThrough).inline().values(**asking).on_conflict_do_nothing()
    return list(people) if (await session.rows(first)).rowcount else []


async def stop(session: Session, person: UUID, now: datetime) -> None:
    """She took back her consent to the service: she is asked about nothing any more."""
    hers = select(questions.Q.c.id, literal(now)).where(
        questions.Q.c.id.in_(select(R.c.subject).where(R.c.person == person, R.c.basis == Basis.ASKER))
    )
    await session.rows(upsert(FollowThroughDeclined).from_select(["question", "at"], hers).on_conflict_do_nothing())
