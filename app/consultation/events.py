"""Facts this room tells the rest of the house."""

from uuid import UUID

from app.core.outbox import Event


class QuestionAsked(Event):
    question: UUID


class PatienceRanOut(Event):
    """A wave is owed to a question that has waited this long."""

    question: UUID


class PromiseRanOut(Event):
    """The promised time is over; `round` 0 is the breach, later ones repeat the search."""

    question: UUID
    round: int


class SeatClaimed(Event):
    question: UUID
    seat: UUID


class LeaseRanOut(Event):
    """The time a seat was lent for may be over (it may also have been extended, used or given back)."""

    question: UUID
    seat: UUID


class SeatFreed(Event):
    question: UUID
    seat: UUID
    lawyer: UUID
    expired: bool


class AnswerDelivered(Event):
    question: UUID
    answer: UUID
    seat: UUID
    lawyer: UUID


class QuestionWithdrawn(Event):
    question: UUID
