"""What a text is about, decided without anyone reading it: guesses of its category, its tags, a brief from them."""

from app.guidance.rules.briefs import brief_for
from app.guidance.rules.guessing import Guess, suggest
from app.guidance.rules.lexicon import tags_of

__all__ = ["Guess", "brief_for", "suggest", "tags_of"]
