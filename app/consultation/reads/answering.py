"""Sketches of answers: keyed digests, from which nobody reads what was said."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, literal_column, select, union_all

from app.consultation import reads
from app.consultation.models import Sketch
from app.core.access import Viewer
from app.core.db import Session
from app.vault.reads import UNSEEN, WHOEVER

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


def _likenesses(question: Any, *besides: Any) -> Any:
    peers = select(K.c.minhash).where(K.c.question == question, K.c.lawyer != WHOEVER.id).correlate(S)
    own = select(K.c.minhash).where(K.c.lawyer == UNSEEN, *besides)
    # A literal: the plan is as good without the values.
    last = own.order_by(K.c.at.desc()).limit(literal_column(str(OWN_LAST)))
    return union_all(peers, last.subquery().select())


_BESIDES: Final = K.c.answer.is_distinct_from(bindparam("besides", type_=Uuid))
_LIKENESSES: Final = _likenesses(bindparam("question", type_=Uuid), _BESIDES)
_HERS: Final = S.c.id == bindparam("seat", type_=Uuid), S.c.lawyer == WHOEVER.id
SEAT: Final = select(*S.c, func.array(_likenesses(S.c.question).scalar_subquery()).label("likenesses")).where(*_HERS)
"""A seat of hers, and in `likenesses` what an answer must not be too like that is not there yet."""
ITS_QUESTION: Final = select(S.c.question).where(*_HERS).scalar_subquery()


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
