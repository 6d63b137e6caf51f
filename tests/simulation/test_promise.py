"""Is what the house promises kept? A thousand lawyers, of whom few respond, and a question a minute."""

from math import sqrt

import pytest

from tests.city import City
from tests.simulation.figures import Figures
from tests.simulation.fixture import OFFERS, REQUIRED, Setting
from tests.simulation.play import play

pytestmark = pytest.mark.anyio


def _is_kept(found: Figures) -> None:
    """The shares that are required may be the true ones: these fall short of them by three standard deviations of so
    few questions at most. In which order things come that are due at once is chance; `scripts/bench/simulate.py`, which
    plays ten times as many, holds the shares against what is required as they are."""
    for share, required in zip((found.first_kept, found.third_kept), REQUIRED[found.responsive], strict=True):
        assert share >= required - 3 * sqrt(required * (1 - required) / len(found.outcomes))
    assert OFFERS[0] <= found.offers <= OFFERS[1]
    assert found.never_kept == 0


@pytest.mark.short
async def test_most_of_an_hours_questions_are_answered_in_time(city: City) -> None:
    found = await play(city, Setting(responsive=0.1, questions=40))
    _is_kept(found)
    assert 3 <= found.answers <= 5


@pytest.mark.full
@pytest.mark.parametrize("responsive", [0.1, 0.05])
async def test_the_promise_is_kept(city: City, responsive: float) -> None:
    """What holds where one in ten responds holds where one in five does: `scripts/bench/simulate.py` plays that too."""
    _is_kept(await play(city, Setting(responsive, questions=300)))
