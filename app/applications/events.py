"""Facts this room tells the rest of the house."""

from datetime import datetime
from uuid import UUID

from app.core.outbox import Event


class ApplicationMoved(Event):
    """A step was made."""

    application: UUID
    step: UUID
    move: str


class ClockNears(Event):
    """What runs after the step `seq` is nearly over, unless another step was made since."""

    application: UUID
    seq: int
    due: datetime
    """When this is told: of several reminders, which."""


class ClockRanOut(Event):
    """What ran after the step `seq` is over, for the `round`-th time, unless another step was made since."""

    application: UUID
    seq: int
    round: int


class AnswerRanOut(Event):
    """The lawyer to whom it was offered by the step `seq` has not answered, unless she has."""

    application: UUID
    seq: int


class ServiceAged(Event):
    """What is at an end may have been kept for long enough, unless a step was made since `seq`."""

    application: UUID
    seq: int


class IdentityAged(Event):
    """Pictures of identity papers may have been kept for long enough since it was decided."""

    application: UUID


class ApplicationDraftAged(Event):
    """Nobody may have come back to it for long enough."""

    draft: UUID
