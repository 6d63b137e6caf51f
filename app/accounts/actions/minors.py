"""Asking to see what is a minor's, approving it for another, and opening it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update

from app.accounts.events import MinorAccessAsked, MinorAccessOver
from app.accounts.models import Duty, MinorAccess, MinorData
from app.accounts.reads import minors as reads
from app.accounts.reads import post
from app.accounts.rules import minors as rules
from app.core.access import Role, Viewer
from app.core.db import Session, one_at_a_time
from app.core.errors import NOT_FOUND, refuse
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.sealing import KeyProvider, open_bytes, seal_bytes

A = reads.A


async def request(
    session: Session, keys: KeyProvider, viewer: Viewer, kind: MinorData, subject: UUID, reason: str, now: datetime
) -> UUID:
    """The request's id. Asked again while it holds, it is the same one."""
    held = await post(session, viewer) if kind is MinorData.APPOINTMENT else None
    office = rules.office_for(kind, viewer.roles, Duty(held.duty) if held else None)
    minor = await reads.of_a_minor(session, kind, subject)
    if office is None or minor is None:
        raise refuse(NOT_FOUND, "aboutId")
    if not minor:
        raise refuse(rules.MINOR_ACCESS_NOT_NEEDED, "aboutId")
    await one_at_a_time(session, f"minor access {subject}")
    if known := await reads.minor_access_of(session, viewer, kind, subject):
        id: UUID = known.id
        return id
    id = new_id()
    row = {"id": id, "kind": kind, "subject": subject, "requester": viewer.id, "office": office, "crisis": False}
    sealed = seal_bytes(keys.secret("minor-access"), reason.strip().encode(), _place(id))
    row |= {"reason": sealed, "asked_at": now, "until": now + rules.HOLDS}
    await session.rows(insert(MinorAccess).inline().values(row))
    at = held.institution if held else None
    await emit(session, MinorAccessAsked(access=id, requester=viewer.id, office=office, institution=at))
    return id


async def approve(session: Session, viewer: Viewer, id: UUID, now: datetime) -> None:
    """Of many at once one approves. What was approved stays so: twice changes nothing."""
    await one_at_a_time(session, f"minor access {id}")
    found = await reads.minor_accesses(session, viewer, [id])
    if not found:
        raise refuse(NOT_FOUND, "accessId")
    (row,) = found
    own, over = row.requester == viewer.id, row.until <= now or row.crisis
    answers = rules.who_answers(MinorData(row.kind), Role(row.office))
    if why := rules.against_approving(answers=answers, roles=viewer.roles, own=own, over=over):
        raise refuse(why, "accessId")
    said = {"approver": viewer.id, "approved_at": now, "until": now + rules.HOLDS}
    done = await session.rows(update(MinorAccess).where(A.c.id == id, A.c.approver.is_(None)).values(**said))
    if not done.rowcount and row.approver is None:  # she no longer holds the office that her token says
        raise refuse(rules.APPROVER_NEEDED, "accessId")
    if done.rowcount and row.kind == MinorData.APPOINTMENT:
        await emit(session, MinorAccessOver(access=id), at=now + rules.HOLDS)


async def close(session: Session, access: UUID) -> None:
    """For the worker: what was approved for a day is closed again."""
    await session.rows(select(func.door.minor_access_over(access)))


async def open_file(session: Session, viewer: Viewer, person: UUID, now: datetime) -> bool:
    """Whether a file that was closed to her is open now, and that written down; refuses where another must approve."""
    if not await reads.of_a_minor(session, MinorData.FILE, person):
        return False
    access = await reads.minor_access_of(session, viewer, MinorData.FILE, person)
    until = access.until if access and access.approved_at else None
    if why := rules.against_opening(minor=True, crisis=False, approved_until=until, now=now):
        raise refuse(why)
    return bool((await session.rows(select(func.door.open_file(access.id)))).scalar())  # type: ignore[union-attr]


def reason_of(keys: KeyProvider, access: Any) -> str | None:
    """Why she is to see it; None in a crisis, which asks for none."""
    return None if access.crisis else open_bytes(keys.secret("minor-access"), access.reason, _place(access.id)).decode()


def _place(access: UUID) -> str:
    return f"minor_access|reason|{access}"
