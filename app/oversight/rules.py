"""Until when supervisors see to what, and how a task may end."""

from datetime import datetime, timedelta
from typing import Final

from app.consultation.models import Outcome
from app.core.errors import Code, code
from app.oversight.models import TaskKind
from app.places.rules import add_workdays
from app.places.rules.workdays import PUBLISHED, Calendar

BREACH_WITHIN: Final = timedelta(minutes=30)
MENDED_WITHIN: Final = timedelta(hours=2)
"""Our settings at a provider: meanwhile people are written to by the next channel, or not at all."""
RATING_DAYS: Final = 2
"""Working days for every unhappy asker (the 12348 line calls all of them back, not a sample), and for what many ask."""
LOW: Final = 2
"""Stars: so few or fewer are seen to."""
AGAIN: Final = timedelta(hours=24)
"""An overdue task is called overdue again after so long."""
HELD: Final = timedelta(hours=24)
"""Who has held a task for so long when it is called overdue holds it no more: another may take it."""

TASK_TAKEN = code(
    "TASK_TAKEN",
    zh="该任务已由另一位督办人员领取。",
    en="Another supervisor has taken this task.",
    remedy="Take another one; it comes back if she returns it.",
)
TASK_NOT_TAKEN = code(
    "TASK_NOT_TAKEN",
    zh="请先领取任务。",
    en="Take the task first.",
    remedy="Call takeTask, do what is to be done, then complete it.",
)
TASK_DONE = code("TASK_DONE", zh="该任务已办结。", en="This task is done.", remedy="Read the list of tasks again.")
OWN_CASE = code(
    "OWN_CASE",
    zh="您与该咨询有关，不能办理这项任务。",
    en="You have a part in this question yourself; another supervisor sees to it.",
    remedy="Leave it to another supervisor.",
)

_OF_APPEALS: Final = frozenset({Outcome.UPHELD, Outcome.DISMISSED})


def due(kind: TaskKind, now: datetime, calendar: Calendar = PUBLISHED) -> datetime:
    """Of what supervisors notice by themselves; a petition brings its own time."""
    match kind:
        case TaskKind.BREACH:
            return now + BREACH_WITHIN
        case TaskKind.MISCONFIGURED:
            return now + MENDED_WITHIN
    return add_workdays(now, RATING_DAYS, calendar)


def ends(kind: TaskKind, outcome: Outcome) -> bool:
    """Whether a task of this kind may end so. An appeal is decided; everything else is done, or nobody was reached.

    Not reaching somebody ends a callback too: its window is over, and the asker sees it and chooses another.
    """
    return outcome is not Outcome.ERASED and (outcome in _OF_APPEALS) == (kind is TaskKind.APPEAL)


def held_too_long(taken_at: datetime | None, now: datetime) -> bool:
    return taken_at is not None and now - taken_at >= HELD


def against_taking(*, done: bool, taken: bool, mine: bool) -> Code | None:
    """Why a task that could not be taken was not, None where the viewer has it already."""
    if done:
        return TASK_DONE
    if taken:
        return None if mine else TASK_TAKEN
    return OWN_CASE


def against_ending(*, done: bool, taken: bool, mine: bool) -> Code | None:
    if done:
        return TASK_DONE
    if taken and not mine:
        return TASK_TAKEN
    return None if mine else TASK_NOT_TAKEN
