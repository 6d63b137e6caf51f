"""Writes down recordings beside the requests that brought them: in the name of who spoke, for the worker reads nothing.

What a crash interrupts is not lost: the recording is there and heard, and its words can be asked for again.
"""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog

from app.consultation.actions import voices as actions
from app.core.access import SessionEnded, Viewer
from app.core.db import Database, now
from app.core.errors import Refused
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.outside.speech import Recogniser, SpeechError
from app.outside.storage import Missing, Storage
from app.vault.actions import storing
from app.vault.actions.files import key_of
from app.vault.actions.voices import writable
from app.vault.models import Purpose, TranscriptSource
from app.vault.rules.voices import WORDS, Spoken

AT_ONCE = 4
"""Recordings that one process has in hand; the others wait their turn."""

log = structlog.get_logger(__name__)


class Scribe:
    def __init__(self, db: Database, doors: Mapping[type[Any], Any]) -> None:
        self._db = db
        self._keys: KeyProvider = doors[KeyProvider]
        self._storage: Storage = doors[Storage]
        self._recogniser: Recogniser = doors[Recogniser]
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._at_work: dict[UUID, asyncio.Task[None]] = {}

    def take_up(self, viewer: Viewer, file: UUID) -> None:
        """Once at a time for each recording."""
        if file not in self._at_work:
            task = asyncio.create_task(self._try(viewer, file))
            self._at_work[file] = task
            task.add_done_callback(lambda _: self._at_work.pop(file, None))

    async def settled(self) -> None:
        """Until nothing is at work that was begun before."""
        await asyncio.gather(*self._at_work.values())

    async def close(self) -> None:
        tasks = [*self._at_work.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _try(self, viewer: Viewer, file: UUID) -> None:
        try:
            async with self._turn:
                await self._write_down(viewer, file)
        except (SpeechError, Refused, SessionEnded, *Missing) as why:
            # Its client said so already; or it was written down, signed out or erased meanwhile.
            log.info("not_transcribed", why=type(why).__name__)
        except Exception as fault:
            # Nobody waits for this task. The error may hold words, so its name alone is told.
            log.error("not_transcribed", why=type(fault).__name__)

    async def _write_down(self, viewer: Viewer, file: UUID) -> None:
        async with self._db.acting(viewer) as session:
            row = await writable(session, viewer, file)
            if row.words:
                return
            key = await key_of(session, self._keys, viewer, row, Purpose.TRANSCRIPTION)
        if key is None:
            return
        name = f"{storing.kept(file)}/{storing.WHOLE}"
        sound = b"".join([piece async for piece in storing.whole(self._storage, name, key, row.size)])
        words = await self._recogniser.transcribe(sound, row.content_type)
        said = words.replace("\0", "").strip()[: WORDS[1]]
        if not said:
            return
        async with self._db.acting(viewer) as session:
            source, engine = TranscriptSource.RECOGNISER, self._recogniser.engine
            await actions.write_down(session, viewer, self._keys, file, said, engine, now(session), source)


def transcribe(info: Info, said: Spoken) -> None:
    """What was just sent without its words is written down, where there is a recogniser."""
    scribe: Scribe | None = info.context.doors.get(Scribe)
    if scribe and said.voice and said.transcript is None:
        scribe.take_up(viewer(info), said.voice)
