"""What is written is sealed: to its key, to its place, and out of every dump."""

import asyncio
import base64
import json
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from app.consultation.actions import answering, asking, seats
from app.consultation.rules.asking import Ask
from app.core.access import Viewer
from app.core.db import now
from app.core.ids import new_id
from app.core.sealing import KeyProvider, digest, new_key, seal, unseal
from app.outside.keys import FileKeys
from tests.city import City
from tests.vault.bulk import residents
from tests.vault.dump import SPELLINGS, dump, runs, told
from tests.vault.stories import answer, stories

KEY, ROW = new_key(), new_id()


@given(st.text())
def test_what_was_sealed_opens_in_its_place(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return  # a lone surrogate is refused at the edge
    sealed = seal(KEY, text, "question", "body", ROW)
    assert unseal(KEY, sealed, "question", "body", ROW) == text
    assert seal(KEY, text, "question", "body", ROW) != sealed


@pytest.mark.parametrize(
    ("key", "table", "column", "row"),
    [
        (new_key(), "question", "body", ROW),
        (KEY, "answer", "body", ROW),
        (KEY, "question", "content", ROW),
        (KEY, "question", "body", new_id()),
    ],
    ids=["another key", "another table", "another column", "another row"],
)
def test_another_key_or_place_opens_nothing(key: bytes, table: str, column: str, row: UUID) -> None:
    sealed = seal(KEY, "老板拖欠我三个月工资", "question", "body", ROW)
    with pytest.raises(InvalidTag):
        unseal(key, sealed, table, column, row)


def test_a_changed_byte_opens_nothing() -> None:
    sealed = seal(KEY, "老板拖欠我三个月工资", "question", "body", ROW)
    for place in range(len(sealed)):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises((InvalidTag, ValueError)):
            unseal(KEY, changed, "question", "body", ROW)
    for short in (b"", sealed[:1], sealed[:13], sealed[:-1], sealed + b"\x00"):
        with pytest.raises((InvalidTag, ValueError)):
            unseal(KEY, short, "question", "body", ROW)


def test_a_wrapped_key_opens_for_its_own_subject_alone(keys_folder: Path) -> None:
    keys, subject = FileKeys(keys_folder), str(new_id())
    name, wrapped = keys.wrap(KEY, subject)
    assert keys.unwrap(name, wrapped, subject) == KEY
    with pytest.raises(InvalidTag):
        keys.unwrap(name, wrapped, str(new_id()))
    with pytest.raises(KeyError):
        keys.unwrap("another", wrapped, subject)


def test_equal_values_meet_under_one_secret_alone() -> None:
    assert digest(b"one", "138") == digest(b"one", "138")
    assert digest(b"one", "138") != digest(b"two", "138")
    assert digest(b"one", "138") != digest(b"one", "139")


def test_the_search_finds_a_run_in_every_spelling() -> None:
    """Otherwise a clean dump would prove nothing."""
    (run,) = runs(["包工头老张欠工钱"])
    for name, spell in SPELLINGS.items():
        assert name in told(b"before " + spell(run) + b" after", {run}), name
    for lead in range(3):
        assert told(base64.b64encode(b"x" * lead + run + b"y"), {run})
    assert told(json.dumps(run.decode()).encode(), {run})
    assert told(bytes(100_000), {run}) == set()


async def ask_all(city: City, people: list[Viewer], told_so: list[tuple[str, str]]) -> list[UUID]:
    keys, room = city.doors[KeyProvider], asyncio.Semaphore(10)

    async def ask(number: int, body: str, brief: str) -> UUID:
        viewer = people[number % len(people)]
        said = Ask(body=body, category="labour.wages", division="419001001", brief=brief)
        async with room, city.db.acting(viewer.id) as session:
            return (await asking.ask(session, viewer, keys, said, str(new_id()), now(session))).id

    return list(await asyncio.gather(*(ask(number, *story) for number, story in enumerate(told_so))))


@pytest.mark.anyio
async def test_a_dump_tells_no_eight_characters_of_five_hundred_questions(city: City) -> None:
    told_so, keys = stories(500), city.doors[KeyProvider]
    assert len({body for body, _ in told_so}) == 500
    asked = await ask_all(city, await residents(city, 170), told_so)
    assert len(set(asked)) == 500
    lawyers = await city.lawyers(5)
    await city.relay.sweep()
    answers = []
    for number, lawyer in enumerate(lawyers):
        first, second = await offered(city, lawyer, skip=2 * number)
        said = answer(number)
        async with city.db.acting(lawyer.id) as session:
            seat = await seats.claim(session, lawyer, keys, first, str(new_id()))
            await answering.deliver(session, lawyer, keys, seat, said, str(new_id()), now(session))
            seat = await seats.claim(session, lawyer, keys, second, str(new_id()))
            await answering.save_draft(session, lawyer, keys, seat, said, now(session))
        answers.append(said)
    needles = runs([part for story in told_so for part in story] + [said.model_dump_json() for said in answers])
    assert len(needles) > 3_000
    dumped = await dump(city)
    assert "济源某律师事务所".encode() in dumped  # it is a dump, and public names are in the clear
    assert told(dumped, needles) == set()


async def offered(city: City, lawyer: Viewer, skip: int) -> list[UUID]:
    """Two of the questions that she may take; another lawyer takes others."""
    wanted = "SELECT question FROM app.offer WHERE lawyer = :me ORDER BY question LIMIT 2 OFFSET :skip"
    return [question for (question,) in await city.sql(wanted, me=lawyer.id, skip=skip)]
