"""A paper that was ordered is made. Every reaction may run twice."""

from app.core.outbox import Errand, Event, Reaction
from app.papers.actions import making
from app.papers.events import PaperOrdered

REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {PaperOrdered: (Errand(making.make, making.keep),)}
