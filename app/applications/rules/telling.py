"""Whom a step is told, and by which notice: nothing of the case is in one."""

from collections.abc import Mapping
from typing import Final

from app.applications.models import Move
from app.notices.models import NoticeKind

_N = NoticeKind

APPLICANT: Final[Mapping[Move, NoticeKind]] = {
    Move.TAKE: _N.AID_PROGRESS,
    Move.ASK_SUPPLEMENT: _N.AID_SUPPLEMENT,
    Move.ASK_SUPPLEMENT_AGAIN: _N.AID_SUPPLEMENT,
    Move.LAPSE: _N.AID_LAPSED,
    Move.TRANSFER: _N.AID_PROGRESS,
    Move.GRANT: _N.AID_DECIDED,
    Move.GRANT_IN_ADVANCE: _N.AID_DECIDED,
    Move.DENY: _N.AID_DECIDED,
    Move.OFFER: _N.AID_PROGRESS,
    Move.ACCEPT: _N.AID_LAWYER,
    Move.DECLINE: _N.AID_PROGRESS,
    Move.NO_ANSWER: _N.AID_PROGRESS,
    Move.CHANGE_LAWYER: _N.AID_DECIDED,
    Move.KEEP_LAWYER: _N.AID_DECIDED,
    Move.CLOSE: _N.AID_CLOSED,
    Move.TERMINATE: _N.AID_DECIDED,
    Move.UPHOLD: _N.AID_DECIDED,
    Move.OVERTURN: _N.AID_DECIDED,
}
STAFF: Final = frozenset(
    {
        Move.SUBMIT,
        Move.TRANSFER,
        Move.HAND_OVER,
        Move.SUPPLEMENT,
        Move.DECLINE,
        Move.NO_ANSWER,
        Move.ASK_CHANGE,
        Move.REPORT,
        Move.WITHDRAW,
        Move.GIVE_UP,
    }
)
"""Told to who handles it; where nobody does yet, to whoever could take it."""
SUPERVISORS: Final = frozenset({Move.OBJECT})
ENDS_WORK: Final = frozenset({Move.CHANGE_LAWYER, Move.TERMINATE, Move.WITHDRAW, Move.GIVE_UP})
"""Told to the lawyer who was working on it, or had been offered it."""
