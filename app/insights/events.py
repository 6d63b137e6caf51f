"""What is told of what many ask."""

from uuid import UUID

from app.core.outbox import Event


class IssueFound(Event):
    """Something is asked about much more than usual."""

    issue: UUID
