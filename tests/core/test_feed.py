"""News in order: a cursor loses nothing, whoever is slow to commit."""

import asyncio
import base64
from collections.abc import Sequence
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.consultation.rules.promise import QuestionEventKind
from app.core import feed
from app.core.access import Viewer
from app.core.errors import Refused
from app.core.feed import START, Cursor, cursor
from app.core.ids import new_id
from tests.city import City
from tests.core.transactions import begun
from tests.vault.scene import key_of

WRITERS, EACH = 8, 40
UPDATES = """subscription ($id: ID!, $after: String) { questionUpdates(questionId: $id, after: $after) {
    ... on QuestionUpdates { cursor events { kind cursor } } } }"""


async def write(city: City, asker: Viewer, question: UUID, random: Random) -> None:
    """News of this question, each committed a little later than it was numbered."""
    for _ in range(EACH):
        async with city.db.acting(asker.id) as session:
            await feed.show(session, QuestionEventKind.LEASE_EXTENDED, subject=question)
            await asyncio.sleep(random.random() * 0.015)


async def poll(city: City, asker: Viewer, question: UUID, written: asyncio.Event) -> list[str]:
    """The cursor goes out to the client and comes back with each look."""
    seen: list[str] = []
    after = str(START)
    while True:
        last = written.is_set()
        async with city.db.acting(asker.id) as session:
            rows, pending = await feed.of_subject(session, cursor(after) or START, question)
        seen += [str(feed.at(row)) for row in rows]
        after = seen[-1] if seen else after
        if last and not rows and not pending:
            return seen
        await asyncio.sleep(0.003)


async def follow(city: City, asker: Viewer, id: str, written: asyncio.Event, expected: int) -> list[str]:
    """A live stream that is cut after every few frames and taken up again from its last cursor."""
    seen: list[str] = []
    after = str(START)
    while len(seen) < expected or not written.is_set():
        async with city.follow(asker, UPDATES, id=id, after=after) as frames:
            for _ in range(3):
                data, errors = await asyncio.wait_for(anext(frames), 60)
                assert errors is None
                frame = data["questionUpdates"]
                seen += [event["cursor"] for event in frame["events"]]
                after = frame["cursor"]
                if len(seen) >= expected:
                    break
    return seen


@pytest.mark.anyio
async def test_a_cursor_loses_nothing_with_eight_writers_and_many_reconnects(city: City) -> None:
    asker = await city.resident()
    id = await city.asked(asker)
    question, written, expected = key_of(id), asyncio.Event(), WRITERS * EACH + 1
    looking = asyncio.gather(
        poll(city, asker, question, written),
        follow(city, asker, id, written, expected),
    )
    await asyncio.gather(*(write(city, asker, question, Random(number)) for number in range(WRITERS)))
    written.set()
    polled, followed = await looking
    assert len(polled) == len(set(polled)) == expected
    assert followed == polled  # the same news in the same order, and none of them twice


@pytest.mark.anyio
async def test_what_a_slower_writer_numbered_first_is_waited_for(city: City) -> None:
    asker = await city.resident()
    question = key_of(await city.asked(asker))
    async with city.db.acting(asker.id) as session:
        (asked,), _ = await feed.of_subject(session, START, question)
    after = feed.at(asked)

    async def look() -> tuple[Sequence[Any], bool]:
        async with city.db.acting(asker.id) as session:
            return await feed.of_subject(session, after, question)

    async with begun(city, asker) as slow:
        await feed.show(slow, "SLOW", subject=question)
        async with city.db.acting(asker.id) as quick:
            await feed.show(quick, "QUICK", subject=question)
        assert await look() == ([], True)  # there is more, and its order is not settled yet
        await slow.commit()
    rows, pending = await look()
    assert [row.kind for row in rows] == ["SLOW", "QUICK"]
    assert not pending


@pytest.mark.anyio
async def test_what_was_rolled_back_is_not_told_and_holds_nobody_up(city: City) -> None:
    asker = await city.resident()
    question = key_of(await city.asked(asker))
    async with begun(city, asker) as session:
        await feed.show(session, "NEVER", subject=question)
        await session.rollback()
    async with city.db.acting(asker.id) as session:
        await feed.show(session, "INDEED", subject=question)
    async with city.db.acting(asker.id) as session:
        rows, pending = await feed.of_subject(session, START, question)
    assert [row.kind for row in rows] == ["QUESTION_ASKED", "INDEED"]
    assert not pending


@pytest.mark.anyio
async def test_who_begins_now_hears_only_what_comes(city: City) -> None:
    """A cursor taken now stands before everything that is not yet visible, and after all that is."""
    asker = await city.resident()
    question = key_of(await city.asked(asker))
    async with begun(city, asker) as slow:
        await feed.show(slow, "SLOW", subject=question)
        async with city.db.acting(asker.id) as session:
            now = await feed.latest(session)
        await slow.commit()
    async with city.db.acting(asker.id) as session:
        rows, _ = await feed.of_subject(session, now, question)
    assert [row.kind for row in rows] == ["SLOW"]


@pytest.mark.anyio
async def test_a_persons_news_are_hers_and_of_the_kinds_she_asks_for(city: City) -> None:
    me, other = await city.resident(), await city.resident()
    async with city.worker.acting("") as session:
        for kind in ("NOTICE", "OFFERED", "NOTICE"):
            await feed.show(session, kind, people=[me.id, other.id], notice=new_id())
        await feed.show(session, "NOTICE", people=[], notice=new_id())
    async with city.db.acting(me.id) as session:
        rows, _ = await feed.of_person(session, START, me.id, ["NOTICE"])
        foreign, _ = await feed.of_person(session, START, other.id, ["NOTICE"])
    assert [row.kind for row in rows] == ["NOTICE", "NOTICE"]
    assert foreign == []


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1))
def test_a_cursor_comes_back_as_it_went(xid: int, id: int) -> None:
    assert cursor(str(Cursor(xid, id))) == Cursor(xid, id)


def code_of(said: str) -> str | None:
    try:
        found = cursor(said)
    except Refused as refused:
        (reason,) = refused.reasons
        assert reason.field == "after"
        return reason.code.name
    assert str(found) == said
    return None


@given(st.one_of(st.text(), st.from_regex(r"[A-Za-z0-9_\-=]{0,40}"), st.binary().map(lambda b: b.decode("latin-1"))))
def test_what_this_house_never_gave_is_refused(said: str) -> None:
    """Or it is, by chance, just as this house spells one."""
    assert code_of(said) in (None, "BAD_CURSOR")


@pytest.mark.parametrize(
    "inside", ["", ".", "1", "1.", ".1", "-1.1", "1.-1", "+1.1", " 1.1", "1.1 ", "1_0.1", "01.1", "１.1"]
)
def test_a_number_is_spelled_in_one_way(inside: str) -> None:
    said = base64.urlsafe_b64encode(inside.encode()).decode().rstrip("=")
    assert code_of(said) == "BAD_CURSOR"


def test_numbers_that_no_database_gives_are_refused() -> None:
    for xid, id in ((2**63, 0), (0, 2**63), (10**400, 1)):
        assert code_of(str(Cursor(xid, id))) == "BAD_CURSOR"
    for padded in (str(START) + "=", str(START) + "\n", "é", "\x00", "\ud800"):
        assert code_of(padded) == "BAD_CURSOR"
    assert cursor(None) is None
