"""Facts this room tells the rest of the house."""

from uuid import UUID

from app.core.outbox import Event


class WindowOpened(Event):
    """Somebody at a window opened a pick-up code."""

    visit: UUID


class WindowActed(Event):
    """Papers went over the counter."""

    visit: UUID
    act: UUID


class SlipOver(Event):
    """A code is good for nothing any more, or the day of its visit is over."""

    visit: UUID
