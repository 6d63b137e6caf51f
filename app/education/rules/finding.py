"""By what an article is found: the same spelling as the directory's."""

from app.directory.rules.spelling import grams, label_of, sounds
from app.directory.rules.taxonomy import CATEGORIES
from app.education.rules.rendering import text_of
from app.education.rules.writing import Written


def labelled(said: Written) -> str:
    return label_of([said.title])


def terms_of(said: Written) -> list[str]:
    """Pieces of what it may be asked for by, in characters and by sound; `=` before what is a code. What was given away
    is not among them: it may be taken back."""
    topic = CATEGORIES[said.topic]
    told = [said.title, said.summary, topic.zh, *topic.tags, text_of(said.body)]
    told += [word for one in said.statutes for word in (one.law, one.article)]
    told += [word for one in said.cases if not one.donation for word in (one.title, one.text)]
    found = {gram for text in told for gram in grams(text)}
    found.update(sounds(said.title))
    return sorted(found | {f"={said.topic}"})
