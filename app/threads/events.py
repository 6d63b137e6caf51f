"""Facts this room tells the rest of the house."""

from uuid import UUID

from app.core.outbox import Event


class ConsultationAsked(Event):
    """Somebody of the institution is to look at it: a resident said something, or it was handed on (`cause`)."""

    consultation: UUID
    cause: UUID


class ConsultationReplied(Event):
    consultation: UUID
    cause: UUID


class ConsultationReturned(Event):
    """Who held it works there no more: it waits again. Told by a trigger."""

    consultation: UUID
    cause: UUID


class ConsultationAged(Event):
    """Told by a trigger. It was closed so long ago that what was said may have been kept for long enough."""

    consultation: UUID
