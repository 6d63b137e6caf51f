"""The promise's clock: a pure function of what happened and of the policy the question was asked under.

It runs from the asking (or, where words had to be changed, from sending it again), stands still while a lawyer who
asked back waits for the asker, and is over for good when the asker is satisfied or takes the question back: what comes
after that neither keeps the promise nor breaks it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from app.consultation.rules import pauses


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
    QUESTION_ERASED = "QUESTION_ERASED"
    QUESTION_BLOCKED = "QUESTION_BLOCKED"
    QUESTION_REVISED = "QUESTION_REVISED"
    CALLBACK_WANTED = "CALLBACK_WANTED"
    TRANSCRIPT_WRITTEN = "TRANSCRIPT_WRITTEN"


class Promised(Protocol):
    """What of a policy was promised. A question keeps the policy it was asked under."""

    @property
    def promised(self) -> int: ...

    @property
    def within(self) -> timedelta: ...


@dataclass(frozen=True)
class Happened:
    kind: str
    at: datetime
    counts: bool = False
    about: object = None
    """The answer or the inquiry it is about; None where there is nothing to tell apart."""

    @classmethod
    def of(cls, kind: str, at: datetime, ids: Mapping[str, Any]) -> "Happened":
        """An entry of a question's log."""
        return cls(kind, at, bool(ids.get("counts")), ids.get("answer") or ids.get("inquiry"))


@dataclass(frozen=True)
class Mark:
    """One of the promised answers."""

    due_at: datetime | None
    """When the promised time was over, or will be if the clock does not stop; None while it stands still."""
    reached_at: datetime | None
    stopped_at: datetime | None
    """When it was reached or, if it was not, when the question was over."""

    @property
    def late(self) -> bool:
        """Late stays late: this never becomes false again, and never depends on when one looks."""
        return self.reached_at is not None and self.missed(self.reached_at)

    def missed(self, now: datetime) -> bool:
        """Whether the promised time ran out before the mark was reached; the clock of what is over stands still."""
        return self.due_at is not None and (self.stopped_at or now) > self.due_at

    def until(self, now: datetime) -> datetime:
        return self.stopped_at or now


class Pause(NamedTuple):
    """The clock stood still from `begin` until `end`, None while it still does; `inquiry` is what it waited for."""

    begin: datetime
    end: datetime | None
    inquiry: object


@dataclass(frozen=True)
class Promise:
    asked_at: datetime
    first: Mark
    last: Mark
    delivered: int
    withdrawn_at: datetime | None
    ended_at: datetime | None
    """When the question was over: resolved, taken back, or not sent at all."""
    pauses: tuple[Pause, ...]

    @property
    def paused_since(self) -> datetime | None:
        """Since when the clock has been standing still; None while it runs, and where nothing is due any more."""
        lasting = [pause.begin for pause in self.pauses if pause.end is None]
        if not lasting or self.last.stopped_at:
            return None
        since = min(lasting)
        for begin, end, _ in sorted(self.pauses, key=lambda pause: pause.begin, reverse=True):
            if begin < since and (end is None or end >= since):
                since = begin
        return since

    def paused(self, until: datetime) -> timedelta:
        """How long the clock has stood still until then."""
        return pauses.union(((pause.begin, pause.end) for pause in self.pauses), until)

    def elapsed(self, until: datetime) -> timedelta:
        """How long the clock has run until then: wall - |union of pauses|."""
        return until - self.asked_at - self.paused(until)


K = QuestionEventKind
_BEGINS = (K.QUESTION_ASKED, K.QUESTION_REVISED)
_ENDS = (K.QUESTION_RESOLVED, K.QUESTION_WITHDRAWN, K.QUESTION_BLOCKED)
FOR_EVER = datetime.max.replace(tzinfo=UTC)


def begun(kinds: Iterable[str]) -> bool:
    """Whether a log with these entries has a promise to tell of: a question may also never have been sent."""
    return any(kind in _BEGINS for kind in kinds)


def promise(log: Iterable[Happened], policy: Promised) -> Promise:
    """Reads the log in any order; a log without QUESTION_ASKED is a ValueError."""
    events = list(log)
    asked = max((event.at for event in events if event.kind in _BEGINS), default=None)
    if asked is None:
        raise ValueError("a log begins with the question")
    ended = min((event.at for event in events if event.kind in _ENDS and event.at >= asked), default=None)
    withdrawn = [event.at for event in events if event.kind == K.QUESTION_WITHDRAWN]
    stood_still = _pauses(events, asked, ended)
    reached_by = sorted(at for at in counted(events) if asked <= at <= (ended or FOR_EVER))

    def mark(number: int) -> Mark:
        reached = reached_by[number - 1] if len(reached_by) >= number else None
        return Mark(_due(asked, policy.within, stood_still, reached, ended), reached, reached or ended)

    delivered = sum(event.kind == K.ANSWER_DELIVERED for event in events)
    return Promise(asked, mark(1), mark(policy.promised), delivered, min(withdrawn, default=None), ended, stood_still)


def counted(events: list[Happened]) -> Iterable[datetime]:
    """When each counting answer counted first: on delivery, or since the asker found it helpful."""
    times: dict[object, datetime] = {}
    for number, event in enumerate(events):
        delivered = event.kind == K.ANSWER_DELIVERED and event.counts
        if delivered or event.kind == K.ANSWER_COUNTED:
            answer = number if event.about is None else event.about
            times[answer] = min(event.at, times.get(answer, event.at))
    return times.values()


def _pauses(events: list[Happened], asked: datetime, ended: datetime | None) -> tuple[Pause, ...]:
    """Only an inquiry's own reply ends it, and the end of the question ends all."""
    wanted, given = (_times(events, kind) for kind in (K.INFORMATION_WANTED, K.INFORMATION_GIVEN))
    found = []
    for inquiry, times in wanted.items():
        begin = min(times)
        end = min((at for at in given.get(inquiry, ()) if at >= begin), default=None)
        begin = max(begin, asked)
        if ended is not None:
            end = min(end or ended, ended)
        if end is None or begin < end:
            found.append(Pause(begin, end, inquiry))
    return tuple(sorted(found, key=lambda pause: (pause.begin, str(pause.inquiry))))


def _times(events: list[Happened], kind: QuestionEventKind) -> dict[object, list[datetime]]:
    times: dict[object, list[datetime]] = {}
    for event in events:
        if event.kind == kind:
            times.setdefault(event.about, []).append(event.at)
    return times


def _due(
    asked: datetime, within: timedelta, stood: tuple[Pause, ...], reached: datetime | None, ended: datetime | None
) -> datetime | None:
    """What comes after the answer moves nothing any more; a question that was over in time is due at no time."""
    known = ((pause.begin, pause.end) for pause in stood)
    if reached is not None:
        known = ((begin, min(end or reached, reached)) for begin, end in known)
    due = pauses.due(asked, within, known, FOR_EVER)
    over_in_time = reached is None and ended is not None and due is not None and due >= ended
    return None if over_in_time else due
