"""Twice the same request makes one thing."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import Refused
from app.core.idempotency import once
from app.core.ids import new_id
from tests.city import ASK, City, codes, question
from tests.core.transactions import begun

SECRET = b"of this test"


class Wish(BaseModel):
    words: str = "the same"


async def ask(city: City, viewer: Viewer, key: str, **said: Any) -> Any:
    return await city.one(viewer, ASK, input=question() | {"idempotencyKey": key} | said)


async def first(session: Session, key: str, wish: Wish | None = None, operation: str = "wish") -> UUID | None:
    return await once(session, SECRET, key, wish or Wish(), operation, new_id())


async def refusal(city: City, viewer: Viewer, key: str, **how: Any) -> str:
    async with begun(city, viewer) as session:
        with pytest.raises(Refused) as refused:
            await first(session, key, **how)
    (reason,) = refused.value.reasons
    assert reason.field == "idempotencyKey"
    return reason.code.name


@pytest.mark.anyio
async def test_fifty_equal_questions_are_one(city: City) -> None:
    asker, key = await city.resident(), str(new_id())
    made = await asyncio.gather(*(ask(city, asker, key) for _ in range(50)))
    assert len({each["id"] for each in made}) == 1
    assert await city.sql("SELECT count(*) FROM app.question WHERE asker = :me", me=asker.id) == [(1,)]
    told = "SELECT count(*) FROM app.outbox WHERE kind = 'QuestionAsked'"
    assert await city.sql(told) == [(1,)]


@pytest.mark.anyio
async def test_a_repeat_is_answered_as_things_stand_now(city: City) -> None:
    """Not as they stood: no answer is stored, only which node it was about."""
    asker, key = await city.resident(), str(new_id())
    made = await ask(city, asker, key)
    await city.one(
        asker, "mutation ($id: ID!) { withdrawQuestion(input: {questionId: $id}) { __typename } }", id=made["id"]
    )
    assert await ask(city, asker, key) == made | {"status": "WITHDRAWN"}


@pytest.mark.anyio
async def test_a_key_serves_one_request_of_one_person(city: City) -> None:
    asker, other, key = await city.resident(), await city.resident(), str(new_id())
    made = await ask(city, asker, key)
    assert codes(await ask(city, asker, key, body="另一个问题，与上一个不同。")) == ["KEY_REUSED"]
    assert codes(await ask(city, asker, key, divisionCode="419001002")) == ["KEY_REUSED"]
    assert (await ask(city, other, key, body="另一个问题，与上一个不同。"))["id"] != made["id"]
    assert (await ask(city, asker, key))["id"] == made["id"]


@pytest.mark.anyio
async def test_a_key_belongs_to_its_operation(city: City) -> None:
    viewer, key = await city.resident(), str(new_id())
    async with city.db.acting(viewer.id) as session:
        assert await first(session, key) is None
        assert await first(session, key) is not None
    assert await refusal(city, viewer, key, operation="another") == "KEY_REUSED"
    assert await refusal(city, viewer, key, wish=Wish(words="another")) == "KEY_REUSED"


@pytest.mark.anyio
async def test_a_refused_request_leaves_its_key_free(city: City) -> None:
    """Nothing was made, and the same request may succeed later."""
    asker, key = await city.resident(), str(new_id())
    open_now = [await city.asked(asker) for _ in range(3)]
    assert codes(await ask(city, asker, key)) == ["QUOTA_OPEN"]
    await city.one(
        asker, "mutation ($id: ID!) { withdrawQuestion(input: {questionId: $id}) { __typename } }", id=open_now[0]
    )
    made = await ask(city, asker, key)
    assert made["__typename"] == "Question"
    assert made["id"] not in open_now


@pytest.mark.anyio
@pytest.mark.parametrize("ending", ["commit", "rollback"])
async def test_a_twin_in_flight_is_waited_for(city: City, ending: str) -> None:
    viewer, key = await city.resident(), str(new_id())

    async def twin() -> UUID | None:
        async with city.db.acting(viewer.id) as session:
            return await first(session, key)

    async with begun(city, viewer) as session:
        made = new_id()
        assert await once(session, SECRET, key, Wish(), "wish", made) is None
        waiting = asyncio.create_task(twin())
        await asyncio.sleep(0.2)
        assert not waiting.done()
        await getattr(session, ending)()
    assert await waiting == (made if ending == "commit" else None)


@pytest.mark.anyio
async def test_a_key_is_short_and_plain(city: City) -> None:
    viewer = await city.resident()
    for key in ("", "1234567", "x" * 65, "with blank", "键键键键键键键键", "é" * 8, "a;drop--table", "\x00" * 8):
        assert await refusal(city, viewer, key) == "BAD_KEY", key
    assert codes(await ask(city, viewer, "short")) == ["BAD_KEY"]


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_different_words_have_different_inputs(one: str, other: str) -> None:
    """What is compared is the whole input, spelled out: no two inputs run into each other."""
    same = Wish(words=one).model_dump_json() == Wish(words=other).model_dump_json()
    assert same == (one == other)
