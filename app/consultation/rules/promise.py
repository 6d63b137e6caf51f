"""The promise's clock: a pure function of what happened and of the policy the question was asked under."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.consultation.rules.policy import Policy


class QuestionEventKind(StrEnum):
    """What the log of a question can tell."""

    QUESTION_ASKED = "QUESTION_ASKED"
    WAVE_SENT = "WAVE_SENT"
    SEAT_CLAIMED = "SEAT_CLAIMED"
    LEASE_EXTENDED = "LEASE_EXTENDED"
    SEAT_FREED = "SEAT_FREED"
    ANSWER_DELIVERED = "ANSWER_DELIVERED"
    PROMISE_BROKEN = "PROMISE_BROKEN"
    ANSWER_AMENDED = "ANSWER_AMENDED"
    ANSWER_COUNTED = "ANSWER_COUNTED"
    BEST_CHOSEN = "BEST_CHOSEN"
    ANSWER_RATED = "ANSWER_RATED"
    RECATEGORISED = "RECATEGORISED"
    FOLLOW_UP_ASKED = "FOLLOW_UP_ASKED"
    FOLLOW_UP_OPENED = "FOLLOW_UP_OPENED"
    FOLLOW_UP_ANSWERED = "FOLLOW_UP_ANSWERED"
    FOLLOW_UP_STOPPED = "FOLLOW_UP_STOPPED"
    INFORMATION_WANTED = "INFORMATION_WANTED"
    INFORMATION_GIVEN = "INFORMATION_GIVEN"
    QUESTION_RESOLVED = "QUESTION_RESOLVED"
    QUESTION_REOPENED = "QUESTION_REOPENED"
    QUESTION_CLOSED = "QUESTION_CLOSED"
    QUESTION_WITHDRAWN = "QUESTION_WITHDRAWN"
    QUESTION_BLOCKED = "QUESTION_BLOCKED"
    QUESTION_REVISED = "QUESTION_REVISED"
    CALLBACK_WANTED = "CALLBACK_WANTED"


@dataclass(frozen=True)
class Happened:
    kind: str
    at: datetime
    counts: bool = False


@dataclass(frozen=True)
class Mark:
    """One of the promised answers: when it was due, when it came if it did."""

    due_at: datetime
    reached_at: datetime | None

    @property
    def late(self) -> bool:
        """Late stays late: this never becomes false again, and never depends on when one looks."""
        return self.reached_at is not None and self.reached_at > self.due_at

    def missed(self, now: datetime, until: datetime | None) -> bool:
        """Whether the time ran out before the mark was reached; a withdrawn question's clock stands still."""
        seen = min(now, until) if until else now
        return (self.reached_at or seen) > self.due_at


@dataclass(frozen=True)
class Promise:
    asked_at: datetime
    first: Mark
    last: Mark
    delivered: int
    withdrawn_at: datetime | None


def promise(log: Iterable[Happened], policy: Policy) -> Promise:
    """Reads the log in any order; a log without QUESTION_ASKED is a ValueError."""
    events = sorted(log, key=lambda event: event.at)
    asked = next((event.at for event in events if event.kind == QuestionEventKind.QUESTION_ASKED), None)
    if asked is None:
        raise ValueError("a log begins with the question")
    counting = [event.at for event in events if event.kind == QuestionEventKind.ANSWER_DELIVERED and event.counts]
    delivered = sum(event.kind == QuestionEventKind.ANSWER_DELIVERED for event in events)
    withdrawn = next((event.at for event in events if event.kind == QuestionEventKind.QUESTION_WITHDRAWN), None)
    due = asked + policy.within
    last = counting[policy.promised - 1] if len(counting) >= policy.promised else None
    return Promise(asked, Mark(due, counting[0] if counting else None), Mark(due, last), delivered, withdrawn)
