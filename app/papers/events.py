"""Facts this room tells the rest of the house."""

from uuid import UUID

from app.core.outbox import Event


class PaperOrdered(Event):
    """What it is to say lies there."""

    paper: UUID


class PaperMade(Event):
    """It can be fetched."""

    paper: UUID
    subject: UUID
