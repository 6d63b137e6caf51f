"""Facts this room tells the rest of the house."""

from uuid import UUID

from app.core.outbox import Event


class EntryDecided(Event):
    """Somebody has looked at it: it is shown, or is not."""

    entry: UUID


class EntryTakenDown(Event):
    """By the staff, or as no guardian agrees any more."""

    entry: UUID


class JurorNamed(Event):
    """Somebody is asked to judge."""

    juror: UUID


class EntriesAged(Event):
    """A hold may keep what was to be forgotten no longer."""

    activity: UUID
