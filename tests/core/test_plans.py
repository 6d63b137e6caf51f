"""The hot statements in a city of twenty thousand questions: they read their page, and sort nothing that can grow."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.consultation import reads
from app.consultation.models import OfferEventKind
from app.consultation.reads.answering import OWN_LAST, likenesses
from app.consultation.reads.asking import before
from app.core import feed
from app.core.access import Viewer
from app.core.crowd import crowd
from app.core.db import Session
from app.core.keyset import Page
from app.core.saying import by_somebody
from scripts.database import Urls
from tests.conftest import Servers
from tests.core.explaining import Plan, explain, explain_for_any, sent
from tests.core.full_city import ASKED_BY_ONE, FullCity, fill
from tests.house.one_city import one_city

pytestmark = pytest.mark.anyio

SIZE = 20
FIRST, LAST = Page(SIZE, False, None, None), Page(SIZE, True, None, None)
Read = Callable[[Session], Awaitable[Any]]
Listing = Callable[[Session, Viewer, Page], Awaitable[Any]]


@pytest.fixture(scope="module")
async def full(servers: Servers, template: Urls, keys_folder: Path) -> AsyncIterator[FullCity]:
    async with one_city(servers, template, keys_folder, pool=2) as city:
        yield await fill(city)


async def plans(full: FullCity, viewer: Viewer, read: Read, statements: int = 1) -> list[Plan]:
    """Of the read's only statement, or of so many, as each is sent in a transaction and as it stands alone: planned for
    its values, and for any."""
    with sent(full.city.db) as told:
        async with full.city.db.acting(viewer.id) as session:
            await read(session)
    assert len(told) == statements
    alone = [(by_somebody(statement, len(values)), [*values, str(viewer.id)]) for statement, values in told]
    asked = [*told, *alone]
    async with full.city.db.acting(viewer.id) as session:
        return [await how(session, *one) for one in asked for how in (explain, explain_for_any)]


def reads_its_page(plan: Plan, rows: int = SIZE + 1, pages_a_row: int = 25) -> None:
    """Straight out of an index, in its order."""
    for slow in ("Sort", "Hash", "Bitmap", "Seq Scan"):
        assert slow not in plan, plan
    assert plan.rows == rows, plan
    assert plan.buffers <= pages_a_row * rows, plan


def looks_up(plan: Plan, rows: int, pages_a_row: int = 25) -> None:
    """By index, whatever else there is in the city; a handful may be sorted then."""
    assert "Seq Scan" not in plan, plan
    assert plan.rows == rows, plan
    assert plan.buffers <= pages_a_row * rows, plan


async def every_page(full: FullCity, viewer: Viewer, listing: Listing, at: Callable[[Any], tuple[Any, UUID]]) -> None:
    """The first, the last, and one from the middle either way."""
    async with full.city.db.acting(viewer.id) as session:
        cursor = at((await listing(session, viewer, Page(100, False, None, None)))[99])
    for page in (FIRST, LAST, replace(FIRST, after=cursor), replace(LAST, before=cursor)):

        async def read(session: Session, page: Page = page) -> Any:
            return await listing(session, viewer, page)

        for plan in await plans(full, viewer, read):
            reads_its_page(plan)


async def questions(session: Session, viewer: Viewer, page: Page) -> Any:
    return await reads.question_page(session, viewer, page, None, with_keys=True)


async def open_questions(session: Session, viewer: Viewer, page: Page) -> Any:
    return await reads.question_page(session, viewer, page, "OPEN")


@pytest.mark.parametrize("who", ["asker", "lawyer"])
async def test_a_page_of_questions_is_read_in_order_from_the_reader(full: FullCity, who: str) -> None:
    """Also by a lawyer who reads two thousand and was offered twenty thousand more."""
    for listing in (questions, open_questions):
        await every_page(full, getattr(full, who), listing, lambda row: (row.since, row.id))


async def test_a_page_of_offers_is_read_in_order(full: FullCity) -> None:
    await every_page(full, full.lawyer, reads.offer_page, lambda row: (row.offered_at, row.question))


async def test_a_page_of_seats_is_read_in_order(full: FullCity) -> None:
    await every_page(full, full.lawyer, reads.seat_page, lambda row: (row.claimed_at, row.id))


async def test_the_live_offers_are_read_in_order_past_those_that_are_filled(full: FullCity) -> None:
    """One in three is open here."""
    for plan in await plans(full, full.lawyer, lambda session: reads.live_offers(session, full.lawyer, 50)):
        reads_its_page(plan, rows=50, pages_a_row=40)


async def test_a_persons_news_are_read_in_order_from_the_cursor(full: FullCity) -> None:
    """Twenty thousand lie before and behind it."""
    me, kinds = full.lawyer.id, list(OfferEventKind)
    async with full.city.db.acting(me) as session:
        rows, _ = await feed.of_person(session, feed.START, me, kinds)
        now = await feed.latest(session)

    def since(cursor: feed.Cursor) -> Read:
        return lambda session: feed.of_person(session, cursor, me, kinds)

    for cursor in (feed.START, feed.at(rows[-1])):
        for plan in await plans(full, full.lawyer, since(cursor)):
            reads_its_page(plan, rows=feed.LIMIT, pages_a_row=1)
    for plan in await plans(full, full.lawyer, since(now)):
        assert (plan.rows, "Seq Scan" in plan) == (0, False)
        assert plan.buffers <= 10, plan


async def test_what_many_ask_together_is_looked_up_for_each(full: FullCity) -> None:
    """A lawyer at the end of her news, three times: no table is gone through for any of them."""
    me, kinds, asked = full.lawyer, list(OfferEventKind), []
    async with full.city.db.acting(me) as session:
        now = await feed.latest(session)
        (offer,) = await reads.live_offers(session, me, 1)
    full.city.db.listeners.append(lambda statement, values: asked.append((statement, values)))
    try:
        async with crowd(full.city.db, [me] * 3) as everybody:
            await feed.of_people(everybody, [(me.id, now)] * 3, kinds)
            await reads.offers_of_each(everybody, [(me.id, offer.question)] * 3)
    finally:
        full.city.db.listeners.pop()
    together = [one for one in asked if "LATERAL" in one[0]]
    assert len(together) == 2
    for one in together:
        async with full.city.db.acting(me) as session:
            for plan in (await explain(session, *one), await explain_for_any(session, *one)):
                assert "Seq Scan" not in plan, plan
                assert plan.buffers <= 3 * 60, plan


async def test_what_hangs_on_a_page_is_looked_up_and_at_most_a_handful_is_sorted(full: FullCity) -> None:
    """Answers, log and seats of twenty questions: sixty rows, sorted in the order of delivery."""
    me = full.asker
    async with full.city.db.acting(me.id) as session:
        ids = [row.id for row in await questions(session, me, FIRST)][:SIZE]
    hanging: list[tuple[Read, int]] = [
        (lambda session: reads.questions(session, me, ids, with_keys=True), SIZE),
        (lambda session: reads.briefs(session, me, ids), SIZE),
        (lambda session: reads.answers_of(session, me, ids), SIZE * 3),
        (lambda session: reads.log_of(session, ids), SIZE * 3),
        (lambda session: reads.seats_of(session, ids), SIZE * 2),
        (lambda session: feed.of_subject(session, feed.START, ids[0]), 3),
    ]
    for read, rows in hanging:
        for plan in await plans(full, me, read):
            looks_up(plan, rows)


async def test_a_new_answer_is_compared_with_her_peers_and_with_her_last_fifty(full: FullCity) -> None:
    async with full.city.db.acting(full.lawyer.id) as session:
        question = (await questions(session, full.lawyer, FIRST))[0].id
    for plan in await plans(full, full.lawyer, lambda session: likenesses(session, full.lawyer, question)):
        looks_up(plan, 3 + OWN_LAST)


async def test_the_quota_looks_at_what_she_asked_and_at_nothing_else(full: FullCity) -> None:
    """Also for who has asked as many as a day allows, and is told when she may ask again."""
    for plan in await plans(full, full.asker, lambda session: before(session, full.asker), statements=2):
        assert all(f"Seq Scan on {grows}" not in plan for grows in ("reader", "dispatch", "question", "erasure")), plan
        assert plan.buffers <= 20 * ASKED_BY_ONE, plan  # ten of a question, ten of its brief
