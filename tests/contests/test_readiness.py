"""Whoever takes part has agreed to what is kept of her, and what rests on that ends with it."""

from typing import Any

import pytest

from app.core.access import Role, Viewer
from tests.activities.hall import MINE as ENROLMENTS
from tests.activities.hall import enroll, opened, told
from tests.city import City, codes
from tests.contests.gallery import MINE, SHOWN, contest, say, shown, vote
from tests.vault.sending import house, path

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


WITHDRAWN = "{ __typename ... on PrivacyConsent { given notice { onWithdrawal } } }"


async def withdraw(city: City, who: Viewer, purpose: str) -> Any:
    done = await say(city, who, "withdrawConsent", "WithdrawConsentInput", WITHDRAWN, purpose=purpose)
    await city.settle()
    return done


async def test_what_somebody_handed_in_and_signed_up_for_ends_with_her_consent(city: City) -> None:
    """PIPL 15: what is done further ends, and she is told what goes on and why. Of another purpose nothing ends."""
    editor, second = await city.person(Role.EDITOR), await city.person(Role.EDITOR)
    gathering, _ = await opened(city, places=1)
    id = await contest(city, editor, second)
    painter, other = await city.resident(), await city.resident()
    async with house(city) as client:
        exhibit = (await shown(city, client, painter, id, second))["exhibit"]
        assert [(await enroll(city, who, gathering))["state"] for who in (painter, other)] == ["ENROLLED", "WAITING"]
        await withdraw(city, painter, "SENSITIVE")
        assert len((await city.one(None, SHOWN, id=id))["nodes"]) == 1
        done = await withdraw(city, painter, "SERVICE")
        assert (done["given"], "继续进行的" in done["notice"]["onWithdrawal"]) == (False, True)
        assert (await city.one(None, SHOWN, id=id))["nodes"] == []
        assert (await client.get(path(exhibit["picture"]["url"]))).status_code == 404
    assert [(one["state"], one["verdict"]) for one in (await city.one(painter, MINE))["nodes"]] == [
        ("TAKEN_DOWN", "WISH")
    ]
    assert [one["state"] for one in (await city.one(painter, ENROLMENTS))["nodes"]] == ["LEFT"]
    assert await told(city, other) == ["ACTIVITY_PLACE"]
