"""What the demo has seen so far, as its clients were told: the view draws it, the figures count it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

PROMISED = timedelta(minutes=10)
"""The city's promise, by whose measure a demo policy's times are told."""


def moment(said: str) -> datetime:
    return datetime.fromisoformat(said)


def pace(asked_at: datetime, due_at: datetime) -> float:
    """How much faster than the city's promise a question's policy runs."""
    return PROMISED / (due_at - asked_at)


@dataclass(eq=False)
class Asked:
    """A question, as its asker's device has last seen it."""

    id: str
    brief: str
    asked_at: datetime
    due_at: datetime
    wave: int = 1
    writing: int = 0
    answers: int = 0
    first_at: datetime | None = None
    third_at: datetime | None = None
    told_broken: bool = False
    given_up: bool = False
    leases: dict[str, datetime] = field(default_factory=dict)
    """Seats that are being written on, as the lawyers who hold them know: until when."""

    @property
    def pace(self) -> float:
        return pace(self.asked_at, self.due_at)

    @property
    def is_open(self) -> bool:
        return self.third_at is None and not self.given_up

    def seconds(self, at: datetime) -> float:
        """Seconds of the city's policy since it was asked."""
        return (at - self.asked_at).total_seconds() * self.pace

    def take(self, frame: dict[str, Any]) -> None:
        """A frame of questionUpdates."""
        question, promise = frame["question"], frame["question"]["promise"]
        self.writing = question["lawyersWriting"]
        self.answers = len(question["answers"])
        self.first_at = _reached(promise["firstAnswer"])
        self.third_at = _reached(promise["lastAnswer"])
        for event in frame["events"]:
            # The first wave goes out with the question, before or after the first frame.
            self.wave += event["kind"] == "WAVE_SENT" and self.seconds(moment(event["at"])) > 10
            self.told_broken |= event["kind"] == "PROMISE_BROKEN"


@dataclass
class Board:
    """Everything that can be seen. `offers` counts those that lawyers' streams brought, by when the question was asked:

    an offer does not name its question, and no two are asked in the same microsecond.
    """

    wanted: int
    questions: dict[str, Asked] = field(default_factory=dict)
    offers: Counter[datetime] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    """Errors that the house answered with, by root field; a stumble is tried again."""
    abandoned: int = 0
    lawyers: int = 0
    began: datetime | None = None
    ahead: timedelta = timedelta()
    """The house's clock less ours."""
    _held: dict[int, Sequence[tuple[str, str]]] = field(default_factory=dict)

    @property
    def over(self) -> bool:
        return len(self.questions) == self.wanted and not any(asked.is_open for asked in self.questions.values())

    def now(self) -> datetime:
        """The house's time, by which promises and leases run."""
        return datetime.now(UTC) + self.ahead

    def note_time(self, said: str) -> None:
        at = moment(said)
        self.ahead = at - datetime.now(UTC)
        self.began = self.began or at

    def hold(self, lawyer: int, seats: Iterable[dict[str, Any]]) -> None:
        """The seats this lawyer writes on now; those she held before and no longer does are free."""
        for question, id in self._held.pop(lawyer, ()):
            if question in self.questions:
                self.questions[question].leases.pop(id, None)
        held = [(seat["question"]["id"], seat) for seat in seats if seat["question"]]
        self._held[lawyer] = [(question, seat["id"]) for question, seat in held]
        for question, seat in held:
            if question in self.questions:
                self.questions[question].leases[seat["id"]] = moment(seat["leaseUntil"])


def _reached(mark: dict[str, Any]) -> datetime | None:
    return moment(mark["reachedAt"]) if mark["reachedAt"] else None
