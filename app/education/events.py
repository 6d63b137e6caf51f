"""Facts this room tells the rest of the house."""

from uuid import UUID

from app.core.outbox import Event


class ArticleDue(Event):
    """The time has come for which a version was approved."""

    version: UUID


class ArticleReviewed(Event):
    """Somebody looked at a version: it waits for its day, or was sent back. `review`: this look at it."""

    version: UUID
    review: UUID


class ArticleWithdrawn(Event):
    """Nobody reads it any more. `version`: what was published then."""

    version: UUID


class CampaignDue(Event):
    """The next of those whom it is for may be told."""

    campaign: UUID
