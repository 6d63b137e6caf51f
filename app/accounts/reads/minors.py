"""How a look at a minor's data is read: what was asked for, approved and opened."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, select, true

from app.accounts import reads
from app.accounts.models import MinorData
from app.accounts.rules.minors import READERS
from app.accounts.rules.offices import OFFICE
from app.core.access import Role, Viewer
from app.core.db import Session, clock
from app.core.keyset import Page, keyset

A, H, O = reads.A, reads.H, reads.O  # noqa: E741


async def of_a_minor(session: Session, kind: MinorData, subject: UUID) -> bool | None:
    """Whether another must approve that the viewer sees it; None where none of it is hers to see."""
    found: bool | None = (await session.rows(select(func.door.of_a_minor(kind.value, subject)))).scalar()
    return found


async def minor_access_of(session: Session, viewer: Viewer, kind: MinorData, subject: UUID) -> Any | None:
    """What she asked for and still holds, approved or not."""
    hers = A.c.subject == subject, A.c.requester == viewer.id, A.c.kind == kind, A.c.until > clock()
    return (await session.rows(select(*A.c).where(*hers).order_by(A.c.asked_at.desc()).limit(1))).first()


async def approvers(session: Session, office: str, requester: UUID, institution: UUID | None) -> Sequence[UUID]:
    """Who may approve a request of that office, or at that institution: for the worker, who tells them."""
    offices = [Role.SECURITY_OFFICER] if institution else [office, Role.SECURITY_OFFICER]
    if institution is not None:
        there = select(O.c.person).where(O.c.institution == institution, O.c.until > clock(), O.c.person != requester)
        if colleagues := (await session.rows(there)).scalars().all():
            return colleagues
    held = select(H.c.person).where(H.c.role.in_(offices), H.c.until > clock())
    return (await session.rows(held.where(H.c.person != requester).distinct())).scalars().all()


async def opened_of_a_minor(session: Session, viewer: Viewer, task: UUID) -> bool:
    """Whether she has opened what a task of hers is about, with another's approval or in a crisis."""
    hers = A.c.subject == task, A.c.requester == viewer.id, A.c.kind == MinorData.TASK, A.c.opened_at.is_not(None)
    return (await session.rows(select(A.c.id).where(*hers).limit(1))).first() is not None


def _sees_accesses(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.roles & READERS:
        return true()
    # Of appointments, the wall says, what her institution asked for.
    kinds = [MinorData.APPOINTMENT] if viewer.roles & set(OFFICE.values()) else []
    kinds += [MinorData.REPORT] if Role.MODERATOR in viewer.roles else []
    return A.c.kind.in_(kinds) if kinds else false()


async def minor_accesses(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*A.c).where(A.c.id.in_(list(ids)), _sees_accesses(viewer)))).all()


async def minor_access_page(session: Session, viewer: Viewer, page: Page) -> Sequence[Any]:
    """What was asked for, approved and opened, newest first."""
    wanted = select(*A.c).where(_sees_accesses(viewer))
    return (await session.rows(keyset(wanted, page, A.c.asked_at, A.c.id))).all()
