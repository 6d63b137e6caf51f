"""Who waits for a lock in vain is told to try again, and nothing was changed."""

import pytest
from sqlalchemy import text

from app.core.db import NOBODY
from tests.city import City

pytestmark = pytest.mark.anyio

WITHDRAW = """mutation ($input: WithdrawQuestionInput!) { withdrawQuestion(input: $input) {
  ... on Question { status } ... on Refused { reasons { code } } } }"""


async def test_a_lock_that_is_held_too_long(city: City) -> None:
    asker = await city.resident()
    question = await city.asked(asker)
    ask = {"input": {"questionId": question}}
    async with city.super.acting(NOBODY) as session:
        await session.rows(text("SELECT 1 FROM app.dispatch FOR UPDATE"))
        await session.rows(text("SELECT 1 FROM app.question FOR UPDATE"))
        (error,) = await city.errors(asker, WITHDRAW, **ask)
    assert error["extensions"]["code"] == "BUSY"
    assert (await city.run(asker, WITHDRAW, **ask))["withdrawQuestion"]["status"] == "WITHDRAWN"
