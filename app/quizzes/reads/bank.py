"""How the bank is read: by those who write it and look at it. Who takes a quiz sees what she is asked alone."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, select, true

from app.core.access import Role, Viewer
from app.core.db import Session
from app.core.keyset import Page, keyset
from app.quizzes.models import BankState, Difficulty, QuizQuestion

Q: Any = QuizQuestion.__table__  # type: ignore[attr-defined]
KEEPERS = frozenset({Role.EDITOR, Role.SUPERVISOR})


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """The wall asks besides whether she is one still."""
    return true() if viewer.roles & KEEPERS else false()


async def questions(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*Q.c).where(Q.c.id.in_(list(ids)), visible_to(viewer)))).all()


async def question_page(
    session: Session,
    viewer: Viewer,
    page: Page,
    state: BankState | None,
    topic: str | None,
    difficulty: Difficulty | None,
) -> Sequence[Any]:
    """Newest first."""
    wanted = select(*Q.c).where(visible_to(viewer))
    for column, value in ((Q.c.state, state), (Q.c.topic, topic), (Q.c.difficulty, difficulty)):
        if value is not None:
            wanted = wanted.where(column == value)
    return (await session.rows(keyset(wanted, page, Q.c.made_at, Q.c.id))).all()


async def known_stems(session: Session, stems: Iterable[str], besides: UUID | None = None) -> set[str]:
    """Which of these words a question has that is not retired; those of one author may be left out."""
    wanted = [func.md5(stem) for stem in stems]
    found = select(Q.c.stem).where(func.md5(Q.c.stem).in_(wanted), Q.c.state != BankState.RETIRED)
    if besides is not None:
        found = found.where(Q.c.author != besides)
    return set((await session.rows(found)).scalars())
