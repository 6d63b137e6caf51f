"""What an asker says later on is looked at as her question was, and danger is heard wherever she tells of it."""

from typing import Any

import pytest

from tests.city import City, codes
from tests.consultation import speaking
from tests.consultation.test_life_words import FORBIDDEN, revise, upheld
from tests.threads.talk import answered, ask_back, deliver, inform, inquire

pytestmark = pytest.mark.anyio

CARDS = "query ($id: ID!) { question(id: $id) { status safetyCards { signal } } }"
BEATEN = "我老公昨天晚上又打我了，我该怎么办？"
DESPAIR = "我不想活了"


async def shown(city: City, asker: Any, question: str) -> list[str]:
    return [card["signal"] for card in (await city.one(asker, CARDS, id=question))["safetyCards"]]


async def test_danger_is_heard_though_no_reply_is_wanted(city: City) -> None:
    asker, question, _ = await answered(city, 1)
    said = await ask_back(city, asker, question, DESPAIR, noReplyNeeded=True)
    assert said["state"] == "STOPPED"
    assert await shown(city, asker, question) == ["SUICIDE"]


async def test_danger_is_heard_in_a_reply_to_a_lawyer(city: City) -> None:
    asker, question, (lawyer,) = await answered(city, 1)
    asked = await inquire(city, lawyer, question)
    assert (await inform(city, asker, asked["id"], BEATEN))["repliedAt"]
    assert await shown(city, asker, question) == ["DOMESTIC_VIOLENCE"]


async def test_the_most_urgent_comes_first_in_whichever_order_it_was_said(city: City) -> None:
    asker, question, _ = await answered(city, 1)
    await ask_back(city, asker, question, BEATEN)
    await ask_back(city, asker, question, DESPAIR)
    assert await shown(city, asker, question) == ["SUICIDE", "DOMESTIC_VIOLENCE"]


async def test_facts_that_a_lawyer_asked_for_are_no_advertisement(city: City) -> None:
    asker, question, (lawyer,) = await answered(city, 1)
    for facts in ("平台叫威尼斯人，网址是 www.example-bet.com", "宏达装修公司，电话0391-6633000"):
        asked = await inquire(city, lawyer, question)
        assert (await inform(city, asker, asked["id"], facts))["repliedAt"]
    async with city.http() as client:
        voice = await speaking.recorded(city, client, asker)
    asked = await inquire(city, lawyer, question)
    assert (await inform(city, asker, asked["id"], "", voice=voice))["repliedAt"]
    assert codes(await speaking.write_down(city, asker, voice, facts)) == []


async def test_what_is_spoken_later_has_its_words_though_the_question_was_blocked_by_mistake(city: City) -> None:
    asker, lawyer = await city.resident(), await city.lawyer()
    question = await city.asked(asker, FORBIDDEN)
    await upheld(city, question)
    assert (await revise(city, asker, question, FORBIDDEN))["status"] == "OPEN"
    await city.settle()
    await deliver(city, lawyer)
    async with city.http() as client:
        voice = await speaking.recorded(city, client, asker)
    assert codes(await ask_back(city, asker, question, "", voice=voice)) == []
    assert codes(await speaking.write_down(city, asker, voice, "那我还要不要去派出所？")) == []


async def test_danger_that_is_told_later_hastens_the_waves_as_well(city: City) -> None:
    asker, question, (lawyer,) = await answered(city, 1)
    far = await city.lawyer("marriage", "NATION")
    asked = await inquire(city, lawyer, question)
    await inform(city, asker, asked["id"], BEATEN)
    await city.settle()
    assert len(await city.offer_ids(far)) == 1
