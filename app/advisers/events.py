"""Facts this room tells the rest of the house."""

from uuid import UUID

from app.core.outbox import Event


class VisitDue(Event):
    """On the 25th of a month in which a village is to be visited; it may have been, and the term may be over."""

    term: UUID
    month: str
    """YYYY-MM, by the city's calendar."""


class ContestMade(Event):
    contest: UUID


class ContestDecided(Event):
    contest: UUID
