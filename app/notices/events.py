"""Facts this room tells the rest of the house."""

from uuid import UUID

from app.core.outbox import Event


class NoticesTold(Event):
    """These were told a while ago, all at once: whoever has not acknowledged hers is to be reached in another way."""

    notices: list[UUID]


class ChannelTurned(Event):
    """A provider began to refuse messages of this template for our own settings, or took one again: once each way."""

    channel: str
    template: str
