"""Facts this room tells the rest of the house."""

from uuid import UUID

from app.core.outbox import Event


class HoldRanOut(Event):
    """A slot was held until now, if nobody held it longer."""

    appointment: UUID


class AppointmentNears(Event):
    """It begins in so many seconds, if it is still to be."""

    appointment: UUID
    seconds: int


class AppointmentBegins(Event):
    """What the staff have not confirmed by now is not confirmed any more."""

    appointment: UUID


class AppointmentOver(Event):
    """Its time is over, and a little more."""

    appointment: UUID


class AppointmentAged(Event):
    """What was said with it may have been kept for long enough."""

    appointment: UUID


class AppointmentConfirmed(Event):
    """By the staff."""

    appointment: UUID


class AppointmentCalled(Event):
    """Who waited is called to a window, and is told: with her telephone in her hand she need not stand there."""

    appointment: UUID


class AppointmentCancelled(Event):
    """By the staff."""

    appointment: UUID
