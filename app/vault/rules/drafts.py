"""How long it is kept what somebody is writing and has not sent."""

from datetime import datetime, timedelta
from typing import Final

LIVES: Final = timedelta(days=30)
"""After the last save."""


def wiped_at(saved_at: datetime) -> datetime:
    return saved_at + LIVES
