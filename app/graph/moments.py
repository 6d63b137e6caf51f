"""Moments as clients say them: Strawberry's scalar, but with an offset from UTC, and within what calendars hold.

Without an offset nobody knows whose clock was meant, and it cannot be compared with the house's. What lies before or
after all calendars is their first or last moment.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final, cast

from strawberry.exceptions import StrawberryInputCoercionError
from strawberry.schema.types.base_scalars import DateTimeDefinition

FIRST: Final = datetime.min.replace(tzinfo=UTC)
LAST: Final = datetime.max.replace(tzinfo=UTC)
_read: Final = cast("Callable[[object], datetime]", DateTimeDefinition.parse_value)


def read(said: object) -> datetime:
    """Raises StrawberryInputCoercionError, as Strawberry's own does for what is no moment at all."""
    at = _read(said)
    if at.tzinfo is None:
        raise StrawberryInputCoercionError(f'Value cannot represent a DateTime: "{said}". It has no offset from UTC.')
    try:
        at.astimezone(UTC)
    except OverflowError:
        return FIRST if at.year == FIRST.year else LAST
    return at


SCALARS: Final[dict[object, Any]] = {datetime: replace(DateTimeDefinition, parse_value=read)}
