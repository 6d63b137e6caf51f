"""How channels and their sums are read: by the staff who see them, and nobody's row by anybody."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, Uuid, any_, case, column, false, func, literal, select, true
from sqlalchemy.dialects.postgresql import ARRAY

from app.core.access import Role, Viewer
from app.core.db import Session
from app.core.keyset import Page, keyset
from app.outreach.models import (
    ChannelKind,
    CodeKind,
    CodeState,
    OutreachChannel,
    OutreachCode,
    OutreachDay,
    OutreachTarget,
)

C: Any = OutreachChannel.__table__  # type: ignore[attr-defined]
D: Any = OutreachDay.__table__  # type: ignore[attr-defined]
W: Any = OutreachCode.__table__  # type: ignore[attr-defined]
T: Any = OutreachTarget.__table__  # type: ignore[attr-defined]

KEEPERS = frozenset({Role.EDITOR, Role.ADMIN, Role.SUPERVISOR})
"""Who sees channels and what they brought."""


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """To who signed in as one of the staff that promote; the wall asks besides whether she is one still."""
    return true() if viewer.roles & KEEPERS else false()


def channels(viewer: Viewer) -> Any:
    shown = [one for one in C.c if one.name not in ("changed_by", "changed_at")]
    return select(*shown).where(visible_to(viewer))


async def by_ids(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(channels(viewer).where(C.c.id.in_(list(ids))))).all()


async def channel_page(
    session: Session, viewer: Viewer, page: Page, parent: UUID | None, kind: ChannelKind | None, live: bool
) -> Sequence[Any]:
    """Newest first: all, or those right below one; of a kind; without those that are closed."""
    wanted = channels(viewer)
    if parent is not None:
        wanted = wanted.where(C.c.parent == parent)
    if kind is not None:
        wanted = wanted.where(C.c.kind == kind)
    if live:
        wanted = wanted.where(C.c.closed_at.is_(None))
    return (await session.rows(keyset(wanted, page, C.c.made_at, C.c.id))).all()


_SCHOOL = case((C.c.kind == ChannelKind.SCHOOL, C.c.id)).label("school")


async def sums(
    session: Session,
    viewer: Viewer,
    channel: UUID,
    days: tuple[date, date],
    of_schools: tuple[date, date],
    *,
    below: bool,
) -> Sequence[Any]:
    """(kind, step, n, school) of a channel, or of it and all below it, whose people came on these days; of schools on
    those, school by school."""
    of = literal(channel, Uuid) == any_(C.c.path) if below else C.c.id == channel
    wanted = select(C.c.kind, D.c.step, _SCHOOL, func.sum(D.c.n).label("n")).join_from(D, C, C.c.id == D.c.channel)
    within = D.c.day.between(*days) & ((C.c.kind != ChannelKind.SCHOOL) | D.c.day.between(*of_schools))
    wanted = wanted.where(of, within, visible_to(viewer))
    return (await session.rows(wanted.group_by(C.c.kind, D.c.step, _SCHOOL))).all()


async def targets(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    """Of these channels."""
    wanted = select(T.c.channel, T.c.step, T.c.goal, T.c.since, T.c.until).where(T.c.channel.in_(list(ids)))
    return (await session.rows(wanted.where(visible_to(viewer)).order_by(T.c.channel, T.c.step))).all()


async def days(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    """(top, kind, day, step, n, school) of all below these channels, since the first day of any target of theirs."""
    above = T.c.channel.label("top")
    span = (
        select(above, func.min(T.c.since).label("since"), func.max(T.c.until).label("until"))
        .where(T.c.channel.in_(list(ids)))
        .group_by(T.c.channel)
        .subquery()
    )
    wanted = (
        select(span.c.top, C.c.kind, D.c.day, D.c.step, _SCHOOL, func.sum(D.c.n).label("n"))
        .join_from(span, C, span.c.top == any_(C.c.path))
        .join(D, D.c.channel == C.c.id)
        .where(D.c.day.between(span.c.since, span.c.until), visible_to(viewer))
    )
    return (await session.rows(wanted.group_by(span.c.top, C.c.kind, D.c.day, D.c.step, _SCHOOL))).all()


async def touches(session: Session, ids: Iterable[UUID]) -> Sequence[Any]:
    """(id, kind, name, at, until, steps) of the session's person, as far as they are hers."""
    told = [
        column("id", Uuid),
        *(column(name) for name in ("kind", "name", "at", "until")),
        column("steps", ARRAY(Text)),
    ]
    return (await session.rows(select(func.door.my_touches(list(ids)).table_valued(*told)))).all()


async def codes(session: Session, said: Iterable[str]) -> Sequence[Any]:
    """(code, kind, state, errcode) of pictures that were made of these codes, or refused; for anybody who has them."""
    wanted = select(W.c.code, W.c.kind, W.c.state, W.c.errcode).where(W.c.code.in_(list(said)))
    return (await session.rows(wanted.order_by(W.c.code, W.c.kind))).all()


async def ready(session: Session, code: str) -> set[str]:
    """Which codes WeChat has made for this channel; for the worker, who reads no more of them."""
    return set((await session.rows(select(W.c.kind).where(W.c.code == code, W.c.state == CodeState.READY))).scalars())


async def drawn(session: Session, code: str, kind: CodeKind) -> Any | None:
    """(said, body) of one that is ready."""
    wanted = select(W.c.said, W.c.body).where(W.c.code == code, W.c.kind == kind, W.c.state == CodeState.READY)
    return (await session.rows(wanted)).first()


async def coverage(session: Session) -> Sequence[Any]:
    """(kind, asked, followed): numbers alone. The door asks who wants to know."""
    told = func.door.follow_coverage().table_valued(column("kind", Text), column("asked"), column("followed"))
    return (await session.rows(select(told))).all()


async def exchange(session: Session, code: str) -> Any | None:
    """(name, came, sent) of the partner whose code that is."""
    told = func.door.partner_exchange(code).table_valued(column("name", Text), column("came"), column("sent"))
    return (await session.rows(select(told))).first()
