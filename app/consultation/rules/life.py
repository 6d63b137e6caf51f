"""Where a question stands, what may be done with it there, and what silence means: all of it pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.consultation.models import QuestionStatus
from app.consultation.rules.dispatch import QUESTION_CLOSED
from app.consultation.rules.petitions import NOT_BLOCKED
from app.consultation.rules.promise import QuestionEventKind
from app.core.errors import NOT_FOUND, Code, code

NOT_SENT = code(
    "NOT_SENT",
    zh="这个问题还没有提交给律师。",
    en="This question has not been sent to lawyers yet.",
    remedy="Change its words with reviseQuestion, or appeal where it was blocked.",
)
SENT_ALREADY = code(
    "SENT_ALREADY",
    zh="问题已经提交给律师，原文不能再改；可以追问或撤回。",
    en="The question was sent, and its words stay as lawyers read them; ask back or withdraw it.",
    remedy="Add what is missing with a follow-up, or withdraw the question and ask anew.",
)
RESOLVED_ALREADY = code(
    "RESOLVED_ALREADY",
    zh="这个问题已经解决；如需继续，请直接追问。",
    en="This question is resolved; ask back to take it up again.",
    remedy="A follow-up opens it again within 30 days.",
)
BLOCKED_FOR_NOW = code(
    "BLOCKED_FOR_NOW",
    zh="这个问题依法不能提交；您可以申诉。",
    en="The law keeps this question from being passed on; you may appeal.",
    remedy="Appeal; when the appeal is upheld the question can be sent with reviseQuestion.",
)
NO_ANSWER_YET = code(
    "NO_ANSWER_YET",
    zh="还没有律师解答，请稍候；也可以撤回问题。",
    en="No lawyer has answered yet. Please wait, or withdraw the question.",
    remedy="Wait for the first answer, or withdraw.",
)

KEPT_BY_LAW = code(
    "KEPT_BY_LAW",
    zh="依法须留存记录，期满后会自动删除。",
    en="The law wants this kept on record for a time; it is erased by itself when that is over.",
    remedy="Wait: what was blocked is erased without asking when the time is over that the policy sets.",
)
ONLY_THE_ASKER = code(
    "ONLY_THE_ASKER",
    zh="只有提问者本人可以删除咨询。",
    en="Only she whose question it is may erase it.",
    remedy="Withdraw it instead, or let the asker erase it herself.",
)


class QuestionAct(StrEnum):
    """What its owner may do with a question."""

    REVISE = "REVISE"
    APPEAL = "APPEAL"
    WITHDRAW = "WITHDRAW"
    RESOLVE = "RESOLVE"
    FOLLOW_UP = "FOLLOW_UP"
    RATE = "RATE"
    CHOOSE_BEST = "CHOOSE_BEST"
    REQUEST_CALLBACK = "REQUEST_CALLBACK"
    ERASE = "ERASE"


class HouseAct(StrEnum):
    """What happens to it without her."""

    FALL_SILENT = "FALL_SILENT"
    AGE = "AGE"
    UPHOLD_APPEAL = "UPHOLD_APPEAL"
    STOP = "STOP"


Act = QuestionAct | HouseAct

_S, _A, _H = QuestionStatus, QuestionAct, HouseAct
MOVES: Final[Mapping[QuestionStatus, Mapping[Act, QuestionStatus]]] = {
    # Whether new words go out is for the screening to say: see `rules.screened`.
    _S.NEEDS_EDIT: {_A.REVISE: _S.OPEN, _A.WITHDRAW: _S.WITHDRAWN, _A.ERASE: _S.ERASED},
    # What the law stops is kept on record (网络安全法: stop it, keep it, report it): there is no taking it back,
    # and erased it is once that time is over.
    _S.BLOCKED: {_A.APPEAL: _S.BLOCKED, _H.UPHOLD_APPEAL: _S.NEEDS_EDIT},
    _S.OPEN: {
        _A.WITHDRAW: _S.WITHDRAWN,
        _A.RESOLVE: _S.RESOLVED,
        _A.FOLLOW_UP: _S.OPEN,
        _A.RATE: _S.OPEN,
        _A.CHOOSE_BEST: _S.OPEN,
        _A.REQUEST_CALLBACK: _S.OPEN,
        _A.ERASE: _S.ERASED,
        _H.FALL_SILENT: _S.RESOLVED,
        # Heard only now: lawyers lose it as if it had been taken back. What they have read is not unread by a block.
        _H.STOP: _S.WITHDRAWN,
    },
    _S.RESOLVED: {
        _A.FOLLOW_UP: _S.OPEN,
        _A.RATE: _S.RESOLVED,
        _A.CHOOSE_BEST: _S.RESOLVED,
        _A.ERASE: _S.ERASED,
        _H.AGE: _S.CLOSED,
    },
    _S.CLOSED: {_A.RATE: _S.CLOSED, _A.CHOOSE_BEST: _S.CLOSED, _A.ERASE: _S.ERASED},
    _S.WITHDRAWN: {_A.RATE: _S.WITHDRAWN, _A.CHOOSE_BEST: _S.WITHDRAWN, _A.ERASE: _S.ERASED},
    _S.ERASED: {},
}
NEEDS_AN_ANSWER: Final = frozenset({_A.RESOLVE, _A.FOLLOW_UP, _A.RATE, _A.CHOOSE_BEST})

_NO: Final[Mapping[QuestionStatus, Code]] = {
    _S.NEEDS_EDIT: NOT_SENT,
    _S.BLOCKED: BLOCKED_FOR_NOW,
    _S.OPEN: SENT_ALREADY,
    _S.RESOLVED: RESOLVED_ALREADY,
    _S.CLOSED: QUESTION_CLOSED,
    _S.WITHDRAWN: QUESTION_CLOSED,
    _S.ERASED: NOT_FOUND,
}


def becomes(status: str, act: Act) -> QuestionStatus | Code:
    """Where the act leads from there, or the name of the refusal."""
    stands = QuestionStatus(status)
    if (there := MOVES[stands].get(act)) is not None:
        return there
    if act is QuestionAct.APPEAL and stands is not _S.ERASED:
        return NOT_BLOCKED
    return KEPT_BY_LAW if act is QuestionAct.ERASE and stands is _S.BLOCKED else _NO[stands]


def allowed(status: str, answered: bool) -> list[QuestionAct]:
    """What its owner may do now, in the order in which a client shows it."""
    moves = MOVES[QuestionStatus(status)]
    return [act for act in QuestionAct if act in moves and (answered or act not in NEEDS_AN_ANSWER)]


WORDS: Final = (
    QuestionEventKind.ANSWER_DELIVERED,
    QuestionEventKind.ANSWER_COUNTED,
    QuestionEventKind.ANSWER_AMENDED,
    QuestionEventKind.FOLLOW_UP_ASKED,
    QuestionEventKind.FOLLOW_UP_ANSWERED,
    QuestionEventKind.FOLLOW_UP_STOPPED,
    QuestionEventKind.INFORMATION_WANTED,
    QuestionEventKind.INFORMATION_GIVEN,
    QuestionEventKind.QUESTION_REOPENED,
)
"""What breaks a silence. It is counted from when this was said, and not from when the house came to hear of it."""


@dataclass(frozen=True)
class Quiet:
    """What is known of a question on which nobody has said anything for a while."""

    status: str
    kept: bool
    """The promised answers are there."""
    answered: int
    follow_ups: int
    """That wait for a lawyer."""
    inquiries: int
    """That wait for the asker: while there is one every clock of the question stands still."""

    @property
    def lawyers_turn(self) -> bool:
        """An inquiry comes first: whatever lawyers owe, they may be waiting for what they asked."""
        return not self.inquiries and (self.follow_ups > 0 or not self.kept)


class Silence(StrEnum):
    """What the house does about it."""

    LEAVE = "LEAVE"
    REMIND = "REMIND"
    RESOLVE = "RESOLVE"


def silence(quiet: Quiet, reminded: bool) -> Silence:
    """Never against somebody who waits for a lawyer, never before the first answer, never without one reminder."""
    if quiet.status != QuestionStatus.OPEN or quiet.lawyers_turn or not quiet.answered:
        return Silence.LEAVE
    return Silence.RESOLVE if reminded else Silence.REMIND
