"""What may be looked for in the directory."""

from typing import Final

from app.core.errors import BAD_TEXT, TOO_LONG, refuse
from app.core.texts import unstorable

WORDS_MAX: Final = 50


def wording(said: str | None, field: str) -> str | None:
    """The words without the blanks around them, None for none. Refuses BAD_TEXT and TOO_LONG (over 50 characters)."""
    words = (said or "").strip()
    if unstorable(words):
        raise refuse(BAD_TEXT, field)
    if len(words) > WORDS_MAX:
        raise refuse(TOO_LONG, field, limit=WORDS_MAX)
    return words or None
