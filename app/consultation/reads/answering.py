"""Sketches of answers: keyed digests, from which nobody reads what was said."""

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, select, union_all

from app.consultation import reads
from app.consultation.models import Sketch
from app.core.access import Viewer
from app.core.db import IDS, Session
from app.vault.reads import WHOEVER

K: Any = Sketch.__table__  # type: ignore[attr-defined]
S = reads.S

OWN_LAST = 50
"""How many of her own answers a new one is compared with."""


async def likenesses(
    session: Session, viewer: Viewer, question: UUID, *, besides: UUID | None = None
) -> Sequence[bytes]:
    """What an answer must not be too like: her peers' on this question, and her own last ones, `besides` it.

    Ask under the question's lock: of two who deliver at once, the second must see the first.
    """
    said = {"person": viewer.id, "question": question, "besides": besides}
    return (await session.rows(_LIKENESSES, said)).scalars().all()


async def seats_with_likenesses(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    """Her own seats, and in `likenesses` the same for an answer that is not there yet."""
    return (await session.rows(_SEATS, {"person": viewer.id, "ids": list(ids), "besides": None})).all()


def _likenesses(question: Any) -> Any:
    peers = select(K.c.minhash).where(K.c.question == question, K.c.lawyer != WHOEVER.id).correlate(S)
    own = select(K.c.minhash).where(
        K.c.lawyer == WHOEVER.id, K.c.answer.is_distinct_from(bindparam("besides", type_=Uuid))
    )
    return union_all(peers, own.order_by(K.c.at.desc()).limit(OWN_LAST).subquery().select())


_LIKENESSES: Final = _likenesses(bindparam("question", type_=Uuid))
_SEATS: Final = select(*S.c, func.array(_likenesses(S.c.question).scalar_subquery()).label("likenesses")).where(
    S.c.id == IDS, S.c.lawyer == WHOEVER.id
)


async def stances(session: Session, question: UUID) -> Sequence[Any]:
    """What the counting answers of a question hold, as tokens (outlook, forum): for the worker, who sees no words."""
    counting = select(K.c.outlook, K.c.forum).join_from(
        K, S, (S.c.question == K.c.question) & (S.c.lawyer == K.c.lawyer)
    )
    return (await session.rows(counting.where(K.c.question == question, S.c.counts))).all()


async def counting(session: Session, question: UUID) -> int:
    """How many answers count towards its promise: for the worker."""
    wanted = select(func.count()).select_from(S).where(S.c.question == question, S.c.counts)
    found: int = (await session.rows(wanted)).scalar_one()
    return found
