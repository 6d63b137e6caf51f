"""How quizzes are read: a round is public, an attempt its taker's alone, the board nobody's in particular."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, text

from app.core.access import Viewer
from app.core.db import Session
from app.core.keyset import Page, keyset
from app.quizzes.models import BankState, QuizAttempt, QuizEntrant, QuizRound
from app.quizzes.reads.bank import Q

R: Any = QuizRound.__table__  # type: ignore[attr-defined]
E: Any = QuizEntrant.__table__  # type: ignore[attr-defined]
T: Any = QuizAttempt.__table__  # type: ignore[attr-defined]


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Of attempts."""
    mine: ColumnElement[bool] = T.c.person == viewer.id
    return mine


async def rounds(session: Session, activities: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*R.c).where(R.c.activity.in_(list(activities))))).all()


async def drawable(session: Session, ids: Iterable[UUID]) -> list[UUID]:
    """Those of them that are approved, in the order of their ids."""
    approved = select(Q.c.id).where(Q.c.id.in_(list(ids)), Q.c.state == BankState.APPROVED)
    return list((await session.rows(approved.order_by(Q.c.id))).scalars())


async def pool(session: Session, round: UUID) -> Sequence[UUID]:
    """From what is drawn now: what was retired since it was set up is not, as long as enough are left."""
    found: Sequence[UUID] = (await session.rows(select(func.door.quiz_pool(round)))).scalar_one()
    return found


async def attempts(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*T.c).where(T.c.id.in_(list(ids)), visible_to(viewer)))).all()


async def attempt_page(session: Session, viewer: Viewer, page: Page, round: UUID | None) -> Sequence[Any]:
    """Hers, the latest first."""
    mine = select(*T.c).where(visible_to(viewer))
    if round is not None:
        mine = mine.where(T.c.round == round)
    return (await session.rows(keyset(mine, page, T.c.started_at, T.c.id))).all()


_ITEMS = text("SELECT * FROM door.quiz_items(CAST(:asked AS uuid[]))")


async def running(session: Session, round: UUID) -> bool:
    """Whether somebody takes it still. For the worker."""
    found: bool = (await session.rows(select(func.door.quiz_running(round)))).scalar_one()
    return found


async def items(session: Session, attempts: Iterable[UUID]) -> Sequence[Any]:
    """(attempt, item, stem, options, choice, turn, saved_at, answer, explanation, law, article), by attempt and item,
    of those that are the session's person's. What is right is null until it may be told."""
    return (await session.rows(_ITEMS, {"asked": list(attempts)})).all()


async def entrant(session: Session, viewer: Viewer, round: UUID) -> Any | None:
    """Herself among those who take it."""
    mine = select(*E.c).where(E.c.round == round, E.c.person == viewer.id)
    return (await session.rows(mine)).one_or_none()


async def place(session: Session, round: UUID) -> int | None:
    """On the board, of the session's person; None before she has closed an attempt."""
    found: int | None = (await session.rows(select(func.door.quiz_place(round)))).scalar()
    return found


@dataclass(frozen=True)
class Board:
    """`entries`: (place, alias, score, duration, reached_at), the best first. `teams`: (team, entrants, points, took)
    of those that may be told."""

    entries: tuple[Any, ...]
    teams: tuple[Any, ...]


_BOARD = text("SELECT * FROM door.quiz_board(:round, :most)")
_TEAMS = text("SELECT * FROM door.quiz_teams(:round)")


async def board(session: Session, round: UUID, most: int, teams: bool) -> Board:
    """For everybody: nothing in it depends on who asks. One statement, or two where there are teams."""
    entries = (await session.rows(_BOARD, {"round": round, "most": most})).all()
    found = (await session.rows(_TEAMS, {"round": round})).all() if teams else ()
    return Board(tuple(map(tuple, entries)), tuple(map(tuple, found)))
