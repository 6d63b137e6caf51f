"""Whose consultation may be drawn, to whom it is given, and how often."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.core.access import Role, Viewer
from app.core.db import NOBODY, now
from app.graph.ids import global_id, uuid_of
from app.quality.actions import drawing
from tests.city import City, codes
from tests.quality.panel import (
    DAY,
    REVIEWERS,
    act,
    agreeing,
    checks,
    drawn,
    hold,
    night,
    policy,
    reviewer,
    say,
    settled,
)

pytestmark = pytest.mark.anyio


async def counted(city: City) -> list[Any]:
    return [
        tuple(row) for row in await city.sql("SELECT eligible, drawn FROM app.quality_day ORDER BY day DESC LIMIT 1")
    ]


async def test_who_never_agreed_or_took_it_back_is_not_drawn(city: City) -> None:
    lawyer, _ = await city.lawyer(), await reviewer(city)
    await settled(city, await city.resident(), [lawyer])
    gone = await agreeing(city)
    await settled(city, gone, [lawyer])
    await say(city, gone, False)
    older = await agreeing(city)
    await settled(city, older, [lawyer])
    await city.sql("UPDATE app.consent SET version = 0 WHERE person = :me AND purpose = 'QUALITY_CHECK'", me=older.id)
    await night(city)
    assert await counted(city) == [(0, 0)]
    assert await drawn(city) == []


@pytest.mark.parametrize("what", ["minor", "danger", "later danger", "hold", "hold on her", "closing", "service"])
async def test_what_is_protected_is_never_drawn_and_its_reading_ends(city: City, what: str) -> None:
    asker, lawyer, checker = await agreeing(city), await city.lawyer(), await reviewer(city)
    question = uuid_of(await settled(city, asker, [lawyer]), "Question")
    await night(city)
    assert (await checks(city, checker))[0]["reading"]
    other = await settled(city, asker, [lawyer], "房东不退押金怎么办")
    for id in (question, uuid_of(other, "Question")):
        match what:
            case "minor":
                young = "INSERT INTO app.age_said VALUES (:me, 2, 'FROM_14_TO_17', now()) ON CONFLICT DO NOTHING"
                await city.sql(young, me=asker.id)
            case "danger":
                await city.sql("UPDATE app.question SET crisis = '{SUICIDE}' WHERE id = :id", id=id)
            case "later danger":
                await city.sql("UPDATE app.dispatch SET lane = 'CRISIS' WHERE question = :id", id=id)
            case "hold":
                await hold(city, id)
            case "hold on her":
                await hold(city, asker.id)
            case "closing":
                await city.sql(
                    "INSERT INTO app.closing (id, person, asked_at) VALUES (gen_random_uuid(), :me, now())"
                    " ON CONFLICT DO NOTHING",
                    me=asker.id,
                )
            case "service":
                await say(city, asker, False, "SERVICE")
    assert (await checks(city, checker))[0]["reading"] is None
    await policy(city)
    await night(city)
    assert [row.question for row in await drawn(city)] == [question]
    assert await counted(city) == [(0, 0)]


async def test_what_she_was_promised_for_the_lawyers_alone_is_not_drawn(city: City) -> None:
    asker, lawyer = await agreeing(city), await city.lawyer()
    await reviewer(city)
    injury = {"categoryId": global_id("Category", "labour.injury")}
    await settled(city, asker, [lawyer], "上班时摔伤了怎么赔", **injury)
    await night(city)
    assert await drawn(city) == []


async def test_nobody_of_a_firm_that_took_part_nor_who_was_offered_it_nor_the_asker_herself(city: City) -> None:
    firm, lawyer = await city.firm(), await city.lawyer()
    answers = await city.lawyer(firm=firm)
    supervisor = await city.person(Role.SUPERVISOR)
    await reviewer(city, supervisor, firm=firm)
    senior = {"lawyerId": global_id("Lawyer", lawyer.id)}
    assert not codes(await act(city, supervisor, "nameQualityReviewer", **senior))
    asker = await reviewer(city, supervisor)
    away = await reviewer(city, supervisor, availability="AWAY")
    conflict = await city.firm()
    await reviewer(city, supervisor, firm=conflict)
    await say(city, asker, True)
    id = await settled(city, asker, [answers])
    await city.sql(
        "INSERT INTO app.offer (question, lawyer, firm, pool, wave, offered_at, until, declined, why)"
        " SELECT :q, id, :firm, 'LOCAL', 0, now(), now(), 'CONFLICT', '{}' FROM app.lawyer WHERE firm <> :firm LIMIT 1"
        " ON CONFLICT (question, lawyer) DO UPDATE SET firm = excluded.firm, declined = 'CONFLICT'",
        q=uuid_of(id, "Question"),
        firm=conflict,
    )
    await night(city)
    assert await drawn(city) == [], "nobody of them may"
    assert await counted(city) == [(1, 0)]
    await city.sql("UPDATE app.lawyer SET availability = 'AVAILABLE' WHERE id = :id", id=away.id)
    await city.sql("DELETE FROM app.quality_day")
    await night(city)
    assert [row.reviewer for row in await drawn(city)] == [away.id]


async def test_each_has_her_turn_and_nobody_more_than_she_can_do(city: City) -> None:
    lawyer = await city.lawyer()
    one = await reviewer(city)
    await city.turn_seconds(1)
    two = await reviewer(city)
    await policy(city, each=2)
    for _ in range(6):
        await settled(city, await agreeing(city), [lawyer])
    await night(city)
    given = [row.reviewer for row in await drawn(city)]
    assert sorted(given, key=str) == sorted([one.id, one.id, two.id, two.id], key=str)
    assert await counted(city) == [(6, 4)]


async def test_at_least_one_in_seven_days(city: City) -> None:
    lawyer = await city.lawyer()
    await reviewer(city)
    await policy(city, share=0.0, each=50)
    nights = []
    for _ in range(9):
        await settled(city, await agreeing(city), [lawyer])
        await night(city)
        nights.append(len(await drawn(city)))
    assert nights == [1] * 7 + [2] * 2


async def test_a_night_counts_once_and_nights_that_did_not_come_are_made_up_for(city: City) -> None:
    lawyer = await city.lawyer()
    await reviewer(
        city,
    )
    await policy(city, each=50)
    await settled(city, await agreeing(city), [lawyer])
    await night(city)
    await settled(city, await agreeing(city), [lawyer])
    await city.pass_time(3 * DAY)

    async def again() -> None:
        async with city.worker.acting(NOBODY) as session:
            await drawing.draw(session, now(session))

    await asyncio.gather(*(again() for _ in range(10)))
    assert await counted(city) == [(1, 1)]
    assert len(await drawn(city)) == 2
    await settled(city, await agreeing(city), [lawyer])
    await city.pass_time(30 * DAY)
    await again()
    assert len(await drawn(city)) == 2, "what was resolved more than a week ago is not drawn any more"


async def test_supervisors_name_senior_lawyers_and_do_without_them(city: City) -> None:
    supervisor, asker, lawyer = await city.person(Role.SUPERVISOR), await agreeing(city), await city.lawyer()
    young = await city.lawyer(practising_since=(await city.now() - timedelta(days=3000)).date())
    suspended = await city.lawyer(standing="SUSPENDED")
    for nobody in (young, suspended):
        refused = await act(city, supervisor, "nameQualityReviewer", lawyerId=global_id("Lawyer", nobody.id))
        assert codes(refused) == ["NO_REVIEWER"]
    refused = await act(city, supervisor, "nameQualityReviewer", lawyerId=global_id("Lawyer", asker.id))
    assert codes(refused) == ["NOT_FOUND"]
    first = await city.lawyer("marriage")
    said = {"lawyerId": global_id("Lawyer", first.id)}
    assert codes(await act(city, supervisor, "releaseQualityReviewer", **said)) == ["NOT_FOUND"]
    await asyncio.gather(*(act(city, supervisor, "nameQualityReviewer", **said) for _ in range(20)))
    named = (await city.one(supervisor, f"{{ qualityReviewers {{ {REVIEWERS} }} }}"))["reviewers"]
    assert [one["lawyer"]["id"] for one in named] == [said["lawyerId"]]
    await settled(city, asker, [lawyer])
    await night(city)
    second = await reviewer(city, supervisor)
    assert (await checks(city, first))[0]["reading"]
    left = await act(city, supervisor, "releaseQualityReviewer", **said)
    assert len(left["reviewers"]) == 1
    assert (await checks(city, first))[0]["reading"] is None, "she reads nothing from then on"
    await city.settle()
    assert await checks(city, first) == []
    assert (await checks(city, second))[0]["reading"]


async def test_who_is_suspended_reads_no_more_and_the_night_passes_it_on(city: City) -> None:
    asker, lawyer, first = await agreeing(city), await city.lawyer(), await reviewer(city)
    await settled(city, asker, [lawyer])
    await night(city)
    second = await reviewer(city)
    await city.sql("UPDATE app.lawyer SET standing = 'SUSPENDED' WHERE id = :id", id=first.id)
    assert (await checks(city, first))[0]["reading"] is None
    async with city.worker.acting(NOBODY) as session:
        await drawing.pass_stranded(session, now(session))
    assert (await checks(city, second))[0]["reading"]


async def test_every_door_is_for_whom_it_is_for(city: City) -> None:
    lawyer, resident, supervisor = await city.lawyer(), await city.resident(), await city.person(Role.SUPERVISOR)
    who: dict[str, tuple[Viewer, ...]] = {
        "{ qualityChecks { nodes { id } } }": (resident, supervisor),
        "{ myQualityMarks { nodes { id } } }": (resident, supervisor),
        "{ qualityReviewers { reviewers { namedAt } } }": (resident, lawyer),
        '{ qualityFigures(month: "2026-01-01") { month } }': (resident, lawyer),
    }
    for document, turned_away in who.items():
        for one in (None, *turned_away):
            (error,) = await city.errors(one, document)
            assert error["extensions"]["code"] == ("FORBIDDEN" if one else "UNAUTHENTICATED")
    assert await checks(city, lawyer) == []
