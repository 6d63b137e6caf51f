"""Asking, asking back and answering by voice, as people do it: a recording is sent, then it is said."""

from typing import Any

import httpx

from app.core.access import Viewer
from app.core.ids import new_id
from app.outside.inspecting.kinds import Kind
from tests.city import CONTENT, REFUSED, City, question
from tests.vault import samples
from tests.vault.sending import sent

VOICE = "voice { durationMs file { id url bytes } transcript { text source engine at } }"
ASK = f"""mutation ($input: AskQuestionInput!) {{ askQuestion(input: $input) {{ __typename ... on Question {{
  id status body brief safetyCards {{ signal }} screening {{ verdict code field spans {{ start end }} }}
  attachments {{ id }} {VOICE} }} {REFUSED} }} }}"""
QUESTION = f"""query ($id: ID!) {{ question(id: $id) {{ id status body brief safetyCards {{ signal }}
  screening {{ verdict code field }} attachments {{ id }} {VOICE}
  answers {{ id counts {VOICE} }} thread {{ messages(first: 20) {{ nodes {{ kind body {VOICE} }} }} }} }} }}"""
REVISE = f"""mutation ($input: ReviseQuestionInput!) {{ reviseQuestion(input: $input) {{
  __typename ... on Question {{ status }} {REFUSED} }} }}"""
SUBMIT = f"""mutation ($input: SubmitAnswerInput!) {{ submitAnswer(input: $input) {{
  __typename ... on Answer {{ id counts {VOICE} }} {REFUSED} }} }}"""
WORDS = f"... on Voice {{ durationMs transcript {{ text source engine }} }} {REFUSED}"
SET = f"mutation ($input: SetTranscriptInput!) {{ setTranscript(input: $input) {{ __typename {WORDS} }} }}"
CORRECT = f"mutation ($input: CorrectTranscriptInput!) {{ correctTranscript(input: $input) {{ __typename {WORDS} }} }}"
REQUEST = f"mutation ($input: RequestTranscriptInput!) {{ requestTranscript(input: $input) {{ __typename {WORDS} }} }}"

SAID = "我在工地上干活摔断了腿，包工头说不关他的事，我该找谁赔偿？"
DANGER = "我老公昨天晚上又打我了，我想离婚，怎么办？"
UNLAWFUL = "代开发票，办假证，加微信 fapiao888，货到付款"
ADVERTISING = "本公司专业贷款，无抵押当天放款，请加微信 daikuan888"


async def recorded(
    city: City, client: httpx.AsyncClient, who: Viewer, seconds: float = 6, content_type: str = "audio/mpeg"
) -> str:
    """The id of a recording that is READY."""
    return await sent(city, client, who, samples.sound(content_type, seconds), content_type, Kind.VOICE)


async def ask(city: City, who: Viewer, voice: str | None, words: str | None = None, **more: Any) -> Any:
    said = question("") | {"voice": voice} | more
    if words is not None:
        said["transcript"] = {"text": words, "engine": "WechatSI"}
    return await city.one(who, ASK, input=said)


async def asked(city: City, who: Viewer, voice: str, words: str | None = None, **more: Any) -> str:
    made = await ask(city, who, voice, words, **more)
    assert (made["__typename"], made.get("status")) == ("Question", "OPEN"), made
    id: str = made["id"]
    return id


async def seen(city: City, who: Viewer, id: str) -> Any:
    return await city.one(who, QUESTION, id=id)


async def write_down(city: City, who: Viewer, voice: str, words: str, engine: str | None = None) -> Any:
    return await city.one(who, SET, input={"fileId": voice, "text": words, "engine": engine})


async def correct(city: City, who: Viewer, voice: str, words: str) -> Any:
    return await city.one(who, CORRECT, input={"fileId": voice, "text": words})


async def request(city: City, who: Viewer, voice: str) -> Any:
    return await city.one(who, REQUEST, input={"fileId": voice})


async def answer(
    city: City, lawyer: Viewer, seat: str, voice: str | None, words: str | None = None, **parts: Any
) -> Any:
    said = {"seatId": seat, "voice": voice, "content": CONTENT | {"text": ""} | parts, "idempotencyKey": str(new_id())}
    if words is not None:
        said["transcript"] = {"text": words}
    return await city.one(lawyer, SUBMIT, input=said)


def reasons(payload: Any) -> list[tuple[str, str | None]]:
    return [(reason["code"], reason["field"]) for reason in payload["reasons"]]
