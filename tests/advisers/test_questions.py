"""Questions of a village reach its adviser with the first wave, whatever her field and wherever she practises."""

from datetime import timedelta

import pytest

from app.consultation.rules.policy import Policy, faster
from app.core.access import Role
from tests.advisers.hall import NEIGHBOUR, VILLAGE, appointed, end
from tests.city import City
from tests.consultation.test_erasing import erase

pytestmark = pytest.mark.anyio

OFFERS = "SELECT lawyer, wave FROM app.offer"


async def test_the_adviser_is_called_at_once_and_what_she_answers_counts(city: City) -> None:
    officer, asker = await city.person(Role.OFFICER), await city.resident()
    adviser, local = await city.lawyer("family", "NATION"), await city.lawyer("labour")
    await appointed(city, officer, adviser)
    # Of the town, or of the next village, nobody asks her before the nation's turn has come.
    for place in ("419001100", NEIGHBOUR):
        await city.asked(asker, divisionCode=place)
    await city.settle()
    assert {row.lawyer for row in await city.sql(OFFERS)} == {local.id}
    await city.asked(asker, divisionCode=VILLAGE)
    await city.settle()
    assert {(row.lawyer, row.wave) for row in await city.sql(OFFERS)} == {(local.id, 0), (adviser.id, 0)}
    assert [tuple(row) for row in await city.sql("SELECT adviser, answered_at FROM app.adviser_question")] == [
        (adviser.id, None)
    ]
    seat = await city.claim(adviser)
    assert (await city.answer(adviser, seat["id"]))["__typename"] == "Answer"
    await city.settle()
    (counted,) = await city.sql("SELECT answered_at, offered_at FROM app.adviser_question")
    assert counted.answered_at >= counted.offered_at
    # The later waves call her to the others as they would have anyway, and count none of them.
    await city.pass_time(timedelta(minutes=6))
    assert len(await city.sql(f"{OFFERS} WHERE lawyer = :me", me=adviser.id)) == 3
    assert len(await city.sql("SELECT 1 FROM app.adviser_question")) == 1


async def test_from_which_village_a_question_came_that_is_erased_nobody_can_tell(city: City) -> None:
    officer, asker, adviser = await city.person(Role.OFFICER), await city.resident(), await city.lawyer()
    await appointed(city, officer, adviser)
    question = await city.asked(asker, divisionCode=VILLAGE)
    await city.settle()
    await city.answer(adviser, (await city.claim(adviser))["id"])
    await city.settle()
    (before,) = await city.sql("SELECT term, adviser, offered_at, answered_at FROM app.adviser_question")
    assert (await erase(city, asker, question))["__typename"] == "Erasure"
    await city.settle()
    (now,) = await city.sql("SELECT term, adviser, offered_at, answered_at, question FROM app.adviser_question")
    assert tuple(now)[:4] == tuple(before), "her year is appraised as before"
    assert await city.sql("SELECT 1 FROM app.question WHERE id = :q", q=now.question) == []


async def test_whoever_is_away_or_whose_term_is_over_is_not_called(city: City) -> None:
    officer = await city.person(Role.OFFICER)
    away, over = await city.lawyer("family", "NATION", availability="AWAY"), await city.lawyer("family", "NATION")
    await appointed(city, officer, away)
    ended = await appointed(city, officer, over, divisionCode=NEIGHBOUR)
    await end(city, officer, ended)
    await city.turn(timedelta(days=1))
    for place in (VILLAGE, NEIGHBOUR):
        await city.asked(await city.resident(), divisionCode=place)
    await city.settle()
    assert await city.sql(OFFERS) == []
    assert await city.sql("SELECT 1 FROM app.adviser_question") == []


async def test_the_policy_says_whether_she_is_called(city: City) -> None:
    ((version, terms),) = await city.sql("SELECT version, terms FROM app.dispatch_policy ORDER BY version DESC LIMIT 1")
    assert Policy.of(terms).advisers == Policy.of(faster(terms, 20)).advisers == 1
    adviser = await city.lawyer("family", "NATION")
    await appointed(city, await city.person(Role.OFFICER), adviser)
    await city.sql(
        "INSERT INTO app.dispatch_policy (version, since, terms)"
        " SELECT version + 1, now(), terms || '{\"advisers\": 0}' FROM app.dispatch_policy WHERE version = :v",
        v=version,
    )
    await city.asked(await city.resident(), divisionCode=VILLAGE)
    await city.settle()
    assert await city.sql(OFFERS) == []
