"""Many who ask in one statement: each is shown what she would be shown alone."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import Uuid, select, text

from app.consultation import reads
from app.consultation.models import OfferEventKind
from app.core import feed
from app.core.access import Viewer
from app.core.crowd import crowd, each
from app.core.feed import START
from app.core.saying import by_somebody
from tests.city import City
from tests.vault.scene import key_of

pytestmark = pytest.mark.anyio

KINDS = list(OfferEventKind)
SET = text("SELECT set_config(:name, :value, true)")
ANY_WAY: tuple[dict[str, str], ...] = (
    {},
    {"enable_nestloop": "off"},
    {"enable_memoize": "off"},
    {"enable_material": "off", "enable_hashjoin": "off", "enable_mergejoin": "off"},
    {"plan_cache_mode": "force_generic_plan"},
)
"""Settings under which PostgreSQL goes about it otherwise."""
ALL_OFFERS = each(lambda _: select(reads.O.c.lawyer, reads.O.c.question))
ALL_NEWS = each(lambda _: select(feed.F.c.person, feed.F.c.subject))
A_SEAT = each(lambda who: select(reads.S.c.id).where(reads.S.c.id == who.seat), seat=Uuid)


async def alone(city: City, lawyer: Viewer) -> tuple[Sequence[Any], Sequence[Any], Sequence[Any]]:
    async with city.db.acting(lawyer) as session:
        events, _ = await feed.of_person(session, START, lawyer.id, KINDS)
        offers = await reads.live_offers(session, lawyer, 50)
        return events, offers, await reads.held_seats(session, lawyer)


def told(rows: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Without the number of who asked."""
    return [tuple(row)[1:] for row in rows]


@pytest.mark.parametrize("way", ANY_WAY)
async def test_each_finds_what_she_finds_alone(city: City, way: dict[str, str]) -> None:
    lawyers = [await city.lawyer() for _ in range(3)] + [await city.resident()]
    questions = [key_of(await city.asked(await city.resident())) for _ in range(3)]
    await city.settle()
    for lawyer in lawyers[:2]:
        await city.claim(lawyer)
    async with crowd(city.db, lawyers) as everybody:
        for name, value in way.items():
            await everybody.all(SET, {"name": name, "value": value})
        news = await feed.of_people(everybody, [(one.id, START) for one in lawyers], KINDS)
        pairs = [(one.id, question) for one in lawyers for question in questions]
        offers = await reads.offers_of_each(everybody, pairs)
        seats = await reads.held_seats_of_each(everybody, [one.id for one in lawyers])
    for number, lawyer in enumerate(lawyers):
        events, hers, held = await alone(city, lawyer)
        assert told(news[number][0]) == [tuple(row) for row in events]
        mine = [row for rows in offers[number * 3 : number * 3 + 3] for row in told(rows)]
        assert sorted(mine) == sorted(tuple(row) for row in hers)
        assert told(seats[number]) == [tuple(row) for row in held]
    assert [len(rows) for rows in seats] == [1, 1, 0, 0]
    assert sum(map(len, offers)) == 9


@pytest.mark.parametrize("way", ANY_WAY)
async def test_a_select_that_forgets_who_asks_shows_nobody_anothers(city: City, way: dict[str, str]) -> None:
    """The policies keep the rows apart, whatever is asked and however it is planned."""
    lawyers = await city.lawyers(3)
    asker, stranger = await city.resident(), await city.resident()
    await city.asked(asker)
    await city.settle()
    seat = key_of((await city.claim(lawyers[0]))["id"])
    everybody = [*lawyers, asker, stranger, *lawyers]
    who = [one.id for one in everybody]
    async with crowd(city.db, everybody) as together:
        for name, value in way.items():
            await together.all(SET, {"name": name, "value": value})
        offers = await together.rows(ALL_OFFERS, who)
        news = await together.rows(ALL_NEWS, who)
        seats = await together.rows(A_SEAT, who, {"seat": [seat] * len(who)})
    for one, rows in zip(everybody, offers, strict=True):
        assert {row.lawyer for row in rows} == ({one.id} if one in lawyers else set())
    for one, rows in zip(everybody, news, strict=True):
        assert {row.person for row in rows} <= {one.id, None}
    assert not news[4]
    assert [bool(rows) for rows in seats[:5]] == [True, False, False, True, False]


@pytest.mark.parametrize("way", ANY_WAY)
async def test_a_look_that_stands_alone_shows_what_is_hers(city: City, way: dict[str, str]) -> None:
    """Whoever spoke before, and however it is planned: here another does, so that rows that came too early are hers."""
    lawyers = await city.lawyers(3)
    await city.asked(await city.resident())
    await city.settle()
    for asked in (
        "SELECT lawyer FROM app.offer",
        "SELECT o.lawyer FROM app.offer o JOIN app.brief b ON b.question = o.question ORDER BY o.offered_at LIMIT 9",
        "SELECT max(lawyer::text)::uuid FROM app.offer",
    ):
        async with city.db.acting(lawyers[0].id) as session:
            for name, value in way.items():
                await session.rows(SET, {"name": name, "value": value})
            for _ in range(7):  # after five, it is planned for any
                for one in lawyers:
                    assert await session.told(by_somebody(asked, 0), str(one.id)) == [(one.id,)]
            assert await session.told(by_somebody(asked, 0), "") in ([], [(None,)])


async def test_who_was_signed_out_is_not_there(city: City) -> None:
    lawyers = await city.lawyers(3)
    await city.sql("UPDATE app.sign_in SET ended_at = now() WHERE id = :id", id=lawyers[1].sign_in)
    other = Viewer(lawyers[0].id, lawyers[2].sign_in, lawyers[0].roles)  # another's device is nobody's
    async with crowd(city.db, [*lawyers, other]) as together:
        assert together.present == {0, 2}
