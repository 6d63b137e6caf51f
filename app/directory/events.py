"""Facts this room tells the rest of the house."""

from uuid import UUID

from app.core.outbox import Event


class LawyerCameOnline(Event):
    """She was away, or had not been seen for a while, and can take a question now."""

    lawyer: UUID
