"""What somebody is writing before she applies, of every kind of application."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app.applications.events import ApplicationDraftAged
from app.applications.reads import D
from app.applications.rules.drafts import (
    APPLICATION_DRAFT_GONE,
    APPLICATION_DRAFT_SENT,
    APPLICATION_DRAFTS_FULL,
    LIVE_MAX,
)
from app.applications.rules.forms import read
from app.applications.rules.forms.form import Form, dumped
from app.core.access import Viewer
from app.core.db import Session
from app.core.sealing import KeyProvider
from app.vault.actions.drafts import Drafts

DRAFTS: Final = Drafts(
    D,
    D.c.sent_as,
    "saveApplicationDraft",
    LIVE_MAX,
    APPLICATION_DRAFT_SENT,
    APPLICATION_DRAFT_GONE,
    APPLICATION_DRAFTS_FULL,
    ApplicationDraftAged,
    lambda row, said: read(row.kind, said).files(),
    sensitive=True,
)


async def save(
    session: Session,
    viewer: Viewer,
    keys: KeyProvider,
    draft: UUID | None,
    form: Form,
    revision: int,
    key: str,
    now: datetime,
) -> UUID:
    said = dumped(form), form.files(), revision
    return await DRAFTS.save(session, viewer, keys, draft, *said, key, now, kind=form.KIND)


def opened(key: bytes, row: Any) -> Form:
    return read(row.kind, DRAFTS.opened(key, row))
