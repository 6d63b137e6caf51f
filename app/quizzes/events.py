"""Facts this room tells the rest of the house."""

from uuid import UUID

from app.core.outbox import Event


class RoundOver(Event):
    """A quiz was closed, and what was on its way has come: its results are told, unless somebody takes it still."""

    round: UUID


class AttemptDue(Event):
    """Its time is over, and so is the grace for what was on its way: it is closed, whether anybody is there or not."""

    attempt: UUID


class PrizesDue(Event):
    """Results are told, and prizes are given, unless somebody takes it still."""

    round: UUID


class PrizesNear(Event):
    """Prizes can be fetched for some days only."""

    round: UUID


class PrizesLapse(Event):
    """What nobody has fetched is nobody's any more."""

    round: UUID


class PrizeHandedOut(Event):
    """To whom, by somebody of the staff."""

    round: UUID
    person: UUID
    award: UUID


class AttemptVoided(Event):
    """An editor said that it does not count."""

    attempt: UUID
    person: UUID


class AttemptsAged(Event):
    """A hold may keep what was to be forgotten no longer."""

    round: UUID
