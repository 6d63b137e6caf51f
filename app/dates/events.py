"""What is told of days that must not be missed."""

from datetime import date
from uuid import UUID

from app.core.outbox import Event


class DateNears(Event):
    """Its keeper is to be reminded today, if it still stands in that version."""

    kept: UUID
    version: int
    on: date
    """Today, unless this is late."""
