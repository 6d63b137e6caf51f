"""What is said in a recording? A recogniser in the house's own network: what people tell lawyers leaves it for nobody.

The protocol is OpenAI's `POST /v1/audio/transcriptions` (https://platform.openai.com/docs/api-reference/audio), which
servers for one's own machines speak too: speaches, vLLM, LocalAI, whisper.cpp's server.
"""

import asyncio
from typing import Any, Protocol

import httpx
import structlog

from app.outside.inspecting.kinds import SUFFIX
from app.outside.lines import Line

PATIENCE = 120.0
"""Seconds: ten minutes of speech take a modest machine about one."""
TO_CONNECT = 3.0
BACK_OFF = (0.5, 2.0)

log = structlog.get_logger(__name__)


class Recogniser(Protocol):
    @property
    def engine(self) -> str:
        """By which name its words are shown."""
        ...

    async def transcribe(self, sound: bytes, content_type: str) -> str:
        """The words of a recording, perhaps none. Raises a SpeechError, which never repeats any."""
        ...


class SpeechError(Exception):
    """No words came. `status` is the recogniser's answer, None where none came."""

    def __init__(self, status: int | None = None) -> None:
        super().__init__(f"recogniser's status {status}")
        self.status = status


class SpeechRefused(SpeechError):
    """It does not take this recording (400, 413, 415, 422): another attempt changes nothing."""


class SpeechMisconfigured(SpeechError):
    """Key, model or address is wrong (401, 403, 404): nothing is written down until we mend it."""


class SpeechUnavailable(SpeechError):
    """No usable answer within the time allowed, or too much to do (429, 5xx): later may work."""


_KINDS: dict[int, type[SpeechError]] = {
    400: SpeechRefused,
    413: SpeechRefused,
    415: SpeechRefused,
    422: SpeechRefused,
    401: SpeechMisconfigured,
    403: SpeechMisconfigured,
    404: SpeechMisconfigured,
}


class SpeechServer(Line):
    """`patience`: seconds that one recording may take, its repeats included."""

    def __init__(
        self,
        url: str,
        model: str,
        key: str = "",
        *,
        client: httpx.AsyncClient | None = None,
        patience: float = PATIENCE,
    ) -> None:
        super().__init__(client)
        self.engine = model
        self._address = httpx.URL(url).join("/v1/audio/transcriptions")
        self._headers = {"authorization": f"Bearer {key}"} if key else {}
        self._patience = patience

    async def transcribe(self, sound: bytes, content_type: str) -> str:
        try:
            async with asyncio.timeout(self._patience):
                return await self._ask_until_free(sound, content_type)
        except (httpx.HTTPError, TimeoutError) as fault:
            log.warning("speech_unavailable", fault=type(fault).__name__)
            # The cause is not kept: it holds the request, and the request the recording.
            raise SpeechUnavailable from None

    async def _ask_until_free(self, sound: bytes, content_type: str) -> str:
        """Asking again costs nothing but time: nothing is kept there."""
        for pause in BACK_OFF:
            try:
                return await self._ask(sound, content_type)
            except (SpeechUnavailable, httpx.TransportError):
                await asyncio.sleep(pause)
        return await self._ask(sound, content_type)

    async def _ask(self, sound: bytes, content_type: str) -> str:
        name = f"recording.{SUFFIX[content_type]}"  # servers tell the format by it
        response = await self._client.post(
            self._address,
            headers=self._headers,
            files={"file": (name, sound, content_type)},
            data={"model": self.engine, "language": "zh", "response_format": "json"},
            timeout=httpx.Timeout(self._patience, connect=TO_CONNECT),
        )
        return _words(response)


def _words(response: httpx.Response) -> str:
    """The error's own message is never read: it may repeat what was sent."""
    status = response.status_code
    if status == httpx.codes.OK:
        try:
            answer: Any = response.json()
        except ValueError:
            answer = None
        if isinstance(answer, dict) and isinstance(answer.get("text"), str):
            words: str = answer["text"]
            return words
    kind = _KINDS.get(status, SpeechUnavailable)
    if kind is SpeechMisconfigured:
        log.error("speech_refuses_us", status=status)
    elif kind is SpeechUnavailable:
        log.warning("speech_unavailable", status=status)
    raise kind(status)
