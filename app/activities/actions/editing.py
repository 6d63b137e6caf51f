"""Editors write what the city puts on, and a second person passes it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update

from app.activities.actions.moving import over
from app.activities.events import (
    ActivityAnnounced,
    ActivityCancelled,
    ActivityClosed,
    ActivityCloses,
    ActivityNears,
    ActivityOpens,
)
from app.activities.models import Activity, ActivityKind, ActivityState
from app.activities.reads import A, held, ready
from app.activities.rules import machine
from app.activities.rules.content import REASON, SAID, Content, NewActivity, against_content
from app.activities.rules.machine import Move, Mover
from app.activities.rules.policy import REMINDERS
from app.core.access import Role, Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, code, refuse, refuse_if
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.outbox import Event, emit, emit_each
from app.core.sealing import KeyProvider
from app.core.texts import against_text
from app.directory.reads.register import I, records
from app.vault.actions.pictures import show_publicly

COVER = "content.coverId"

CHANGED_MEANWHILE = code(
    "ACTIVITY_CHANGED",
    zh="活动内容已被修改，请刷新后再操作（当前为第 {version} 版）。",
    en="The activity was changed meanwhile; it is at version {version} now.",
    remedy="Read it again, and say what you want of the version that you see.",
)


async def create(
    session: Session, viewer: Viewer, keys: KeyProvider, said: NewActivity, key: str, now: datetime
) -> UUID:
    """The id of a draft; the same one for a repeat."""
    id = new_id()
    refuse_if(list(against_content(said.kind, said.content, now)))
    if before := await once(session, keys.secret("idempotency"), key, said, "createActivity", id):
        return before
    row = {"id": id, "kind": said.kind, "state": ActivityState.DRAFT, "writers": [viewer.id]}
    row |= {"reason": "", "version": 1}
    row |= {"taken": 0, "waiting": 0, "came": 0, "made_at": now, "state_at": now}
    row |= await _told(session, viewer, said.content) | _signed(viewer, now)
    row["cover"] = await _cover(session, viewer, keys, said.content, None, now)
    await session.rows(insert(Activity).inline().values(row))
    return id


async def change(
    session: Session, viewer: Viewer, keys: KeyProvider, id: UUID, version: int, said: Content, now: datetime
) -> None:
    """A draft says something else from now on. Saying the same again changes nothing."""
    row = await _held(session, viewer, id)
    if row.state != ActivityState.DRAFT:
        raise refuse(machine.ACTIVITY_STATE)
    refuse_if(list(against_content(ActivityKind(row.kind), said, now)))
    told = await _told(session, viewer, said)
    kept = row.cover if said.keep_cover else None
    if said.cover is None and kept == row.cover and all(getattr(row, name) == value for name, value in told.items()):
        return
    if row.version != version:
        raise refuse(CHANGED_MEANWHILE, "version", version=row.version)
    told |= {"cover": await _cover(session, viewer, keys, said, kept, now), "version": version + 1}
    await session.rows(update(A).where(A.c.id == id).values(**told, **_signed(viewer, now)))


async def move(
    session: Session, viewer: Viewer, id: UUID, version: int, what: Move, reason: str | None, now: datetime
) -> None:
    """Lead it one step on. What stands there already is not led there twice."""
    why = (reason or "").strip()
    if what in machine.REASONED:
        refuse_if(list(against_text(reason or "", "reason", *REASON)))
    row = await _held(session, viewer, id)
    if row.version != version:
        raise refuse(CHANGED_MEANWHILE, "version", version=row.version)
    way = machine.way_of(what, ActivityKind(row.kind), ActivityState(row.state))
    if way is None:
        if row.changed_by == viewer.id and row.state in {each.after for each in machine.TABLE[what]}:
            return
        raise refuse(machine.ACTIVITY_STATE)
    _refuse_other_movers(viewer, row, way)
    if way.after is ActivityState.ANNOUNCED and row.ends_at is not None and row.ends_at > now:
        raise refuse(machine.ACTIVITY_STATE)  # nobody would be reminded of it, or could check in
    if way.after is ActivityState.ANNOUNCED and row.results_due:
        raise refuse(machine.RESULTS_DUE)
    if way.after is ActivityState.SCHEDULED:
        refuse_if(list(against_content(ActivityKind(row.kind), content_of(row), now, at="")))
    if way.after is ActivityState.IN_REVIEW and not await ready(session, id):
        raise refuse(machine.ACTIVITY_NOT_READY)
    said = {"state": way.after, "reason": why if what in machine.REASONED else "", **_signed(viewer, now)}
    await session.rows(update(A).where(A.c.id == id).values(**said))
    await _follow(session, row, way.after, now)


def _refuse_other_movers(viewer: Viewer, row: Any, way: machine.Way) -> None:
    if Mover.SECOND in way.movers and viewer.id in row.writers:
        raise refuse(machine.SECOND_PERSON)
    if way.movers <= {Mover.EDITOR, Mover.HOUSE} and Role.EDITOR not in viewer.roles:
        raise refuse(machine.EDITORS_ONLY)
    if way.movers == {Mover.HOUSE}:
        raise refuse(machine.ACTIVITY_STATE)


async def _follow(session: Session, row: Any, after: ActivityState, now: datetime) -> None:
    told: dict[ActivityState, Event] = {
        ActivityState.CLOSED: ActivityClosed(activity=row.id),
        ActivityState.ANNOUNCED: ActivityAnnounced(activity=row.id),
        ActivityState.CANCELLED: ActivityCancelled(activity=row.id),
    }
    if after is ActivityState.SCHEDULED:
        at: list[tuple[datetime, Event]] = [
            (row.opens_at, ActivityOpens(activity=row.id)),
            (row.closes_at, ActivityCloses(activity=row.id)),
        ]
        at += [
            (row.begins_at - before, ActivityNears(activity=row.id, seconds=int(before.total_seconds())))
            for before in (REMINDERS if row.begins_at is not None else ())
            if row.begins_at - before > now
        ]
        await emit_each(session, [(max(time, now), event) for time, event in at])
    if after in told:
        await emit(session, told[after])
    if after is ActivityState.ARCHIVED:
        await over(session, row.id, now)
    session.news(row.id)


async def _held(session: Session, viewer: Viewer, id: UUID) -> Any:
    if (row := await held(session, viewer, id)) is None:
        raise refuse(NOT_FOUND, "activityId")
    return row


def content_of(row: Any) -> Content:
    return Content(**{name: getattr(row, name) for name in SAID})


async def _told(session: Session, viewer: Viewer, said: Content) -> dict[str, Any]:
    if said.institution is not None and not await records(session, viewer, I, [said.institution]):
        raise refuse(NOT_FOUND, "content.institutionId")
    tidied = {name: getattr(said, name).strip() for name in ("title", "words", "place")}
    return said.model_dump(include=set(SAID)) | tidied


async def _cover(
    session: Session, viewer: Viewer, keys: KeyProvider, said: Content, kept: UUID | None, now: datetime
) -> UUID | None:
    return kept if said.cover is None else await show_publicly(session, viewer, keys, said.cover, COVER, now)


def _signed(viewer: Viewer, now: datetime) -> dict[str, Any]:
    return {"changed_at": now, "changed_by": viewer.id}
