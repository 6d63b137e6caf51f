"""Keeping keys and giving them out."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import func, insert, update
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


async def rewrap(session: Session, provider: KeyProvider, current: str, most: int) -> int:
    """For the owner of the tables, whom no process of the house knows: at most so many data keys that are wrapped under
    another key-encryption key are wrapped under the current one; how many there were.

    No text is touched, none can be read, and what somebody else holds is left for the next time: nobody waits.
    """
    others = select(Key.subject, Key.kek, Key.wrapped).where(col(Key.kek) != current)
    rows = (await session.exec(others.limit(most).with_for_update(skip_locked=True))).all()
    for subject, kek, wrapped in rows:
        name, again = provider.wrap(provider.unwrap(kek, wrapped, str(subject)), str(subject))
        await session.rows(update(Key).where(col(Key.subject) == subject).values(kek=name, wrapped=again))
    return len(rows)


async def in_use(session: Session) -> dict[str, int]:
    """For the owner: how many data keys are wrapped under which key-encryption key."""
    counted = select(Key.kek, func.count()).group_by(Key.kek)
    return dict((await session.exec(counted)).all())
