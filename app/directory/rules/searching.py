"""What may be looked for in the directory."""

from typing import Final, TypeVar

from app.core.errors import BAD_TEXT, BAD_VALUE, TOO_LONG, refuse
from app.core.texts import unstorable

WORDS_MAX: Final = 50
LANGUAGE_MAX: Final = 20
YEARS: Final = (0, 80)
REPLY_SECONDS: Final = (1, 86_400)
RATING: Final = (0.0, 1.0)

N = TypeVar("N", int, float)


def wording(said: str | None, field: str) -> str | None:
    """The words without the blanks around them, None for none. Refuses BAD_TEXT and TOO_LONG (over 50 characters)."""
    words = (said or "").strip()
    if unstorable(words):
        raise refuse(BAD_TEXT, field)
    if len(words) > WORDS_MAX:
        raise refuse(TOO_LONG, field, limit=WORDS_MAX)
    return words or None


def within(said: N | None, bounds: tuple[N, N], field: str) -> N | None:
    """What was said, if anything. Refuses BAD_VALUE outside the bounds, and for what is no number."""
    if said is not None and not bounds[0] <= said <= bounds[1]:
        raise refuse(BAD_VALUE, field)
    return said


def language(said: str | None, field: str) -> str | None:
    """A language or dialect by its name. Refuses BAD_VALUE for what cannot be one."""
    if said is None:
        return None
    name = said.strip()
    if not 0 < len(name) <= LANGUAGE_MAX or unstorable(name):
        raise refuse(BAD_VALUE, field)
    return name
