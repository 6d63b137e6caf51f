"""Text from outside, looked at before any work is done with it."""

import re
from collections.abc import Iterator

from app.core.errors import BAD_TEXT, BLANK, TOO_LONG, TOO_SHORT, Reason, because

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def unstorable(text: str) -> bool:
    """NUL makes PostgreSQL raise; a lone surrogate cannot be encoded."""
    return _UNSTORABLE.search(text) is not None


def against_text(text: str, field: str, shortest: int, longest: int) -> Iterator[Reason]:
    """Length counts characters without the blanks around them; at most one reason."""
    size = len(text.strip())
    if unstorable(text):
        yield because(BAD_TEXT, field)
    elif size == 0 and shortest:
        yield because(BLANK, field)
    elif size < shortest:
        yield because(TOO_SHORT, field, limit=shortest)
    elif len(text) > longest:
        yield because(TOO_LONG, field, limit=longest)
