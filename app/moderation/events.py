"""Facts this room tells the rest of the house."""

from uuid import UUID

from app.core.outbox import Event


class ReportMade(Event):
    report: UUID


class ReportOverdue(Event):
    """The time to decide is over, for the `round`-th time (it may also have been decided)."""

    report: UUID
    round: int


class ReportDecided(Event):
    """Dismissed, or, with a `measure`, that one taken."""

    report: UUID
    measure: UUID | None


class MeasureAppealed(Event):
    measure: UUID


class AppealOverdue(Event):
    """The time to decide an appeal is over, for the `round`-th time (it may also have been decided)."""

    measure: UUID
    round: int


class MeasureJudged(Event):
    measure: UUID
