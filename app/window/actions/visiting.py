"""What window staff do: open the code that they are told, take papers, hand papers out."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import LargeBinary, func, insert, literal, select

from app.accounts.actions.identity import present
from app.accounts.actions.trying import Counted, count, succeeded
from app.accounts.models import Duty
from app.accounts.reads import post
from app.applications.actions.beginning import receipt
from app.applications.models import ApplicationState
from app.core.access import Viewer
from app.core.db import Session, one_at_a_time
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.idempotency import known, once
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.sealing import KeyProvider
from app.window import reads
from app.window.actions import pickup, receipting
from app.window.events import SlipOver, WindowActed, WindowOpened
from app.window.models import ActKind, WindowAct
from app.window.rules.papers import NOTHING_MISSING, VISIT_OVER, Paper, against_papers
from app.window.rules.pickup import (
    NO_WINDOW_POST,
    PICKUP_CODE_USED,
    PICKUP_CODE_WRONG,
    Told,
    against_code,
    midnight,
    read,
)


class _Opened(BaseModel):
    code: str


class Act(BaseModel):
    """What went over the counter."""

    visit: UUID
    kind: ActKind
    papers: list[Paper]
    settles: bool = False
    """Of RECEIVED: whether they are all that was missing."""


def tries(keys: KeyProvider, viewer: Viewer, address: str) -> Counted:
    """Under which tries of codes at a window are counted."""
    return Counted(keys, f"window|{viewer.id}", address)


async def count_try(session: Session, counted: Counted, now: datetime) -> None:
    """In a transaction of its own, before the code is looked at. Refuses TRY_LATER."""
    await present(session, *counted.digests)
    await count(session, counted, now)


async def open_visit(
    session: Session, viewer: Viewer, keys: KeyProvider, said: str, key: str, now: datetime, counted: Counted
) -> UUID:
    """The visit's id, hers until the end of the day. Of many at one code the first has it; her repeats give it."""
    digits = read(said)
    if digits is None:
        raise refuse(PICKUP_CODE_WRONG, "code")
    secret, plain = keys.secret("idempotency"), _Opened(code=digits)
    if before := await known(session, secret, key, plain, "openAtWindow"):
        return before
    held = await post(session, viewer)
    if held is None or held.duty != Duty.WINDOW_STAFF:
        raise refuse(NO_WINDOW_POST)
    digest = pickup.told(keys, digits)
    found = await reads.told(session, digest)
    look = Told(**{name: getattr(found, name) for name in Told.model_fields}) if found else None
    refuse_if(list(against_code(look, now)))
    opening = func.door.open_pickup(literal(digest, LargeBinary), midnight(now))
    id: UUID | None = (await session.rows(select(opening))).scalar_one()
    if id is None:  # somebody was first
        raise refuse(PICKUP_CODE_USED, "code")
    await once(session, secret, key, plain, "openAtWindow", id)
    await present(session, *counted.digests)
    await succeeded(session, counted)
    await emit(session, WindowOpened(visit=id))
    await emit(session, SlipOver(visit=id), at=midnight(now))
    return id


async def act(session: Session, viewer: Viewer, keys: KeyProvider, said: Act, key: str, now: datetime) -> UUID:
    """The visit's id. What went over the counter has a receipt; a repeat changes nothing."""
    refuse_if(list(against_papers(said.papers)))
    if await once(session, keys.secret("idempotency"), key, said, "window papers", said.visit):
        return said.visit
    await one_at_a_time(session, f"window {said.visit}")
    (row,) = await reads.visits(session, viewer, [said.visit]) or [None]
    if row is None:
        raise refuse(NOT_FOUND, "visitId")
    if row.staff != viewer.id or row.until <= now:
        raise refuse(VISIT_OVER, "visitId")
    if said.settles:
        standing = {one.visit: one for one in await reads.standings(session, [said.visit])}[said.visit]
        if standing.receipt is None or standing.state != ApplicationState.NEEDS_SUPPLEMENT:
            raise refuse(NOTHING_MISSING, "settles")
    id = new_id()
    whole = {"id": id, "visit": said.visit, "subject": row.subject, "kind": said.kind, "receipt": receipt(now)}
    whole |= {"papers": [one.line for one in said.papers], "staff": viewer.id, "at": now, "settles": said.settles}
    await session.rows(insert(WindowAct).inline().values(whole))
    if said.kind is ActKind.RECEIVED:
        await receipting.give(session, viewer, keys, row, id, whole["receipt"], said.papers, now)
    await emit(session, WindowActed(visit=said.visit, act=id))
    return said.visit
