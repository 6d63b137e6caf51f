"""What a resident is writing, kept for her on every device: sealed under the draft's own key, read by nobody else."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import func, insert, select, update

from app.accounts.reads import readiness
from app.accounts.rules.consenting import against_keeping
from app.consultation.events import DraftAged
from app.consultation.models import Draft
from app.consultation.reads import life as reads
from app.consultation.rules.drafts import (
    DRAFT_GONE,
    DRAFT_SENT,
    DRAFTS_FULL,
    LIVE_MAX,
    LIVES,
    Written,
    against_draft,
    wiped_at,
)
from app.core.access import Viewer
from app.core.db import Session, one_at_a_time
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.sealing import KeyProvider, new_key, seal, unseal
from app.vault.actions.files import keep_until
from app.vault.actions.keys import keep_keys, release
from app.vault.rules.files import LIVES as UNUSED

T = reads.DRAFT
WIPED = b""


class _Begun(BaseModel):
    """The key names the draft and not its words: the first save may be repeated after more was written."""

    draft: None = None


async def save(
    session: Session,
    viewer: Viewer,
    keys: KeyProvider,
    draft: UUID | None,
    said: Written,
    revision: int,
    key: str,
    now: datetime,
) -> UUID:
    """Keeps it unless what is kept is as new or newer: a late packet, or another device, overwrites nothing."""
    refuse_if(against_draft(said, revision))
    refuse_if(list(against_keeping(await readiness(session, viewer.id))))
    await keep_until(session, viewer, said.files, wiped_at(now))
    if draft is None:
        id = new_id()
        draft = await once(session, keys.secret("idempotency"), key, _Begun(), "saveDraft", id)
        if draft is None:
            await _begin(session, viewer, keys, id, said, revision, now)
            return id
    await _standing(session, viewer, draft)
    data_key = (await release(session, keys, viewer, [draft]))[draft]
    sealed = seal(data_key, said.model_dump_json(), "draft", "content", draft)
    newer = (
        update(Draft)
        .where(T.c.id == draft, T.c.revision < revision, T.c.asked_as.is_(None), T.c.wiped_at.is_(None))
        .values(content=sealed, revision=revision, saved_at=now)
    )
    await session.rows(newer)
    return draft


async def _begin(
    session: Session, viewer: Viewer, keys: KeyProvider, id: UUID, said: Written, revision: int, now: datetime
) -> None:
    # Two first saves at once would each not see the other and pass the most there may be together.
    await one_at_a_time(session, f"draft {viewer.id}")
    if await reads.live_drafts(session, viewer) >= LIVE_MAX:
        raise refuse(DRAFTS_FULL, limit=LIVE_MAX)
    data_key = new_key()
    sealed = seal(data_key, said.model_dump_json(), "draft", "content", id)
    row = {"id": id, "person": viewer.id, "content": sealed, "revision": revision, "saved_at": now}
    await session.rows(insert(Draft).inline().values(row))
    await keep_keys(session, keys, {id: data_key})
    await emit(session, DraftAged(draft=id), at=wiped_at(now))


async def discard(session: Session, viewer: Viewer, keys: KeyProvider, draft: UUID, now: datetime) -> None:
    """Wipes what she wrote. Twice changes nothing; what was sent lives on as a question."""
    row = await _own(session, viewer, draft)
    if row.asked_as is not None:
        raise refuse(DRAFT_SENT, "draftId")
    if row.content:
        data_key = (await release(session, keys, viewer, [draft]))[draft]
        written = Written.model_validate_json(unseal(data_key, row.content, "draft", "content", draft))
        await keep_until(session, viewer, written.files, now + UNUSED)
    over = update(Draft).where(T.c.id == draft, T.c.wiped_at.is_(None), T.c.asked_as.is_(None))
    await session.rows(over.values(content=WIPED, wiped_at=now))


async def sent(session: Session, viewer: Viewer, draft: UUID, question: UUID, now: datetime) -> None:
    """The draft became a question and is wiped at once. Of two devices that send it, the second is refused."""
    gone = (
        update(Draft)
        .where(T.c.id == draft, T.c.asked_as.is_(None))
        .values(asked_as=question, content=WIPED, wiped_at=func.coalesce(T.c.wiped_at, now))
    )
    if not (await session.rows(gone)).rowcount:
        await _own(session, viewer, draft)
        raise refuse(DRAFT_SENT, "draftId")


async def _own(session: Session, viewer: Viewer, draft: UUID) -> Any:
    found = await reads.drafts(session, viewer, [draft], live=False)
    if not found:
        raise refuse(NOT_FOUND, "draftId")
    return found[0]


async def _standing(session: Session, viewer: Viewer, draft: UUID) -> Any:
    row = await _own(session, viewer, draft)
    if row.asked_as is not None:
        raise refuse(DRAFT_SENT, "draftId")
    if row.wiped_at is not None:
        raise refuse(DRAFT_GONE, "draftId")
    return row


async def age(session: Session, draft: UUID, now: datetime) -> None:
    """For the worker: wipe a draft that nobody came back to; look again later where somebody did."""
    old = update(Draft).where(T.c.id == draft, T.c.wiped_at.is_(None), T.c.saved_at <= now - LIVES)
    if (await session.rows(old.values(content=WIPED, wiped_at=now))).rowcount:
        return
    live = select(T.c.saved_at).where(T.c.id == draft, T.c.wiped_at.is_(None))
    if (saved_at := (await session.rows(live)).scalar()) is not None:
        await emit(session, DraftAged(draft=draft), at=wiped_at(saved_at))
