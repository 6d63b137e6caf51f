"""Text from outside, looked at before any work is done with it."""

import re
from collections.abc import Iterator

from app.core.errors import BAD_TEXT, BLANK, TOO_LONG, TOO_SHORT, Reason, because

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
# Unicode's Default_Ignorable_Code_Point, controls, and the pattern of braille without a dot.
_SEEN = re.compile(
    r"[^\s\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def unstorable(text: str) -> bool:
    """NUL makes PostgreSQL raise; a lone surrogate cannot be encoded."""
    return _UNSTORABLE.search(text) is not None


def against_text(text: str, field: str, shortest: int, longest: int) -> Iterator[Reason]:
    """Length counts characters without the blanks around them; at most one reason. What nobody can see is blank."""
    size = len(text.strip())
    if unstorable(text):
        yield because(BAD_TEXT, field)
    elif shortest and not _SEEN.search(text):
        yield because(BLANK, field)
    elif size < shortest:
        yield because(TOO_SHORT, field, limit=shortest)
    elif len(text) > longest:
        yield because(TOO_LONG, field, limit=longest)
