"""Words by the platform's own recogniser: beside the request, never before it, and written to the ledger."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from app.consultation.api.scribe import Scribe
from app.core.access import Viewer
from app.core.ids import new_id
from app.outside import fakes
from app.outside.fakes.faults import Fault
from app.outside.fakes.server import create_app
from app.outside.fakes.speech import FakeSpeech
from app.outside.speech import Recogniser, SpeechServer
from tests.city import City
from tests.consultation.speaking import (
    DANGER,
    SAID,
    UNLAWFUL,
    answer,
    asked,
    reasons,
    recorded,
    request,
    seen,
    write_down,
)
from tests.outside.world import on_a_port
from tests.vault.later import do

pytestmark = pytest.mark.anyio

LEDGER = "query ($id: ID!) { question(id: $id) { accesses { basis lawyer { id } file { id } } } }"


@dataclass
class House:
    city: City
    client: httpx.AsyncClient
    fake: FakeSpeech
    scribe: Scribe

    async def words(self, who: Viewer, id: str) -> Any:
        await self.scribe.settled()
        return (await seen(self.city, who, id))["voice"]["transcript"]


@pytest.fixture
async def house(city: City) -> AsyncIterator[House]:
    fake = FakeSpeech(unknown=SAID)
    async with on_a_port(create_app(speech=fake)) as url, city.http() as client:
        server = SpeechServer(url, fakes.SPEECH_MODEL, fakes.SPEECH_KEY, patience=60)
        city.doors = city.doors | {Recogniser: server}
        scribe = Scribe(city.db, city.doors)
        city.doors[Scribe] = scribe
        yield House(city, client, fake, scribe)
        await scribe.close()
        await server.aclose()


async def test_the_lawyer_hears_it_before_its_words_are_there(house: House) -> None:
    city, fake = house.city, house.fake
    asker, lawyer = await city.resident(), await city.lawyer()
    async with fake.ears:
        id = await asked(city, asker, voice := await recorded(city, house.client, asker))
        await city.settle()
        await city.claim(lawyer)
        assert (await seen(city, lawyer, id))["voice"]["transcript"] is None
    words = await house.words(lawyer, id)
    assert (words["text"], words["source"], words["engine"]) == (SAID, "RECOGNISER", fakes.SPEECH_MODEL)
    assert fake.heard == [("recording.mp3", "audio/mpeg")]
    ledger = (await city.one(asker, LEDGER, id=id))["accesses"]
    (machine,) = [entry for entry in ledger if entry["basis"] == "transcription"]
    assert (machine["lawyer"], machine["file"]["id"]) == (None, voice)
    # Once more is not heard once more.
    assert (await request(city, asker, voice))["transcript"]["text"] == SAID
    await house.scribe.settled()
    assert len(fake.heard) == 1


async def test_what_failed_is_asked_for_again(house: House) -> None:
    city, fake = house.city, house.fake
    asker = await city.resident()
    for faults in ([Fault(code=400)], [Fault(code=401)], [Fault(cut=True)] * 3):
        fake.faults.next_are(*faults)
        id = await asked(city, asker, voice := await recorded(city, house.client, asker))
        assert await house.words(asker, id) is None, faults
        made = await asyncio.gather(*(request(city, asker, voice) for _ in range(8)))
        assert {one["__typename"] for one in made} == {"Voice"}
        assert (await house.words(asker, id))["text"] == SAID
        await do(city, asker, "withdrawQuestion", "WithdrawQuestionInput", questionId=id)
    assert len(fake.heard) == 3  # of eight requests at once one was made


async def test_whoever_writes_first_is_kept(house: House) -> None:
    city, fake = house.city, house.fake
    asker = await city.resident()
    async with fake.ears:
        id = await asked(city, asker, voice := await recorded(city, house.client, asker))
        assert (await write_down(city, asker, voice, "我自己写的", "WechatSI"))["__typename"] == "Voice"
    assert (await house.words(asker, id))["source"] == "CLIENT"
    # What the client sent with it is not heard by anybody else.
    calls = fake.faults.calls
    id = await asked(city, asker, await recorded(city, house.client, asker), SAID)
    assert (await house.words(asker, id))["source"] == "CLIENT"
    assert fake.faults.calls == calls


async def test_what_it_hears_is_screened_like_any_words(house: House) -> None:
    city, fake = house.city, house.fake
    asker = await city.resident()
    fake.unknown = DANGER
    id = await asked(city, asker, await recorded(city, house.client, asker))
    await house.scribe.settled()
    assert (await seen(city, asker, id))["safetyCards"][0]["signal"] == "DOMESTIC_VIOLENCE"
    await city.settle()
    assert (await city.sql("SELECT lane, wave FROM app.dispatch")) == [("CRISIS", 3)]
    fake.unknown = UNLAWFUL
    id = await asked(city, asker, await recorded(city, house.client, asker))
    await house.scribe.settled()
    assert (await seen(city, asker, id))["status"] == "WITHDRAWN"
    fake.unknown = "  \0 "
    id = await asked(city, asker, await recorded(city, house.client, asker))
    assert await house.words(asker, id) is None


async def test_a_lawyers_answer_counts_when_it_was_heard(house: House) -> None:
    city, fake = house.city, house.fake
    asker, lawyer = await city.resident(), await city.lawyer()
    id = await city.asked(asker)
    await city.settle()
    fake.unknown = "用人单位拖欠工资的，您可以先向劳动监察大队投诉，也可以在一年之内申请劳动仲裁，工资条都要留好。"
    voice = await recorded(city, house.client, lawyer, 16)
    made = await answer(city, lawyer, (await city.claim(lawyer))["id"], voice)
    await house.scribe.settled()
    (shown,) = (await seen(city, asker, id))["answers"]
    assert (made["id"], shown["counts"], shown["voice"]["transcript"]["source"]) == (shown["id"], True, "RECOGNISER")
    assert reasons(await request(city, asker, voice)) == [("NOT_FOUND", "fileId")]


async def test_erased_meanwhile_nothing_is_written(house: House) -> None:
    city, fake = house.city, house.fake
    asker = await city.resident()
    async with fake.ears:
        id = await asked(city, asker, await recorded(city, house.client, asker))
        while not await city.sql("SELECT 1 FROM app.access WHERE basis = 'transcription'"):
            await asyncio.sleep(0.05)
        await do(city, asker, "eraseQuestion", "EraseQuestionInput", questionId=id, idempotencyKey=str(new_id()))
    await house.scribe.settled()
    assert await city.sql("SELECT 1 FROM app.transcript") == []
    assert await city.sql("SELECT 1 FROM app.access WHERE basis = 'transcription'") == []
