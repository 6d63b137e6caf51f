"""Recordings in which something is said, and what is written down of them."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from pydantic import BaseModel

from app.core.errors import BAD_VALUE, Reason, because, code
from app.core.texts import against_text

WORDS: Final = (1, 5000)
"""Characters: ten minutes of fast Chinese are some 3,000."""
ENGINE_MAX: Final = 100

TRANSCRIBED_ALREADY = code(
    "TRANSCRIBED_ALREADY",
    zh="这段录音已有文字稿，可以更正。",
    en="The words of this recording are there already; they can be corrected.",
    remedy="Show them, and correct them with correctTranscript.",
)
NO_TRANSCRIPT = code(
    "NO_TRANSCRIPT",
    zh="这段录音还没有文字稿。",
    en="There are no words of this recording to correct yet.",
    remedy="Give them with setTranscript, or ask for them with requestTranscript.",
)
NO_RECOGNISER = code(
    "NO_RECOGNISER",
    zh="本平台暂不提供语音转写，您可以自行填写文字稿。",
    en="Recordings are not transcribed here; you may write down yourself what you said.",
    remedy="Transcribe on the client (WeChat's plug-in) and send it with setTranscript.",
)


class Spoken(BaseModel):
    """A recording instead of, or beside, what is written; and its words where the client has them."""

    voice: UUID | None = None
    transcript: str | None = None
    engine: str | None = None


def against_spoken(said: Spoken) -> Iterator[Reason]:
    if said.transcript is None:
        return
    if said.voice is None:
        yield because(BAD_VALUE, "transcript")
        return
    yield from against_words(said.transcript, said.engine, "transcript.text", "transcript.engine")


def against_words(words: str, engine: str | None, field: str, engine_field: str) -> Iterator[Reason]:
    yield from against_text(words, field, *WORDS)
    if engine is not None:
        yield from against_text(engine, engine_field, 1, ENGINE_MAX)
