"""The promise kept, broken and paused, as the asker, the public and whoever holds a receipt see it."""

import asyncio
import json
import statistics
from contextlib import AsyncExitStack
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import ProgrammingError

from app.consultation.actions import record
from app.consultation.models import PromiseFact
from app.consultation.reads.record import log
from app.consultation.rules.promise import Happened, Promise, promise
from app.consultation.rules.promise import QuestionEventKind as K
from app.consultation.rules.receipt import Logged
from app.core import feed
from app.core.access import Viewer
from app.core.db import NOBODY, now
from app.core.ids import new_id
from app.graph.ids import global_id, uuid_of
from app.places.rules.workdays import today
from scripts.verify_receipt import main
from tests.city import City
from tests.consultation.test_rules import POLICY
from tests.sockets import served

pytestmark = pytest.mark.anyio

MARKS = "{ of came within withinWall share medianSeconds p95Seconds medianWallSeconds p95WallSeconds }"
RECORD = f"""query ($from: Date!, $to: Date!) {{ promiseRecord(from: $from, to: $to) {{
  from to questions withdrawn recategorised breaches open pausedQuestions pausedSecondsTotal
  firstAnswer {MARKS} thirdAnswer {MARKS} log {{ entries head computedAt }} }} }}"""
MARK = "{ dueAt reachedAt late wallSeconds pausedSeconds }"
PROMISE = f"""query ($id: ID!) {{ question(id: $id) {{ askedAt promise {{ answersPromised answersDelivered pausedSince
  pauses {{ from until lawyer {{ name }} }} firstAnswer {MARK} lastAnswer {MARK} }} }} }}"""
RECEIPT = """query ($id: ID!) { question(id: $id) { receipt { document signature keyId entries head issuedAt } } }"""


REQUEST = """mutation ($input: RequestInformationInput!) { requestInformation(input: $input) {
  __typename ... on Inquiry { id } } }"""
CORRECT = "mutation ($input: RecategoriseQuestionInput!) { recategoriseQuestion(input: $input) { __typename } }"
ERASE = "mutation ($input: EraseQuestionInput!) { eraseQuestion(input: $input) { __typename } }"
GIVE = "mutation ($input: GiveInformationInput!) { giveInformation(input: $input) { __typename } }"


async def published(city: City, first: date | None = None, last: date | None = None) -> Any:
    day = today(await city.now())
    since = first or day - timedelta(days=1)  # a story that is told around midnight is of two days
    return await city.one(None, RECORD, **{"from": str(since), "to": str(last or day)})


async def asked(city: City, lawyers: int = 3) -> tuple[Viewer, str, list[Viewer]]:
    called = await city.lawyers(lawyers)
    asker = await city.resident()
    question = await city.asked(asker)
    await city.settle()
    return asker, question, called


async def answered(city: City, *lawyers: Viewer) -> None:
    for lawyer in lawyers:
        await city.answer(lawyer, (await city.claim(lawyer))["id"])
    await city.settle()


async def asks_back(city: City, lawyer: Viewer, question: str) -> str:
    said = {"questionId": question, "text": "合同是哪一天签的？", "idempotencyKey": str(new_id())}
    id: str = (await city.one(lawyer, REQUEST, input=said))["id"]
    await city.settle()
    return id


async def replies(city: City, asker: Viewer, inquiry: str) -> None:
    said = {"inquiryId": inquiry, "body": "去年三月一日。", "idempotencyKey": str(new_id())}
    assert (await city.one(asker, GIVE, input=said))["__typename"] == "Inquiry"
    await city.settle()


async def fact_of(city: City, question: str) -> Any:
    (fact,) = await city.sql("SELECT * FROM app.promise_fact WHERE question = :id", id=uuid_of(question, "Question"))
    return fact


# What the public sees. --------------------------------------------------------------------------------------------


async def test_a_promise_that_was_kept(city: City) -> None:
    _, _, lawyers = await asked(city)
    assert (await published(city))["open"] == 1
    await city.turn_seconds(100)
    await answered(city, lawyers[0])
    await city.turn_seconds(200)
    await answered(city, *lawyers[1:])
    told = await published(city)
    assert (told["questions"], told["withdrawn"], told["breaches"], told["open"]) == (1, 0, 0, 0)
    first, third = told["firstAnswer"], told["thirdAnswer"]
    assert (first["within"], first["of"], first["share"]) == (1, 1, 1.0)
    assert (third["within"], third["withinWall"], third["came"], third["of"]) == (1, 1, 1, 1)
    assert 100 <= first["medianSeconds"] < 300 <= third["medianSeconds"] < 360
    assert first["medianSeconds"] == first["medianWallSeconds"] == first["p95Seconds"]
    assert told["log"]["entries"] > 3
    assert len(told["log"]["head"]) == 64


async def test_what_was_asked_under_another_category_than_it_is_about_is_counted(city: City) -> None:
    """Also after its asker erased it: the log alone tells it."""
    asker, question, (lawyer, _) = await asked(city, 2)
    other = await city.asked(await city.resident())
    await city.claim(lawyer)
    assert (await published(city))["recategorised"] == 0
    entries = (await published(city))["log"]["entries"]
    correct = {"questionId": question, "categoryId": global_id("Category", "contract"), "idempotencyKey": str(new_id())}
    assert (await city.one(lawyer, CORRECT, input=correct))["__typename"] == "Question"
    await city.settle()
    told = await published(city)
    assert (told["questions"], told["recategorised"]) == (2, 1)
    assert told["log"]["entries"] > entries
    assert not (await fact_of(city, other)).recategorised
    gone = {"questionId": question, "idempotencyKey": str(new_id())}
    assert (await city.one(asker, ERASE, input=gone))["__typename"] == "Erasure"
    await city.settle()
    assert (await published(city))["recategorised"] == 1


async def test_a_promise_that_was_broken_is_seen_the_second_it_is(city: City) -> None:
    """By the clock alone, before any worker has looked."""
    _, _, lawyers = await asked(city)
    await answered(city, lawyers[0])
    await city.turn_seconds(590)
    assert ((await published(city))["breaches"], (await published(city))["open"]) == (0, 1)
    await city.turn_seconds(60)
    broken = await published(city)
    assert (broken["breaches"], broken["open"]) == (1, 0)
    assert (broken["thirdAnswer"]["of"], broken["thirdAnswer"]["came"], broken["thirdAnswer"]["share"]) == (1, 0, 0.0)
    assert broken["thirdAnswer"]["medianSeconds"] is None
    await city.settle()
    await answered(city, *lawyers[1:])
    late = await published(city)
    assert (late["breaches"], late["thirdAnswer"]["came"], late["thirdAnswer"]["within"]) == (1, 1, 0)
    assert late["firstAnswer"]["within"] == 1


async def test_who_takes_a_question_back_stays_in_the_denominator(city: City) -> None:
    asker, question, lawyers = await asked(city)
    await answered(city, lawyers[0])
    await city.one(
        asker, "mutation ($id: ID!) { withdrawQuestion(input: {questionId: $id}) { __typename } }", id=question
    )
    await city.pass_time(7200)
    told = await published(city)
    assert (told["questions"], told["withdrawn"], told["open"], told["breaches"]) == (1, 1, 0, 0)
    assert (told["firstAnswer"]["of"], told["firstAnswer"]["within"]) == (1, 1)
    assert (told["thirdAnswer"]["of"], told["thirdAnswer"]["within"], told["thirdAnswer"]["share"]) == (1, 0, 0.0)


async def test_nobody_stops_the_promise_unseen(city: City) -> None:
    """In time by the clock with its pauses, late by the one on the wall: both figures stand side by side."""
    asker, question, lawyers = await asked(city)
    await city.turn_seconds(60)
    seat = (await city.claim(lawyers[0]))["id"]
    inquiry = await asks_back(city, lawyers[0], question)
    await city.turn_seconds(1000)
    waiting = await city.one(asker, PROMISE, id=question)
    assert waiting["promise"]["pausedSince"]
    assert waiting["promise"]["lastAnswer"]["dueAt"] is None
    assert not waiting["promise"]["lastAnswer"]["late"]
    assert 1000 <= waiting["promise"]["lastAnswer"]["pausedSeconds"] < 1060
    told = await published(city)
    assert (told["open"], told["breaches"], told["pausedQuestions"]) == (1, 0, 1)
    assert 1000 <= told["pausedSecondsTotal"] < 1060

    await replies(city, asker, inquiry)
    await city.turn_seconds(100)
    await city.answer(lawyers[0], seat)
    await answered(city, *lawyers[1:])
    third = (await published(city))["thirdAnswer"]
    assert (third["within"], third["withinWall"], third["of"]) == (1, 0, 1)
    assert third["medianSeconds"] < 300
    assert third["medianWallSeconds"] > 1150
    kept = (await city.one(asker, PROMISE, id=question))["promise"]
    assert kept["pausedSince"] is None
    assert not kept["lastAnswer"]["late"]
    (pause,) = kept["pauses"]
    stood = datetime.fromisoformat(pause["until"]) - datetime.fromisoformat(pause["from"])
    assert stood.total_seconds() == kept["lastAnswer"]["pausedSeconds"]
    assert pause["lawyer"] == {"name": "李律师"}


async def test_days_are_the_citys_and_bounded(city: City) -> None:
    day = today(await city.now())
    await asked(city)
    await city.turn(timedelta(days=1))
    assert (await published(city, day, day))["questions"] == 1
    assert (await published(city, day + timedelta(days=1)))["questions"] == 0
    assert (await published(city, day - timedelta(days=398)))["questions"] == 1
    for first, last, code in (
        (day, day - timedelta(days=1), "TURNED_ROUND"),
        (day, day + timedelta(days=2), "NOT_YET"),
        (day - timedelta(days=399), day + timedelta(days=1), "TOO_MANY_DAYS"),
    ):
        (error,) = await city.errors(None, RECORD, **{"from": str(first), "to": str(last)})
        assert error["extensions"]["code"] == code


async def test_a_city_without_questions_has_no_shares(city: City) -> None:
    told = await published(city)
    assert told["questions"] == told["log"]["entries"] == 0
    assert told["firstAnswer"]["share"] is None
    assert told["thirdAnswer"]["p95WallSeconds"] is None


# Where the figures come from. -------------------------------------------------------------------------------------


async def test_the_rows_stay_behind_the_door(city: City) -> None:
    await asked(city)
    for statement in ("SELECT question FROM app.promise_fact", "UPDATE app.promise_fact SET third_at = now()"):
        async with city.db.acting(NOBODY) as session:
            with pytest.raises(ProgrammingError, match="permission denied"):
                await session.rows(text(statement))


def life(chance: Random, begin: datetime) -> list[Logged]:
    """A question's log of any shape, until some time before it is read."""
    happened: list[tuple[float, K, dict[str, Any]]] = [(0, K.QUESTION_ASKED, {})]
    for n in range(chance.choice([0, 2, 4, 5])):
        happened.append((chance.uniform(1, 1500), K.ANSWER_DELIVERED, {"answer": str(n), "counts": n != 1}))
    for n in range(chance.choice([0, 0, 1, 2])):
        wanted = chance.uniform(1, 900)
        happened.append((wanted, K.INFORMATION_WANTED, {"inquiry": str(n)}))
        if chance.random() < 0.8:
            happened.append((wanted + chance.uniform(0, 900), K.INFORMATION_GIVEN, {"inquiry": str(n)}))
    if chance.random() < 0.2:
        over = chance.choice([K.QUESTION_WITHDRAWN, K.QUESTION_RESOLVED])
        happened.append((chance.uniform(1, 1500), over, {}))
    return [Logged(kind, begin + timedelta(seconds=at), ids) for at, kind, ids in sorted(happened, key=lambda h: h[0])]


async def test_the_figures_are_those_of_the_clocks(city: City) -> None:
    """Two hundred lives: what the database counts is what the pure clock says of each, counted by hand."""
    chance, moment = Random(7), await city.now()
    logs = {new_id(): life(chance, moment - timedelta(seconds=chance.uniform(0, 3000))) for _ in range(200)}
    logs = {id: [row for row in rows if row.at <= moment] for id, rows in logs.items()}
    facts = [{"question": id, "computed_at": moment, **record.fact(id, rows, POLICY)} for id, rows in logs.items()]
    async with city.worker.acting(NOBODY) as session:
        await session.rows(insert(PromiseFact).inline(), facts)
    told = await published(city, today(moment) - timedelta(days=1))
    seen = datetime.fromisoformat(told["log"]["computedAt"])
    clocks = [promise([Happened.of(*row) for row in rows], POLICY) for rows in logs.values()]

    assert told["questions"] == 200
    assert told["withdrawn"] == sum(kept.withdrawn_at is not None for kept in clocks)
    assert told["breaches"] == sum(kept.last.missed(seen) for kept in clocks)
    assert told["open"] == sum(not (kept.last.stopped_at or kept.last.missed(seen)) for kept in clocks)
    paused = [kept.paused(kept.last.until(seen)).total_seconds() for kept in clocks]
    assert told["pausedQuestions"] == sum(one > 0 for one in paused)
    assert told["pausedSecondsTotal"] == pytest.approx(sum(paused), abs=0.01)
    assert told["log"]["entries"] == sum(map(len, logs.values()))
    for name, attribute in (("firstAnswer", "first"), ("thirdAnswer", "last")):
        by_hand(told[name], clocks, attribute, seen)


def by_hand(told: dict[str, Any], clocks: list[Promise], attribute: str, seen: datetime) -> None:
    marks = [(kept, getattr(kept, attribute)) for kept in clocks]
    came = [(kept, mark) for kept, mark in marks if mark.reached_at]
    assert told["of"] == sum(bool(mark.stopped_at) or kept.last.missed(seen) for kept, mark in marks)
    assert told["came"] == len(came) > 20
    assert told["within"] == sum(not mark.late for _, mark in came) > 20
    assert told["share"] == told["within"] / told["of"]
    wall = [(mark.reached_at - kept.asked_at).total_seconds() for kept, mark in came]
    ran = [kept.elapsed(mark.reached_at).total_seconds() for kept, mark in came]
    assert told["withinWall"] == sum(one <= 600 for one in wall)
    for values, median, p95 in ((ran, "medianSeconds", "p95Seconds"), (wall, "medianWallSeconds", "p95WallSeconds")):
        assert told[median] == pytest.approx(statistics.median(values), abs=1e-3)
        assert told[p95] == pytest.approx(statistics.quantiles(values, n=20, method="inclusive")[18], abs=1e-3)


async def wholly_noted(city: City) -> None:
    """Of a log that may still grow the rest is noted a second later; other cities on this server may hold it up."""
    while await city.sql("SELECT 1 FROM app.outbox WHERE kind = 'LogGrew' AND done_at IS NULL"):
        await city.pass_time(1)


async def test_twenty_who_note_at_once_note_the_same(city: City) -> None:
    _, question, lawyers = await asked(city)
    await answered(city, *lawyers)
    id = uuid_of(question, "Question")
    await wholly_noted(city)
    before = (await fact_of(city, question))._asdict()
    await city.sql("UPDATE app.promise_fact SET third_at = NULL, log_count = 0, log_head = ''")

    async def note() -> None:
        async with city.worker.acting(NOBODY) as session:
            await record.note(session, id, now(session))

    await asyncio.gather(*(note() for _ in range(20)))
    await wholly_noted(city)
    after = (await fact_of(city, question))._asdict()
    assert {**after, "computed_at": None} == {**before, "computed_at": None}


async def test_what_is_not_in_its_final_order_yet_is_noted_a_second_later(city: City) -> None:
    """An older transaction is still writing: its entry may come to lie before those that are there already."""
    _, question, lawyers = await asked(city)
    id = uuid_of(question, "Question")
    async with AsyncExitStack() as stack:
        slow = await stack.enter_async_context(city.worker.acting(NOBODY))
        await feed.show(slow, K.WAVE_SENT, subject=id, wave=3, offers=1)
        await answered(city, lawyers[0])
        async with city.worker.acting(NOBODY) as session:
            seen = await log(session, id)
        assert seen.grows
        fact = await fact_of(city, question)
        assert (fact.first_at, fact.log_count) == (None, len(seen.rows))
    await city.pass_time(1)
    fact = await fact_of(city, question)
    assert fact.first_at is not None
    assert fact.log_count > len(seen.rows)
    async with city.worker.acting(NOBODY) as session:
        kinds = [row.kind for row in (await log(session, id)).rows]
    assert kinds.index(K.WAVE_SENT) < kinds.index(K.ANSWER_DELIVERED)


async def test_one_days_record_is_read_by_its_index(city: City) -> None:
    day = datetime(2026, 1, 5)  # noqa: DTZ001 (the city's)
    await city.sql(
        """INSERT INTO app.promise_fact SELECT gen_random_uuid(), CAST(:day AS timestamp) + n * interval '1 hour',
               '600 s', NULL, NULL, NULL, '0', '0', NULL, NULL, NULL, 3, sha256(n::text::bytea), now()
           FROM generate_series(-5000, 5000) n""",
        day=day,
    )
    await city.sql("ANALYZE app.promise_fact")
    counts = text("SELECT seq_scan, idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'promise_fact'")
    for _ in range(7):  # as the plan is made for these days, and for any
        async with city.db.acting(NOBODY) as session:
            before = (await session.rows(counts)).one()
            await session.rows(text("SELECT * FROM door.promise_record('2026-01-05', '2026-01-05')"))
            after = (await session.rows(counts)).one()
        assert (after.seq_scan - before.seq_scan, after.idx_tup_fetch - before.idx_tup_fetch) == (0, 24)


# The receipt. -----------------------------------------------------------------------------------------------------


async def receipt_of(city: City, viewer: Viewer, question: str) -> Any:
    found = await city.one(viewer, RECEIPT, id=question)
    return found["receipt"] if found else None


async def test_only_who_asked_is_given_the_receipt(city: City) -> None:
    asker, question, lawyers = await asked(city)
    await answered(city, lawyers[0])
    seated = await city.claim(lawyers[1])
    assert seated["question"]["id"] == question
    assert await receipt_of(city, asker, question)
    for lawyer in lawyers[:2]:
        assert (await city.one(lawyer, RECEIPT, id=question)) == {"receipt": None}
    assert await city.one(await city.resident(), RECEIPT, id=question) is None

    child = await city.resident()
    id = uuid_of(question, "Question")
    await city.sql("INSERT INTO app.reader VALUES (:id, :child, 'delegate', now(), 'infinity')", id=id, child=child.id)
    assert (await receipt_of(city, child, question))["document"]
    await city.sql("UPDATE app.reader SET until = now() - interval '1 s' WHERE person = :child", child=child.id)
    assert await receipt_of(city, child, question) is None


async def test_the_receipt_names_nobody_and_carries_every_entry(city: City) -> None:
    asker, question, lawyers = await asked(city)
    await answered(city, *lawyers)
    told = await receipt_of(city, asker, question)
    document = json.loads(told["document"])
    kinds = [
        row[0]
        for row in await city.sql(
            "SELECT kind FROM app.feed WHERE subject = :id ORDER BY xid, id", id=uuid_of(question, "Question")
        )
    ]
    assert [entry["kind"] for entry in document["entries"]] == kinds
    assert told["entries"] == len(kinds)
    ids = await city.sql("SELECT id FROM app.seat UNION SELECT id FROM app.answer UNION SELECT id FROM app.person")
    assert len(ids) == 10
    assert not any(str(id) in told["document"] for (id,) in ids)


async def test_the_city_publishes_no_figure_that_the_log_does_not_carry(city: City) -> None:
    """The head that stands behind the figures is the one in the asker's hands, at the same length."""
    asker, question, lawyers = await asked(city)
    for step in range(3):
        await answered(city, lawyers[step])
        async with city.worker.acting(NOBODY) as session:  # not of the promise: the fact does not follow the log
            await feed.show(session, K.BEST_CHOSEN, subject=uuid_of(question, "Question"))
        fact, told = await fact_of(city, question), await receipt_of(city, asker, question)
        entries = json.loads(told["document"])["entries"]
        assert fact.log_count < told["entries"]
        assert entries[fact.log_count - 1]["hash"] == fact.log_head.hex()
        assert entries[-1]["hash"] == told["head"]
    only = await published(city)
    (head,) = await city.sql("SELECT sha256(log_head) FROM app.promise_fact")
    assert (only["log"]["head"], only["log"]["entries"]) == (head[0].hex(), fact.log_count)


async def test_anybody_verifies_it_and_that_it_continues_an_earlier_one(
    city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asker, question, lawyers = await asked(city)
    await answered(city, lawyers[0])
    earlier, later = tmp_path / "earlier", tmp_path / "later"
    earlier.write_text(json.dumps(await receipt_of(city, asker, question)))
    await city.turn_seconds(700)
    await answered(city, *lawyers[1:])
    later.write_text(json.dumps(await receipt_of(city, asker, question)))
    (key,) = await city.one(None, "{ receiptKeys { id publicKey } }")
    assert json.loads(later.read_text())["keyId"] == key["id"]

    async with served(city) as url:
        server = url.removesuffix("/graphql")
        asking = [str(later), "--server", server, "--extends", str(earlier)]
        assert await asyncio.to_thread(main, asking) == 0
    told = capsys.readouterr().out
    assert "kept" in told
    assert "LATE" in told
    assert main([str(later), "--key", key["publicKey"], "--extends", str(earlier)]) == 0
    assert main([str(earlier), "--key", key["publicKey"], "--extends", str(later)]) == 1


async def test_a_receipt_costs_two_statements_more(city: City) -> None:
    asker, question, lawyers = await asked(city)
    await answered(city, *lawyers)
    with city.statements() as bare:
        await city.one(asker, "query ($id: ID!) { question(id: $id) { status } }", id=question)
    with city.statements() as whole:
        await city.one(asker, RECEIPT, id=question)
    assert len(whole) - len(bare) <= 2, whole
    with city.statements() as promised:
        await city.one(asker, PROMISE, id=question)
    assert len(promised) - len(bare) <= 2, promised
