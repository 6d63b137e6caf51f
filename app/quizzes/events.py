"""Facts this room tells the rest of the house."""

from uuid import UUID

from app.core.outbox import Event


class RoundOver(Event):
    """A quiz was closed, and what was on its way has come: its results are told, unless somebody takes it still."""

    round: UUID


class AttemptDue(Event):
    """Its time is over, and so is the grace for what was on its way: it is closed, whether anybody is there or not."""

    attempt: UUID
