"""Why a broken promise was broken: a pure function of what happened until the time ran out, and of the policy.

Of the lawyers who were to answer some never came, some gave their seat up, some answers did not count, and some were
not written yet. The reason is the loss by which fewer than what was promised were left: nothing that happens later
changes it, and nothing that is read at another time.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from app.consultation.rules.promise import Happened, Promised, QuestionEventKind, counted, promise
from app.consultation.rules.receipt import Logged
from app.core.errors import Language

K = QuestionEventKind


class LateReason(StrEnum):
    """Why the promised answers were not there in time."""

    NOBODY_REACHED = "NOBODY_REACHED"
    TOO_FEW_CAME = "TOO_FEW_CAME"
    SEATS_GIVEN_UP = "SEATS_GIVEN_UP"
    DID_NOT_COUNT = "DID_NOT_COUNT"
    ASKED_BACK = "ASKED_BACK"
    STILL_WRITING = "STILL_WRITING"


_WORDS: Final = {
    LateReason.NOBODY_REACHED: (
        "很抱歉，承诺的时间内没有联系到能够解答的律师。",
        "We are sorry: in the promised time no lawyer could be reached.",
    ),
    LateReason.TOO_FEW_CAME: (
        "很抱歉，我们通知了律师，但承诺的时间内来得及接手的律师不够。",
        "We are sorry: lawyers were called, but too few of them could take your question in time.",
    ),
    LateReason.SEATS_GIVEN_UP: (
        "很抱歉，有律师接手后没能写完解答，换人耽误了时间。",
        "We are sorry: lawyers who had taken your question could not finish, and others had to begin anew.",
    ),
    LateReason.DID_NOT_COUNT: (
        "很抱歉，有的回复还不够完整，我们没有把它算作承诺的解答。",
        "We are sorry: not every reply was full enough for us to count it among the promised answers.",
    ),
    LateReason.ASKED_BACK: (
        "很抱歉，律师要先向您多了解一些情况才能解答，所以写得慢了一些。",
        "We are sorry: lawyers had to know more from you first, and took longer to write.",
    ),
    LateReason.STILL_WRITING: (
        "很抱歉，律师已经在为您写解答，只是没能在承诺的时间内写完。",
        "We are sorry: lawyers were writing for you, and did not finish in the promised time.",
    ),
}
"""In Chinese and in English: only why, since how it goes on is told elsewhere."""


def why(reason: LateReason, language: Language) -> str:
    """What the asker is told."""
    zh, en = _WORDS[reason]
    return en if language is Language.EN else zh


def late_reason(log: Iterable[Logged], policy: Promised) -> LateReason | None:
    """Reads the log in any order, as far as it goes; None while the promise is not broken. A log without
    QUESTION_ASKED is a ValueError."""
    rows = list(log)
    events = [Happened.of(row.kind, row.at, row.ids) for row in rows]
    kept = promise(events, policy)
    due, reached = kept.last.due_at, kept.last.reached_at
    # Whatever was noted after that time shows that it has passed: the end of the promise is noted itself.
    if due is None or (reached is not None and reached <= due) or all(row.at < due for row in rows):
        return None
    until = [row for row in rows if kept.asked_at <= row.at <= due]
    came, gone = (_seats(until, kind) for kind in (K.SEAT_CLAIMED, K.SEAT_FREED))
    delivered = sum(row.kind == K.ANSWER_DELIVERED for row in until)
    counts = sum(kept.asked_at <= at <= due for at in counted(events))
    stayed = len(came - gone)
    if not came and not any(row.kind == K.WAVE_SENT and row.ids.get("offers") for row in until):
        return LateReason.NOBODY_REACHED
    if len(came) < policy.promised:
        return LateReason.TOO_FEW_CAME
    if stayed < policy.promised:
        return LateReason.SEATS_GIVEN_UP
    if stayed - (delivered - counts) < policy.promised:
        return LateReason.DID_NOT_COUNT
    asked_back = any(row.kind == K.INFORMATION_WANTED for row in until)
    return LateReason.ASKED_BACK if asked_back else LateReason.STILL_WRITING


def _seats(rows: Iterable[Logged], kind: QuestionEventKind) -> set[str]:
    return {str(row.ids.get("seat")) for row in rows if row.kind == kind}
