"""Random sequences of events over few questions, looked at after every single one."""

from datetime import timedelta
from random import Random

import pytest

from tests.city import City
from tests.consultation.lives import Lives
from tests.consultation.truths import true

pytestmark = pytest.mark.anyio

SPANS = (
    timedelta(seconds=1),
    timedelta(seconds=59),
    timedelta(minutes=5),
    timedelta(minutes=10),
    timedelta(minutes=31),
    timedelta(hours=5),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=30),
)
STEPS = 40


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_whatever_happens_in_whatever_order_every_question_goes_on(city: City, seed: int) -> None:
    random = Random(seed)
    lawyers = await city.lawyers(4)
    lives = Lives(city, random, lawyers)
    await lives.begin(4)
    for life in lives.lives:
        life.responsive = 0.5
    for _ in range(STEPS):
        chance = random.random()
        if chance < 0.5:
            await lives.step(0.15, at_once=random.choice([1, 4]))
        elif chance < 0.65:  # several things happen before any worker comes by
            for _ in range(3):
                await lives.step(0.3, at_once=4)
                await city.turn(timedelta(seconds=random.uniform(0, 200)))
        else:
            await city.turn(random.choice(SPANS) * random.uniform(0.5, 1.1))
        await city.settle()
        await true(lives)
        await lives.see_to_tasks()
    assert sum(lives.done.values()) > STEPS / 2
