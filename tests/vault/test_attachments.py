"""Files that go with questions, answers and what is said about them: once, by who sent them, for who may read those."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.core.access import Viewer
from app.graph.ids import global_id, uuid_of
from app.outside.inspecting.kinds import Kind
from tests.city import ASK, CONTENT, REFUSED, City, question
from tests.threads.talk import ask_back, inform, inquire, lawyer_id, reply
from tests.vault import samples
from tests.vault.later import do
from tests.vault.sending import asked, begun, path, sent, shown, stored
from tests.words import own_words

pytestmark = pytest.mark.anyio

FILES = "attachments { id kind url }"
QUESTION = f"query ($id: ID!) {{ question(id: $id) {{ {FILES} answers {{ id {FILES} }} }} }}"
THREAD = f"""query ($id: ID!) {{ question(id: $id) {{ thread {{
  messages(first: 50) {{ nodes {{ kind {FILES} }} }} }} }} }}"""
LEDGER = """query ($id: ID!) { question(id: $id) { accesses { basis lawyer { id } file { id } } } }"""
SUBMIT = f"""mutation ($input: SubmitAnswerInput!) {{ submitAnswer(input: $input) {{
  __typename ... on Answer {{ id }} {REFUSED} }} }}"""


@pytest.fixture
async def client(city: City) -> AsyncIterator[httpx.AsyncClient]:
    async with city.http() as client:
        yield client


async def ask(city: City, who: Viewer, *files: str, **more: Any) -> Any:
    return await city.one(who, ASK, input=question() | {"attachments": list(files)} | more)


async def submit(city: City, lawyer: Viewer, seat: str, *files: str) -> Any:
    content = CONTENT | {"text": own_words(seat)}
    said = {
        "seatId": seat,
        "content": content,
        "attachments": list(files),
        "idempotencyKey": f"of-the-seat-{seat[-20:]}",
    }
    return await city.one(lawyer, SUBMIT, input=said)


async def seen(city: City, who: Viewer, id: str) -> tuple[list[str], list[list[str]]]:
    """Ids of the files of a question, and of each of its answers."""
    found = await city.one(who, QUESTION, id=id)
    answers = [[file["id"] for file in answer["attachments"]] for answer in found["answers"]]
    return [file["id"] for file in found["attachments"]], answers


async def fetched(city: City, client: httpx.AsyncClient, who: Viewer, id: str) -> httpx.Response | None:
    file = await shown(city, who, id)
    return await client.get(path(file["url"])) if file else None


def reasons(payload: Any) -> list[tuple[str, str]]:
    return [(reason["code"], reason["field"]) for reason in payload["reasons"]]


async def test_who_reads_the_question_reads_its_files_and_the_asker_sees_that(
    city: City, client: httpx.AsyncClient
) -> None:
    asker, stranger, lawyer, peer = (
        await city.resident(),
        await city.resident(),
        await city.lawyer(),
        await city.lawyer(),
    )
    picture, voice = (
        await sent(city, client, asker),
        await sent(city, client, asker, samples.sound(), "audio/mpeg", Kind.VOICE),
    )
    made = await ask(city, asker, voice, picture)
    id = made["id"]
    await city.settle()
    assert (await seen(city, asker, id))[0] == [voice, picture]
    for nobody in (stranger, lawyer):  # the lawyer is offered the brief alone
        assert await shown(city, nobody, picture) is None
    seat = await city.claim(lawyer)
    assert (await seen(city, lawyer, id))[0] == [voice, picture]
    got = await fetched(city, client, lawyer, picture)
    assert got is not None
    assert got.status_code == 200
    link = path((await shown(city, lawyer, picture))["url"])
    (opened,) = [entry for entry in (await city.one(asker, LEDGER, id=id))["accesses"] if entry["file"]]
    assert (opened["file"]["id"], opened["lawyer"]["id"]) == (picture, lawyer_id(lawyer))

    # Her own files are her own until all have answered, and hers to take along no further than her seat.
    own = await sent(city, client, lawyer, samples.document(), "application/pdf", Kind.DOCUMENT)
    peers_seat = await city.claim(peer)
    assert (await submit(city, lawyer, seat["id"], own))["__typename"] == "Answer"
    await city.settle()
    assert (await seen(city, asker, id))[1] == [[own]]
    assert await shown(city, peer, own) is None
    assert (await fetched(city, client, asker, own)) is not None
    await do(city, peer, "releaseSeat", "ReleaseSeatInput", seatId=peers_seat["id"])
    assert await shown(city, peer, picture) is None
    # Withdrawn: who answered keeps what she read.
    await do(city, asker, "withdrawQuestion", "WithdrawQuestionInput", questionId=id)
    assert (await client.get(link)).status_code == 200


async def test_a_link_ends_with_the_seat(city: City, client: httpx.AsyncClient) -> None:
    """A stolen link of a lawyer is good for nothing that she may not read herself."""
    asker, lawyer = await city.resident(), await city.lawyer()
    picture = await sent(city, client, asker)
    await ask(city, asker, picture)
    await city.settle()
    seat = await city.claim(lawyer)
    link = path((await shown(city, lawyer, picture))["url"])
    assert (await client.get(link)).status_code == 200
    await do(city, lawyer, "releaseSeat", "ReleaseSeatInput", seatId=seat["id"])
    assert (await client.get(link)).status_code == 404


async def test_files_go_with_all_that_is_said_afterwards(city: City, client: httpx.AsyncClient) -> None:
    asker, lawyer, peer, seated = await city.resident(), await city.lawyer(), await city.lawyer(), await city.lawyer()
    id = (await ask(city, asker))["id"]
    await city.settle()
    for one in (lawyer, peer):
        await submit(city, one, (await city.claim(one))["id"])
        await city.settle()
    await city.claim(seated)
    theirs = [await sent(city, client, asker) for _ in range(3)]
    hers = [await sent(city, client, lawyer) for _ in range(3)]
    to_all = await ask_back(city, asker, id, attachments=[theirs[0]])
    await ask_back(city, asker, id, body="只问您一位：", toLawyerId=lawyer_id(lawyer), attachments=[theirs[1]])
    await city.settle()
    await reply(city, lawyer, to_all["id"], attachments=[hers[0]])
    wanted = await inquire(city, lawyer, id, attachments=[hers[1]])
    await city.settle()
    await inform(city, asker, wanted["id"], attachments=[theirs[2]])
    (answer, *_) = (await city.one(lawyer, QUESTION, id=id))["answers"]
    said = {"answerId": answer["id"], "content": CONTENT, "attachments": [hers[2]], "idempotencyKey": "amended-with"}
    await do(city, lawyer, "amendAnswer", "AmendAnswerInput", **said)

    async def told(who: Viewer) -> dict[str, str]:
        page = (await city.one(who, THREAD, id=id))["thread"]["messages"]["nodes"]
        return {file["id"]: message["kind"] for message in page for file in message["attachments"]}

    everything = dict(
        zip(
            [theirs[0], theirs[1], hers[0], hers[1], theirs[2]],
            ["FOLLOW_UP", "FOLLOW_UP", "REPLY", "INQUIRY", "INFORMATION"],
            strict=True,
        )
    )
    for who in (asker, lawyer, peer):
        assert await told(who) == everything
        assert (await seen(city, who, id))[1] == [[hers[2]], []]
    assert set(await told(seated)) == {theirs[0], theirs[2]}
    for file in [*theirs, *hers]:
        got = await fetched(city, client, seated, file)
        assert (got is not None) == (file in (theirs[0], theirs[2]))
        assert (await fetched(city, client, peer, file)) is not None


async def test_a_message_that_is_opened_to_all_opens_its_files(city: City, client: httpx.AsyncClient) -> None:
    asker, lawyer, later = await city.resident(), await city.lawyer(), await city.lawyer()
    id = (await ask(city, asker))["id"]
    await city.settle()
    await submit(city, lawyer, (await city.claim(lawyer))["id"])
    await city.settle()
    file = await sent(city, client, asker)
    await ask_back(city, asker, id, toLawyerId=lawyer_id(lawyer), attachments=[file])
    await city.settle()
    await city.claim(later)
    assert await shown(city, later, file) is None
    await city.sql("UPDATE app.message SET addressee = NULL WHERE addressee IS NOT NULL")
    assert (await shown(city, later, file))["id"] == file


async def test_what_is_not_hers_whole_and_unused_is_refused_by_its_place(city: City, client: httpx.AsyncClient) -> None:
    asker, other = await city.resident(), await city.resident()
    good, used, foreign = [await sent(city, client, who) for who in (asker, asker, other)]
    waiting = (await begun(city, asker, samples.picture())).id
    await ask(city, asker, used)
    refused = await ask(city, asker, good, foreign, used, waiting)
    assert reasons(refused) == [
        ("NOT_FOUND", "attachments.1"),
        ("FILE_ATTACHED", "attachments.2"),
        ("FILE_NOT_READY", "attachments.3"),
    ]
    assert reasons(await ask(city, asker, good, good)) == [("BAD_VALUE", "attachments.1")]
    assert reasons(await ask(city, asker, good, "no id")) == [("BAD_ID", "attachments.1")]
    assert reasons(await ask(city, asker, *[good] * 20)) == [("TOO_MANY_FILES", "attachments")]
    assert await city.sql("SELECT count(*) FROM app.question") == [(1,)]
    await city.turn(timedelta(hours=24))
    assert reasons(await ask(city, asker, good))[0][1] == "attachments.0"


async def test_no_more_hang_on_one_thing_than_may(city: City, client: httpx.AsyncClient) -> None:
    """Versions of an answer are one thing."""
    asker, lawyer = await city.resident(), await city.lawyer()
    ids = [await sent(city, client, asker, samples.document(), "application/pdf", Kind.DOCUMENT) for _ in range(4)]
    assert reasons(await ask(city, asker, *ids)) == [("TOO_MANY_FILES", "attachments")]
    await ask(city, asker, *ids[:3])
    await city.settle()
    hers = [await sent(city, client, lawyer, samples.document(), "application/pdf", Kind.DOCUMENT) for _ in range(4)]
    answer = await submit(city, lawyer, (await city.claim(lawyer))["id"], *hers[:2])
    amend = f"mutation ($input: AmendAnswerInput!) {{ amendAnswer(input: $input) {{ __typename {REFUSED} }} }}"
    said = {"answerId": answer["id"], "content": CONTENT, "attachments": hers[2:], "idempotencyKey": "one-too-many"}
    assert reasons(await city.one(lawyer, amend, input=said)) == [("TOO_MANY_FILES", "attachments")]


async def test_fifty_questions_at_once_with_one_file_get_it_once(city: City, client: httpx.AsyncClient) -> None:
    """Who waits too long for her turn is told to try again."""
    asker = await city.resident()
    file = await sent(city, client, asker)
    made = await asyncio.gather(*(ask(city, asker, file) for _ in range(50)), return_exceptions=True)
    assert sum(isinstance(each, dict) and each["__typename"] == "Question" for each in made) == 1
    for each in made:
        if isinstance(each, BaseException):
            assert "BUSY" in str(each)
        elif each["__typename"] == "Refused":
            assert reasons(each) == [("FILE_ATTACHED", "attachments.0")]
    assert await city.sql("SELECT count(*), count(DISTINCT part) FROM app.file WHERE subject IS NOT NULL") == [(1, 1)]


async def test_a_draft_remembers_its_files_and_keeps_them_as_long_as_itself(
    city: City, client: httpx.AsyncClient
) -> None:
    asker = await city.resident()
    remembered, discarded, loose, enclosed = [await sent(city, client, asker) for _ in range(4)]
    drafts = [
        await city.one(
            asker, SAVE, input={"body": "还没写完", "attachments": [file], "revision": 1, "idempotencyKey": key}
        )
        for file, key in ((remembered, "the-first-draft"), (discarded, "the-second-draft"))
    ]
    assert [[file["id"] for file in draft["attachments"]] for draft in drafts] == [[remembered], [discarded]]
    await do(city, asker, "discardDraft", "DiscardDraftInput", draftId=drafts[1]["id"])
    said = {"legalAid": {"materials": [{"fileId": enclosed}]}, "revision": 1, "idempotencyKey": "the-third-draft"}
    await do(city, asker, "saveApplicationDraft", "SaveApplicationDraftInput", **said)
    ((applying,),) = await city.sql("SELECT id FROM app.application_draft")
    id = global_id("ApplicationDraft", applying)
    await do(city, asker, "discardApplicationDraft", "DiscardApplicationDraftInput", draftId=id)
    await city.pass_time(timedelta(hours=24, minutes=1))
    assert await shown(city, asker, loose) | {"url": None} == await shown(city, asker, discarded) | {
        "url": None,
        "id": loose,
    }
    assert [(await shown(city, asker, file))["state"] for file in (loose, enclosed)] == ["GONE", "GONE"]
    assert (await shown(city, asker, remembered))["state"] == "READY"
    made = await ask(city, asker, remembered, draftId=drafts[0]["id"])
    assert (await seen(city, asker, made["id"]))[0] == [remembered]
    await city.pass_time(timedelta(days=60))
    assert (await shown(city, asker, remembered))["state"] == "READY"
    assert {name.split("/")[1] for name in await stored(city)} == {str(uuid_of(remembered, "File"))}


SAVE = f"""mutation ($input: SaveDraftInput!) {{ saveDraft(input: $input) {{
  __typename ... on Draft {{ id {FILES} }} {REFUSED} }} }}"""


async def test_what_is_begun_and_left_is_swept_after_a_day(city: City, client: httpx.AsyncClient) -> None:
    asker = await city.resident()
    half = await begun(city, asker, samples.long_document(400_000), "application/pdf", Kind.DOCUMENT)
    part = {"content-range": f"bytes 0-299999/{len(half.data)}"}
    await client.put(half.path, content=half.data[:300_000], headers=part)
    whole = await sent(city, client, asker)
    assert len(await stored(city)) == 3
    await city.pass_time(timedelta(hours=23, minutes=59))
    assert len(await stored(city)) == 3
    await city.pass_time(timedelta(minutes=1))
    assert await stored(city) == []
    for id in (half.id, whole):
        assert (await shown(city, asker, id))["state"] == "GONE"
    assert await city.sql("SELECT DISTINCT key, kek FROM app.file") == [(b"", None)]
    for _ in range(30):  # what is gone takes nobody's place
        assert (await asked(city, asker, Kind.VOICE, "audio/mpeg", 9))["__typename"] == "UploadTicket"


async def test_with_its_subject_a_file_is_erased(city: City, client: httpx.AsyncClient) -> None:
    asker = await city.resident()
    file, other = await sent(city, client, asker), await sent(city, client, asker)
    id = (await ask(city, asker, file))["id"]
    link = path((await shown(city, asker, file))["url"])
    await do(city, asker, "eraseQuestion", "EraseQuestionInput", questionId=id, idempotencyKey="erase-it-all")
    assert (await client.get(link)).status_code == 404
    assert await shown(city, asker, file) is None
    await city.settle()
    assert {name.split("/")[1] for name in await stored(city)} == {str(uuid_of(other, "File"))}
    rows = await city.sql("SELECT state, owner, kek, key FROM app.file WHERE subject IS NOT NULL")
    assert [tuple(row) for row in rows] == [("GONE", None, None, b"")]
    assert (await ask(city, asker, other))["__typename"] == "Question"


async def test_what_two_identities_sent_is_one_persons(city: City, client: httpx.AsyncClient) -> None:
    asker, other = await city.resident(), await city.resident()
    file = await sent(city, client, asker)
    await city.sql("INSERT INTO app.identity VALUES ('sms', '\\x01', :me, '', now())", me=asker.id)
    await city.sql("UPDATE app.identity SET person = :other WHERE person = :me", me=asker.id, other=other.id)
    assert await shown(city, asker, file) is None
    assert (await ask(city, other, file))["__typename"] == "Question"


async def test_files_cost_one_statement_more(city: City, client: httpx.AsyncClient) -> None:
    asker, lawyer = await city.resident(), await city.lawyer()
    for _ in range(3):
        await ask(city, asker, await sent(city, client, asker), await sent(city, client, asker))
        await city.settle()
        await submit(city, lawyer, (await city.claim(lawyer))["id"], await sent(city, client, lawyer))
        await city.settle()
    plain = "{ questions(first: 20) { nodes { id body answers { id content { text } } } } }"
    with city.statements() as before:
        await city.one(asker, plain)
    with city.statements() as after:
        page = await city.one(
            asker, plain.replace("body", f"body {FILES}").replace("answers { id", f"answers {{ id {FILES}")
        )
    assert [len(node["attachments"]) for node in page["nodes"]] == [2, 2, 2]
    assert [len(node["answers"][0]["attachments"]) for node in page["nodes"]] == [1, 1, 1]
    assert len(after) - len(before) <= 2, after
