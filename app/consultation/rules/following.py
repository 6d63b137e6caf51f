"""What is asked after the first answer, whom it waits for and how long: pure.

A follow-up is owed a reply within `follow_up_day` by day and `follow_up_night` by night. Across the border patience is
spent at the rate of the hour: with 30 minutes by day and 4 hours by night, one asked at 21:45 has spent half of it at
22:00 and is due at midnight; one asked at 7:00 has spent a quarter at 8:00 and is due at 8:22:30. So one that was asked
later is never due earlier. While the asker owes a lawyer a reply, no patience is spent (`rules.pauses`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Any, Protocol
from uuid import UUID

from app.consultation.models import FollowUpState, QuestionStatus
from app.consultation.rules import pauses
from app.consultation.rules.dispatch import QUESTION_CLOSED
from app.consultation.rules.life import NO_ANSWER_YET, QuestionAct, becomes
from app.consultation.rules.pauses import Pause
from app.consultation.rules.policy import Policy
from app.consultation.rules.promise import QuestionEventKind
from app.core.errors import Code, Reason, because, code
from app.places.rules.workdays import CITY_TIME

FOLLOW_UP = (1, 2000)
REPLY = (1, 5000)
INQUIRY = (5, 500)
INFORMATION = (1, 2000)

HAS_NOT_ANSWERED = code(
    "HAS_NOT_ANSWERED",
    zh="这位律师没有解答过此问题。",
    en="This lawyer has not answered this question.",
    remedy="Name a lawyer who answered it, or none for all of them.",
)
ANSWER_FIRST = code(
    "ANSWER_FIRST",
    zh="解答过此问题的律师才能回复追问；您持有席位，请直接提交解答。",
    en="Only lawyers who answered the question reply to follow-ups; you hold a seat, so deliver your answer.",
    remedy="Use submitAnswer with your seat.",
)
INQUIRY_OPEN = code(
    "INQUIRY_OPEN",
    zh="您已向提问者询问，请等待回复。",
    en="You have asked the asker already; please wait for the reply.",
    remedy="Wait for the reply; ask for all that is missing at once.",
)
INQUIRY_REPLIED = code(
    "INQUIRY_REPLIED",
    zh="此询问已经回复过。",
    en="This inquiry has had its reply.",
    remedy="Use askFollowUp to say more.",
)


class InquiryKind(StrEnum):
    """What a lawyer may need to know."""

    AMOUNT = "AMOUNT"
    DATE = "DATE"
    CONTRACT = "CONTRACT"
    EVIDENCE = "EVIDENCE"
    PARTIES = "PARTIES"
    PLACE = "PLACE"
    OTHER = "OTHER"


class Stage:
    """To whom a follow-up has been put. It goes on at the last as long as it waits."""

    ADDRESSEE = 0
    ALL = 1
    NEW_LAWYERS = 2


class Logged(Protocol):
    """An entry of a question's log."""

    @property
    def kind(self) -> str: ...
    @property
    def ids(self) -> dict[str, Any]: ...
    @property
    def at(self) -> datetime: ...


_ENDS_ALL = (QuestionEventKind.QUESTION_RESOLVED, QuestionEventKind.QUESTION_REOPENED)


def pauses_of(log: Iterable[Logged]) -> list[Pause]:
    """When the question's clocks stood still: from each inquiry until its reply, None where it still waits. The end of
    a round ends all that was asked in it: who takes the question up again owes no reply from before."""
    begun: dict[str, datetime] = {}
    ended: dict[str, datetime] = {}
    for entry in sorted(log, key=lambda entry: entry.at):
        if entry.kind == QuestionEventKind.INFORMATION_WANTED:
            begun.setdefault(entry.ids["inquiry"], entry.at)
        elif entry.kind == QuestionEventKind.INFORMATION_GIVEN:
            ended.setdefault(entry.ids["inquiry"], entry.at)
        elif entry.kind in _ENDS_ALL:
            ended |= {inquiry: entry.at for inquiry in begun if inquiry not in ended}
    return [(at, ended.get(inquiry)) for inquiry, at in begun.items()]


def due(since: datetime, stood: Iterable[Pause], policy: Policy, now: datetime) -> datetime | None:
    """When the patience of a follow-up that waits since then is spent, as far as is known at `now`.

    None while the clock stands still. A moment that was reached stays what it was, whenever one looks.
    """
    known = [(begin, end if end and end <= now else None) for begin, end in stood if begin <= now]
    at, left = since, Fraction(1)
    while True:
        patience, border = _hours(at, policy)
        end = pauses.due(at, _span(left * patience), known, now)
        if end is not None and end <= border:
            return end
        if end is None and border > now:
            return None
        ran = (border - at) - (pauses.union(known, border) - pauses.union(known, at))
        left -= Fraction(_micros(ran), patience)
        at = border


def look_again(since: datetime, stood: Iterable[Pause], policy: Policy, now: datetime) -> datetime:
    """The earliest moment at which it may be due: that of `due`, or, while the clock stands still, what it would be if
    it went on this instant."""
    ended = [(begin, end if end and end <= now else now) for begin, end in stood if begin <= now]
    found = due(since, ended, policy, now)
    assert found is not None
    return found


def _hours(at: datetime, policy: Policy) -> tuple[int, datetime]:
    """(patience in microseconds at that hour, when day and night change next)."""
    there = at.astimezone(CITY_TIME)
    midnight = datetime.combine(there.date(), time.min, CITY_TIME)
    begins, ends = midnight + timedelta(hours=policy.day_begins), midnight + timedelta(hours=policy.day_ends)
    if begins <= there < ends:
        return _micros(policy.follow_up_day), ends
    return _micros(policy.follow_up_night), begins if there < begins else begins + timedelta(days=1)


def _micros(span: timedelta) -> int:
    return span // timedelta(microseconds=1)


def _span(micros: Fraction) -> timedelta:
    return timedelta(microseconds=-(-micros.numerator // micros.denominator))


def stage_began(follow_up: UUID, asked_at: datetime, log: Iterable[Logged]) -> datetime:
    """Since when it waits for those to whom it is put now."""
    opened = (
        entry.at
        for entry in log
        if entry.kind == QuestionEventKind.FOLLOW_UP_OPENED and entry.ids.get("follow_up") == str(follow_up)
    )
    return max(opened, default=asked_at)


@dataclass(frozen=True)
class Clock:
    """A follow-up's clock: `due_at` is None while it stands still."""

    due_at: datetime | None
    reached_at: datetime | None
    late: bool
    """Late stays late: a reply or a stop after the time does not undo it, and no pause that begins later does."""


def clock(follow_up: Any, stood: Iterable[Pause], policy: Policy, now: datetime) -> Clock | None:
    """The clock of a row of `follow_up`; None for what never waited."""
    if never_waited(follow_up):
        return None
    seen = min(now, follow_up.ended_at) if follow_up.ended_at else now
    falls = due(follow_up.asked_at, stood, policy, seen)
    reached = follow_up.ended_at if follow_up.state == FollowUpState.ANSWERED else None
    return Clock(falls, reached, falls is not None and seen > falls)


def never_waited(follow_up: Any) -> bool:
    """Thanks, and whatever else the asker wants no reply to."""
    return bool(follow_up.ended_at == follow_up.asked_at)


def against_asking_back(
    status: str, since: datetime | None, answered: Sequence[UUID], to: UUID | None, policy: Policy, now: datetime
) -> list[Reason]:
    """Why the asker cannot ask back now; at most one reason. `since` is when the status began."""
    there = becomes(status, QuestionAct.FOLLOW_UP)
    if isinstance(there, Code):
        return [because(there, "questionId")]
    # The house may not have come to closing it yet.
    if status == QuestionStatus.RESOLVED and since is not None and now >= since + policy.reopens:
        return [because(QUESTION_CLOSED, "questionId")]
    if not answered:
        return [because(NO_ANSWER_YET, "questionId")]
    if to is not None and to not in answered:
        return [because(HAS_NOT_ANSWERED, "toLawyerId")]
    return []


def thanked_for(waiting: Iterable[Any], spoken: Sequence[tuple[UUID, datetime]], to: UUID | None) -> list[UUID]:
    """Which follow-ups that still wait the asker's closing word ends: those after which somebody spoke whom they were
    put to, and whom she thanks. Thanks in advance end nothing.

    `waiting` has (id, lawyer, asked_at); `spoken` says which lawyer said something (also an answer) and when.
    """
    return [
        follow_up.id
        for follow_up in waiting
        if any(
            at > follow_up.asked_at and follow_up.lawyer in (None, lawyer) and to in (None, lawyer)
            for lawyer, at in spoken
        )
    ]


LONGEST_LEASE = timedelta(hours=1)
"""The table allows no longer one."""
AFTER_REPLY = timedelta(minutes=2)


def held_until(lease_until: datetime, claimed_at: datetime, policy: Policy) -> datetime:
    """The lease of a lawyer who asked back, while she waits for the reply."""
    return min(lease_until + policy.inquiry_holds, claimed_at + LONGEST_LEASE)


def lease_after(replied_at: datetime, left: timedelta, claimed_at: datetime) -> datetime:
    """Her lease after the reply: what was left of it when she asked, or two minutes if that is more."""
    return min(replied_at + max(left, AFTER_REPLY), claimed_at + LONGEST_LEASE)


def counting(log: Iterable[Logged]) -> int:
    """How many answers count by now, in whichever round they came."""
    counted = {
        entry.ids.get("answer")
        for entry in log
        if entry.kind == QuestionEventKind.ANSWER_COUNTED
        or (entry.kind == QuestionEventKind.ANSWER_DELIVERED and entry.ids.get("counts"))
    }
    return len(counted)


class WaitingOn(StrEnum):
    """Whose turn it is."""

    LAWYER = "LAWYER"
    ASKER = "ASKER"
    NONE = "NONE"


def waiting_on(status: str, kept: bool, follow_ups: int, inquiries: int) -> WaitingOn:
    """`kept`: the promised answers are there; then how many follow-ups and how many inquiries wait."""
    if status == QuestionStatus.NEEDS_EDIT:
        return WaitingOn.ASKER
    if status != QuestionStatus.OPEN:
        return WaitingOn.NONE
    if not kept or follow_ups:
        return WaitingOn.LAWYER
    return WaitingOn.ASKER if inquiries else WaitingOn.NONE
