"""Whether a follow-up is the last word: thanks and farewells that no lawyer need answer."""

import re
import unicodedata

from app.screening.rules.folding import fold
from app.screening.rules.phrases import Lexicon, covered, read

_FILE = read("closing")
_CLOSING = Lexicon(_FILE["closing"])
_ALL = Lexicon(
    {**_FILE["closing"], **_FILE["filling"], "lawyers by name": [f"{name}律师" for name in _FILE["surnames"]]}
)
_GREETING = re.compile("(?:^|(?<=律师))[您你]们?好|^律师好|^hi|^hello")
# What is no more may be a question, or a job or a brother: it closes only where nothing before says what it is.
_NO_MORE = re.compile(
    "^((?:好的?|嗯|恩|哦|ok|谢谢(?:您|你|律师)*)*)(?:没有?了|暂时没有了?)(?=$|[谢啊哈呢]|多谢|感谢|辛苦|麻烦|再见)"
)
_PLAIN_SYMBOLS = frozenset("~^+=`|")


def closes(text: str) -> bool:
    """True for a closing thanks or acknowledgement, however long; false for whatever asks or tells something new.

    Else the last "thank you" would keep the lawyer's clock running and count as a breach.
    """
    folded = fold(text).text
    if "?" in folded:
        return False
    words = _NO_MORE.sub(r"\1没有问题了", _GREETING.sub("", "".join(filter(_is_word, folded))))
    return any(_CLOSING.look(words).values()) and covered(words, _ALL.look(words))


def _is_word(char: str) -> bool:
    """Brackets stay, because WeChat writes its signs in them; skin tones and other punctuation go."""
    return char in "[]" or not (char in _PLAIN_SYMBOLS or unicodedata.category(char)[0] == "P" or _tone(char))


def _tone(char: str) -> bool:
    return "\U0001f3fb" <= char <= "\U0001f3ff"
