"""Cases that were given away: by who gave them, by who took them; that one is there, by every editor."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, text

from app.accounts.reads.roles import holds
from app.core.access import Role, Viewer
from app.core.db import Session
from app.core.keyset import Page, keyset
from app.education.models import CaseDonation, DonationSource, DonationState
from app.vault.reads import visible_to as readable

CD: Any = CaseDonation.__table__  # type: ignore[attr-defined]
DS: Any = DonationSource.__table__  # type: ignore[attr-defined]


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    hers: ColumnElement[bool] = readable(viewer, CD.c.id)
    if Role.EDITOR not in viewer.roles:
        return hers
    offered = (CD.c.state == DonationState.OFFERED) & holds(viewer, {Role.EDITOR})
    return or_(offered, hers)


async def donations(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*CD.c).where(CD.c.id.in_(list(ids)), visible_to(viewer)))).all()


async def hers(session: Session, viewer: Viewer) -> Sequence[Any]:
    """Those she gave, the newest first, 100 at most."""
    wanted = select(*CD.c).join_from(CD, DS, DS.c.donation == CD.c.id).where(DS.c.asker == viewer.id)
    newest = wanted.where(visible_to(viewer)).order_by(CD.c.donated_at.desc(), CD.c.id.desc())
    return (await session.rows(newest.limit(100))).all()


async def donation_page(session: Session, viewer: Viewer, page: Page) -> Sequence[Any]:
    """For editors: what is offered, and what she took."""
    open = CD.c.state.in_((DonationState.OFFERED, DonationState.TAKEN))
    return (
        await session.rows(keyset(select(*CD.c).where(open, visible_to(viewer)), page, CD.c.donated_at, CD.c.id))
    ).all()


_GIVERS = text("SELECT donation, giver FROM door.givers_of(:version)")


async def givers(session: Session, version: UUID) -> Sequence[Any]:
    """(donation, giver) of the cases in a version. For the worker."""
    return (await session.rows(_GIVERS, {"version": version})).all()
