import asyncio, time, pytest
from sqlalchemy import text
from app.core.db import NOBODY
from tests.city import City
pytestmark = pytest.mark.anyio
async def test_bench(city: City) -> None:
    await city.sql("""INSERT INTO app.promise_fact SELECT gen_random_uuid(), now() - n * interval '3 min','600 s', now() - n * interval '3 min' + interval '600 s', now() - n * interval '3 min' + interval '90 s', now() - n * interval '3 min' + interval '400 s', '0', '0', NULL, NULL, NULL, 30, sha256(n::text::bytea), now() FROM generate_series(0, 190000) n""")
    await city.sql("ANALYZE app.promise_fact")
    for q in ("SELECT * FROM door.promise_record(current_date - 399, current_date)","SELECT * FROM door.promise_record(current_date - 30, current_date)","SELECT * FROM door.promise_record(current_date, current_date)"):
        for _ in range(3):
            async with city.db.acting(NOBODY) as s:
                t=time.perf_counter(); r=(await s.rows(text(q))).one(); print(q[-40:], r.questions, round((time.perf_counter()-t)*1000,1),"ms")
