"""A picture is put where everybody may see it: the cover of an article, say."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert

from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import because, refuse, refuse_if
from app.core.ids import new_id
from app.core.sealing import KeyProvider, new_key, open_bytes, seal_bytes
from app.outside.inspecting.kinds import Kind
from app.outside.storage import Storage
from app.vault.actions import storing
from app.vault.actions.files import attach, key_of, unused
from app.vault.actions.keys import keep_keys
from app.vault.models import FileState, PublicPicture
from app.vault.reads.files import files
from app.vault.rules.files import FILE_NOT_READY, FILE_WRONG_TYPE

_SECRET: Final = "public pictures"


async def show_publicly(
    session: Session, viewer: Viewer, provider: KeyProvider, file: UUID, field: str, now: datetime
) -> UUID:
    """The id under which everybody sees it from now on, whoever has the address. One that she sent and not used yet, or
    one that hangs on what she reads. Refuses what is no whole picture, by `field`."""
    found = await files(session, viewer, [file])
    loose = not found or found[0].subject is None
    row = (await unused(session, viewer, {file: field}, now))[file] if loose else found[0]
    if row.kind != Kind.PICTURE:
        raise refuse(FILE_WRONG_TYPE, field)
    own = await key_of(session, provider, viewer, row)
    refuse_if([because(FILE_NOT_READY, field)] if own is None or row.state != FileState.READY else [])
    assert own is not None
    id = new_id()
    names = ("content_type", "size", "width", "height", "thumbnail")
    shown: dict[str, Any] = {name: getattr(row, name) for name in names}
    shown |= {"id": id, "file": file, "shown_by": viewer.id, "shown_at": now}
    await session.rows(insert(PublicPicture).inline().values(shown | {"key": _sealed(provider, id, own)}))
    if loose:
        key = new_key()
        await keep_keys(session, provider, {id: key})
        await attach(
            session, viewer, provider, [file], subject=id, key=key, part=id, from_owner=True, now=now, field=field
        )
    return id


def _sealed(provider: KeyProvider, id: UUID, key: bytes) -> bytes:
    return seal_bytes(provider.secret(_SECRET), key, f"public_picture|key|{id}")


async def drawing(provider: KeyProvider, storage: Storage, row: Any) -> bytes:
    """All of it, opened. Raises Missing where the store has lost it."""
    pieces = storing.whole(storage, f"{storing.kept(row.file)}/{storing.WHOLE}", opened(provider, row), row.size)
    return b"".join([piece async for piece in pieces])


def opened(provider: KeyProvider, row: Any) -> bytes:
    """The key of its file."""
    return open_bytes(provider.secret(_SECRET), row.key, f"public_picture|key|{row.id}")
