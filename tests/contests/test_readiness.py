"""Whoever takes part in a contest has agreed to what is kept of her."""

import pytest

from app.core.access import Role
from tests.city import City, codes
from tests.contests.gallery import contest, shown, vote
from tests.vault.sending import house

pytestmark = pytest.mark.anyio


async def test_a_vote_asks_for_consent_age_and_a_childs_guardian(city: City) -> None:
    """A vote is kept with who gave it (PIPL 13, 31): it asks what handing in and signing up ask."""
    editor, second = await city.person(Role.EDITOR), await city.person(Role.EDITOR)
    async with house(city) as client:
        exhibit = (await shown(city, client, await city.resident(), await contest(city, editor, second), second))[
            "exhibit"
        ]
    silent, child = await city.resident(), await city.resident()
    await city.sql("DELETE FROM app.consent WHERE person = :her", her=silent.id)
    await city.sql("DELETE FROM app.age_said WHERE person = :her", her=silent.id)
    await city.sql("UPDATE app.age_said SET band = 'UNDER_14' WHERE person = :her", her=child.id)
    assert codes(await vote(city, silent, exhibit["id"])) == ["CONSENT_NEEDED", "AGE_NEEDED"]
    assert codes(await vote(city, child, exhibit["id"])) == ["GUARDIAN_NEEDED"]
    assert await city.sql("SELECT 1 FROM app.vote") == []
    assert not codes(await vote(city, await city.resident(), exhibit["id"]))
