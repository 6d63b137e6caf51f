"""Is what the house promises kept? A thousand lawyers, of whom few respond, and a question a minute."""

import pytest

from tests.city import City
from tests.simulation.fixture import OFFERS, REQUIRED, Setting
from tests.simulation.play import play

pytestmark = pytest.mark.anyio


@pytest.mark.short
async def test_most_of_an_hours_questions_are_answered_in_time(city: City) -> None:
    """The short form: few questions and one seed, so that one late question may not fail it."""
    found = await play(city, Setting(responsive=0.1, questions=40))
    assert found.first_kept >= 0.975
    assert found.third_kept >= 0.95
    assert OFFERS[0] <= found.offers <= OFFERS[1]
    assert 3 <= found.answers <= 5
    assert found.never_kept == 0


@pytest.mark.full
@pytest.mark.parametrize("responsive", [0.1, 0.05])
async def test_the_promise_is_kept(city: City, responsive: float) -> None:
    """What holds where one in ten responds holds where one in five does: `scripts/bench/simulate.py` plays that too."""
    found = await play(city, Setting(responsive, questions=300))
    first, third = REQUIRED[responsive]
    assert found.first_kept >= first
    assert found.third_kept >= third
    assert OFFERS[0] <= found.offers <= OFFERS[1]
    assert found.never_kept == 0
