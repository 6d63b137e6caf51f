"""An answer as it was kept, version by version."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.consultation.rules.answering import Content
from app.core.sealing import unseal


@dataclass(frozen=True)
class Sealed:
    """One version as it is kept: where it is sealed, and when that was."""

    table: str
    id: UUID
    content: bytes
    at: datetime

    def opened(self, key: bytes) -> Content:
        return Content.model_validate_json(unseal(key, self.content, self.table, "content", self.id))


def sealed_versions(row: Any) -> list[Sealed]:
    """Of an answer as `reads.answers` gives it: as it was delivered, then each later version, oldest first."""
    later = zip(row.later_ids or (), row.later or (), row.later_at or (), strict=True)
    first = Sealed("answer", row.id, row.content, row.delivered_at)
    return [first, *(Sealed("amendment", id, content, at) for id, content, at in later)]
