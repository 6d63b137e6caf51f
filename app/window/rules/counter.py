"""What is asked of an application that is written down at a counter: pure."""

import hmac
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from pydantic import BaseModel

from app.applications.models import FOREVER
from app.applications.rules import clocks
from app.core.errors import BAD_VALUE, Reason, because, code
from app.core.texts import against_text
from app.window.models import StatementSource

WORDS: Final = (10, 3000)
OLDEST: Final = timedelta(days=30)
"""Of what came by post: so long ago it may have been received when it is written down."""
SOON: Final = timedelta(hours=4)
"""Before it has to be forwarded its window is reminded."""
AGAIN: Final = timedelta(hours=24)
DAY: Final = timedelta(hours=12)
"""For so long who wrote it down has it."""
_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CLAIM: Final = 12
"""Letters: 31 to the twelfth, so that nobody guesses one in ninety days."""

CONFIRM_FIRST = code(
    "CONFIRM_FIRST",
    zh="请先向申请人宣读笔录，由其签名或者按指印，并由另一名工作人员确认。",
    en="Read it back to her first; she signs, and another of the staff confirms it.",
    remedy="A colleague calls `confirmAtWindow`; or she says a code that came to her telephone (`onBehalfOf`).",
)
ANOTHER_CONFIRMS = code(
    "ANOTHER_CONFIRMS",
    zh="须由本窗口另一名工作人员确认，且只能确认一次。",
    en="Somebody else at the same window confirms it, once, while it is open.",
    remedy="Ask a colleague of the same window.",
)
NOT_YOUR_STATEMENT = code(
    "NOT_YOUR_STATEMENT",
    zh="该申请只能由记录人提交；被羁押人员的申请可由同一窗口的工作人员转交。",
    en="Who wrote it down sends it; what a detained person sent, anybody of the same window.",
    remedy="Leave it to her.",
)
CLAIM_CODE_WRONG = code(
    "CLAIM_CODE_WRONG",
    zh="认领码不正确、已使用或已失效。",
    en="The code is not right, was used, or is too old.",
    remedy="Type it as it stands on the receipt from the window: twelve letters and digits, once, within ninety days.",
)


class Statement(BaseModel):
    """Sealed: the form as it is kept, and her words as they were written down and read back."""

    form: str
    words: str


class Recorded(BaseModel):
    kind: str
    source: StatementSource
    by_post: bool
    received_at: datetime | None
    said: Statement


def against_record(said: Recorded, now: datetime) -> Iterator[Reason]:
    yield from against_text(said.said.words, "statement", *WORDS)
    if said.received_at is None:
        return
    if said.source is StatementSource.IN_PERSON or not now - OLDEST <= said.received_at <= now:
        yield because(BAD_VALUE, "receivedAt")


def due(source: StatementSource, received_at: datetime) -> datetime:
    """Until when it is with the centre that has jurisdiction (法律援助法第三十九条): 24 hours, on the clock."""
    if source is StatementSource.IN_PERSON:
        return FOREVER
    until = clocks.due(clocks.Clock.FORWARD, received_at)
    assert until is not None  # nothing lets it stand still
    return until


def claim_of(secret: bytes, id: UUID) -> str:
    """The letters by which she claims it with an account of her own; the same whenever they are asked for."""
    number, letters = int.from_bytes(hmac.digest(secret, f"claim|{id}".encode(), sha256)), ""
    for _ in range(CLAIM):
        number, at = divmod(number, len(_LETTERS))
        letters += _LETTERS[at]
    return letters


def read_claim(said: str) -> str | None:
    plain = "".join(said.upper().replace("-", "").split())
    return plain if len(plain) == CLAIM and set(plain) <= set(_LETTERS) else None
