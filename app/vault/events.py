"""What the vault tells the house."""

from uuid import UUID

from app.core.outbox import Event


class UploadAged(Event):
    """Is it still hanging on nothing?"""

    file: UUID


class FileGone(Event):
    """Its key is destroyed; what is stored of it is to be removed."""

    file: UUID
