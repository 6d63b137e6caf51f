"""Prizes of a quiz: what they may be, and the code by which each is fetched. Pure."""

import hmac
import tomllib
from collections.abc import Iterator, Sequence
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.core.errors import BAD_VALUE, Code, Reason, because, code
from app.core.sealing import digest
from app.core.texts import against_text
from app.papers.rules.codes import ALPHABET, RANDOM, check_letter

_SAID: Final = tomllib.loads((Path(__file__).parent.parent / "data" / "policy.toml").read_text("utf-8"))
CLAIM: Final = timedelta(days=_SAID["claim_days"])
REMIND: Final = timedelta(days=_SAID["remind_days"])
KINDS: Final = 20
MOST: Final = 10_000
"""Prizes of a quiz, all kinds together."""
NAME: Final = (2, 40)
SECRET: Final = "quiz-prize"
"""For KeyProvider.secret."""

PRIZE_CODE_WRONG = code(
    "PRIZE_CODE_WRONG",
    zh="兑奖码有误，或不由您发放。",
    en="There is no such prize for you to hand out.",
    remedy="Scan the code again. A prize is handed out by editors, or by who works for the activity's institution.",
)
PRIZE_CLAIMED = code(
    "PRIZE_CLAIMED",
    zh="该奖品已经领取。",
    en="This prize has been handed out already.",
    remedy="Hand out nothing; the winner sees in `Activity.myPrize` when it was fetched.",
)
PRIZE_LAPSED = code(
    "PRIZE_LAPSED",
    zh="该奖品已过领取期限或已失效。",
    en="This prize can be fetched no longer.",
    remedy="Say until when it could be: `QuizAward.claimUntil`.",
)
OWN_PRIZE = code(
    "OWN_PRIZE",
    zh="不能为自己发放奖品。",
    en="Nobody hands out her own prize.",
    remedy="Ask a colleague.",
)
REFUSED: Final[dict[str, Code]] = {"CLAIMED": PRIZE_CLAIMED, "LAPSED": PRIZE_LAPSED, "OWN": OWN_PRIZE}
"""What the door says when it hands out none."""


class Prize(BaseModel):
    model_config = ConfigDict(frozen=True)

    name: str
    stock: int


def against_prizes(said: Sequence[Prize]) -> Iterator[Reason]:
    if len(said) > KINDS or sum(max(prize.stock, 0) for prize in said) > MOST:
        yield because(BAD_VALUE, "prizes")
    for place, prize in enumerate(said[:KINDS]):
        yield from against_text(prize.name, f"prizes.{place}.name", *NAME)
        if prize.stock < 1:
            yield because(BAD_VALUE, f"prizes.{place}.stock")


def claim_code(secret: bytes, award: UUID) -> str:
    """By which an award is fetched: fifteen letters and digits (74 bits) that nobody else can make, and a check."""
    dice, drawn = int.from_bytes(hmac.digest(secret, b"code" + award.bytes, sha256)[:16]), ""
    for _ in range(RANDOM):
        dice, letter = divmod(dice, len(ALPHABET))
        drawn += ALPHABET[letter]
    return drawn + check_letter(drawn)


def code_digest(secret: bytes, code: str) -> bytes:
    """What is kept of it."""
    return digest(secret, code)
