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


class ForwardNears(Event):
    """What a detained person sent is to be forwarded soon, unless it was."""

    statement: UUID


class ForwardRanOut(Event):
    """It was to be forwarded by now, for the `round`-th time, unless it was."""

    statement: UUID
    round: int


class StatementOver(Event):
    """The day of what was written down may be over."""

    statement: UUID
