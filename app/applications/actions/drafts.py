"""What somebody is writing, kept for her on every device: sealed under the draft's own key, read by nobody else."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import func, insert, select, update

from app.accounts.reads import readiness
from app.accounts.rules.consenting import against_keeping
from app.applications import reads
from app.applications.events import ApplicationDraftAged
from app.applications.models import ApplicationDraft, ApplicationKind
from app.applications.rules.drafts import (
    APPLICATION_DRAFT_GONE,
    APPLICATION_DRAFT_SENT,
    APPLICATION_DRAFTS_FULL,
    LIVE_MAX,
    LIVES,
    wiped_at,
)
from app.core.access import Viewer
from app.core.db import Session, one_at_a_time
from app.core.errors import BAD_VALUE, NOT_FOUND, refuse, refuse_if
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.sealing import KeyProvider, new_key, seal, unseal
from app.vault.actions.files import keep_until
from app.vault.actions.keys import keep_keys, release

D = reads.D
WIPED = b""


class _Begun(BaseModel):
    """The key names the draft and not its words: the first save may be repeated after more was written."""

    draft: None = None


async def save(
    session: Session,
    viewer: Viewer,
    keys: KeyProvider,
    draft: UUID | None,
    kind: ApplicationKind,
    form: str,
    files: Sequence[UUID],
    revision: int,
    key: str,
    now: datetime,
) -> UUID:
    """Keeps it unless what is kept is as new or newer: a late packet, or another device, overwrites nothing."""
    if revision < 0:
        raise refuse(BAD_VALUE, "revision")
    refuse_if(list(against_keeping(await readiness(session, viewer.id))))
    await keep_until(session, viewer, list(files), wiped_at(now))
    if draft is None:
        id = new_id()
        draft = await once(session, keys.secret("idempotency"), key, _Begun(), "saveApplicationDraft", id)
        if draft is None:
            await _begin(session, viewer, keys, id, kind, form, revision, now)
            return id
    await _standing(session, viewer, draft)
    data_key = (await release(session, keys, viewer, [draft]))[draft]
    newer = update(ApplicationDraft).where(
        D.c.id == draft, D.c.revision < revision, D.c.sent_as.is_(None), D.c.wiped_at.is_(None)
    )
    sealed = seal(data_key, form, "application_draft", "content", draft)
    await session.rows(newer.values(content=sealed, revision=revision, saved_at=now))
    return draft


async def _begin(
    session: Session,
    viewer: Viewer,
    keys: KeyProvider,
    id: UUID,
    kind: ApplicationKind,
    form: str,
    revision: int,
    now: datetime,
) -> None:
    # Two first saves at once would each not see the other and pass the most there may be together.
    await one_at_a_time(session, f"application draft {viewer.id}")
    if await reads.live_drafts(session, viewer) >= LIVE_MAX:
        raise refuse(APPLICATION_DRAFTS_FULL, limit=LIVE_MAX)
    own = new_key()
    row: dict[str, Any] = {"id": id, "person": viewer.id, "kind": kind, "revision": revision, "saved_at": now}
    row["content"] = seal(own, form, "application_draft", "content", id)
    await session.rows(insert(ApplicationDraft).inline().values(row))
    await keep_keys(session, keys, {id: own})
    await emit(session, ApplicationDraftAged(draft=id), at=wiped_at(now))


async def discard(session: Session, viewer: Viewer, draft: UUID, now: datetime) -> None:
    """Wipes what she wrote. Twice changes nothing; what was sent lives on as an application."""
    row = await _own(session, viewer, draft)
    if row.sent_as is not None:
        raise refuse(APPLICATION_DRAFT_SENT, "draftId")
    over = update(ApplicationDraft).where(D.c.id == draft, D.c.wiped_at.is_(None), D.c.sent_as.is_(None))
    await session.rows(over.values(content=WIPED, wiped_at=now))


async def sent(session: Session, viewer: Viewer, draft: UUID, application: UUID, now: datetime) -> None:
    """The draft became an application and is wiped at once. Of two devices that send it, the second is refused."""
    gone = update(ApplicationDraft).where(D.c.id == draft, D.c.sent_as.is_(None))
    gone = gone.values(sent_as=application, content=WIPED, wiped_at=func.coalesce(D.c.wiped_at, now))
    if not (await session.rows(gone)).rowcount:
        await _own(session, viewer, draft)
        raise refuse(APPLICATION_DRAFT_SENT, "draftId")


async def age(session: Session, draft: UUID, now: datetime) -> None:
    """For the worker: wipe a draft that nobody came back to; look again later where somebody did."""
    old = update(ApplicationDraft).where(D.c.id == draft, D.c.wiped_at.is_(None), D.c.saved_at <= now - LIVES)
    if (await session.rows(old.values(content=WIPED, wiped_at=now))).rowcount:
        return
    live = select(D.c.saved_at).where(D.c.id == draft, D.c.wiped_at.is_(None))
    if (saved_at := (await session.rows(live)).scalar()) is not None:
        await emit(session, ApplicationDraftAged(draft=draft), at=wiped_at(saved_at))


def opened(key: bytes, row: Any) -> str:
    return unseal(key, row.content, "application_draft", "content", row.id)


async def _own(session: Session, viewer: Viewer, draft: UUID) -> Any:
    found = await reads.drafts(session, viewer, [draft], live=False)
    if not found:
        raise refuse(NOT_FOUND, "draftId")
    return found[0]


async def _standing(session: Session, viewer: Viewer, draft: UUID) -> Any:
    row = await _own(session, viewer, draft)
    if row.sent_as is not None:
        raise refuse(APPLICATION_DRAFT_SENT, "draftId")
    if row.wiped_at is not None:
        raise refuse(APPLICATION_DRAFT_GONE, "draftId")
    return row
