"""Saying something by a recording, and writing down what is said in it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import BAD_VALUE, NOT_FOUND, refuse
from app.core.sealing import KeyProvider, seal, unseal
from app.outside.inspecting.kinds import Kind
from app.vault.actions.files import resealed, unused
from app.vault.models import OWNERS, File, Transcript, TranscriptSource
from app.vault.reads import basis
from app.vault.reads import files as reads
from app.vault.rules.voices import Spoken

F, T = reads.F, reads.T
VOICE = "voice"


async def speak(
    session: Session,
    viewer: Viewer,
    provider: KeyProvider,
    said: Spoken,
    *,
    subject: UUID,
    key: bytes,
    part: UUID,
    from_owner: bool,
    now: datetime,
    addressee: UUID | None = None,
) -> None:
    """Make a recording of hers what this part of a subject says, with its words where the client sent them; nothing
    where she did not speak. `key` is the subject's."""
    if said.voice is None:
        return
    row = (await unused(session, viewer, {said.voice: VOICE}, now))[said.voice]
    if row.kind != Kind.VOICE:
        raise refuse(BAD_VALUE, VOICE)
    hung = {"subject": subject, "part": part, "from_owner": from_owner, "addressee": addressee, "attached_at": now}
    hung |= resealed(provider, key, row) | {"place": 0, "spoken": True}
    await session.rows(update(File).where(F.c.id == row.id).values(hung))
    if said.transcript is not None:
        await write_down(session, row.id, key, said.transcript, TranscriptSource.CLIENT, said.engine, now)


async def writable(session: Session, viewer: Viewer, file: UUID, field: str = "fileId") -> Any:
    """A recording whose words are hers to write: she speaks, or it is her question, or she asks for another."""
    found = await reads.files(session, viewer, [file])
    if not found or not found[0].spoken:
        raise refuse(NOT_FOUND, field)
    row = found[0]
    if row.owner != viewer.id and not (row.from_owner and await basis(session, viewer, row.subject) in OWNERS):
        raise refuse(NOT_FOUND, field)
    return row


async def write_down(
    session: Session,
    file: UUID,
    key: bytes,
    words: str,
    source: TranscriptSource,
    engine: str | None,
    now: datetime,
    *,
    counts: bool = False,
) -> bool:
    """Keeps them unless there are some already: of two who come at once the first is kept, and False tells the
    other."""
    row = {"file": file, "words": _sealed(key, file, words), "source": source, "engine": engine}
    row |= {"written_at": now, "counts": counts}
    made = await session.rows(insert(Transcript).inline().values(row).on_conflict_do_nothing())
    return bool(made.rowcount)


async def correct(session: Session, file: UUID, key: bytes, words: str, now: datetime, *, counts: bool = False) -> bool:
    """In place of what was written down; the recording stays as it is. False where nothing was."""
    changed: dict[str, Any] = {"words": _sealed(key, file, words), "source": TranscriptSource.CORRECTED, "engine": None}
    changed["written_at"] = now
    if counts:
        changed["counts"] = True
    return bool((await session.rows(update(Transcript).where(T.c.file == file).values(changed))).rowcount)


def read(key: bytes, row: Any) -> str | None:
    """What was written down of a file's row as the reads give it."""
    return unseal(key, row.words, "transcript", "words", row.id) if row.words else None


def _sealed(key: bytes, file: UUID, words: str) -> bytes:
    return seal(key, words, "transcript", "words", file)
