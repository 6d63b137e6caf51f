"""Facts this room tells the rest of the house."""

from uuid import UUID

from app.core.outbox import Event


class LawyerCameOnline(Event):
    """She was away, or had not been seen for a while, or took a break that is over, and can take a question now.

    Of a break that was changed meanwhile it also comes at the end that was set first: who reacts looks at her row.
    """

    lawyer: UUID


class LawyerLeft(Event):
    """She says that she is away, until she says otherwise: a leave, and not the short break of a snooze. Or the
    register says that she does not practise."""

    lawyer: UUID


class LawyerApplied(Event):
    application: UUID


class ApplicationDecided(Event):
    application: UUID
    approved: bool


class ApplicationAged(Event):
    """What was sent with it may have been kept for long enough."""

    application: UUID
