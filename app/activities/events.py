"""Facts this room tells the rest of the house."""

from uuid import UUID

from app.core.outbox import Event


class ActivityOpens(Event):
    """The moment that was said when it passed review; it may have been said otherwise since."""

    activity: UUID


class ActivityCloses(Event):
    activity: UUID


class ActivityAged(Event):
    """It may have been over for long enough."""

    activity: UUID


class ActivityOpened(Event):
    activity: UUID


class ActivityClosed(Event):
    activity: UUID


class ActivityAnnounced(Event):
    activity: UUID


class ActivityCancelled(Event):
    activity: UUID


class ActivityNears(Event):
    """A gathering begins in so many seconds, if it still does."""

    activity: UUID
    seconds: int


class MovedUp(Event):
    """Who waited longest has a place."""

    enrolment: UUID


class EnrolmentsAged(Event):
    """Who came may have been known for long enough."""

    activity: UUID
