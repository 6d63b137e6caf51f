"""Where an appointment may go from where, and who may lead it there: a table, the same in the database's trigger."""

from enum import StrEnum
from typing import Final

from app.appointments.models import State
from app.core.errors import code


class Mover(StrEnum):
    RESIDENT = "RESIDENT"
    STAFF = "STAFF"
    HOUSE = "HOUSE"
    """A deadline, or an account that is closed."""


_R, _S, _H = Mover.RESIDENT, Mover.STAFF, Mover.HOUSE

TABLE: Final[dict[State, dict[State, frozenset[Mover]]]] = {
    State.HELD: {
        State.REQUESTED: frozenset({_R}),
        State.CONFIRMED: frozenset({_R}),
        State.CANCELLED_BY_RESIDENT: frozenset({_R, _H}),
        State.EXPIRED: frozenset({_H}),
    },
    State.REQUESTED: {
        State.CONFIRMED: frozenset({_S}),
        State.RESCHEDULED: frozenset({_R}),
        State.CANCELLED_BY_RESIDENT: frozenset({_R, _H}),
        State.CANCELLED_BY_STAFF: frozenset({_S}),
        State.EXPIRED: frozenset({_H}),
    },
    State.CONFIRMED: {
        State.CHECKED_IN: frozenset({_R, _S}),
        State.RESCHEDULED: frozenset({_R}),
        State.CANCELLED_BY_RESIDENT: frozenset({_R, _H}),
        State.CANCELLED_BY_STAFF: frozenset({_S}),
        State.DONE: frozenset({_S, _H}),
        State.NO_SHOW: frozenset({_S, _H}),
    },
    State.CHECKED_IN: {
        State.CANCELLED_BY_RESIDENT: frozenset({_R, _H}),
        State.CANCELLED_BY_STAFF: frozenset({_S}),
        State.DONE: frozenset({_S, _H}),
        State.NO_SHOW: frozenset({_S}),
    },
    State.NO_SHOW: {State.DONE: frozenset({_S})},
}
LIVE: Final = frozenset({State.HELD, State.REQUESTED, State.CONFIRMED, State.CHECKED_IN})
"""They take their time and place, also while nobody has confirmed them."""

APPOINTMENT_STATE = code(
    "APPOINTMENT_STATE",
    zh="预约当前的状态不允许这样操作。",
    en="The appointment has moved on; this cannot be done with it any more, or not by you.",
    remedy="Read the appointment again; its `state` says what became of it.",
)


def may(begins: State, ends: State, mover: Mover) -> bool:
    return mover in TABLE.get(begins, {}).get(ends, frozenset())


def sources(ends: State, mover: Mover) -> list[State]:
    """From where this mover may lead one there."""
    return [begins for begins in TABLE if may(begins, ends, mover)]
