"""Where an activity may go from where, and who may lead it there: a table, the same in the database's trigger."""

from enum import StrEnum
from typing import Final, NamedTuple

from app.activities.models import ActivityKind, ActivityState
from app.core.access import Role
from app.core.errors import code

_S, _K = ActivityState, ActivityKind


class Move(StrEnum):
    """What is done with an activity."""

    SUBMIT = "SUBMIT"
    PASS = "PASS"
    RETURN = "RETURN"
    TAKE_BACK = "TAKE_BACK"
    OPEN = "OPEN"
    CLOSE = "CLOSE"
    SCORE = "SCORE"
    ANNOUNCE = "ANNOUNCE"
    ARCHIVE = "ARCHIVE"
    CANCEL = "CANCEL"


class Mover(StrEnum):
    EDITOR = "EDITOR"
    SECOND = "SECOND"
    """An editor or supervisor who had no hand in its words."""
    STAFF = "STAFF"
    """Any editor or supervisor."""
    HOUSE = "HOUSE"
    """A deadline, or the room above to which a quiz or a contest belongs."""


class Way(NamedTuple):
    before: frozenset[ActivityState]
    after: ActivityState
    movers: frozenset[Mover]
    kinds: frozenset[ActivityKind]


_ALL: Final = frozenset(ActivityKind)
_GATHERING: Final = frozenset({_K.GATHERING})
_SCORED: Final = _ALL - _GATHERING
_EDITOR, _HOUSE = Mover.EDITOR, Mover.HOUSE


def _way(
    after: ActivityState, before: set[ActivityState], *movers: Mover, kinds: frozenset[ActivityKind] = _ALL
) -> Way:
    return Way(frozenset(before), after, frozenset(movers), kinds)


_LIVING: Final = {_S.DRAFT, _S.IN_REVIEW, _S.SCHEDULED, _S.OPEN, _S.CLOSED, _S.SCORING}
TABLE: Final[dict[Move, tuple[Way, ...]]] = {
    Move.SUBMIT: (_way(_S.IN_REVIEW, {_S.DRAFT}, _EDITOR),),
    Move.PASS: (_way(_S.SCHEDULED, {_S.IN_REVIEW}, Mover.SECOND),),
    Move.RETURN: (_way(_S.DRAFT, {_S.IN_REVIEW}, Mover.STAFF),),
    Move.TAKE_BACK: (_way(_S.DRAFT, {_S.SCHEDULED}, _EDITOR),),
    Move.OPEN: (_way(_S.OPEN, {_S.SCHEDULED}, _HOUSE),),
    Move.CLOSE: (_way(_S.CLOSED, {_S.OPEN}, _EDITOR, _HOUSE),),
    Move.SCORE: (_way(_S.SCORING, {_S.CLOSED}, _EDITOR, _HOUSE, kinds=_SCORED),),
    Move.ANNOUNCE: (
        _way(_S.ANNOUNCED, {_S.SCORING}, _EDITOR, _HOUSE, kinds=_SCORED),
        _way(_S.ANNOUNCED, {_S.CLOSED}, _EDITOR, kinds=_GATHERING),
    ),
    Move.ARCHIVE: (
        _way(_S.ARCHIVED, {_S.ANNOUNCED}, _EDITOR, _HOUSE),
        _way(_S.ARCHIVED, {_S.CLOSED}, _HOUSE, kinds=_GATHERING),
    ),
    Move.CANCEL: (_way(_S.CANCELLED, _LIVING, _EDITOR),),
}
REASONED: Final = frozenset({Move.RETURN, Move.CANCEL})
"""Whoever does this says why."""
STAFF: Final = frozenset({Role.EDITOR, Role.SUPERVISOR})
"""Who sees what is not published yet."""

ACTIVITY_STATE = code(
    "ACTIVITY_STATE",
    zh="活动当前的状态不允许这样操作。",
    en="The activity stands otherwise: this cannot be done with it now.",
    remedy="Read the activity again; its `state` says what has become of it.",
)
ACTIVITY_NOT_READY = code(
    "ACTIVITY_NOT_READY",
    zh="请先完成竞赛设置，再提交审核；设有合格分数的，还须指定出具证书的机构。",
    en="Nobody has said yet how this quiz goes, or which institution gives its certificates.",
    remedy="Call setQuizRound before it is handed in; with a pass mark the activity has an institution.",
)
RESULTS_DUE = code(
    "RESULTS_DUE",
    zh="评审尚未结束，暂不能公布结果。",
    en="What came of it has not been said yet.",
    remedy="End the judging first (`endJudging`).",
)
SECOND_PERSON = code(
    "SECOND_PERSON",
    zh="须由未参与编写的人员审核。",
    en="Somebody who had no hand in its words has to review it.",
    remedy="Ask another editor, or a supervisor.",
)
EDITORS_ONLY = code(
    "EDITORS_ONLY",
    zh="此项操作由编辑办理。",
    en="This is for an editor to do.",
    remedy="Ask an editor; a supervisor reviews, and sends back.",
)


def way_of(move: Move, kind: ActivityKind, state: ActivityState) -> Way | None:
    """Which way that move is for such an activity, None where there is none from there."""
    return next((way for way in TABLE[move] if state in way.before and kind in way.kinds), None)


def edges() -> set[tuple[str, str, str, str]]:
    """(before, after, mover, kind): each that there is, as the database has them."""
    ways = [way for ways in TABLE.values() for way in ways]
    return {(b, way.after, m, k) for way in ways for b in way.before for m in way.movers for k in way.kinds}
