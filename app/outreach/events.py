"""Facts this room tells the rest of the house."""

from uuid import UUID

from app.core.outbox import Event


class ChannelPrinted(Event):
    """A channel was made or named otherwise: its codes and its sheet are to be made."""

    channel: UUID
