"""Facts this room tells the rest of the house."""

from uuid import UUID

from app.core.outbox import Event


class ArticleDue(Event):
    """The time has come for which a version was approved."""

    version: UUID


class CampaignDue(Event):
    """The next of those whom it is for may be told."""

    campaign: UUID
