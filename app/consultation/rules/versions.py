"""An answer as it was kept, version by version."""

from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any, Final
from uuid import UUID

import orjson

from app.consultation.rules.answering import Content
from app.core.sealing import unseal_bytes

_LEFT_OPEN: Final = dict.fromkeys(name for name, field in Content.model_fields.items() if not field.is_required())


@dataclass(slots=True)
class Sealed:
    """One version as it is kept: where it is sealed, and when that was."""

    table: str
    id: UUID
    content: bytes
    at: datetime

    def opened(self, key: bytes) -> Content:
        return Content.model_validate_json(self._said(key))

    def read(self, key: bytes) -> SimpleNamespace:
        """To be shown, and nothing else."""
        return read(self._said(key))

    def _said(self, key: bytes) -> bytes:
        return unseal_bytes(key, self.content, self.table, "content", self.id)


def read(said: str | bytes) -> SimpleNamespace:
    """A `Content` as it was written down: it was checked before it was sealed, and nobody has changed it since."""
    return SimpleNamespace(**(_LEFT_OPEN | orjson.loads(said)))


def newest(row: Any) -> Sealed:
    """Of an answer as `reads.answers` gives it."""
    if row.later_ids:
        return Sealed("amendment", row.later_ids[-1], row.later[-1], row.later_at[-1])
    return Sealed("answer", row.id, row.content, row.delivered_at)


def sealed_versions(row: Any) -> list[Sealed]:
    """Of an answer as `reads.answers` gives it: as it was delivered, then each later version, oldest first."""
    later = zip(row.later_ids or (), row.later or (), row.later_at or (), strict=True)
    first = Sealed("answer", row.id, row.content, row.delivered_at)
    return [first, *(Sealed("amendment", id, content, at) for id, content, at in later)]
