"""Erasing a question: what is gone, who hears of it, what stays, and what the receipt proves."""

import asyncio
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import text

from app.consultation.actions import answering
from app.consultation.models import QuestionStatus
from app.core.access import Role, Viewer
from app.core.db import NOBODY
from app.core.ids import new_id
from app.core.sealing import KeyProvider, unseal
from app.graph.ids import global_id, uuid_of
from app.places.rules.workdays import CITY_TIME
from app.vault.actions.keys import release
from scripts import legal_hold, verify_receipt
from tests.accounts.hall import file_id
from tests.city import ASK, CONTENT, REFUSED, City, codes, question
from tests.consultation.test_life import REOPENS, answered, bring_to, call_back
from tests.consultation.test_life_words import FORBIDDEN
from tests.threads.talk import ask_back, happened, told
from tests.vault.dump import dump, runs
from tests.vault.dump import told as spelled
from tests.vault.scene import DENIED, attempt

pytestmark = pytest.mark.anyio

ERASE = f"""mutation ($id: ID!, $key: String!) {{ eraseQuestion(input: {{questionId: $id, idempotencyKey: $key}}) {{
  __typename ... on Erasure {{ id questionId why at backupsUntil keys texts receipt {{ document signature keyId }} }}
  {REFUSED} }} }}"""
ERASURES = "{ erasures(first: 9) { nodes { id questionId } } }"
READ = "query ($id: ID!) { question(id: $id) { status body answers { content { text } } } }"
DRAFT = f"""mutation ($seat: ID!, $content: AnswerContentInput!) {{
  saveAnswerDraft(input: {{seatId: $seat, content: $content}}) {{ __typename {REFUSED} }} }}"""
KEYS = "{ receiptKeys { id publicKey } }"
BODY = "邻居家装修把我家承重墙敲裂了一直不肯赔偿"
WORDS = "我手里有物业拍的照片和当时的录音能不能作证据"


async def erase(city: City, viewer: Viewer, id: str, key: str | None = None) -> Any:
    return await city.one(viewer, ERASE, id=id, key=key or str(new_id()))


async def everything(city: City) -> tuple[Viewer, str, list[Viewer]]:
    """A question with all that may hang on one: answers, versions, a follow-up, a rating, a callback."""
    asker, lawyers = await city.resident(), await city.lawyers(2)
    id = await city.asked(asker, BODY, opposingParty="宏达装修公司")
    await city.settle()
    for lawyer in lawyers:
        made = await city.answer(lawyer, (await city.claim(lawyer))["id"])
        await city.settle()
    rate = f"mutation ($input: RateAnswerInput!) {{ rateAnswer(input: $input) {{ __typename {REFUSED} }} }}"
    said = {"answerId": made["id"], "stars": 5, "comment": "讲得很清楚", "idempotencyKey": str(new_id())}
    assert (await city.one(asker, rate, input=said))["__typename"] != "Refused"
    await ask_back(city, asker, id, WORDS)
    assert codes(await call_back(city, asker, id)) == []
    await city.settle()
    return asker, id, lawyers


async def test_what_was_said_is_gone_and_so_is_whose_it_was(city: City) -> None:
    asker, id, lawyers = await everything(city)
    made = await erase(city, asker, id)
    assert (made["__typename"], made["questionId"], made["why"]) == ("Erasure", id, "ASKED")
    assert (made["keys"], made["texts"]) == (3, 6)  # question, brief, callback; two answers, a follow-up
    for viewer in (asker, *lawyers):
        assert await city.one(viewer, READ, id=id) is None
    await city.settle()
    question_id = uuid_of(id, "Question")
    ((row),) = await city.sql(
        "SELECT asker, delegation, body, status, crisis FROM app.question WHERE id = :q", q=question_id
    )
    assert tuple(row) == (None, None, b"", "ERASED", [])
    for table, column in (("answer", "content"), ("brief", "body"), ("petition", "body")):
        assert {bytes(v) for (v,) in await city.sql(f"SELECT {column} FROM app.{table}")} == {b""}, table
    assert {bytes(v) for (v,) in await city.sql("SELECT body FROM app.message")} == {b""}
    assert await city.sql("SELECT 1 FROM app.key") == await city.sql("SELECT 1 FROM app.sketch") == []
    # What still says who she is leads to no question, and what is left of the question leads to nobody.
    hers = [
        ("reader", "person"),
        ("notice", "person"),
        ("read_mark", "person"),
        ("rating", "rater"),
        ("message", "author"),
        ("petition", "person"),
        ("question", "asker"),
    ]
    left = {t for t, c in hers if await city.sql(f"SELECT 1 FROM app.{t} WHERE {c} = :me", me=asker.id)}
    assert left == {"reader"}  # the erasure's own, until the backups have lost what was erased
    assert (await city.one(asker, ERASURES))["nodes"] == [{"id": made["id"], "questionId": id}]


async def test_a_dump_and_all_keys_of_the_house_open_nothing_any_more(city: City) -> None:
    asker, id, _ = await everything(city)
    question = uuid_of(id, "Question")
    ((sealed,),) = await city.sql("SELECT body FROM app.question WHERE id = :q", q=question)
    await erase(city, asker, id)
    await city.settle()
    keys = city.doors[KeyProvider]
    dumped = await dump(city)
    assert spelled(dumped, runs([BODY, WORDS, CONTENT["text"]])) == set()
    assert bytes(sealed).hex().encode() not in dumped
    # Not even the text as an old disk would still have it: there is no key to unwrap.
    for subject, kek, wrapped in await city.sql("SELECT subject, kek, wrapped FROM app.key"):
        with pytest.raises(InvalidTag):
            unseal(keys.unwrap(kek, wrapped, str(subject)), sealed, "question", "body", question)
    assert question not in {s for (s,) in await city.sql("SELECT subject FROM app.key")}


async def test_facts_without_a_name_stay_for_the_record(city: City) -> None:
    asker, id, lawyers = await everything(city)
    day = (await city.now()).astimezone().date().isoformat()
    record = f'{{ promiseRecord(from: "{day}", to: "{day}") {{ questions firstAnswer {{ came within }} }} }}'
    before = await city.one(None, record)
    await erase(city, asker, id)
    await city.settle()
    assert await city.one(None, record) == before
    log = await happened(city, id)
    assert log.index("QUESTION_ERASED") == log.index("QUESTION_WITHDRAWN") + 1
    assert len(await city.sql("SELECT 1 FROM app.seat WHERE delivered_at IS NOT NULL")) == 2
    assert [stars for (stars,) in await city.sql("SELECT stars FROM app.rating")] == [5]
    for lawyer in lawyers:
        assert "QUESTION_ERASED" in await told(city, lawyer)


async def test_a_village_becomes_its_town(city: City) -> None:
    asker = await city.resident()
    id = await city.asked(asker, divisionCode="419001001001")
    await city.settle()
    await erase(city, asker, id)
    for table in ("question", "dispatch"):
        assert await city.sql(f"SELECT division FROM app.{table}") == [("419001001",)]


@pytest.mark.parametrize("status", ["NEEDS_EDIT", "OPEN", "RESOLVED", "CLOSED", "WITHDRAWN"])
async def test_it_may_be_erased_wherever_it_stands(city: City, status: str) -> None:
    asker = await city.resident()
    id = await bring_to(city, asker, QuestionStatus(status))
    assert (await erase(city, asker, id))["__typename"] == "Erasure"
    await city.pass_time(REOPENS + timedelta(days=7))  # all that was planned for it comes to nothing
    assert await city.one(asker, READ, id=id) is None
    assert [s for (s,) in await city.sql("SELECT status FROM app.question")] == ["ERASED"]


async def test_what_the_law_wants_on_record_is_kept(city: City) -> None:
    asker = await city.resident()
    id = await city.asked(asker, FORBIDDEN)
    assert codes(await erase(city, asker, id)) == ["KEPT_BY_LAW"]
    assert (await city.one(asker, READ, id=id))["body"] == FORBIDDEN


async def test_nobody_else_erases_it_and_nobody_learns_that_it_is_there(city: City) -> None:
    asker, id, (lawyer,) = await answered(city, 1)
    for other in (lawyer, await city.resident()):
        said = "ONLY_THE_ASKER" if other is lawyer else "NOT_FOUND"
        with city.statements() as mine:
            assert codes(await erase(city, other, id)) == ["NOT_FOUND"], said
        with city.statements() as nowhere:
            assert codes(await erase(city, other, global_id("Question", new_id()))) == ["NOT_FOUND"]
        assert mine == nowhere
    assert (await city.one(asker, READ, id=id))["status"] == "OPEN"


async def test_bad_input_is_refused_by_name(city: City) -> None:
    asker = await city.resident()
    id = await city.asked(asker)
    assert codes(await erase(city, asker, "nonsense")) == ["BAD_ID"]
    assert codes(await erase(city, asker, global_id("Answer", uuid_of(id, "Question")))) == ["BAD_ID"]
    assert codes(await erase(city, asker, id, key="short")) == ["BAD_KEY"]
    key = str(new_id())
    assert (await erase(city, asker, id, key=key))["__typename"] == "Erasure"
    second = await city.asked(asker)
    assert codes(await erase(city, asker, second, key=key)) == ["KEY_REUSED"]


# Who is told, and when --------------------------------------------------------------------------------------------


async def test_who_was_writing_loses_the_seat_in_the_same_instant(city: City) -> None:
    asker, (writing, offered) = await city.resident(), await city.lawyers(2)
    id = await city.asked(asker)
    await city.settle()
    seat = await city.claim(writing)
    (offer,) = await city.offer_ids(offered)
    await erase(city, asker, id)
    # Before any worker has run:
    assert codes(await city.answer(writing, seat["id"])) == ["LEASE_ENDED"]
    assert codes(await city.claim(offered, offer)) == ["QUESTION_CLOSED"]
    await city.settle()
    assert await told(city, writing) == ["QUESTION_WITHDRAWN"]


FOLLOW = """subscription ($id: ID!) { questionUpdates(questionId: $id) {
  __typename ... on QuestionUpdates { question { status } } ... on Refused { reasons { code } } } }"""


async def test_live_screens_of_it_end_at_once(city: City) -> None:
    asker, id, (lawyer,) = await answered(city, 1)
    async with city.follow(asker, FOLLOW, id=id) as hers, city.follow(lawyer, FOLLOW, id=id) as theirs:
        for stream in (hers, theirs):
            data, _ = await anext(stream)
            assert data["questionUpdates"]["__typename"] == "QuestionUpdates"
        await erase(city, asker, id)
        for stream in (hers, theirs):
            async with asyncio.timeout(60):
                data, _ = await anext(stream)
            assert codes(data["questionUpdates"]) == ["NOT_FOUND"]
            assert [frame async for frame in stream] == []


async def test_a_supervisor_calls_nobody_back_any_more(city: City) -> None:
    supervisor = await city.person(Role.SUPERVISOR)
    asker, id, _ = await everything(city)
    tasks = "{ tasks(first: 9) { nodes { kind doneAt outcome } } }"
    await erase(city, asker, id)
    await city.settle()
    stands = await city.sql("SELECT kind, outcome, done_at IS NOT NULL FROM app.task")
    assert [tuple(row) for row in stands] == [("CALLBACK", "ERASED", True)]
    assert [t for t in (await city.one(supervisor, tasks))["nodes"] if not t["doneAt"]] == []


# Twice, and at once -----------------------------------------------------------------------------------------------


async def test_fifty_at_once_are_one_erasure(city: City) -> None:
    asker, id, _ = await answered(city, 1)

    async def until_done() -> Any:
        """Who waited for the lock in vain is told to try again, and does, as a client would."""
        said = {"id": id, "key": str(new_id())}
        while await city.errors(asker, ERASE, **said):
            await asyncio.sleep(0.05)
        return await erase(city, asker, id, said["key"])

    got = await asyncio.gather(*(until_done() for _ in range(50)))
    assert {made["__typename"] for made in got} == {"Erasure"}
    assert len({made["receipt"]["signature"] for made in got}) == 1
    assert (await happened(city, id)).count("QUESTION_ERASED") == 1


async def test_what_is_written_while_it_is_erased_is_gone_too(city: City) -> None:
    """Claims, answers, drafts, follow-ups, callbacks: each comes before it or is refused, and nothing is left."""
    claim = f"""mutation ($offer: ID!) {{
      claimOffer(input: {{offerId: $offer, idempotencyKey: "{new_id()}"}}) {{ __typename {REFUSED} }} }}"""
    for _ in range(6):
        asker, (first, second, third, fourth) = await city.resident(), await city.lawyers(4)
        id = await city.asked(asker, BODY)
        await city.settle()
        await city.answer(first, (await city.claim(first))["id"])
        await city.settle()
        writing, drafting = (await city.claim(second))["id"], (await city.claim(third))["id"]
        done, *got = await asyncio.gather(
            erase(city, asker, id),
            city.answer(second, writing),
            city.one(third, DRAFT, seat=drafting, content=CONTENT),
            city.one(fourth, claim, offer=(await city.offer_ids(fourth))[0]),  # and looks no further
            ask_back_or_not(city, asker, id),
            call_back(city, asker, id),
        )
        assert done["__typename"] == "Erasure"
        allowed = {"LEASE_ENDED", "QUESTION_CLOSED", "NOT_FOUND"}
        assert {code for payload in got for code in codes(payload)} <= allowed
        await city.pass_time(60)
        assert await city.sql("SELECT 1 FROM app.key") == []
        for table, column in (
            ("answer", "content"),
            ("answer_draft", "content"),
            ("message", "body"),
            ("petition", "body"),
        ):
            assert {bytes(v) for (v,) in await city.sql(f"SELECT {column} FROM app.{table}")} <= {b""}, table


async def test_a_draft_whose_question_goes_while_it_is_saved(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """Her seat was there when she looked, and is not when she writes."""
    asker, (lawyer,) = await city.resident(), await city.lawyers(1)
    id = await city.asked(asker, BODY)
    await city.settle()
    seat = (await city.claim(lawyer))["id"]

    async def slowly(*said: Any) -> Any:
        keys = await release(*said)
        assert keys
        assert (await erase(city, asker, id))["__typename"] == "Erasure"
        return keys

    monkeypatch.setattr(answering, "release", slowly)
    assert codes(await city.one(lawyer, DRAFT, seat=seat, content=CONTENT)) == ["LEASE_ENDED"]
    assert {bytes(content) for (content,) in await city.sql("SELECT content FROM app.answer_draft")} <= {b""}


async def ask_back_or_not(city: City, asker: Viewer, id: str) -> Any:
    said = {"questionId": id, "body": WORDS, "idempotencyKey": str(new_id())}
    ask = f"mutation ($input: AskFollowUpInput!) {{ askFollowUp(input: $input) {{ __typename {REFUSED} }} }}"
    return await city.one(asker, ask, input=said)


async def test_what_was_erased_today_was_asked_today(city: City) -> None:
    """Otherwise whoever asks and erases could call the lawyers of the city all day long."""
    asker, began = await city.resident(), await city.now()
    for _ in range(10):
        await erase(city, asker, await city.asked(asker))
    refused = await city.one(asker, ASK, input=question())
    assert codes(refused) == ["QUOTA_DAY"]
    a_day_later = (at + timedelta(days=1, minutes=1) for at in (began, await city.now()))
    assert any(f"{at.astimezone(CITY_TIME):%Y-%m-%d %H}" in refused["reasons"][0]["message"] for at in a_day_later)


# The receipt ------------------------------------------------------------------------------------------------------


async def test_anybody_verifies_the_receipt(city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asker, id, _ = await everything(city)
    made = await erase(city, asker, id)
    (key,) = await city.one(None, KEYS)
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps(made["receipt"]))
    assert verify_receipt.main([str(file), "--key", key["publicKey"]]) == 0
    said = capsys.readouterr().out
    assert "\nVERIFIED" in said
    assert "3 destroyed" in said
    document = json.loads(made["receipt"]["document"])
    assert document["question"] == str(uuid_of(id, "Question"))
    assert str(asker.id) not in made["receipt"]["document"]
    lasts = datetime.fromisoformat(made["backupsUntil"]) - datetime.fromisoformat(made["at"])
    assert lasts == timedelta(days=35)
    for was, becomes in (('"keys":3', '"keys":4'), ("ASKED", "RETENTION")):
        changed = made["receipt"] | {"document": made["receipt"]["document"].replace(was, becomes)}
        file.write_text(json.dumps(changed))
        assert verify_receipt.main([str(file), "--key", key["publicKey"]]) == 1
        assert "does not fit" in capsys.readouterr().out


async def test_the_receipt_is_shown_until_the_backups_have_lost_it(city: City) -> None:
    asker = await city.resident()
    id, key = await city.asked(asker), str(new_id())
    made = await erase(city, asker, id, key)
    await city.pass_time(timedelta(days=34))
    assert await erase(city, asker, id, key) == made
    node = "query ($id: ID!) { node(id: $id) { id } }"
    assert await city.one(asker, node, id=made["id"]) == {"id": made["id"]}
    assert await city.one(await city.resident(), node, id=made["id"]) is None
    await city.pass_time(timedelta(days=1))
    assert (await city.one(asker, ERASURES))["nodes"] == []
    assert codes(await erase(city, asker, id)) == ["NOT_FOUND"]


# Holds ------------------------------------------------------------------------------------------------------------


async def hold(city: City, subject: str, act: str = "place") -> int:
    said = [act, "--subject", subject, "--document", "济公网安〔2026〕12号", "--by", "法制科"]
    said += ["--why", "案件保全"] if act == "place" else []
    return await asyncio.to_thread(legal_hold.main, ["--owner-url", city.urls.owner, *said])


async def test_a_hold_keeps_a_question_and_all_that_is_a_persons(
    city: City, capsys: pytest.CaptureFixture[str]
) -> None:
    asker = await city.resident()
    first, second = await city.asked(asker), await city.asked(asker)
    assert await hold(city, first) == 0
    assert await hold(city, first) == 1  # it stands already
    assert codes(await erase(city, asker, first)) == ["LEGAL_HOLD"]
    assert (await erase(city, asker, second))["__typename"] == "Erasure"
    assert await hold(city, first, "lift") == 0
    third, me = await city.asked(asker), global_id("Viewer", asker.id)
    assert await hold(city, me) == 0
    for id in (first, third):
        assert codes(await erase(city, asker, id)) == ["LEGAL_HOLD"]
    capsys.readouterr()
    assert await asyncio.to_thread(legal_hold.main, ["--owner-url", city.urls.owner, "list"]) == 0
    assert str(asker.id) in capsys.readouterr().out
    assert await hold(city, me, "lift") == 0
    # As whoever has the order finds her: by her telephone, in the file that administrators see.
    assert await hold(city, file_id(asker)) == 0
    assert codes(await erase(city, asker, first)) == ["LEGAL_HOLD"]
    assert await hold(city, file_id(asker), "lift") == 0
    assert (await erase(city, asker, first))["__typename"] == "Erasure"
    assert await hold(city, global_id("Lawyer", asker.id)) == 1
    # A digit wrong is not taken for a hold that stands.
    capsys.readouterr()
    assert [await hold(city, global_id(kind, new_id())) for kind in ("Question", "Viewer", "PersonFile")] == [1] * 3
    assert "nothing is held" in capsys.readouterr().err
    assert await city.sql("SELECT 1 FROM app.legal_hold WHERE lifted_at IS NULL") == []


async def test_a_hold_opens_nothing_and_holds_in_raw_sql(city: City) -> None:
    asker, id, (lawyer,) = await answered(city, 1)
    await hold(city, id)
    question = uuid_of(id, "Question")
    gone = "UPDATE app.question SET status = 'ERASED' WHERE id = :q"
    receipt = """INSERT INTO app.erasure VALUES (:e, :q, 'ASKED', now(), now(), now(), '{}')"""
    for database, person in ((city.db, asker.id), (city.worker, NOBODY)):
        said = {"q": question, "e": new_id()}
        async with database.acting(person) as session:
            await session.rows(text(receipt if person else receipt.replace("ASKED", "RETENTION")), said)
            with pytest.raises(Exception, match="legal hold"):
                await session.rows(text(gone), {"q": question})
            await session.rollback()
    assert await attempt(city.owner, NOBODY, "SELECT body FROM app.question") == "rows=0"
    assert await attempt(city.db, lawyer.id, "SELECT subject FROM app.legal_hold") == "rows=0"
    assert await attempt(city.db, asker.id, "SELECT subject FROM app.legal_hold") == "rows=1"
    assert await attempt(city.db, asker.id, "SELECT why, document FROM app.legal_hold") == DENIED


async def test_a_hold_and_an_erasure_never_pass_each_other(city: City) -> None:
    for _ in range(8):
        asker = await city.resident()
        id = await city.asked(asker)
        made, placed = await asyncio.gather(erase(city, asker, id), hold(city, id))
        assert placed == 0
        status = (await city.sql("SELECT status FROM app.question WHERE id = :q", q=uuid_of(id, "Question")))[0][0]
        assert status == ("ERASED" if made["__typename"] == "Erasure" else "OPEN")
        assert codes(made) in ([], ["LEGAL_HOLD"])


# Past all of the house's code --------------------------------------------------------------------------------------


async def test_what_was_erased_stays_erased(city: City) -> None:
    asker, id, _ = await answered(city, 1)
    question: UUID = uuid_of(id, "Question")
    await erase(city, asker, id)
    for statement in (
        "UPDATE app.question SET status = 'OPEN' WHERE id = :q",
        "UPDATE app.question SET status_at = now() WHERE id = :q",
    ):
        assert await attempt(city.worker, NOBODY, statement, q=question) == DENIED
        assert await attempt(city.db, asker.id, statement, q=question) == "rows=0"
    named = """INSERT INTO app.question (id, asker, category, division, status, asked_at, policy, body, round, cleared)
        VALUES (gen_random_uuid(), :me, 'x', 'x', 'ERASED', now(), 1, '', 0, false)"""
    assert await attempt(city.super, NOBODY, named, me=asker.id) == "23514"
