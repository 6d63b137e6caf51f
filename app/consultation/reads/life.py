"""How a question's life is read: whose it is, what it waits for, and what is still being written."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.consultation import reads
from app.consultation.models import Draft, FollowUp, FollowUpState, Inquiry, QuestionStatus
from app.consultation.rules.life import WORDS, Quiet
from app.core.access import Viewer
from app.core.db import Session, clock
from app.core.keyset import Page, keyset
from app.directory.reads import L
from app.vault.models import OWNERS, Basis
from app.vault.reads import owned_by

Q, B, D, S, P, R, F = reads.Q, reads.B, reads.D, reads.S, reads.P, reads.R, reads.F
DRAFT: Any = Draft.__table__  # type: ignore[attr-defined]
FU: Any = FollowUp.__table__  # type: ignore[attr-defined]
INQ: Any = Inquiry.__table__  # type: ignore[attr-defined]

_LIVE = (DRAFT.c.asked_as.is_(None), DRAFT.c.wiped_at.is_(None))


async def held(session: Session, viewer: Viewer, question: UUID) -> Any | None:
    """A question of hers, held until this commits, so that two acts on it follow each other; None for any other.

    Whoever needs its dispatch row too takes it after this one. Who waited while it was erased finds none, and holds up
    nobody who waits behind her.
    """
    there = Q.c.id == question, Q.c.status != QuestionStatus.ERASED
    wanted = select(*Q.c).where(*there, owned_by(viewer, Q.c.id))
    return (await session.rows(wanted.with_for_update(key_share=True))).one_or_none()


async def owned(session: Session, viewer: Viewer, questions: Iterable[UUID]) -> set[UUID]:
    """Those of them that are hers: she asked, or another did for her, or she for another."""
    wanted = select(R.c.subject).where(
        R.c.subject.in_(list(questions)), R.c.person == viewer.id, R.c.until > clock(), R.c.basis.in_(sorted(OWNERS))
    )
    return set((await session.rows(wanted)).scalars())


async def brief_of(session: Session, question: UUID) -> UUID:
    id: UUID = (await session.rows(select(B.c.id).where(B.c.question == question))).scalar_one()
    return id


async def choices(session: Session, viewer: Viewer, questions: Iterable[UUID]) -> Sequence[Any]:
    """(question, named, party_known): what an asker chose about the dispatch of her questions; hers alone to see."""
    wanted = select(D.c.question, D.c.named, D.c.party.is_not(None).label("party_known"))
    return (await session.rows(wanted.where(D.c.question.in_(list(questions)), owned_by(viewer, D.c.question)))).all()


async def requestable(session: Session, lawyers: Iterable[UUID], now: datetime) -> set[UUID]:
    """Those of them who may be chosen by name now."""
    there = L.c.requestable & (L.c.standing == "ACTIVE") & (L.c.availability != "AWAY")
    awake = L.c.snoozed_until.is_(None) | (L.c.snoozed_until <= now)
    return set((await session.rows(select(L.c.id).where(L.c.id.in_(list(lawyers)), there, awake))).scalars())


def last_word(question: Any) -> Any:
    """When anybody last said anything about a question, by its log."""
    said = F.c.subject == question, F.c.kind.in_(WORDS)
    return select(func.max(F.c.at)).where(*said).scalar_subquery()


async def quiet(session: Session, question: UUID) -> tuple[Quiet, Any]:
    """For the worker, under the question's locks: how it stands, and (since, terms, round) beside it."""
    live = S.c.question == question, S.c.ended_at.is_(None)
    waiting, unreplied = FU.c.state == FollowUpState.WAITING, INQ.c.replied_at.is_(None)
    this_round = INQ.c.asked_at >= func.coalesce(Q.c.status_at, D.c.asked_at)
    wanted = (
        select(
            Q.c.status,
            Q.c.round,
            D.c.kept_at,
            P.c.terms,
            last_word(question).label("since"),
            _count(*live, S.c.delivered_at.is_not(None)).label("answered"),
            _count(*live, S.c.counts).label("counting"),
            _count(FU.c.question == question, waiting).label("follow_ups"),
            _count(INQ.c.question == question, unreplied, this_round).label("inquiries"),
        )
        .join_from(Q, D, D.c.question == Q.c.id)
        .join(P, P.c.version == D.c.policy)
        .where(Q.c.id == question)
    )
    row = (await session.rows(wanted)).one()
    kept = row.kept_at is not None or row.counting >= int(row.terms["promised"])
    return Quiet(row.status, kept, row.answered, row.follow_ups, row.inquiries), row


def _count(*of: Any) -> Any:
    return select(func.count()).where(*of).scalar_subquery()


async def answered_by(session: Session, question: UUID) -> Sequence[UUID]:
    """For the worker: the lawyers who delivered an answer, in that order."""
    wanted = select(S.c.lawyer).where(S.c.question == question, S.c.delivered_at.is_not(None))
    return (await session.rows(wanted.order_by(S.c.delivered_at))).scalars().all()


async def seats_ended(session: Session, question: UUID) -> Sequence[Any]:
    """For the worker: (id, lawyer) of the seats that ended because the question was resolved."""
    ended = select(S.c.id, S.c.lawyer).where(S.c.question == question, S.c.ended_why == "RESOLVED")
    return (await session.rows(ended)).all()


async def matter(session: Session, question: UUID) -> Any:
    """For the worker: (category, division, status), also of a question that was never sent."""
    return (await session.rows(select(Q.c.category, Q.c.division, Q.c.status).where(Q.c.id == question))).one()


async def delegates(session: Session, question: UUID) -> Sequence[UUID]:
    """For the worker: who asked it for another."""
    people = select(R.c.person).where(R.c.subject == question, R.c.basis == Basis.DELEGATE)
    return (await session.rows(people)).scalars().all()


async def draft_page(session: Session, viewer: Viewer, page: Page) -> Sequence[Any]:
    """What she is writing, newest first."""
    wanted = select(*DRAFT.c).where(DRAFT.c.person == viewer.id, *_LIVE)
    return (await session.rows(keyset(wanted, page, DRAFT.c.saved_at, DRAFT.c.id))).all()


async def drafts(session: Session, viewer: Viewer, ids: Iterable[UUID], *, live: bool = True) -> Sequence[Any]:
    """Her drafts; those that were sent, discarded or wiped only on request."""
    wanted = select(*DRAFT.c).where(DRAFT.c.id.in_(list(ids)), DRAFT.c.person == viewer.id)
    return (await session.rows(wanted.where(*_LIVE) if live else wanted)).all()
