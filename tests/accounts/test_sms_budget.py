"""Codes and notices are paid from one purse, and notices leave something in it."""

import asyncio
from datetime import timedelta

import pytest

from app.core.db import NOBODY, Database
from app.outside.budget import NOTICES_LEAVE, sms_spent, spend_sms
from tests.city import City

pytestmark = pytest.mark.anyio


async def spent(db: Database, spare: int = 0) -> bool:
    async with db.acting(NOBODY) as session:
        return await spend_sms(session, spare)


async def test_notices_leave_what_codes_may_need(city: City) -> None:
    await city.sql("UPDATE app.sms_budget SET most = :most", most=NOTICES_LEAVE + 10)
    notices = await asyncio.gather(*(spent(city.worker, NOTICES_LEAVE) for _ in range(50)))
    assert notices.count(True) == 10
    assert await spent(city.db)
    assert not await spent(city.worker, NOTICES_LEAVE)
    for db in (city.db, city.worker):
        async with db.acting(NOBODY) as session:
            assert await sms_spent(session) == (11, NOTICES_LEAVE + 10)
    await city.sql("UPDATE app.sms_budget SET most = 11")
    assert not await spent(city.db)

    await city.turn(timedelta(hours=1))
    async with city.db.acting(NOBODY) as session:
        assert await sms_spent(session) == (0, 11)
    assert not await spent(city.worker, NOTICES_LEAVE)
    assert await spent(city.db)
