"""The staff make channels, change them and say what they are to bring."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import literal_column, update
from sqlalchemy.dialects.postgresql import insert

from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, code, refuse, refuse_if
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.sealing import KeyProvider
from app.outreach import reads
from app.outreach.events import ChannelPrinted
from app.outreach.models import ChannelKind, OutreachChannel, OutreachTarget, Step
from app.outreach.reads import C
from app.outreach.rules import channels as rules
from app.outreach.rules.channels import CHANNEL_CLOSED, Parent, Wanted
from app.outreach.rules.links import new_code
from app.outreach.rules.targets import against_target

FOR_EVER: Any = literal_column("'infinity'::timestamptz")
CHANNEL_CHANGED = code(
    "CHANNEL_CHANGED",
    zh="该渠道已被他人修改，请刷新后再试。",
    en="Somebody has changed this channel since you read it.",
    remedy="Read it again, and send its version.",
)


class Change(BaseModel):
    """What is said anew of a channel; None leaves it as it is."""

    name: str | None = None
    office: str | None = None
    link: str | None = None
    until: datetime | None = None


async def create(session: Session, viewer: Viewer, keys: KeyProvider, wanted: Wanted, key: str, now: datetime) -> UUID:
    """The new channel's id. Refuses DIVISION_HAS_CHANNEL, BAD_PLACE_IN_TREE and CHANNEL_CLOSED (of its parent)."""
    refuse_if(list(rules.against(wanted, now)))
    id = new_id()
    if known := await once(session, keys.secret("idempotency"), key, wanted, "createChannel", id):
        return known
    parent = await _parent(session, viewer, wanted.parent)
    refuse_if(list(rules.against_place(wanted, parent)))
    row: dict[str, Any] = {
        "id": id,
        "code": new_code(),
        "parent": wanted.parent,
        "path": [*(parent.path if parent else ()), id],
    }
    row |= {"kind": wanted.kind.value, "name": wanted.name.strip(), "office": wanted.office.strip()}
    row |= {"division": wanted.division, "link": wanted.link, "until": wanted.until or FOR_EVER}
    row |= {"made_at": now, "closed_at": None, "version": 1, "changed_at": now, "changed_by": viewer.id}
    if not (await session.rows(insert(OutreachChannel).inline().values(row).on_conflict_do_nothing())).rowcount:
        raise refuse(rules.DIVISION_HAS_CHANNEL, "divisionCode")
    await emit(session, ChannelPrinted(channel=id))
    return id


async def change(session: Session, viewer: Viewer, id: UUID, version: int, said: Change, now: datetime) -> None:
    """Refuses CHANNEL_CHANGED and CHANNEL_CLOSED. What was counted until now stays."""
    row = await _open(session, viewer, id)
    kind, name = ChannelKind(row.kind), row.name if said.name is None else said.name
    office = row.office if said.office is None else said.office
    refuse_if(list(rules.against_said(kind, name, office, said.link, said.until, now)))
    if row.version != version:
        raise refuse(CHANNEL_CHANGED, "version")
    values = {"name": name.strip(), "office": office.strip(), "link": said.link or row.link}
    values |= {"until": said.until or row.until}
    await _write(session, viewer, id, version, values, now)
    await emit(session, ChannelPrinted(channel=id))


async def close(session: Session, viewer: Viewer, id: UUID, version: int, now: datetime) -> None:
    """Its code counts nothing from now on; who came by it goes on being counted. The same again changes nothing."""
    found = await reads.by_ids(session, viewer, [id])
    if not found:
        raise refuse(NOT_FOUND, "channelId")
    if found[0].closed_at is not None:
        return
    if found[0].version != version:
        raise refuse(CHANNEL_CHANGED, "version")
    await _write(session, viewer, id, version, {"closed_at": now}, now)


async def print_again(session: Session, viewer: Viewer, id: UUID) -> None:
    """What WeChat made already stays."""
    await _open(session, viewer, id)
    await emit(session, ChannelPrinted(channel=id))


async def set_target(
    session: Session, viewer: Viewer, id: UUID, step: Step, goal: int, since: date, until: date, now: datetime
) -> None:
    """Takes the place of the one that there was of that step."""
    refuse_if(list(against_target(goal, since, until)))
    await _open(session, viewer, id)
    row = {"channel": id, "step": step.value, "goal": goal, "since": since, "until": until}
    made = insert(OutreachTarget).inline().values(row | {"set_at": now, "set_by": viewer.id})
    again = {name: made.excluded[name] for name in ("goal", "since", "until", "set_at", "set_by")}
    await session.rows(made.on_conflict_do_update(index_elements=["channel", "step"], set_=again))


async def _parent(session: Session, viewer: Viewer, id: UUID | None) -> Parent | None:
    if id is None:
        return None
    row = await _open(session, viewer, id, "parentId")
    return Parent(kind=ChannelKind(row.kind), division=row.division, path=list(row.path))


async def _open(session: Session, viewer: Viewer, id: UUID, field: str = "channelId") -> Any:
    found = await reads.by_ids(session, viewer, [id])
    if not found:
        raise refuse(NOT_FOUND, field)
    if found[0].closed_at is not None:
        raise refuse(CHANNEL_CLOSED, field)
    return found[0]


async def _write(
    session: Session, viewer: Viewer, id: UUID, version: int, values: dict[str, object], now: datetime
) -> None:
    signed = {"version": version + 1, "changed_at": now, "changed_by": viewer.id}
    written = update(C).where(C.c.id == id, C.c.version == version, C.c.closed_at.is_(None)).values(values | signed)
    if not (await session.rows(written)).rowcount:
        raise refuse(CHANNEL_CHANGED, "version")
