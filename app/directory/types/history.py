"""What was changed in the register, and in the calendar: for who keeps them."""

import json
from datetime import datetime
from typing import Any, Self

import strawberry

from app.graph import visible
from app.graph.ids import global_id


@strawberry.type(description="What one field of a record said before a change, and since.", directives=[visible.WITHIN])
class FieldChange:
    field: str = strawberry.field(description="Its name in the register.")
    before: str | None = strawberry.field(description="JSON; null where there was nothing.")
    after: str = strawberry.field(description="JSON.")


@strawberry.type(description="A change of a record; nobody can take it out.", directives=[visible.WITHIN])
class RegisterChange:
    version: int = strawberry.field(description="Of the record from then on; 1 is its entry.")
    at: datetime = strawberry.field(description="When it was written.")
    reason: str = strawberry.field(description="Why, in the words of who did it.")
    editor_id: strawberry.ID | None = strawberry.field(
        description="Whose act it was, by the id of her `PersonFile`; null where whoever owns the database imported it."
    )
    fields: list[FieldChange] = strawberry.field(description="What changed, at least one.")

    @classmethod
    def of(cls, row: Any) -> Self:
        changed = [
            FieldChange(field=name, before=_said(row.before, name), after=_json(row.after[name])) for name in row.after
        ]
        editor = global_id("PersonFile", row.editor) if row.editor else None
        return cls(version=row.version, at=row.at, reason=row.reason, editor_id=editor, fields=changed)


def _said(values: dict[str, Any], name: str) -> str | None:
    return _json(values[name]) if name in values else None


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
