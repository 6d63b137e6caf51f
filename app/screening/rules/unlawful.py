"""What a platform must stop, and what its asker is asked to reword; questions about forbidden things pass.

Cybersecurity Law (duties of network operators toward information whose publication is forbidden); cited by name, for
its articles were renumbered on 1 January 2026. A victim or an accused must not be stopped by the words of her trouble:
what asks anything passes, and lawyers may still report it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.core.errors import Code, code
from app.screening.rules import numbers
from app.screening.rules.contacts import sites
from app.screening.rules.folding import Folded, Stretch, fold
from app.screening.rules.phrases import Found, Lexicon, covered, read, words_of

UNLAWFUL_CONTENT = code(
    "UNLAWFUL_CONTENT",
    zh="内容涉嫌发布法律、行政法规禁止发布的信息，已停止发送。如有误判，可以申诉。",
    en="The text seems to offer what the law forbids, and was stopped. If this is a mistake, you may appeal.",
    remedy="Appeal, or ask about your own case.",
)
ADVERTISEMENT = code(
    "ADVERTISEMENT",
    zh="内容像是广告。这里只解答法律问题，请写下您遇到的事情。",
    en="The text reads like an advertisement. Legal questions are answered here: please write what happened to you.",
    remedy="Remove the advertisement and ask about your own case.",
)
ONLY_LINKS = code(
    "ONLY_LINKS",
    zh="内容只有链接。请用文字写下您遇到的事情。",
    en="The text is nothing but links. Please write what happened in words.",
    remedy="Describe the matter in words.",
)
ONLY_INSULTS = code(
    "ONLY_INSULTS",
    zh="内容只有骂人的话。您的委屈我们愿意听，请写下发生了什么。",
    en="The text is nothing but insults. We are ready to listen: please write what happened.",
    remedy="Say what happened.",
)
NO_QUESTION = code(
    "NO_QUESTION",
    zh="看不出您想问什么。请写下发生了什么、您想知道什么。",
    en="We cannot tell what you would like to ask. Please write what happened and what you want to know.",
    remedy="Describe the matter in a sentence or two.",
)


class Verdict(StrEnum):
    """PASS goes on, EDIT goes back to its asker, BLOCK is stopped and shown to a moderator."""

    PASS = "PASS"
    EDIT = "EDIT"
    BLOCK = "BLOCK"


@dataclass(frozen=True, slots=True)
class Screened:
    """`spans` are the parts of the text as it was sent that led to the verdict; `reason` is None for PASS."""

    verdict: Verdict
    spans: tuple[Stretch, ...]
    reason: Code | None


# Characters beside a link that may be called words.
_FEWEST = 5
PASSED = Screened(Verdict.PASS, (), None)
_FILE = read("unlawful")
_LEXICON = Lexicon(words_of(_FILE["sets"]))
_UNLAWFUL = ("gambling", "prostitution", "drugs", "arms", "papers", "click farms")
_INSULTS = Lexicon({"insults": _FILE["insults"]["words"]})
_INSULTED = Lexicon({name: _FILE[name]["words"] for name in ("insults", "insulted")})
_EMPTY = Lexicon({"empty": _FILE["empty"]["words"]})


def screen(text: str) -> Screened:
    """The verdict on what an asker has written; for an empty text EDIT without spans."""
    folded = fold(text)
    found = _LEXICON.look(folded.text)
    links = sites(folded.text)
    ways = [*found["reach"], *links, *numbers.telephones(folded.text), *numbers.accounts(folded.text)]
    asks = _asks(found)
    if ways and not asks:
        if offers := [place for name in _UNLAWFUL for place in found[name]]:
            return _screened(Verdict.BLOCK, folded, [*offers, *ways], UNLAWFUL_CONTENT)
        if found["goods"]:
            return _screened(Verdict.EDIT, folded, [*found["goods"], *ways], ADVERTISEMENT)
    return _meaningless(folded, [] if asks else links)


def _asks(found: Found) -> bool:
    """A word of asking, unless an advertisement's own hook holds it."""
    hooked = {place for start, end in found["hooks"] for place in range(start, end)}
    return any(not hooked.issuperset(range(start, end)) for start, end in found["asks"])


def _meaningless(folded: Folded, links: list[numbers.Place]) -> Screened:
    linked = {place for start, end in links for place in range(start, end)}
    rest = "".join(char for place, char in enumerate(folded.text) if place not in linked and char.isalnum())
    whole = [(0, len(folded.text))] if folded.text else []
    if links and len(rest) < _FEWEST:
        return _screened(Verdict.EDIT, folded, links, ONLY_LINKS)
    if any(_INSULTS.look(rest).values()) and covered(rest, _INSULTED.look(rest)):
        return _screened(Verdict.EDIT, folded, whole, ONLY_INSULTS)
    if len(set(rest)) < 2 or rest.isdecimal() or covered(rest, _EMPTY.look(rest)):
        return _screened(Verdict.EDIT, folded, whole, NO_QUESTION)
    return PASSED


def _screened(verdict: Verdict, folded: Folded, places: Sequence[tuple[int, int]], reason: Code) -> Screened:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return Screened(verdict, tuple(folded.stretch(start, end) for start, end in merged), reason)
