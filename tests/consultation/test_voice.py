"""Asking by voice: offered at once, heard by who may read, its words shown as what they are and screened like text."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.core.ids import new_id
from app.graph.ids import uuid_of
from app.outside.inspecting.kinds import Kind
from tests.city import CONTENT, City, question
from tests.consultation.speaking import (
    ADVERTISING,
    DANGER,
    REVISE,
    SAID,
    UNLAWFUL,
    answer,
    ask,
    asked,
    correct,
    reasons,
    recorded,
    request,
    seen,
    write_down,
)
from tests.threads.talk import lawyer_id
from tests.vault import samples
from tests.vault.later import do
from tests.vault.sending import begun, path, sent

pytestmark = pytest.mark.anyio


@pytest.fixture
async def client(city: City) -> AsyncIterator[httpx.AsyncClient]:
    async with city.http() as client:
        yield client


async def waves_called(city: City, id: str) -> int:
    ((wave,),) = await city.sql("SELECT wave FROM app.dispatch WHERE question = :q", q=uuid_of(id, "Question"))
    return int(wave)


@pytest.mark.parametrize("content_type", ["audio/mpeg", "audio/amr", "audio/wav"])
async def test_a_recording_is_asked_at_once_and_the_lawyer_hears_any_part_of_it(
    city: City, client: httpx.AsyncClient, content_type: str
) -> None:
    asker, lawyer = await city.resident(), await city.lawyer()
    voice = await recorded(city, client, asker, content_type=content_type)
    picture = await sent(city, client, asker)
    made = await ask(city, asker, voice, attachments=[picture])
    assert (made["status"], made["body"], made["screening"]) == ("OPEN", "", None)
    assert made["brief"] == "欠薪与工资（沁园街道）"  # category and town alone
    assert abs(made["voice"]["durationMs"] - 6000) < 200
    assert (made["voice"]["file"]["id"], made["voice"]["transcript"]) == (voice, None)
    assert [file["id"] for file in made["attachments"]] == [picture]
    await city.settle()
    seat = await city.claim(lawyer)
    assert seat["__typename"] == "Seat"
    heard = (await seen(city, lawyer, made["id"]))["voice"]["file"]
    whole = await client.get(path(heard["url"]))
    part = await client.get(path(heard["url"]), headers={"range": "bytes=100-299"})
    assert (whole.status_code, part.status_code) == (200, 206)
    assert part.content == whole.content[100:300]
    assert part.headers["content-range"] == f"bytes 100-299/{heard['bytes']}"


async def test_words_from_the_client_are_shown_as_such_and_lie_sealed(city: City, client: httpx.AsyncClient) -> None:
    asker, lawyer, stranger = await city.resident(), await city.lawyer(), await city.resident()
    voice = await recorded(city, client, asker)
    id = await asked(city, asker, voice, SAID)
    await city.settle()
    assert await seen(city, stranger, id) is None
    await city.claim(lawyer)
    shown = (await seen(city, lawyer, id))["voice"]["transcript"]
    assert (shown["text"], shown["source"], shown["engine"]) == (SAID, "CLIENT", "WechatSI")
    ((words,),) = await city.sql("SELECT words FROM app.transcript")
    assert SAID.encode() not in bytes(words)
    corrected = await correct(city, asker, voice, SAID + "老板姓王。")
    assert corrected["transcript"] == {"text": SAID + "老板姓王。", "source": "CORRECTED", "engine": None}
    assert (await seen(city, lawyer, id))["voice"]["transcript"]["text"].endswith("老板姓王。")
    log = [kind for (kind,) in await city.sql("SELECT kind FROM app.feed WHERE kind = 'TRANSCRIPT_WRITTEN'")]
    assert len(log) == 1


async def test_the_brief_is_drafted_from_the_words_and_repeats_none_of_them(
    city: City, client: httpx.AsyncClient
) -> None:
    asker, words = await city.resident(), "老板拖欠我三个月工资，也没签劳动合同，现在还要辞退我，怎么办？"
    said = await ask(city, asker, await recorded(city, client, asker), words)
    silent = await ask(city, asker, await recorded(city, client, asker))
    assert said["brief"].startswith(silent["brief"])
    assert said["brief"] != silent["brief"]
    assert not any(words[at : at + 6] in said["brief"] for at in range(len(words) - 5))


async def test_danger_in_the_words_calls_everybody_at_once(city: City, client: httpx.AsyncClient) -> None:
    asker = await city.resident()
    made = await ask(city, asker, await recorded(city, client, asker), DANGER)
    assert made["safetyCards"][0]["signal"] == "DOMESTIC_VIOLENCE"
    await city.settle()
    assert await waves_called(city, made["id"]) == 3
    # The same words once it is asked: cards, and the waves that were still to come.
    voice = await recorded(city, client, asker)
    late = await asked(city, asker, voice)
    await city.settle()
    assert await waves_called(city, late) == 0
    assert (await write_down(city, asker, voice, DANGER))["__typename"] == "Voice"
    await city.settle()
    assert await waves_called(city, late) == 3
    assert (await seen(city, asker, late))["safetyCards"][0]["signal"] == "DOMESTIC_VIOLENCE"


async def test_words_that_may_not_be_passed_on_stop_it_as_text_would(city: City, client: httpx.AsyncClient) -> None:
    asker = await city.resident()
    voice = await recorded(city, client, asker)
    blocked = await ask(city, asker, voice, UNLAWFUL)
    assert blocked["status"] == "BLOCKED"
    assert (blocked["screening"]["verdict"], blocked["screening"]["field"]) == ("BLOCK", "transcript")
    assert blocked["screening"]["spans"]
    assert reasons(await correct(city, asker, voice, SAID)) == [("BLOCKED_FOR_NOW", "fileId")]

    voice = await recorded(city, client, asker)
    held = await ask(city, asker, voice, ADVERTISING)
    assert (held["status"], held["screening"]["code"]) == ("NEEDS_EDIT", "ADVERTISEMENT")
    said = {"questionId": held["id"], "body": "", "idempotencyKey": str(new_id())}
    assert (await city.one(asker, REVISE, input=said))["status"] == "NEEDS_EDIT"
    assert (await correct(city, asker, voice, SAID))["__typename"] == "Voice"
    said["idempotencyKey"] = str(new_id())
    assert (await city.one(asker, REVISE, input=said))["status"] == "OPEN"


async def test_what_turns_out_unlawful_is_taken_back_from_the_lawyers(city: City, client: httpx.AsyncClient) -> None:
    asker, lawyer = await city.resident(), await city.lawyer()
    voice = await recorded(city, client, asker)
    id = await asked(city, asker, voice)
    await city.settle()
    await city.claim(lawyer)
    link = path((await seen(city, lawyer, id))["voice"]["file"]["url"])
    assert (await write_down(city, asker, voice, UNLAWFUL))["__typename"] == "Voice"
    await city.settle()
    mine = await seen(city, asker, id)
    assert (mine["status"], mine["screening"]["verdict"]) == ("WITHDRAWN", "BLOCK")
    assert await seen(city, lawyer, id) is None
    assert (await client.get(link)).status_code == 404
    kinds = [kind for (kind,) in await city.sql("SELECT kind FROM app.feed WHERE subject IS NOT NULL ORDER BY id")]
    assert kinds[-3:] == ["QUESTION_BLOCKED", "QUESTION_WITHDRAWN", "TRANSCRIPT_WRITTEN"]


async def test_misheard_words_hold_up_nobody(city: City, client: httpx.AsyncClient) -> None:
    asker = await city.resident()
    for words in ("嗯", "你好", "啊啊啊"):
        made = await ask(city, asker, await recorded(city, client, asker, 2), words)
        assert made["status"] == "OPEN", words


async def test_each_thing_that_is_wrong_is_named(city: City, client: httpx.AsyncClient) -> None:
    asker, other = await city.resident(), await city.resident()
    voice, foreign = await recorded(city, client, asker), await recorded(city, client, other)
    picture = await sent(city, client, asker)
    half = (await begun(city, asker, samples.sound(), "audio/mpeg", Kind.VOICE)).id
    for wrong, why in (
        (picture, ("BAD_VALUE", "voice")),
        (foreign, ("NOT_FOUND", "voice")),
        (half, ("FILE_NOT_READY", "voice")),
        ("nonsense", ("BAD_ID", "voice")),
    ):
        assert reasons(await ask(city, asker, wrong)) == [why], wrong
    assert reasons(await ask(city, asker, None)) == [("BLANK", "body")]
    assert reasons(await ask(city, asker, None, SAID, body="老板拖欠我三个月工资怎么办")) == [
        ("BAD_VALUE", "transcript")
    ]
    for text, code in (("", "BLANK"), ("\0", "BAD_TEXT"), ("长" * 5001, "TOO_LONG")):
        assert reasons(await ask(city, asker, voice, text)) == [(code, "transcript.text")], code
    long = {"text": SAID, "engine": "x" * 101}
    assert reasons(await ask(city, asker, voice, transcript=long)) == [("TOO_LONG", "transcript.engine")]
    twice = await ask(city, asker, voice, attachments=[voice])
    assert reasons(twice) == [("FILE_ATTACHED", "voice")]
    # Nothing of all this has used it up; once it is asked it is.
    id = await asked(city, asker, voice)
    assert reasons(await ask(city, asker, voice)) == [("FILE_ATTACHED", "voice")]
    assert reasons(await correct(city, asker, voice, SAID)) == [("NO_TRANSCRIPT", "fileId")]
    for who in (other, await city.lawyer()):
        assert reasons(await write_down(city, who, voice, SAID)) == [("NOT_FOUND", "fileId")]
        assert reasons(await request(city, who, voice)) == [("NOT_FOUND", "fileId")]
    assert reasons(await request(city, asker, voice)) == [("NO_RECOGNISER", None)]
    assert (await write_down(city, asker, voice, SAID, "WechatSI"))["transcript"]["source"] == "CLIENT"
    assert (await write_down(city, asker, voice, SAID))["transcript"]["engine"] == "WechatSI"
    assert reasons(await write_down(city, asker, voice, "别的")) == [("TRANSCRIBED_ALREADY", "fileId")]
    assert (await seen(city, asker, id))["voice"]["transcript"]["text"] == SAID


async def test_a_repeat_is_the_same_question_and_fifty_words_at_once_are_one(
    city: City, client: httpx.AsyncClient
) -> None:
    asker = await city.resident()
    voice = await recorded(city, client, asker)
    said = question("") | {"voice": voice}
    made = await asyncio.gather(*(ask(city, asker, **said) for _ in range(5)))
    assert len({one["id"] for one in made}) == 1
    told = await asyncio.gather(*(write_down(city, asker, voice, f"第{n}个版本") for n in range(50)))
    assert Counter(one["__typename"] for one in told) == {"Voice": 1, "Refused": 49}
    assert {reasons(one)[0][0] for one in told if one["__typename"] == "Refused"} == {"TRANSCRIBED_ALREADY"}


async def test_a_draft_remembers_the_recording(city: City, client: httpx.AsyncClient) -> None:
    asker = await city.resident()
    voice = await recorded(city, client, asker)
    await do(city, asker, "saveDraft", "SaveDraftInput", voice=voice, revision=1, idempotencyKey=str(new_id()))
    drafts = await city.one(asker, "{ drafts(first: 1) { nodes { id voice { id } } } }")
    (draft,) = drafts["nodes"]
    assert draft["voice"]["id"] == voice
    await city.pass_time(2 * 86_400)
    await asked(city, asker, voice, draftId=draft["id"])


async def test_with_the_question_its_words_are_erased(city: City, client: httpx.AsyncClient) -> None:
    asker = await city.resident()
    id = await asked(city, asker, await recorded(city, client, asker), SAID)
    await city.settle()
    await do(city, asker, "eraseQuestion", "EraseQuestionInput", questionId=id, idempotencyKey=str(new_id()))
    assert await city.sql("SELECT 1 FROM app.transcript") == []
    await city.settle()


async def test_a_page_of_spoken_questions_costs_what_one_does(city: City, client: httpx.AsyncClient) -> None:
    listing = """{ questions(first: 20) { nodes { id voice { durationMs file { url } transcript { text } } } } }"""
    costs = []
    asker = await city.resident()
    for _ in range(3):
        await asked(city, asker, await recorded(city, client, asker, 1), SAID)
        with city.statements() as sent_:
            nodes = (await city.one(asker, listing))["nodes"]
        assert all(node["voice"]["transcript"]["text"] == SAID for node in nodes)
        costs.append(len(sent_))
    assert costs == [costs[0]] * 3, costs
    assert costs[0] <= 3


ASK_BACK = """mutation ($input: AskFollowUpInput!) { askFollowUp(input: $input) { __typename
  ... on FollowUp { id state message { body voice { durationMs transcript { text } } } }
  ... on Refused { reasons { code field } } } }"""
REPLY = """mutation ($input: AnswerFollowUpInput!) { answerFollowUp(input: $input) { __typename
  ... on Message { id body voice { file { id } } } ... on Refused { reasons { code field } } } }"""


def spoken(words: str | None, **said: Any) -> dict[str, Any]:
    return said | {"idempotencyKey": str(new_id())} | ({"transcript": {"text": words}} if words else {})


async def test_asking_back_and_replying_by_voice(city: City, client: httpx.AsyncClient) -> None:
    asker, lawyer, peer = await city.resident(), await city.lawyer(), await city.lawyer()
    id = await city.asked(asker)
    await city.settle()
    await city.answer(lawyer, (await city.claim(lawyer))["id"])
    await city.settle()
    await city.claim(peer)

    voice = await recorded(city, client, asker)
    to = {"toLawyerId": lawyer_id(lawyer)}
    refused = await city.one(asker, ASK_BACK, input=spoken(UNLAWFUL, questionId=id, voice=voice))
    assert reasons(refused) == [("UNLAWFUL_CONTENT", "transcript.text")]
    made = await city.one(asker, ASK_BACK, input=spoken(None, questionId=id, voice=voice, **to))
    assert (made["state"], made["message"]["body"]) == ("WAITING", "")
    # Said to one lawyer, it is heard by her alone, and so are its words.
    assert (await write_down(city, asker, voice, DANGER))["__typename"] == "Voice"
    assert reasons(await write_down(city, peer, voice, DANGER)) == [("NOT_FOUND", "fileId")]
    assert await city.one(peer, "query ($id: ID!) { file(id: $id) { id } }", id=voice) is None
    (message,) = (await seen(city, lawyer, id))["thread"]["messages"]["nodes"]
    assert message["voice"]["transcript"]["text"] == DANGER
    assert (await seen(city, asker, id))["safetyCards"][0]["signal"] == "DOMESTIC_VIOLENCE"
    late = await recorded(city, client, asker, 2)
    thanks = await city.one(asker, ASK_BACK, input=spoken("谢谢您", questionId=id, voice=late))
    assert thanks["state"] == "STOPPED"

    hers = await recorded(city, client, lawyer)
    offer = await city.one(lawyer, REPLY, input=spoken(SOLICITING, followUpId=made["id"], voice=hers))
    assert reasons(offer)[0][1] == "transcript.text"
    reply = await city.one(lawyer, REPLY, input=spoken(None, followUpId=made["id"], voice=hers))
    assert (reply["body"], reply["voice"]["file"]["id"]) == ("", hers)
    assert reasons(await write_down(city, asker, hers, SAID)) == [("NOT_FOUND", "fileId")]
    assert reasons(await write_down(city, lawyer, hers, SOLICITING))[0][1] == "text"
    assert (await write_down(city, lawyer, hers, SAID))["transcript"]["text"] == SAID


SOLICITING = "请加我微信 lawyer888 私下委托我"
SPEECH = (
    "您好，用人单位拖欠工资，您可以先向劳动监察大队投诉，同时在一年之内申请劳动仲裁，"
    "工资条、考勤记录和聊天记录都要保存好。"
)


async def test_a_spoken_answer_counts_once_its_words_are_there(city: City, client: httpx.AsyncClient) -> None:
    asker, lawyers = await city.resident(), await city.lawyers(4)
    id = await city.asked(asker)
    await city.settle()
    first, second, third, fourth = lawyers
    voice = await recorded(city, client, first, 16)
    made = await answer(city, first, (await city.claim(first))["id"], voice, SPEECH)
    assert (made["counts"], made["voice"]["transcript"]["source"]) == (True, "CLIENT")
    await city.settle()
    # Too short to be heard as an answer, or said in no words: it does not count.
    made = await answer(
        city, second, (await city.claim(second))["id"], await recorded(city, client, second, 10), SPEECH
    )
    assert made["counts"] is False
    await city.settle()
    silent = await recorded(city, client, third, 16)
    made = await answer(city, third, (await city.claim(third))["id"], silent)
    assert made["counts"] is False
    await city.settle()
    assert (await write_down(city, third, silent, "嗯嗯嗯嗯"))["__typename"] == "Voice"
    counted = {one["id"]: one["counts"] for one in (await seen(city, asker, id))["answers"]}
    assert counted[made["id"]] is False
    words = "先收集证据再申请支付令，也可以直接去法院立案，注意三年的诉讼时效，不要签空白收据，记得录音。"
    assert (await correct(city, third, silent, words))["__typename"] == "Voice"
    await city.settle()
    counted = {one["id"]: one["counts"] for one in (await seen(city, asker, id))["answers"]}
    assert counted[made["id"]] is True
    promise = "query ($id: ID!) { question(id: $id) { promise { answersDelivered lastAnswer { reachedAt } } } }"
    assert (await city.one(asker, promise, id=id))["promise"] == {
        "answersDelivered": 3,
        "lastAnswer": {"reachedAt": None},
    }
    # The same words as another's do not count either, and what is not written is still looked at.
    same = await recorded(city, client, fourth, 16)
    seat = (await city.claim(fourth))["id"]
    bad = await answer(city, fourth, seat, same, SOLICITING)
    assert reasons(bad)[0][1] == "transcript.text"
    assert reasons(await answer(city, fourth, seat, None)) == [("BLANK", "content.text")]
    made = await answer(city, fourth, seat, same)
    assert (await write_down(city, fourth, same, SPEECH))["__typename"] == "Voice"
    assert [one["counts"] for one in (await seen(city, asker, id))["answers"] if one["id"] == made["id"]] == [False]
    # Her later version need be written no more than the first.
    said = {"answerId": made["id"], "content": CONTENT | {"text": ""}, "idempotencyKey": str(new_id())}
    await do(city, fourth, "amendAnswer", "AmendAnswerInput", **said)
