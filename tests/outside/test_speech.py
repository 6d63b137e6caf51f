"""The recogniser: spoken to as its protocol wants, waited for no longer than allowed, and quoted by nobody."""

import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs

from app.outside import fakes
from app.outside.fakes.faults import Fault
from app.outside.fakes.server import create_app
from app.outside.fakes.speech import FakeSpeech
from app.outside.speech import (
    Recogniser,
    SpeechError,
    SpeechMisconfigured,
    SpeechRefused,
    SpeechServer,
    SpeechUnavailable,
)
from tests.outside.world import PATIENT, a_slammed_door, nobody_home, on_a_port
from tests.vault import samples

pytestmark = pytest.mark.anyio

WORDS = "老板拖欠我三个月工资，怎么办？"


@pytest.fixture
def fake() -> FakeSpeech:
    return FakeSpeech(unknown=WORDS)


@pytest.fixture
async def url(fake: FakeSpeech) -> AsyncIterator[str]:
    async with on_a_port(create_app(speech=fake)) as url:
        yield url


@asynccontextmanager
async def recogniser(
    url: str, model: str = fakes.SPEECH_MODEL, key: str = fakes.SPEECH_KEY, patience: float = PATIENT
) -> AsyncIterator[Recogniser]:
    server = SpeechServer(url, model, key, patience=patience)
    try:
        yield server
    finally:
        await server.aclose()


@pytest.mark.parametrize(
    ("content_type", "name"),
    [("audio/mpeg", "recording.mp3"), ("audio/amr", "recording.amr"), ("audio/wav", "recording.wav")],
)
async def test_a_recording_is_sent_with_its_type_and_comes_back_as_words(
    fake: FakeSpeech, url: str, content_type: str, name: str
) -> None:
    sound = samples.sound(content_type, 1)
    fake.words[sound] = WORDS + "急"
    async with recogniser(url) as speech:
        assert await speech.transcribe(sound, content_type) == WORDS + "急"
        assert await speech.transcribe(samples.sound(content_type, 2), content_type) == WORDS
        assert speech.engine == fakes.SPEECH_MODEL
    assert fake.heard == [(name, content_type)] * 2


@pytest.mark.parametrize(
    ("faults", "kind", "calls"),
    [
        ([Fault(code=400)], SpeechRefused, 1),
        ([Fault(code=413)], SpeechRefused, 1),
        ([Fault(code=401)], SpeechMisconfigured, 1),
        ([Fault(code=404)], SpeechMisconfigured, 1),
        ([Fault(code=503)] * 3, SpeechUnavailable, 3),
        ([Fault(code=429)] * 3, SpeechUnavailable, 3),
        ([Fault(status=502)] * 3, SpeechUnavailable, 3),
        ([Fault(cut=True)] * 3, SpeechUnavailable, 3),
        ([Fault(latency=30)], SpeechUnavailable, 1),
        ([Fault(status=200)] * 3, SpeechUnavailable, 3),
    ],
)
async def test_what_goes_wrong_is_told_by_its_kind_and_repeats_nothing(
    fake: FakeSpeech, url: str, faults: list[Fault], kind: type[SpeechError], calls: int
) -> None:
    fake.faults.next_are(*faults)
    with capture_logs() as logs:
        async with recogniser(url, patience=1 if faults[0].latency else PATIENT) as speech:
            with pytest.raises(kind) as raised:
                await speech.transcribe(samples.sound("audio/mpeg", 1), "audio/mpeg")
    assert fake.faults.calls == calls
    told = "".join(traceback.format_exception(raised.value)) + str(logs)
    assert WORDS not in told
    assert fakes.SPEECH_KEY not in told


async def test_a_moments_trouble_is_waited_out(fake: FakeSpeech, url: str) -> None:
    fake.faults.next_are(Fault(code=503), Fault(cut=True))
    async with recogniser(url) as speech:
        assert await speech.transcribe(samples.sound("audio/mpeg", 1), "audio/mpeg") == WORDS


async def test_a_wrong_key_and_a_wrong_model_are_ours_to_mend(url: str) -> None:
    for model, key in ((fakes.SPEECH_MODEL, "none"), (fakes.SPEECH_MODEL, ""), ("other", fakes.SPEECH_KEY)):
        async with recogniser(url, model, key) as speech:
            with pytest.raises(SpeechMisconfigured):
                await speech.transcribe(samples.sound("audio/mpeg", 1), "audio/mpeg")


async def test_nobody_at_home() -> None:
    async with recogniser(nobody_home()) as speech:
        with pytest.raises(SpeechUnavailable):
            await speech.transcribe(samples.sound("audio/mpeg", 1), "audio/mpeg")
    async with a_slammed_door() as url, recogniser(url) as speech:
        with pytest.raises(SpeechUnavailable):
            await speech.transcribe(samples.sound("audio/mpeg", 1), "audio/mpeg")
