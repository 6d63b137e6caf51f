"""Keeping keys and giving them out."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col, select

from app.core.access import Viewer
from app.core.db import Session, now
from app.core.sealing import KeyProvider
from app.vault.models import Access, Basis, Key, Reader
from app.vault.reads import visible_to

_SLOT = 900
"""Seconds: the ledger holds one row a quarter of an hour, reader and subject."""


async def keep_keys(session: Session, provider: KeyProvider, keys: Mapping[UUID, bytes]) -> None:
    """Wrap the data keys of subjects that the session's person has just written."""
    rows = []
    for subject, key in keys.items():
        kek, wrapped = provider.wrap(key, str(subject))
        rows.append({"subject": subject, "kek": kek, "wrapped": wrapped})
    await session.rows(insert(Key).inline(), rows)


async def release(
    session: Session, provider: KeyProvider, viewer: Viewer, subjects: Iterable[UUID]
) -> dict[UUID, bytes]:
    """Data keys of those subjects that the viewer may read; of the others, nothing.

    The only select of `key`. Whoever is not the asker is written to the ledger in the same transaction.
    """
    held = (
        select(Key.subject, Key.kek, Key.wrapped, Reader.basis)
        .join(Reader, (col(Reader.subject) == col(Key.subject)) & (col(Reader.person) == viewer.id))
        .where(col(Key.subject).in_(list(subjects)), visible_to(viewer, col(Key.subject)))
    )
    rows = (await session.exec(held)).all()
    moment = now(session)
    entries = [
        {"subject": subject, "person": viewer.id, "basis": basis, "at": moment}
        | {"slot": int(moment.timestamp()) // _SLOT}
        for subject, _, _, basis in rows
        if basis != Basis.ASKER
    ]
    if entries:
        await session.rows(upsert(Access).inline().on_conflict_do_nothing(), entries)
    return {subject: provider.unwrap(kek, wrapped, str(subject)) for subject, kek, wrapped, _ in rows}
