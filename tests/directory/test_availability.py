"""A lawyer comes and goes."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.core.access import Role, Viewer
from app.directory.actions.presence import saw
from tests.city import City, codes

pytestmark = pytest.mark.anyio

SAY = """
mutation ($availability: Availability!) {
  setAvailability(input: {availability: $availability}) {
    __typename
    ... on Lawyer { availability online }
    ... on Refused { reasons { code field } }
  }
}"""


async def says(city: City, lawyer: Viewer, availability: str) -> Any:
    return await city.one(lawyer, SAY, availability=availability)


async def seen(city: City, lawyer: Viewer) -> None:
    async with city.db.acting(lawyer.id) as session:
        await saw(session, lawyer)


async def arrivals(city: City) -> list[str]:
    """Whose coming online the house was told of, in order."""
    rows = await city.sql("SELECT ids ->> 'lawyer' FROM app.outbox WHERE kind = 'LawyerCameOnline' ORDER BY id")
    return [lawyer for (lawyer,) in rows]


async def test_who_comes_back_is_online_and_the_house_is_told_once(city: City) -> None:
    lawyer = await city.lawyer(availability="AWAY")
    assert await says(city, lawyer, "AVAILABLE") == {
        "__typename": "Lawyer",
        "availability": "AVAILABLE",
        "online": True,
    }
    await says(city, lawyer, "AVAILABLE")
    await says(city, lawyer, "ON_DUTY")
    assert await arrivals(city) == [str(lawyer.id)]

    assert (await says(city, lawyer, "AWAY"))["online"] is False
    assert await arrivals(city) == [str(lawyer.id)]
    await says(city, lawyer, "ON_DUTY")
    assert await arrivals(city) == [str(lawyer.id)] * 2


async def test_who_was_not_seen_for_long_comes_online_by_saying_anything_but_away(city: City) -> None:
    lawyer = await city.lawyer()
    await says(city, lawyer, "AVAILABLE")
    await city.turn(timedelta(seconds=80))
    await says(city, lawyer, "AVAILABLE")
    assert len(await arrivals(city)) == 1
    await city.turn(timedelta(seconds=91))
    await says(city, lawyer, "AVAILABLE")
    assert len(await arrivals(city)) == 2


async def test_fifty_at_once_are_one_arrival(city: City) -> None:
    lawyer = await city.lawyer(availability="AWAY")
    said = await asyncio.gather(*(says(city, lawyer, "AVAILABLE") for _ in range(50)))
    assert {payload["__typename"] for payload in said} == {"Lawyer"}
    assert await arrivals(city) == [str(lawyer.id)]


async def test_fifty_signs_of_life_are_one_arrival_and_one_write(city: City) -> None:
    lawyer = await city.lawyer()
    await asyncio.gather(*(seen(city, lawyer) for _ in range(50)))
    assert await arrivals(city) == [str(lawyer.id)]
    ((version,),) = await city.sql("SELECT xmin::text FROM app.lawyer")
    await seen(city, lawyer)
    assert await city.sql("SELECT xmin::text FROM app.lawyer") == [(version,)]


async def test_signs_of_life_are_written_once_a_minute(city: City) -> None:
    lawyer = await city.lawyer()
    with city.statements() as sent:
        await seen(city, lawyer)
        assert len(sent) == 2  # hers, and the event
        await seen(city, lawyer)
        assert len(sent) == 3
    ((first,),) = await city.sql("SELECT seen_at FROM app.lawyer")
    await city.turn(timedelta(seconds=45))
    await seen(city, lawyer)
    assert await city.sql("SELECT seen_at FROM app.lawyer") == [(first,)]
    await city.turn(timedelta(seconds=15))
    await seen(city, lawyer)
    ((second,),) = await city.sql("SELECT seen_at FROM app.lawyer")
    assert second - first >= timedelta(seconds=60)
    assert len(await arrivals(city)) == 1, "she was there all along"


async def test_a_sign_of_life_of_who_is_away_or_suspended_is_no_arrival(city: City) -> None:
    await seen(city, await city.lawyer(availability="AWAY"))
    await seen(city, await city.lawyer(standing="SUSPENDED"))
    await says(city, await city.lawyer(standing="SUSPENDED", availability="AWAY"), "AVAILABLE")
    assert await arrivals(city) == []
    assert await city.sql("SELECT count(*) FROM app.lawyer WHERE seen_at IS NOT NULL") == [(3,)]


async def test_who_is_not_in_the_directory_is_refused_and_leaves_no_trace(city: City) -> None:
    nobody = await city.person(Role.LAWYER)
    assert codes(await says(city, nobody, "AVAILABLE")) == ["NOT_FOUND"]
    await seen(city, nobody)
    assert await city.one(nobody, "{ viewerLawyer { name } }") is None
    assert await arrivals(city) == []


@pytest.mark.parametrize(("signed_in", "code"), [(False, "UNAUTHENTICATED"), (True, "FORBIDDEN")])
async def test_only_lawyers_have_an_availability(city: City, signed_in: bool, code: str) -> None:
    viewer = await city.resident() if signed_in else None
    for document in (
        "mutation { setAvailability(input: {availability: AWAY}) { __typename } }",
        "{ viewerLawyer { id } }",
    ):
        (error,) = await city.errors(viewer, document)
        assert error["extensions"]["code"] == code


async def test_with_sql_of_her_own_a_lawyer_still_changes_only_herself(city: City) -> None:
    lawyer, other = await city.lawyers(2)
    async with city.db.acting(lawyer.id) as session:
        changed = await session.rows(text("UPDATE app.lawyer SET availability = 'AWAY'"))
        assert changed.rowcount == 1
    assert await city.sql("SELECT id FROM app.lawyer WHERE availability = 'AWAY'") == [(lawyer.id,)]

    forbidden = (
        "UPDATE app.lawyer SET standing = 'ACTIVE'",
        "UPDATE app.lawyer SET offered_at = now()",
        "UPDATE app.firm SET name = 'x'",
        "DELETE FROM app.lawyer",
        f"INSERT INTO app.firm VALUES ('{other.id}', 'x', 'x', 'x')",
    )
    for statement in forbidden:
        with pytest.raises(ProgrammingError, match=r"permission denied|row-level security"):
            async with city.db.acting(lawyer.id) as session:
                await session.rows(text(statement))


async def test_nobody_in_particular_changes_nothing(city: City) -> None:
    await city.lawyer()
    async with city.db.acting("") as session:
        assert (await session.rows(text("UPDATE app.lawyer SET availability = 'AWAY'"))).rowcount == 0
