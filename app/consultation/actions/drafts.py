"""What a resident is writing before she asks."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app.consultation.events import DraftAged
from app.consultation.reads.life import DRAFT
from app.consultation.rules.drafts import DRAFT_GONE, DRAFT_SENT, DRAFTS_FULL, LIVE_MAX, Written, against_draft
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import refuse_if
from app.core.sealing import KeyProvider
from app.vault.actions.drafts import Drafts


def read(said: str) -> Written:
    return Written.model_validate_json(said)


DRAFTS: Final = Drafts(
    DRAFT,
    DRAFT.c.asked_as,
    "saveDraft",
    LIVE_MAX,
    DRAFT_SENT,
    DRAFT_GONE,
    DRAFTS_FULL,
    DraftAged,
    lambda _, said: read(said).files,
)


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
    refuse_if(against_draft(said))
    return await DRAFTS.save(session, viewer, keys, draft, said.model_dump_json(), said.files, revision, key, now)


def opened(key: bytes, row: Any) -> Written:
    return read(DRAFTS.opened(key, row))
