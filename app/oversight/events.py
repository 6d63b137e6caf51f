"""Facts this room tells the rest of the house."""

from uuid import UUID

from app.core.outbox import Event


class TaskOverdue(Event):
    """A task's time is over, for the `round`-th time (it may also have been done)."""

    task: UUID
    round: int


class TaskDone(Event):
    task: UUID
    kind: str
    question: UUID | None
    outcome: str
