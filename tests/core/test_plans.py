"""The hot statements in a city of twenty thousand questions: they read their page and sort nothing."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.consultation import reads
from app.consultation.models import OfferEventKind
from app.core import feed
from app.core.access import Viewer
from app.core.db import Session
from app.core.keyset import Page
from app.vault.models import Basis
from tests.city import City
from tests.conftest import Servers
from tests.core.explaining import Plan, explain, sent
from tests.core.full_city import FullCity, fill
from tests.house.one_city import one_city

pytestmark = pytest.mark.anyio

FIRST = Page(20, False, None, None)
LAST = Page(20, True, None, None)
Read = Callable[[Session], Awaitable[Any]]


@pytest.fixture(scope="module")
async def full(servers: Servers, template: str, keys_folder: Path) -> AsyncIterator[FullCity]:
    async with one_city(servers, template, keys_folder, pool=2) as city:
        yield await fill(city)


async def plan(city: City, viewer: Viewer, read: Read) -> Plan:
    """Of the read's only statement."""
    with sent(city.db) as statements:
        async with city.db.acting(viewer.id) as session:
            await read(session)
    (statement,) = statements
    async with city.db.acting(viewer.id) as session:
        return await explain(session, *statement)


def reads_its_page(plan: Plan, rows: int, pages: int) -> None:
    """No Sort, nothing hashed or scanned whole; the page has `rows` rows and `pages` pages of the disk are enough."""
    for slow in ("Sort", "Hash", "Bitmap", "Seq Scan", "Materialize"):
        assert slow not in plan, plan
    assert plan.rows == rows, plan
    assert plan.buffers <= pages, plan


def test_nothing() -> None:
    pass


async def after(city: City, viewer: Viewer, page: Callable[[Session, Page], Awaitable[Any]], at: Callable[[Any], Any]) -> Page:
    async with city.db.acting(viewer.id) as session:
        rows = await page(session, Page(50, False, None, None))
    return Page(20, False, at(rows[49]), None)


async def look(full: FullCity) -> None:
    city = full.city
    for viewer in (full.asker, full.lawyer):
        for page in (FIRST, LAST):
            for status in (None, "OPEN"):
                print("question_page", await plan(city, viewer, lambda s: reads.question_page(s, viewer, page, status)))
    print("offer", await plan(city, full.lawyer, lambda s: reads.offer_page(s, full.lawyer, FIRST)))
    print("offer", await plan(city, full.lawyer, lambda s: reads.offer_page(s, full.lawyer, LAST)))
    print("seat", await plan(city, full.lawyer, lambda s: reads.seat_page(s, full.lawyer, FIRST)))
    print("live", await plan(city, full.lawyer, lambda s: reads.live_offers(s, full.lawyer, 50)))
    print("turn", await plan(city, full.lawyer, lambda s: reads.held_seats(s, full.lawyer)))
    async with city.db.acting(full.asker.id) as session:
        ids = [r.id for r in (await reads.question_page(session, full.asker, FIRST, None))[:20]]
    print("answers", await plan(city, full.asker, lambda s: reads.answers_of(s, full.asker, ids)))
    print("log", await plan(city, full.asker, lambda s: reads.log_of(s, ids)))
    print("questions", await plan(city, full.asker, lambda s: reads.questions(s, full.asker, ids)))
    print("asked", await plan(city, full.asker, lambda s: reads.asked(s, full.asker.id)))
    print("seats_of", await plan(city, full.asker, lambda s: reads.seats_of(s, ids)))
    print("briefs", await plan(city, full.asker, lambda s: reads.briefs(s, full.asker, ids)))
    print("feed", await plan(city, full.asker, lambda s: feed.of_subject(s, ids[0], feed.START)))
    print("feedp", await plan(city, full.lawyer, lambda s: feed.of_person(s, full.lawyer.id, list(OfferEventKind), feed.START)))


async def test_look(full: FullCity) -> None:
    await look(full)
    assert 0


async def test_generic(full: FullCity) -> None:
    import re
    city = full.city
    reads_ = {
        "question_page": (full.lawyer, lambda s: reads.question_page(s, full.lawyer, FIRST, None)),
        "offer": (full.lawyer, lambda s: reads.offer_page(s, full.lawyer, FIRST)),
        "feedp": (full.lawyer, lambda s: feed.of_person(s, full.lawyer.id, list(OfferEventKind), feed.START)),
    }
    for name, (viewer, read) in reads_.items():
        with sent(city.db) as statements:
            async with city.db.acting(viewer.id) as session:
                await read(session)
        ((st, params),) = statements
        async with city.db.acting(viewer.id) as session:
            c = await session.connection()
            for mode in ("force_generic_plan", "auto"):
                await c.exec_driver_sql(f"SET LOCAL plan_cache_mode = {mode}")
                await c.exec_driver_sql(f"PREPARE p AS {st}")
                lit = ", ".join("'{" + ",".join(p) + "}'" if isinstance(p, list) else f"'{p}'" for p in params)
                for _ in range(12):
                    rows = (await c.exec_driver_sql(f"EXPLAIN (ANALYZE, BUFFERS) EXECUTE p({lit})")).scalars().all()
                print(name, mode, "\n".join(rows))
                await c.exec_driver_sql("DEALLOCATE p")
    assert 0
