"""For the worker: making a paper, and keeping it. Whatever is cut short is done again; what comes of it is the same.

The worker opens what lies sealed for the press alone, for as long as the paper is not made: it has neither the key of
what the paper is about nor a right to read it.
"""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from app.core.db import NOBODY, Database, Session
from app.core.outbox import emit
from app.core.sealing import KeyProvider, unseal
from app.outside.press import Misprint, Press
from app.outside.storage import Address, Storage
from app.papers import reads
from app.papers.events import PaperMade, PaperOrdered
from app.papers.models import PaperKind, PaperState
from app.papers.rules.codes import printed
from app.papers.rules.contents import Content, template, told
from app.papers.rules.proving import path_of, qr_of
from app.vault.actions import storing
from app.vault.events import FileGone

AGAIN: Final = timedelta(minutes=5)
"""Until what could not be made is tried again: a release may have mended it."""


@dataclass(frozen=True, slots=True)
class Made:
    digest: bytes
    size: int
    pages: int


async def make(db: Database, event: PaperOrdered) -> Made | None:
    """Sets it and lays it down, sealed, while no transaction is open; None where that failed for good, or is done."""
    async with db.acting(NOBODY) as session:
        row = await reads.waiting(session, event.paper)
    if row is None:
        return None
    key = db.door(KeyProvider).unwrap(row.kek, row.wrapped, str(event.paper))
    content = Content.model_validate_json(unseal(key, row.content, "paper", "content", event.paper))
    kind, address = PaperKind(row.kind), db.door(Address).url
    said = told(content, printed(row.code), f"{address}{path_of('')}", qr_of(address + path_of(row.code)))
    try:
        made = await db.door(Press).print(template(kind), said, datetime.combine(content.day, time(), UTC))
    except Misprint:
        return None
    await storing.put(db.door(Storage), event.paper, storing.WHOLE, key, _whole(made.pdf))
    return Made(hashlib.sha256(made.pdf).digest(), len(made.pdf), made.pages)


async def keep(session: Session, event: PaperOrdered, now: datetime, made: Made | None) -> None:
    """Its file is there, and it is told; or it failed, and is tried again."""
    if made is None:
        if (await session.rows(select(func.door.paper_failed(event.paper)))).scalar_one():
            await emit(session, event, at=now + AGAIN)
        return
    state, subject = await _kept(session, event.paper, made)
    if state == PaperState.READY:
        await emit(session, PaperMade(paper=event.paper, subject=subject))
    elif state == PaperState.GONE:  # it was destroyed while it was made
        await emit(session, FileGone(file=event.paper))


async def _kept(session: Session, paper: UUID, made: Made) -> tuple[str | None, UUID]:
    """How it stands since, and of what it is; None where it was kept already."""
    call = func.door.paper_made(paper, made.digest, made.size, made.pages).table_valued("state", "subject")
    state, subject = (await session.rows(select(call.c.state, call.c.subject))).one()
    return state, subject


async def _whole(pdf: bytes) -> AsyncIterator[bytes]:
    yield pdf
