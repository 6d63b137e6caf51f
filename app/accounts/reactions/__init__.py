"""What this room does about what happened, gathered from its parts."""

from app.accounts.reactions import persons, pushing
from app.core.outbox import Event, Reaction

REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {**persons.REACTIONS, **pushing.REACTIONS}
