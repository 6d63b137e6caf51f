"""When rounds begin."""

from datetime import datetime, timedelta

from app.places.rules.workdays import CITY_TIME

NIGHT = 3
"""The hour in the city in which least is asked."""


def next_night(now: datetime) -> datetime:
    """The first such hour that lies ahead."""
    here = now.astimezone(CITY_TIME)
    tonight = here.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    return tonight if tonight > here else tonight + timedelta(days=1)
