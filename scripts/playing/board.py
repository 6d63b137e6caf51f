"""What the demo has seen so far, as its clients were told: the view draws it, the figures count it."""

import asyncio
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


@dataclass(frozen=True)
class FollowUp:
    """What an asker has asked back and wants a reply to."""

    asked_at: datetime
    replied_at: datetime | None
    waits: bool
    late: bool

    @classmethod
    def of(cls, said: dict[str, Any]) -> "FollowUp":
        clock = said["clock"]
        return cls(moment(said["askedAt"]), _reached(clock), said["state"] == "WAITING", clock["late"])


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
    planned: bool = False
    """Whether its promise is broken on purpose: no lawyer looks at it before."""
    spoken: bool = False
    told_broken: bool = False
    given_up: bool = False
    """Nobody would wait any longer for the promised answers."""
    follow_ups: dict[str, FollowUp] = field(default_factory=dict)
    answered_by: dict[str, str] = field(default_factory=dict)
    """The lawyer of each answer."""
    stars: dict[str, int] = field(default_factory=dict)
    """What was said of each answer."""
    callback: bool = False
    resolved: bool = False
    over_at: datetime | None = None
    """When its asker had nothing more to do with it."""
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
        self.answered_by = {answer["id"]: answer["lawyer"]["id"] for answer in question["answers"]}
        # A frame may be older than what its asker has asked meanwhile; what needs no reply has no clock.
        self.follow_ups |= {said["id"]: FollowUp.of(said) for said in question["followUps"] if said["clock"]}
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
    heard: int = 0
    """How often a lawyer listened to a recording that she was to answer."""
    not_sent: int = 0
    """Questions whose words the house did not pass on."""
    lawyers: int = 0
    began: datetime | None = None
    ahead: timedelta = timedelta()
    """The house's clock less ours."""
    overlooked: dict[str, asyncio.Event] = field(default_factory=dict)
    """Briefs that no lawyer looks at until their asker was told of the broken promise."""
    _held: dict[int, Sequence[tuple[str, str]]] = field(default_factory=dict)

    @property
    def over(self) -> bool:
        """Every question that was sent has come to its end, its later life included."""
        told = len(self.questions) + self.not_sent == self.wanted
        return told and all(asked.over_at for asked in self.questions.values())

    def now(self) -> datetime:
        """The house's time, by which promises and leases run."""
        return datetime.now(UTC) + self.ahead

    def note_time(self, said: str) -> None:
        at = moment(said)
        self.ahead = at - datetime.now(UTC)
        self.began = self.began or at

    def overlook(self, brief: str) -> None:
        self.overlooked[brief] = asyncio.Event()

    async def may_look_at(self, brief: str | None) -> bool:
        """Waits where the brief is overlooked as yet; whether it did."""
        told = self.overlooked.get(brief or "")
        if told is None or told.is_set():
            return False
        return await told.wait()

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
