"""A copy of all that is kept about somebody, for her alone. The rooms list what there is, by ids; what stands behind
them is read and opened while she fetches it, by her own rights, and lies nowhere."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import insert, text

from app.accounts.actions.delegating import names_of as names_of_delegation
from app.accounts.actions.guarding import names_of as names_of_guardianship
from app.accounts.actions.identity import opened
from app.accounts.events import ExportAged, ExportDue, ExportReady, ExportRequested
from app.accounts.models import Export, ExportState
from app.accounts.reads import exporting as reads
from app.accounts.reads import village_of
from app.accounts.rules.exporting import (
    KEPT,
    ROOMS,
    WITHIN,
    AccountRecord,
    AgeRecord,
    ConsentRecord,
    DecisionRecord,
    DelegationRecord,
    DeviceRecord,
    GuardianshipRecord,
    IdentityRecord,
    RoleRecord,
    against_many,
)
from app.core import feed
from app.core.access import Viewer
from app.core.db import Session, one_at_a_time
from app.core.errors import refuse_if
from app.core.idempotency import known, once
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.portable import Enclosed, Page, Record, Source, ended
from app.core.sealing import KeyProvider

NEWS = ("EXPORT",)
"""The kind in a person's feed: an export of hers has come further."""


class _Wanted(BaseModel):
    """What she asks for is always the same: everything."""

    everything: bool = True


async def request(session: Session, viewer: Viewer, keys: KeyProvider, key: str, now: datetime) -> UUID:
    """The export that is being made for her from now on; of many at once there is one. Refuses EXPORTS_FULL."""
    secret, said = keys.secret("idempotency"), _Wanted()
    await one_at_a_time(session, f"export {viewer.id}")
    if before := await known(session, secret, key, said, "exportMyData"):
        return before
    id = await reads.running(session, viewer)
    if id is None:
        refuse_if(against_many(await reads.asked_since(session, viewer, now - timedelta(days=1))))
        id = new_id()
        row = {"id": id, "person": viewer.id, "state": ExportState.REQUESTED, "asked_at": now, "until": now + KEPT}
        await session.rows(insert(Export).inline().values(row | {"rooms": [*ROOMS], "listed": []}))
        whose: dict[str, Any] = {"export": id, "person": viewer.id}
        await emit(session, ExportRequested(**whose))
        await emit(session, ExportDue(**whose), at=now + WITHIN)
        await emit(session, ExportAged(**whose), at=now + KEPT)
        await feed.show(session, "EXPORT", people=[viewer.id], export=id)
    await once(session, secret, key, said, "exportMyData", id)
    return id


_LISTS = {room: text(f"SELECT door.list_{room}(:export)") for room in ROOMS}


async def list_room(session: Session, room: str, export: UUID, person: UUID) -> None:
    """For the worker: put this room's ids on her list. With the last room's it is ready; twice changes nothing."""
    await session.rows(_LISTS[room], {"export": export})
    await feed.show(session, "EXPORT", people=[person], export=export)
    if await reads.is_ready(session, export):
        await emit(session, ExportReady(export=export, person=person))


async def overdue(session: Session, export: UUID) -> bool:
    """For the worker: whether it was not ready in time. She is told, and may ask again."""
    return await _end(session, "overdue", export)


async def age(session: Session, export: UUID) -> None:
    """For the worker: its lists are destroyed once their time is over."""
    await _end(session, "aged", export)


_ENDS = {how: text(f"SELECT door.export_{how}(:export)") for how in ("overdue", "aged")}


async def _end(session: Session, how: str, export: UUID) -> bool:
    person = (await session.rows(_ENDS[how], {"export": export})).scalar()
    if person is not None:
        await feed.show(session, "EXPORT", people=[person], export=export)
    return person is not None


async def contents(source: Source) -> AsyncIterator[Page | Enclosed]:
    """This room's part of a copy."""
    async with source.reading() as session:
        account = await _account(session, source)
    yield Page(AccountRecord, [account])
    for what, read, record in _PARTS:
        for ids in source.batches(what):
            async with source.reading() as session:
                rows = await read(session, source.viewer, ids)
            made = [record(source, row) for row in rows]
            if made:
                yield Page(type(made[0]), made)


async def _account(session: Session, source: Source) -> AccountRecord:
    person = await reads.about(session, source.viewer)
    return AccountRecord(
        id=person.id,
        standing=person.standing,
        since=person.created_at,
        identities=[
            IdentityRecord(
                known_as=row.kind, name=opened(source.keys, row.kind, row.digest, row.sealed), since=row.since
            )
            for row in await reads.identities(session, source.viewer)
        ],
        roles=[
            RoleRecord(role=row.role, since=row.since, until=ended(row.until))
            for row in await reads.roles(session, source.viewer)
        ],
        ages=[AgeRecord(band=row.band, at=row.at) for row in await reads.ages(session, source.viewer)],
        village=await village_of(session, source.viewer),
        consents=[
            ConsentRecord(purpose=row.purpose, version=row.version, given=row.given, channel=row.channel, at=row.at)
            for row in await reads.consents(session, source.viewer)
        ],
    )


def _device(source: Source, row: Any) -> Record:
    return DeviceRecord(
        id=row.id,
        name=row.device,
        since=row.created_at,
        seen_at=row.seen_at,
        ended_at=row.ended_at,
        ended_why=row.ended_why,
    )


def _delegation(source: Source, row: Any) -> Record:
    names = names_of_delegation(source.keys, row)
    return DelegationRecord(
        id=row.id,
        given=row.elder == source.viewer.id,
        relation=row.relation,
        delegate_name=names.delegate,
        elder_name=names.elder,
        phone_ending=names.phone,
        granted_at=row.granted_at,
        ended_at=row.ended_at,
    )


def _guardianship(source: Source, row: Any) -> Record:
    names = names_of_guardianship(source.keys, row)
    return GuardianshipRecord(
        id=row.id,
        given=row.guardian == source.viewer.id,
        version=row.version,
        child_name=names.child,
        phone_ending=names.phone,
        granted_at=row.granted_at,
        ended_at=row.ended_at,
    )


def _decision(source: Source, row: Any) -> Record:
    return DecisionRecord(
        id=row.id, what=row.kind, roles=list(row.roles), at=row.at, institution=row.institution, duty=row.duty
    )


_PARTS = (
    ("device", reads.devices, _device),
    ("delegation", reads.delegations, _delegation),
    ("guardianship", reads.guardianships, _guardianship),
    ("decision", reads.decisions, _decision),
)
