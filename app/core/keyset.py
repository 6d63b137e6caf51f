"""Keyset pages: from the front or from the back, at most 100 rows, cursors of (sort value, id)."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, tuple_

from app.core.errors import BAD_CURSOR, BAD_PAGE, refuse

MAX = 100
UNSAID = 20
"""How many from the front where neither `first` nor `last` is said."""
_BIGINT = range(-(2**63), 2**63)
"""What a sort column of whole numbers can hold."""
S = TypeVar("S", bound=Select[Any])


@dataclass(frozen=True)
class Page:
    """A checked request for a page: `size` items from the front (or the back) of what lies between two cursors."""

    size: int
    backward: bool
    after: tuple[Any, UUID] | None
    before: tuple[Any, UUID] | None

    @property
    def outermost(self) -> bool:
        """Whether it is the first of all, or the last: those are asked for most, and statements of theirs are kept."""
        return self.after is None is self.before


def page(
    first: int | None,
    after: str | None,
    last: int | None = None,
    before: str | None = None,
    *,
    key: type = datetime,
) -> Page:
    """Refuses BAD_PAGE and BAD_CURSOR. `key` is the type of the sort column (datetime, str or int).

    No rows at all may be asked for: the page then says whether there are any.
    """
    size = UNSAID if first is None and last is None else first if last is None else last
    if size is None or (first is not None and last is not None) or not 0 <= size <= MAX:
        raise refuse(BAD_PAGE, "last" if last is not None else "first", limit=MAX)
    return Page(size, last is not None, _decode(after, "after", key), _decode(before, "before", key))


def encode(value: Any, id: UUID) -> str:
    said = value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
    return base64.urlsafe_b64encode(f"{id.hex}{said}".encode()).decode().rstrip("=")


def _decode(said: str | None, field: str, key: type) -> tuple[Any, UUID] | None:
    if said is None:
        return None
    try:
        raw = base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)).decode()
        id, text = UUID(hex=raw[:32]), raw[32:]
        value = datetime.fromisoformat(text).astimezone(UTC) if key is datetime else key(text)
    except (ValueError, OverflowError) as error:
        raise refuse(BAD_CURSOR, field) from error
    if encode(value, id) != said or "\x00" in text or (key is int and value not in _BIGINT):
        raise refuse(BAD_CURSOR, field)
    return value, id


def keyset(
    statement: S, page: Page, value: ColumnElement[Any], id: ColumnElement[Any], *, newest_first: bool = True
) -> S:
    """Order by (value, id), keep what lies between the cursors, and one row more, to know if more follow."""
    row = tuple_(value, id)
    if page.after:
        statement = statement.where(row < tuple_(*page.after) if newest_first else row > tuple_(*page.after))
    if page.before:
        statement = statement.where(row > tuple_(*page.before) if newest_first else row < tuple_(*page.before))
    down = newest_first != page.backward
    order = (value.desc(), id.desc()) if down else (value.asc(), id.asc())
    return statement.order_by(*order).limit(page.size + 1)
