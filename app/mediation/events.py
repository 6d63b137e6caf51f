"""Facts this room tells the rest of the house."""

from uuid import UUID

from app.core.outbox import Event


class InvitationAnswered(Event):
    """Somebody who was invited by a link said yes or no."""

    mediation: UUID
    invitation: UUID


class SideSpoke(Event):
    """A side said yes or no to something; what both say may be a step."""

    mediation: UUID
    thing: UUID
    about: str


class TermKept(Event):
    """Something that was agreed on was done."""

    mediation: UUID
    term: UUID


class TermNears(Event):
    """Something that was agreed on is due in so many days, unless it was done."""

    mediation: UUID
    term: UUID
    days: int


class TermOverdue(Event):
    """Something that was agreed on was not done in time, unless it was."""

    mediation: UUID
    term: UUID


class CourtNears(Event):
    """So many days of the thirty are over, unless both went to the court."""

    mediation: UUID
    day: int


class CourtClosed(Event):
    """The thirty days are over, unless both went to the court."""

    mediation: UUID


class RecordAdded(Event):
    """Somebody wrote a sheet of the file."""

    mediation: UUID
    subject: UUID
    record: UUID
