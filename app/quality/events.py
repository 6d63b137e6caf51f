"""What is told of the check of answers."""

from uuid import UUID

from app.core.outbox import Event


class CheckGiven(Event):
    """A reviewer has a consultation to look at; `turn` counts those who had it before her."""

    check: UUID
    turn: int


class CheckDue(Event):
    """Its time may be over (it may also be done), or its reviewer passes it on."""

    check: UUID


class CheckDone(Event):
    """Every answer is marked."""

    check: UUID


class ReviewerReleased(Event):
    """What she had goes to another."""

    lawyer: UUID
