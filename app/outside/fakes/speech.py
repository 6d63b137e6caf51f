"""A recogniser that hears what it is told to hear: `POST /v1/audio/transcriptions` with its rules and its refusals.

It has no ears. It takes recordings of the documented formats whose words a test (or the demo) has given it, known by
their bytes, and of all others it hears the sentence `unknown`.
"""

import asyncio
from dataclasses import dataclass, field

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.outside import fakes
from app.outside.fakes.faults import Faults

LONGEST = 25 * 1024 * 1024
SUFFIXES = {"flac", "mp3", "mp4", "mpeg", "mpga", "m4a", "ogg", "wav", "webm"}
"""Documented. Servers of one's own open whatever ffmpeg does: here AMR and AAC besides."""
OWN = {"amr", "aac"}

_TYPES = {
    400: "invalid_request_error",
    401: "invalid_request_error",
    404: "invalid_request_error",
    413: "server_error",
    429: "rate_limit_error",
    500: "server_error",
    503: "server_error",
}
_MESSAGES = {
    400: "Invalid file format.",
    401: "Incorrect API key provided.",
    404: "The model does not exist.",
    413: "Maximum content size limit exceeded.",
    429: "Rate limit reached.",
    500: "The server had an error while processing your request.",
    503: "The engine is currently overloaded.",
}


@dataclass
class FakeSpeech:
    unknown: str = "你好"
    words: dict[bytes, str] = field(default_factory=dict)
    """What it hears in which recording."""
    heard: list[tuple[str, str]] = field(default_factory=list)
    """(file name, media type) of each recording it was given."""
    ears: asyncio.Lock = field(default_factory=asyncio.Lock)
    """It hears one recording at a time; while somebody holds these, none."""

    def __post_init__(self) -> None:
        self.faults = Faults(refusal)

    async def answer(self, request: Request) -> Response:
        async with self.ears:
            return await self.faults.suffer(request, self._transcribe)

    async def _transcribe(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {fakes.SPEECH_KEY}":
            return refusal(401)
        async with request.form() as form:
            file, model = form.get("file"), form.get("model")
            if model != fakes.SPEECH_MODEL:
                return refusal(404)
            if not isinstance(file, UploadFile):
                return refusal(400)
            sound, name = await file.read(), file.filename or ""
            if len(sound) > LONGEST:
                return refusal(413)
            if not sound or name.rpartition(".")[2] not in SUFFIXES | OWN:
                return refusal(400)
            self.heard.append((name, file.content_type or ""))
            return JSONResponse({"text": self.words.get(sound, self.unknown)})


def refusal(status: int | str) -> Response:
    """As the protocol tells an error: `{"error": {"message", "type", "param", "code"}}`."""
    number = int(status)
    error = {"message": _MESSAGES.get(number, "Error."), "type": _TYPES.get(number, "server_error")}
    return JSONResponse({"error": error | {"param": None, "code": None}}, number)
