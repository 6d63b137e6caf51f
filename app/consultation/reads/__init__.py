"""How this room is read. Rows, not entities; row visibility is vault's `visible_to` and nothing else."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Text, Uuid, bindparam, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.consultation.models import (
    Amendment,
    Answer,
    AnswerDraft,
    Brief,
    Dispatch,
    DispatchPolicy,
    Erasure,
    Offer,
    Question,
    Seat,
)
from app.consultation.rules.policy import Policy
from app.core.access import Viewer
from app.core.crowd import Crowd, each
from app.core.db import IDS, Session, clock, now
from app.core.feed import Feed
from app.core.keyset import Page, keyset
from app.directory.reads import with_lawyer
from app.vault.actions.keys import with_own_key
from app.vault.models import Basis, Reader
from app.vault.reads import WHOEVER, asked_by, visible_to

Q: Any = Question.__table__  # type: ignore[attr-defined]
B: Any = Brief.__table__  # type: ignore[attr-defined]
D: Any = Dispatch.__table__  # type: ignore[attr-defined]
O: Any = Offer.__table__  # type: ignore[attr-defined]  # noqa: E741
S: Any = Seat.__table__  # type: ignore[attr-defined]
A: Any = Answer.__table__  # type: ignore[attr-defined]
M: Any = Amendment.__table__  # type: ignore[attr-defined]
DRAFT: Any = AnswerDraft.__table__  # type: ignore[attr-defined]
E: Any = Erasure.__table__  # type: ignore[attr-defined]
P: Any = DispatchPolicy.__table__  # type: ignore[attr-defined]
R: Any = Reader.__table__  # type: ignore[attr-defined]
F: Any = Feed.__table__  # type: ignore[attr-defined]

# Literals: a plan that is made without values may use the index that leaves the offered readers out.
ASKER: Any = literal_column(f"'{Basis.ASKER}'")
DELEGATE: Any = literal_column(f"'{Basis.DELEGATE}'")
_OFFERED: Any = literal_column(f"'{Basis.OFFERED}'")


async def current_policy(session: Session) -> tuple[int, Policy]:
    """The policy that a question asked now is pinned to."""
    row = (await session.rows(NEWEST)).one()
    return row.version, Policy.written(row.terms)


_TERMS: Any = cast(P.c.terms, Text).label("terms")
NEWEST: Any = select(P.c.version, _TERMS).where(P.c.since <= clock()).order_by(P.c.version.desc()).limit(1)


async def policies(session: Session, versions: Iterable[int]) -> dict[int, Policy]:
    rows = await session.rows(select(P.c.version, P.c.terms).where(P.c.version.in_(list(versions))))
    return {row.version: Policy.of(row.terms) for row in rows}


async def policy_of(session: Session, questions: Iterable[UUID]) -> dict[UUID, Policy]:
    """The policy each of these questions was asked under."""
    pinned = select(D.c.question, P.c.terms).join_from(D, P, P.c.version == D.c.policy)
    rows = await session.rows(pinned.where(D.c.question.in_(list(questions))))
    return {row.question: Policy.of(row.terms) for row in rows}


async def question_page(
    session: Session, viewer: Viewer, page: Page, status: str | None, *, with_keys: bool = False
) -> Sequence[Any]:
    """What the viewer asked, sits on or answered, newest first, and her own keys beside it if they are wanted; driven
    from `reader`, so that no Sort is needed."""
    wanted = (_outermost_page if page.outermost else _page_of)(page, status, with_keys)
    return (await session.rows(wanted, {"person": viewer.id})).all()


def _page_of(page: Page, status: str | None, with_keys: bool) -> Any:
    rows = (
        select(*Q.c, R.c.since)
        .join_from(R, Q, Q.c.id == R.c.subject)
        .where(R.c.person == WHOEVER.id, R.c.basis != _OFFERED, R.c.until > clock())
    )
    if status:
        rows = rows.where(Q.c.status == status)
    rows = keyset(rows, page, R.c.since, R.c.subject)
    return with_own_key(rows, Q.c.id, R.c.basis == ASKER) if with_keys else rows


_outermost_page = lru_cache(_page_of)


async def questions(session: Session, viewer: Viewer, ids: Iterable[UUID], *, with_keys: bool = False) -> Sequence[Any]:
    wanted = _QUESTIONS_AND_KEYS if with_keys else QUESTIONS
    return (await session.rows(wanted, {"person": viewer.id, "ids": list(ids)})).all()


async def answers_of(
    session: Session, viewer: Viewer, questions: Iterable[UUID], *, with_lawyers: bool = False
) -> Sequence[Any]:
    """In the order of delivery. The wall keeps peers' answers from a lawyer who has not delivered her own."""
    wanted = _ANSWERS_AND_LAWYERS if with_lawyers else _ANSWERS_OF
    return (await session.rows(wanted, {"person": viewer.id, "ids": list(questions)})).all()


async def answers(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(_ANSWERS, {"person": viewer.id, "ids": list(ids)})).all()


def _answers(read: Any, basis: Any, later: Any) -> Any:
    """With their later versions, oldest first (`later_ids`, `later_at`, `later`; None where there are none), and on
    what `basis` she reads them."""
    versions = later.c.later_ids, later.c.later_at, later.c.later
    return select(*A.c, *versions, basis).select_from(read.outerjoin(later, later.c.answer == A.c.id))


def _later(which: Any) -> Any:
    """Once for all that are wanted: nearly no answer is ever amended."""
    in_order = M.c.amended_at, M.c.id
    versions = select(
        M.c.answer,
        func.array_agg(aggregate_order_by(M.c.id, *in_order)).label("later_ids"),
        func.array_agg(aggregate_order_by(M.c.amended_at, *in_order)).label("later_at"),
        func.array_agg(aggregate_order_by(M.c.content, *in_order)).label("later"),
    )
    return versions.where(which).group_by(M.c.answer).subquery("later")


def _blind(basis: Any) -> Any:
    """On the basis of a seat alone she sees only her own."""
    return (basis != Basis.SEAT) | (A.c.lawyer == WHOEVER.id)


_MINE: Any = (R.c.person == WHOEVER.id) & (R.c.until > clock())
"""visible_to, of what is joined."""
# Kept together by its offset: it is looked for once for each question, and not for each answer.
_READS: Any = (
    select(R.c.subject, R.c.basis).where(R.c.subject == IDS, _MINE).offset(literal_column("0")).subquery("reads")
)

# Built once: putting such a statement together takes longer than PostgreSQL does to answer it.
QUESTIONS: Any = select(*Q.c).where(Q.c.id == IDS, visible_to(WHOEVER, Q.c.id))
_QUESTIONS_AND_KEYS: Any = with_own_key(QUESTIONS, Q.c.id, asked_by(WHOEVER, Q.c.id))
_ANSWERS: Any = _answers(
    A.join(R, (R.c.subject == A.c.question) & _MINE & _blind(R.c.basis)), R.c.basis, _later(M.c.answer == IDS)
).where(A.c.id == IDS)
_ANSWERS_OF: Any = _answers(
    _READS.join(A, (A.c.question == _READS.c.subject) & _blind(_READS.c.basis)),
    _READS.c.basis,
    _later(M.c.question == IDS),
).order_by(A.c.question, A.c.delivered_at, A.c.id)
_ANSWERS_AND_LAWYERS: Any = with_lawyer(_ANSWERS_OF, A.c.lawyer)

_OFFER = [
    *O.c,
    *(D.c[name] for name in ("brief", "category", "division", "asked_at", "policy", "board", "closed_at")),
    *(D.c[name] for name in ("named_until", "kept_at")),
    B.c.body.label("brief_body"),
    P.c.terms["within"].as_float().label("within"),
]


def _offers(viewer: Viewer) -> Any:
    """A lawyer's own offers with what she may know of the question; the brief while it is hers to read."""
    source = (
        O.join(D, D.c.question == O.c.question)
        .join(P, P.c.version == D.c.policy)
        .outerjoin(B, (B.c.id == D.c.brief) & visible_to(viewer, B.c.id))
    )
    return select(*_OFFER).select_from(source).where(O.c.lawyer == viewer.id)


async def offer_page(session: Session, viewer: Viewer, page: Page) -> Sequence[Any]:
    return (await session.rows(keyset(_offers(viewer), page, O.c.offered_at, O.c.question))).all()


async def offers(session: Session, viewer: Viewer, questions: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(_OFFERS_ON, {"person": viewer.id, "ids": list(questions)})).all()


async def offers_of_each(crowd: Crowd, asked: Sequence[tuple[UUID, UUID | str]]) -> Sequence[Sequence[Any]]:
    """The same of many, each of a lawyer and one question."""
    return await crowd.rows(_OFFERS_OF_EACH, [one for one, _ in asked], {"question": [each for _, each in asked]})


async def live_offers(session: Session, viewer: Viewer, limit: int) -> Sequence[Any]:
    """What she could still take, newest first: the snapshot of the live stream."""
    return (await session.rows(_LIVE_OFFERS, {"person": viewer.id, "most": limit})).all()


_OFFERS_ON: Any = _offers(WHOEVER).where(O.c.question == IDS).order_by(O.c.offered_at.desc())
_OFFERS_OF_EACH: Any = each(lambda who: _offers(who).where(O.c.question == who.question), question=Uuid)
_LIVE_OFFERS: Any = (
    _offers(WHOEVER)
    .where(O.c.until > clock(), O.c.declined.is_(None), D.c.closed_at.is_(None), D.c.board != "FILLED")
    .order_by(O.c.offered_at.desc(), O.c.question.desc())
    .limit(bindparam("most", type_=Integer))
)


async def seat_page(session: Session, viewer: Viewer, page: Page) -> Sequence[Any]:
    wanted = select(*S.c).where(S.c.lawyer == viewer.id)
    return (await session.rows(keyset(wanted, page, S.c.claimed_at, S.c.id))).all()


async def seats(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    """Her own seats; those of others are not nodes."""
    return (await session.rows(_SEATS, {"person": viewer.id, "ids": list(ids)})).all()


_SEATS: Any = select(*S.c).where(S.c.id == IDS, S.c.lawyer == WHOEVER.id)


async def held_seats(session: Session, viewer: Viewer) -> Sequence[Any]:
    """The seats she is writing on now, soonest to end first."""
    return (await session.rows(_HELD_SEATS, {"person": viewer.id})).all()


async def held_seats_of_each(crowd: Crowd, lawyers: Sequence[UUID]) -> Sequence[Sequence[Any]]:
    """The same of many."""
    return await crowd.rows(_HELD_SEATS_OF_EACH, lawyers)


def _held_seats(who: Any) -> Any:
    held = S.c.lawyer == who.id, S.c.ended_at.is_(None), S.c.delivered_at.is_(None)
    return select(*S.c).where(*held).order_by(S.c.lease_until)


_HELD_SEATS: Any = _held_seats(WHOEVER)
_HELD_SEATS_OF_EACH: Any = each(_held_seats)


async def seats_of(session: Session, questions: Iterable[UUID]) -> Sequence[Any]:
    """Live and delivered seats of these questions, as far as the wall shows them."""
    return (await session.rows(_SEATS_OF, {"ids": list(questions)})).all()


_SEATS_OF: Any = (
    select(S.c.question, S.c.lawyer, S.c.delivered_at, S.c.lease_until)
    .where(S.c.question == IDS, S.c.ended_at.is_(None))
    .order_by(S.c.claimed_at)
)


async def draft(session: Session, viewer: Viewer, questions: Iterable[UUID]) -> Sequence[Any]:
    wanted = select(*DRAFT.c).where(DRAFT.c.question.in_(list(questions)), DRAFT.c.lawyer == viewer.id)
    return (await session.rows(wanted)).all()


async def briefs(session: Session, viewer: Viewer, questions: Iterable[UUID]) -> Sequence[Any]:
    wanted = select(*B.c).where(B.c.question.in_(list(questions)), visible_to(viewer, B.c.id))
    return (await session.rows(wanted)).all()


async def log_of(session: Session, questions: Iterable[UUID]) -> Sequence[Any]:
    """What happened to these questions, oldest first, under the wall."""
    return (await session.rows(_LOG_OF, {"ids": list(questions)})).all()


_LOG_OF: Any = select(F.c.subject, F.c.kind, F.c.ids, F.c.at).where(F.c.subject == IDS).order_by(F.c.subject, F.c.at)


async def turn(session: Session, viewer: Viewer, policy: Policy) -> tuple[int, int]:
    """(live leases, offers within the policy's window) of the viewer."""
    since = now(session) - policy.window
    leases = select(func.count()).where(S.c.lawyer == viewer.id, S.c.ended_at.is_(None), S.c.delivered_at.is_(None))
    offered = select(func.count()).where(O.c.lawyer == viewer.id, O.c.offered_at > since)
    row = (await session.rows(select(leases.scalar_subquery(), offered.scalar_subquery()))).one()
    return row[0], row[1]
