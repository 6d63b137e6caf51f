"""What an appraisal is computed from, and what was contested: the adviser's own, and all to the register's keepers."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, cast, func, or_, select

from app.advisers.models import AppraisalContest, ContestState, Line, ServiceKind
from app.advisers.reads import ACCOUNT, Q, T, with_accounts
from app.advisers.reads.services import S, visible_to
from app.advisers.rules.appraisal import Counted
from app.advisers.rules.months import bounds
from app.core.access import Viewer
from app.core.db import Session
from app.core.keyset import Page, keyset
from app.directory.reads.register import keeps
from app.directory.rules.register import KEEPERS

AC: Any = AppraisalContest.__table__  # type: ignore[attr-defined]


def seen_by(viewer: Viewer) -> ColumnElement[bool]:
    hers: ColumnElement[bool] = AC.c.adviser == viewer.id
    return hers if viewer.roles.isdisjoint(KEEPERS) else or_(hers, keeps(viewer))


async def term_for(session: Session, viewer: Viewer, id: UUID) -> Any | None:
    """(id, since, until) of a term that is hers, or any to one of the register's keepers."""
    hers: ColumnElement[bool] = viewer.id == ACCOUNT
    may = hers if viewer.roles.isdisjoint(KEEPERS) else or_(hers, keeps(viewer))
    wanted = select(T.c.id, T.c.since, T.c.until, ACCOUNT).select_from(with_accounts()).where(T.c.id == id, may)
    return (await session.rows(wanted)).first()


async def counted(session: Session, viewer: Viewer, term: UUID, year: int) -> Counted:
    """By the city's calendar."""
    begins, ends = bounds(date(year, 1, 1))[0], bounds(date(year, 12, 1))[1]
    month = cast(func.date_trunc("month", func.timezone("Asia/Shanghai", S.c.at)), Date).label("month")
    logged = (
        select(S.c.kind, month, func.count().label("number"))
        .where(S.c.term == term, S.c.at >= begins, S.c.at < ends, visible_to(viewer))
        .group_by(S.c.kind, month)
    )
    rows = (await session.rows(logged)).all()
    in_year = Q.c.term == term, Q.c.offered_at >= begins, Q.c.offered_at < ends
    asked = select(func.count().label("offered"), func.count(Q.c.answered_at).label("answered")).where(*in_year)
    questions = (await session.rows(asked)).one()
    credits = select(AC.c.line, func.sum(AC.c.credited)).where(AC.c.term == term, AC.c.year == year, seen_by(viewer))
    credited = (await session.rows(credits.group_by(AC.c.line))).all()
    return Counted(
        visited=frozenset(row.month for row in rows if row.kind == ServiceKind.VISIT),
        talks=sum(row.number for row in rows if row.kind == ServiceKind.TALK),
        mediations=sum(row.number for row in rows if row.kind == ServiceKind.MEDIATION),
        offered=questions.offered,
        answered=questions.answered,
        credited={Line(line): int(number) for line, number in credited},
    )


async def contests(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*AC.c).where(AC.c.id.in_(list(ids)), seen_by(viewer)))).all()


async def contests_of(session: Session, viewer: Viewer, term: UUID, year: int) -> Sequence[Any]:
    """The newest first."""
    wanted = select(*AC.c).where(AC.c.term == term, AC.c.year == year, seen_by(viewer))
    return (await session.rows(wanted.order_by(AC.c.made_at.desc(), AC.c.id.desc()))).all()


async def contest_page(session: Session, viewer: Viewer, page: Page, is_open: bool) -> Sequence[Any]:
    """Open ones, who waits longest first; the others the other way round."""
    state = AC.c.state == ContestState.OPEN
    wanted = select(*AC.c).where(state if is_open else ~state, seen_by(viewer))
    return (await session.rows(keyset(wanted, page, AC.c.made_at, AC.c.id, newest_first=not is_open))).all()


async def whose(session: Session, contest: UUID) -> Any | None:
    """(adviser, state): for the worker."""
    return (await session.rows(select(AC.c.adviser, AC.c.state).where(AC.c.id == contest))).first()
