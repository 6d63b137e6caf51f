"""Event by event, what this room does next. Every reaction may run twice."""

from app.consultation.actions.dispatch import offer_stands
from app.consultation.reactions import (
    answering,
    consenting,
    dispatching,
    erasing,
    exporting,
    follow_through,
    following,
    life,
    rating,
    reach,
    record,
)
from app.core.outbox import Event, Reaction
from app.notices.actions.posting import Stands
from app.notices.models import NoticeKind

SLICES = (
    dispatching.REACTIONS,
    life.REACTIONS,
    following.REACTIONS,
    rating.REACTIONS,
    follow_through.REACTIONS,
    answering.REACTIONS,
    record.REACTIONS,
    erasing.REACTIONS,
    consenting.REACTIONS,
    exporting.REACTIONS,
    reach.REACTIONS,
)

REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {}
for _slice in SLICES:
    for _event, _reactions in _slice.items():
        REACTIONS[_event] = REACTIONS.get(_event, ()) + _reactions

_OFFERS = NoticeKind.OFFERED, NoticeKind.INVITED, NoticeKind.DUTY_CALLED
STANDS: dict[str, Stands] = dict.fromkeys(_OFFERS, offer_stands) | follow_through.STANDS
"""Of which notices the post asks first whether they still hold."""
