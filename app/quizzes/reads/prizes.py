"""How prizes are read: what there is is public, an award its winner's, and who handed it out has its receipt."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, text

from app.core.access import Viewer
from app.core.db import Session
from app.quizzes.models import QuizAward, QuizPrize
from app.quizzes.reads.rounds import R

P: Any = QuizPrize.__table__  # type: ignore[attr-defined]
W: Any = QuizAward.__table__  # type: ignore[attr-defined]


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Of awards."""
    hers: ColumnElement[bool] = W.c.person == viewer.id
    return hers


async def prizes(session: Session, rounds: Iterable[UUID]) -> Sequence[Any]:
    """As their rounds say it now, in their order."""
    own = P.join(R, (R.c.activity == P.c.round) & (R.c.version == P.c.version))
    found = select(*P.c).select_from(own).where(P.c.round.in_(list(rounds))).order_by(P.c.round, P.c.n)
    return (await session.rows(found)).all()


_AWARDS = select(*W.c, P.c.name).join(P, P.c.id == W.c.prize)


async def awards(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(_AWARDS.where(W.c.id.in_(list(ids)), visible_to(viewer)))).all()


async def awards_of(session: Session, viewer: Viewer, rounds: Iterable[UUID]) -> Sequence[Any]:
    """Hers, of these quizzes."""
    return (await session.rows(_AWARDS.where(W.c.round.in_(list(rounds)), visible_to(viewer)))).all()


async def handed_out(session: Session, viewer: Viewer, id: UUID) -> Any | None:
    """What the viewer herself handed out."""
    return (await session.rows(_AWARDS.where(W.c.id == id, W.c.handed_by == viewer.id))).one_or_none()


_HOLDERS = text("SELECT * FROM door.prize_holders(:round)")


async def holders(session: Session, round: UUID) -> Sequence[UUID]:
    """Who has not fetched hers yet. For the worker."""
    return (await session.rows(_HOLDERS, {"round": round})).scalars().all()
