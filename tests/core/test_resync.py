"""A client that was in the background for five seconds or five days resumes by its cursor, or is told to begin anew."""

from typing import Any

import pytest

from app.consultation.models import OfferEventKind
from app.core import feed
from app.core.access import Viewer
from app.core.feed import Cursor
from app.graph.live import FAR
from tests.city import City

pytestmark = pytest.mark.anyio

QUESTION = """query ($id: ID!, $after: String) { questionUpdates(questionId: $id, after: $after) {
    ... on QuestionUpdates { resync cursor events { kind } question { id } } } }"""
OFFERS = """query ($after: String) { offerUpdates(after: $after) {
    ... on OfferUpdates { resync cursor events { kind } offers { id } } } }"""
NOTICES = """query ($after: String) { noticeUpdates(after: $after) {
    ... on NoticeUpdates { resync cursor unread notices { kind } } } }"""


async def busy(city: City, lawyer: Viewer, question: str, events: int) -> None:
    """So many times the board of an offer flipped while she was away."""
    async with city.worker.acting("") as session:
        for _ in range(events):
            await feed.show(session, OfferEventKind.OFFER_CHANGED, people=[lawyer.id], question=question)


async def offered(city: City) -> tuple[Viewer, str, Any]:
    lawyer = await city.lawyer()
    await city.asked(await city.resident())
    await city.settle()
    first = await city.one(lawyer, OFFERS)
    (row,) = await city.sql("SELECT question FROM app.offer WHERE lawyer = :me LIMIT 1", me=lawyer.id)
    return lawyer, str(row[0]), first


async def test_five_days_later_the_cursor_still_tells_what_was_missed(city: City) -> None:
    lawyer, question, first = await offered(city)
    await city.turn_seconds(5 * 86400)
    await busy(city, lawyer, question, 250)
    after, seen = first["cursor"], 0
    while True:
        page = await city.one(lawyer, OFFERS, after=after)
        assert page["resync"] is False
        if not page["events"]:
            break
        seen, after = seen + len(page["events"]), page["cursor"]
    assert seen == 250


async def test_who_missed_too_much_begins_anew(city: City) -> None:
    lawyer, question, first = await offered(city)
    await busy(city, lawyer, question, FAR)
    page = await city.one(lawyer, OFFERS, after=first["cursor"])
    assert (page["resync"], page["events"], len(page["offers"]) >= 1) == (True, [], True)
    again = await city.one(lawyer, OFFERS, after=page["cursor"])
    assert (again["resync"], again["events"]) == (False, [])


async def test_a_cursor_from_before_a_restored_backup_begins_anew(city: City) -> None:
    """The database is younger than the client's memory: waiting for that cursor would be waiting for ever."""
    lawyer, _, _ = await offered(city)
    asker = await city.resident()
    id = await city.asked(asker)
    future = str(Cursor(2**40, 7))
    for viewer, document, variables in ((lawyer, OFFERS, {}), (asker, QUESTION, {"id": id}), (asker, NOTICES, {})):
        page = await city.one(viewer, document, after=future, **variables)
        assert page["resync"] is True
        assert (await city.one(viewer, document, after=page["cursor"], **variables))["resync"] is False
