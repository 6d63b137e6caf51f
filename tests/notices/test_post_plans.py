"""What the post asks again and again, beside the deliveries of the last months: it reads what is due."""

import pytest
from sqlalchemy import text

from app.core.db import NOBODY, now
from app.core.sealing import KeyProvider
from app.notices.actions import posting
from app.notices.models import Lane
from app.notices.reads import deliveries
from tests.city import City
from tests.core.explaining import explain, explain_for_any, sent

pytestmark = pytest.mark.anyio

LEDGER = """
    WITH told AS (
        INSERT INTO app.notice (id, person, kind, about, cause, at)
        SELECT gen_random_uuid(), :person, 'INFORMATION_GIVEN', :person, gen_random_uuid(), now()
        FROM generate_series(1, 30000) RETURNING id)
    INSERT INTO app.delivery (id, person, notice, kind, template, channel, lane, state, attempts, failures, next_push,
                              due_at, until, made_at, pushed_at, done_at)
    SELECT gen_random_uuid(), :person, id, 'INFORMATION_GIVEN', 'REPLY', 'MINI_PROGRAM', 2,
           CASE WHEN waits THEN 'PENDING' ELSE 'SENT' END, 0, 0,
           CASE WHEN waits THEN now() - interval '1 s' ELSE 'infinity' END, now(), now() + interval '1 h', now(),
           CASE WHEN waits THEN NULL ELSE now() END, CASE WHEN waits THEN NULL ELSE now() END
    FROM (SELECT id, row_number() OVER () <= 2000 AS waits FROM told) AS each"""


async def test_the_post_reads_what_is_due_and_nothing_else(city: City) -> None:
    resident = await city.resident()
    await city.sql(LEDGER, person=resident.id)
    async with city.super.engine.connect() as owner:
        await owner.execution_options(isolation_level="AUTOCOMMIT")
        await owner.execute(text("VACUUM ANALYZE app.delivery"))
    with sent(city.worker) as statements:
        async with city.worker.acting(NOBODY) as session:
            assert (await deliveries.due(session))[0] == [Lane(2)]
        async with city.worker.acting(NOBODY) as session:
            await posting.take(session, city.doors[KeyProvider], tuple(Lane), {}, now(session))
    for statement, values in statements[:2]:
        for how in (explain, explain_for_any):
            async with city.worker.acting(NOBODY) as session:
                plan = await how(session, statement, values)
            assert "Seq Scan on delivery" not in plan, plan
            assert "Sort" not in plan or plan.rows == 1, plan
            assert plan.buffers < 200, plan
