"""Facts that are due, and what is done about them: once, and in the end surely."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.core import feed
from app.core.access import Viewer
from app.core.db import NOBODY, Session, now
from app.core.outbox import BATCH, LEASE, Event, claim_due, emit, emit_each, next_due, react, settle
from tests.city import City
from tests.core.explaining import Plan, explain, sent
from tests.core.transactions import begun

pytestmark = pytest.mark.anyio


class Rang(Event):
    """Somebody's bell rang."""

    person: UUID


async def hear(session: Session, event: Rang, now: datetime) -> None:
    await feed.show(session, "HEARD", people=[event.person])


async def answer(session: Session, event: Rang, now: datetime) -> None:
    await feed.show(session, "ANSWERED", people=[event.person])


async def stumble(session: Session, event: Rang, now: datetime) -> None:
    """Fails after it has done its work."""
    await hear(session, event, now)
    raise ZeroDivisionError


@pytest.fixture(autouse=True)
async def _nothing_due(city: City) -> None:
    await city.sql("TRUNCATE app.outbox")


async def rings(city: City, viewer: Viewer, **when: Any) -> tuple[UUID, Rang]:
    event = Rang(person=viewer.id)
    async with city.db.acting(viewer.id) as session:
        await emit(session, event, **when)
    ((id,),) = await city.sql(
        "SELECT id FROM app.outbox WHERE ids @> jsonb_build_object('person', CAST(:me AS text))", me=str(viewer.id)
    )
    return id, event


async def heard(city: City, viewer: Viewer) -> list[str]:
    return [
        kind for (kind,) in await city.sql("SELECT kind FROM app.feed WHERE person = :me ORDER BY id", me=viewer.id)
    ]


async def state(city: City, id: UUID) -> tuple[list[str], bool]:
    """Who has reacted, and whether it is done."""
    ((reacted, done),) = await city.sql("SELECT reacted, done_at IS NOT NULL FROM app.outbox WHERE id = :id", id=id)
    return sorted(reacted), done


async def claimed(city: City, limit: int = BATCH) -> list[Any]:
    async with city.worker.acting(NOBODY) as session:
        return await claim_due(session, limit)


async def test_an_event_is_told_if_and_only_if_its_cause_commits(city: City) -> None:
    viewer = await city.resident()
    async with begun(city, viewer) as session:
        await emit(session, Rang(person=viewer.id))
        await session.rollback()
    assert await claimed(city) == []
    id, _ = await rings(city, viewer)
    (due,) = await claimed(city)
    assert (due.id, due.kind, due.ids, due.reacted) == (id, "Rang", {"person": str(viewer.id)}, [])


async def test_of_twenty_runners_one_runs(city: City) -> None:
    viewer = await city.resident()
    id, event = await rings(city, viewer)
    ran = await asyncio.gather(*(react(city.worker, id, event, "hear", hear, ["hear"]) for _ in range(20)))
    assert ran.count(None) == 19
    assert await heard(city, viewer) == ["HEARD"]
    assert await state(city, id) == (["hear"], True)


async def test_an_event_is_done_when_everybody_has_reacted(city: City) -> None:
    viewer, names = await city.resident(), ["hear", "answer"]
    id, event = await rings(city, viewer)
    assert await react(city.worker, id, event, "answer", answer, names)
    assert await state(city, id) == (["answer"], False)
    assert await react(city.worker, id, event, "answer", answer, names) is None
    assert await react(city.worker, id, event, "hear", hear, names)
    assert await state(city, id) == (["answer", "hear"], True)
    assert await heard(city, viewer) == ["ANSWERED", "HEARD"]


async def test_reactions_at_once_leave_both_marks(city: City) -> None:
    viewer, names = await city.resident(), ["hear", "answer"]
    id, event = await rings(city, viewer)
    both = [("hear", hear), ("answer", answer)] * 5
    ran = await asyncio.gather(*(react(city.worker, id, event, name, reaction, names) for name, reaction in both))
    assert ran.count(None) == 8
    assert sorted(await heard(city, viewer)) == ["ANSWERED", "HEARD"]
    assert await state(city, id) == (["answer", "hear"], True)


async def test_a_reaction_that_fails_leaves_nothing_and_is_handed_over_ever_more_slowly(city: City) -> None:
    viewer = await city.resident()
    id, event = await rings(city, viewer)
    waits = []
    for number in range(12):
        async with city.worker.acting(NOBODY) as session:
            (due,) = await claim_due(session)
            moment = now(session)
        assert due.handed == number + 1
        with pytest.raises(ZeroDivisionError):
            await react(city.worker, id, event, "hear", stumble, ["hear"])
        assert await state(city, id) == ([], False)
        assert await claimed(city) == []  # while the lease is trusted
        ((next_at,),) = await city.sql("SELECT next_at FROM app.outbox WHERE id = :id", id=id)
        waits.append(next_at - moment)
        await city.turn(waits[-1])
    assert waits[:5] == [LEASE, LEASE, LEASE, LEASE * 2, LEASE * 4]
    assert waits == sorted(waits)
    assert waits[-2:] == [timedelta(minutes=5)] * 2
    assert await heard(city, viewer) == []
    assert len(await claimed(city)) == 1
    assert await react(city.worker, id, event, "hear", hear, ["hear"])
    assert await heard(city, viewer) == ["HEARD"]


async def test_what_nobody_reacts_to_is_settled(city: City) -> None:
    viewer = await city.resident()
    await rings(city, viewer)  # no room knows this kind
    assert await city.relay.sweep() == 1
    await city.turn(timedelta(hours=1))
    assert await city.relay.sweep() == 0


async def test_a_settled_event_runs_no_more(city: City) -> None:
    viewer = await city.resident()
    id, event = await rings(city, viewer)
    async with city.worker.acting(NOBODY) as session:
        await settle(session, id)
    assert await react(city.worker, id, event, "hear", hear, ["hear"]) is None
    assert await heard(city, viewer) == []


async def test_the_future_waits_for_its_hour_by_the_databases_clock(city: City) -> None:
    viewer = await city.resident()
    await rings(city, viewer, at=await city.now() + timedelta(minutes=5))
    assert await claimed(city) == []
    async with city.worker.acting(NOBODY) as session:
        assert 290 < await next_due(session) <= 300
    await city.turn(timedelta(minutes=5))
    async with city.worker.acting(NOBODY) as session:
        assert await next_due(session) == 0
    assert len(await claimed(city)) == 1


async def test_relays_side_by_side_share_the_work(city: City) -> None:
    viewer, number = await city.resident(), 300
    async with city.db.acting(viewer.id) as session:
        await emit_each(session, [(now(session), Rang(person=viewer.id)) for _ in range(number)])
    found = await asyncio.gather(*(claimed(city, 60) for _ in range(4)))
    ids = [due.id for each in found for due in each]
    assert len(ids) == len(set(ids)) > 60
    ids += [due.id for due in await claimed(city, number)]
    assert len(ids) == len(set(ids)) == number


FILL = """INSERT INTO app.outbox (id, kind, ids, due_at, next_at, done_at)
    SELECT gen_random_uuid(), 'PatienceRanOut', jsonb_build_object('question', md5((n % 10000)::text)::uuid),
           at, at, CASE WHEN :done THEN at END
    FROM generate_series(1, :count) AS n,
         LATERAL (SELECT app.clock() + CAST(:wait AS interval) + n * interval '10 ms' AS at) AS due"""


async def fill(city: City, count: int, wait: timedelta, *, done: bool = False) -> None:
    await city.sql(FILL, count=count, wait=wait, done=done)
    await city.sql("ANALYZE app.outbox")


async def sweep(city: City) -> Plan:
    """The relay's own statement, taken back afterwards."""
    with sent(city.worker) as statements:
        async with city.worker.acting(NOBODY) as session:
            await claim_due(session)
            await session.rollback()
    (claim,) = statements
    async with Session(city.worker.engine, NOBODY) as session:
        return await explain(session, *claim)


HOUR = timedelta(hours=1)


async def test_a_sweep_reads_what_is_due_whatever_is_to_come(city: City) -> None:
    """Ten thousand open questions with four waves and an end to come each, and as many events that are over."""
    await fill(city, 50_000, HOUR)
    await fill(city, 50_000, -HOUR, done=True)
    await fill(city, 30, -HOUR)
    due = await sweep(city)
    assert due.rows == 30
    assert due.buffers < 25 * due.rows  # its row, its place in two indexes, and both again where it is put next
    assert "Index Scan on outbox_due" in due
    for slow in ("Seq Scan", "Sort", "Hash Join", "Merge Join"):
        assert slow not in due, due.nodes


async def test_a_look_that_finds_nothing_reads_a_few_pages(city: City) -> None:
    await fill(city, 50_000, HOUR)
    nothing = await sweep(city)
    assert nothing.rows == 0
    assert nothing.buffers <= 10
    with sent(city.worker) as statements:
        async with city.worker.acting(NOBODY) as session:
            assert await next_due(session) > 0
    async with Session(city.worker.engine, NOBODY) as session:
        assert (await explain(session, *statements[0])).buffers <= 10
