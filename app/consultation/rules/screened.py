"""What the screening of its words means for a question: where it stands at first, and how it is dispatched."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.consultation.models import Lane, QuestionStatus
from app.core.errors import Code, Reason, because
from app.screening.rules.crisis import signals
from app.screening.rules.folding import Stretch
from app.screening.rules.unlawful import (
    ADVERTISEMENT,
    NO_QUESTION,
    PASSED,
    UNLAWFUL_CONTENT,
    Screened,
    Verdict,
    screen,
)

_STANDS: Final = {
    Verdict.PASS: QuestionStatus.OPEN,
    Verdict.EDIT: QuestionStatus.NEEDS_EDIT,
    Verdict.BLOCK: QuestionStatus.BLOCKED,
}
_GRAVITY: Final = list(Verdict)
_STOPPED: Final = (UNLAWFUL_CONTENT, ADVERTISEMENT)


@dataclass(frozen=True)
class Look:
    """`spans` are parts of `field`, the one of body and brief that led to the verdict."""

    verdict: Verdict
    reason: Code | None
    field: str
    spans: Sequence[Stretch]

    @property
    def stands(self) -> QuestionStatus:
        return _STANDS[self.verdict]


def look(body: str | None, brief: str, *, spoken: bool = False, transcript: str | None = None) -> Look:
    """The gravest of the verdicts; None for a body on which a supervisor has decided. A brief need not ask anything.

    Nor need what is written where the question is `spoken`. Of a transcript only what may not be passed on counts:
    words that were misheard hold up nobody, for lawyers can listen.
    """
    said, shown = PASSED if body is None else screen(body), screen(brief)
    if shown.reason is NO_QUESTION:
        shown = PASSED
    if spoken and said.reason is NO_QUESTION:
        said = PASSED
    heard = screen(transcript) if transcript else PASSED
    if heard.reason not in _STOPPED:
        heard = PASSED
    field, found = max((("body", said), ("transcript", heard), ("brief", shown)), key=_gravity)
    return Look(found.verdict, found.reason, field, found.spans)


def _gravity(found: tuple[str, Screened]) -> int:
    return _GRAVITY.index(found[1].verdict)


def against_follow_up(body: str, field: str = "body") -> list[Reason]:
    """Why words of an asker who goes on talking are not passed on. They may be angry, and need not ask anything."""
    found = screen(body)
    return [because(found.reason, field)] if found.reason in _STOPPED else []


def unlawful(words: str) -> bool:
    """Whether these are words that the law forbids to pass on."""
    return screen(words).verdict is Verdict.BLOCK


def crises(body: str, brief: str) -> list[str]:
    """Signals of danger in either, most urgent first: what is doubtful is shown."""
    return list(dict.fromkeys([*signals(body), *signals(brief)]))


def lane(crisis: Sequence[str]) -> Lane:
    return Lane.CRISIS if crisis else Lane.NORMAL
