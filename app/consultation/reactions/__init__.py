"""Event by event, what this room does next. Every reaction may run twice."""

from app.consultation.reactions import (
    answering,
    consenting,
    dispatching,
    erasing,
    exporting,
    following,
    life,
    rating,
    record,
)
from app.core.outbox import Event, Reaction

SLICES = (
    dispatching.REACTIONS,
    life.REACTIONS,
    following.REACTIONS,
    rating.REACTIONS,
    answering.REACTIONS,
    record.REACTIONS,
    erasing.REACTIONS,
    consenting.REACTIONS,
    exporting.REACTIONS,
)

REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {}
for _slice in SLICES:
    for _event, _reactions in _slice.items():
        REACTIONS[_event] = REACTIONS.get(_event, ()) + _reactions
