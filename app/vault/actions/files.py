"""What becomes of a file: claimed, sent in pieces, kept or refused, attached, ended. Its bytes are the routes' matter.

One request at a time sends a file: it holds a lease, and whoever lost it changes nothing any more.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, or_, select, update

from app.core.access import Viewer
from app.core.db import Session, clock, one_at_a_time
from app.core.errors import NOT_FOUND, Reason, because, refuse_if
from app.core.idempotency import give_back, once
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.sealing import KeyProvider, new_key, open_bytes, seal_bytes
from app.vault.actions.keys import release
from app.vault.events import FileGone, UploadAged
from app.vault.models import File, FileState, Purpose
from app.vault.reads import files as reads
from app.vault.rules.files import (
    FILE_ATTACHED,
    FILE_NOT_READY,
    LEASE,
    LIVES,
    Claim,
    against_claim,
    against_hoarding,
    against_ids,
    against_many,
)

F = reads.F
ATTACHMENTS = "attachments"
"""What the field of every input is called that takes them."""
GONE = {"state": FileState.GONE, "kek": None, "key": b""}


async def claim(session: Session, viewer: Viewer, keys: KeyProvider, said: Claim, key: str, now: datetime) -> UUID:
    """The id of a file whose bytes may be sent from now on; the same one for a repeat with the same key, while it is
    there: of what was never sent and is gone by now another begins."""
    refuse_if(against_claim(said))
    id, first = new_id(), (session, keys.secret("idempotency"), key, said, "createUpload")
    known = await once(*first, id)
    if known and await _is_gone(session, known):
        await give_back(session, key)
        known = await once(*first, id)
    if known:
        return known
    # Two at once would each not see the other and pass the most there may be together.
    await one_at_a_time(session, f"upload {viewer.id}")
    refuse_if(against_hoarding(await reads.loose_sizes(session, viewer), said.bytes))
    kek, wrapped = keys.wrap(new_key(), str(id))
    row = {"id": id, "owner": viewer.id, "kind": said.kind, "content_type": said.content_type, "size": said.bytes}
    row |= {"state": FileState.WAITING, "received": 0, "made_at": now, "keep_until": now + LIVES}
    await session.rows(insert(File).inline().values(row | {"kek": kek, "key": wrapped}))
    await emit(session, UploadAged(file=id), at=now + LIVES)
    return id


async def _is_gone(session: Session, file: UUID) -> bool:
    there = select(F.c.id).where(F.c.id == file, F.c.state != FileState.GONE)
    return (await session.rows(there)).first() is None


async def take(session: Session, file: UUID, lease: UUID, now: datetime) -> Any | None:
    """The file as it stands, for this request alone; None while another sends it, and where nothing is to be sent."""
    free = or_(F.c.lease_until.is_(None), F.c.lease_until <= now)
    taken = update(File).where(F.c.id == file, F.c.state == FileState.WAITING, F.c.subject.is_(None), free)
    held = taken.values(lease=lease, lease_until=now + LEASE)
    if not (await session.rows(held)).rowcount:
        return None
    return (await session.rows(select(*F.c).where(F.c.id == file))).one()


async def advance(
    session: Session, file: UUID, lease: UUID, now: datetime, received: int | None = None, hold: timedelta = LEASE
) -> bool:
    """So far it has come; False where the lease was lost. A `hold` of nothing gives the lease back."""
    news = {} if received is None else {"received": received}
    return await _change(session, file, lease, lease_until=now + hold, **news)


async def keep(session: Session, file: UUID, lease: UUID, found: dict[str, Any]) -> bool:
    """It is what it was said to be, and stored."""
    return await _change(session, file, lease, state=FileState.READY, lease=None, lease_until=None, **found)


async def reject(session: Session, file: UUID, lease: UUID, fault: str) -> bool:
    """It is not taken; its key is destroyed, and nothing of it is kept but why."""
    why = {"state": FileState.REFUSED, "fault": fault, "kek": None, "key": b"", "lease": None, "lease_until": None}
    return await _change(session, file, lease, **why)


async def _change(session: Session, file: UUID, held_by: UUID, **values: Any) -> bool:
    held = update(File).where(F.c.id == file, F.c.lease == held_by, F.c.state == FileState.WAITING)
    return bool((await session.rows(held.values(**values))).rowcount)


async def key_of(
    session: Session, provider: KeyProvider, viewer: Viewer, row: Any, purpose: Purpose | None = None
) -> bytes | None:
    """The key of a file that the viewer may read. Who is not the asker is written to the ledger, with the file."""
    if not row.key:
        return None
    if row.subject is None:
        return provider.unwrap(row.kek, row.key, str(row.id))
    parent = (await release(session, provider, viewer, [row.subject], row.id, purpose)).get(row.subject)
    return open_bytes(parent, row.key, place_of_key(row.id)) if parent else None


async def attach(
    session: Session,
    viewer: Viewer,
    provider: KeyProvider,
    ids: Sequence[UUID],
    *,
    subject: UUID,
    key: bytes,
    part: UUID,
    from_owner: bool,
    now: datetime,
    addressee: UUID | None = None,
    field: str = ATTACHMENTS,
    identity: Collection[UUID] = (),
) -> None:
    """Hang files of hers on a part of a subject, in this order and for good. `key`: the subject's, under which theirs
    are sealed from now on. `identity`: those of them that show who somebody is. Refuses what is not hers, not whole or
    used already, each by its place in the list."""
    refuse_if(against_ids(ids, field))
    if not ids:
        return
    found = await unused(session, viewer, {id: f"{field}.{place}" for place, id in enumerate(ids)}, now)
    there = await reads.kinds_of(session, part)
    refuse_if(against_many([*there, *(row.kind for row in found.values())], field))
    hung = {"subject": subject, "part": part, "from_owner": from_owner, "addressee": addressee, "attached_at": now}
    for place, id in enumerate(ids, len(there)):
        sealed = resealed(provider, key, found[id])
        await session.rows(
            update(File).where(F.c.id == id).values(**hung, **sealed, place=place, identity=id in identity)
        )


async def unused(session: Session, viewer: Viewer, named: Mapping[UUID, str], now: datetime) -> dict[UUID, Any]:
    """Files of hers that came whole and hang on nothing, held until this commits. `named`: by which field of the
    request each was; refuses the others there."""
    hers = select(*F.c).where(F.c.id.in_(list(named)), F.c.owner == viewer.id, F.c.subject.is_(None))
    hers = hers.where(F.c.state == FileState.READY, F.c.keep_until > now).order_by(F.c.id)
    found = {row.id: row for row in (await session.rows(hers.with_for_update())).all()}
    if missing := [id for id in named if id not in found]:
        known = {row.id: row for row in await reads.files(session, viewer, missing)}
        refuse_if([_why_not(viewer, known.get(id), named[id]) for id in missing])
    return found


def resealed(provider: KeyProvider, key: bytes, row: Any) -> dict[str, Any]:
    """The file's key under the subject's `key`."""
    own = provider.unwrap(row.kek, row.key, str(row.id))
    return {"kek": None, "key": seal_bytes(key, own, place_of_key(row.id))}


def _why_not(viewer: Viewer, row: Any | None, where: str) -> Reason:
    if row is None or row.owner != viewer.id or row.state == FileState.GONE:
        return because(NOT_FOUND, where)
    return because(FILE_ATTACHED if row.subject else FILE_NOT_READY, where)


async def keep_until(session: Session, viewer: Viewer, ids: Sequence[UUID], until: datetime) -> None:
    """Of hers that hang on nothing: a draft remembers them, or no longer does."""
    if ids:
        hers = update(File).where(F.c.id.in_(list(ids)), F.c.owner == viewer.id, F.c.subject.is_(None))
        await session.rows(hers.where(F.c.keep_until > clock()).values(keep_until=until))


async def age(session: Session, file: UUID, now: datetime) -> None:
    """For the worker: end a file that hangs on nothing and that nobody keeps; look again later where somebody does."""
    over = update(File).where(F.c.id == file, F.c.subject.is_(None), F.c.keep_until <= now)
    if (await session.rows(over.values(GONE))).rowcount:
        await emit(session, FileGone(file=file))
        return
    loose = select(F.c.keep_until).where(F.c.id == file, F.c.subject.is_(None))
    if (until := (await session.rows(loose)).scalar()) is not None:
        await emit(session, UploadAged(file=file), at=until)


async def erase(session: Session, subject: UUID) -> None:
    """For the worker, once the subject is erased: what is stored of its files is to be removed."""
    hung = (await session.rows(select(F.c.id).where(F.c.subject == subject))).scalars().all()
    if hung:
        await emit(session, *(FileGone(file=id) for id in hung))


def place_of_key(file: UUID) -> str:
    return f"file|key|{file}"
