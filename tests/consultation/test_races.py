"""Many at once: exactly as many seats as there are, and never a wave after the third answer."""

import asyncio
import os
from collections import Counter
from typing import Any

import pytest

from app.consultation.actions import dispatch
from app.core.access import Viewer
from app.core.db import NOBODY
from app.graph.ids import uuid_of
from tests.city import City, codes

pytestmark = pytest.mark.anyio


async def outcome(city: City, lawyer: Viewer) -> str:
    got = await city.claim(lawyer)
    return codes(got)[0] if codes(got) else str(got["__typename"])


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({"pool": "LOCAL"}, {"Seat": 5, "SEATS_FULL": 45}),
        ({"pool": "NATION"}, {"Seat": 3, "SEATS_RESERVED": 47}),
        ({"pool": "LOCAL", "firm": True}, {"Seat": 2, "FIRM_FULL": 48}),
    ],
)
async def test_fifty_claims_at_once_get_exactly_the_open_seats(
    city: City, how: dict[str, Any], expected: dict[str, int]
) -> None:
    if how.get("firm"):
        how = how | {"firm": await city.firm()}
    lawyers = await city.lawyers(50, **how)
    question = uuid_of(await city.asked(await city.resident()), "Question")
    await offer_to(city, question, lawyers, how["pool"])
    assert Counter(await asyncio.gather(*(outcome(city, lawyer) for lawyer in lawyers))) == expected


async def test_one_lawyer_at_four_doors_at_once_gets_three_seats(city: City) -> None:
    lawyer = await city.lawyer()
    for _ in range(4):
        await city.asked(await city.resident())
    await city.settle()
    got = await asyncio.gather(*(city.claim(lawyer, offer) for offer in await city.offer_ids(lawyer)))
    assert sorted(code for payload in got for code in codes(payload)) == ["LEASES_FULL"]


async def test_fifty_equal_claims_make_one_seat(city: City) -> None:
    lawyer = await city.lawyer()
    await city.asked(await city.resident())
    await city.settle()
    (offer,) = await city.offer_ids(lawyer)
    got = await asyncio.gather(*(city.claim(lawyer, offer, "the-same-key") for _ in range(50)))
    assert len({payload["id"] for payload in got}) == 1


async def test_two_waves_at_once_never_pass_a_lawyers_hour(city: City) -> None:
    lawyers = await city.lawyers(4)
    for _ in range(19):
        await city.asked(await city.resident())
        await city.settle()
    for _ in range(10):
        await city.asked(await city.resident())
    await asyncio.gather(*(city.relay.sweep() for _ in range(4)))
    await city.settle()
    assert [len(await city.offer_ids(lawyer)) for lawyer in lawyers] == [20] * 4


async def third_answer_against_a_wave(city: City, races: int) -> int:
    """How often the wave came first; it must never come after the third answer."""
    waves = 0
    for _ in range(races):
        lawyers = await city.lawyers(3, offered_at=await city.now())
        await city.lawyer("marriage", "PROVINCE")
        question = uuid_of(await city.asked(await city.resident()), "Question")
        await offer_to(city, question, lawyers, "LOCAL")
        seats = [(await city.claim(lawyer))["id"] for lawyer in lawyers]
        for lawyer, seat in list(zip(lawyers, seats, strict=True))[:2]:
            await city.answer(lawyer, seat)
        await city.sql("UPDATE app.dispatch SET asked_at = asked_at - interval '61 s' WHERE question = :q", q=question)

        async def wave(question: Any = question) -> None:
            async with city.worker.acting(NOBODY) as session:
                await dispatch.escalate(session, question, session.info["now"])

        await asyncio.gather(city.answer(lawyers[2], seats[2]), wave())
        (row,) = await city.sql(
            """SELECT s.counted, d.board, (SELECT xmin::text::bigint FROM app.offer o WHERE o.question = d.question
                       AND o.wave = 1 LIMIT 1) AS offered_by,
                      (SELECT xmin::text::bigint FROM app.answer a WHERE a.question = d.question
                       ORDER BY delivered_at DESC, id DESC LIMIT 1) AS answered_by
               FROM app.dispatch d, LATERAL (SELECT count(*) FILTER (WHERE counts) AS counted FROM app.seat
                       WHERE question = d.question) s WHERE d.question = :q""",
            q=question,
        )
        assert row.counted == 3
        if row.offered_by is not None:
            waves += 1
            log = await city.sql(
                "SELECT kind FROM app.feed WHERE subject = :q AND kind <> 'SEAT_CLAIMED' ORDER BY id",
                q=question,
            )
            # The numbers of the feed are drawn under the question's lock: the wave had seen two answers.
            assert [entry.kind for entry in log][-1] == "ANSWER_DELIVERED"
    return waves


async def offer_to(city: City, question: Any, lawyers: list[Viewer], pool: str) -> None:
    """Offer past the waves, so that a race has exactly these lawyers."""
    await city.sql(
        """INSERT INTO app.offer (question, lawyer, firm, pool, wave, offered_at, until, why)
           SELECT :q, l.id, l.firm, :pool, 0, app.clock(), app.clock() + interval '1 day', '{}'
           FROM app.lawyer l WHERE l.id = ANY(:lawyers)""",
        q=question,
        pool=pool,
        lawyers=[lawyer.id for lawyer in lawyers],
    )


@pytest.mark.short
async def test_the_third_answer_against_a_wave(city: City) -> None:
    await third_answer_against_a_wave(city, 40)


@pytest.mark.full
async def test_the_third_answer_against_a_wave_again_and_again(city: City) -> None:
    """`RACES=1000` runs as many as anybody has patience for."""
    races = int(os.environ.get("RACES", "100"))
    assert 0 <= await third_answer_against_a_wave(city, races) <= races
