"""Amounts of money: yuan as people write them, fen as they are counted."""

import re
import unicodedata

from app.core.errors import code

BAD_AMOUNT = code(
    "BAD_AMOUNT",
    zh="请填写以元为单位的金额，最多两位小数，例如 12000.50。",
    en="Give an amount in yuan with at most two decimals, such as 12000.50.",
    remedy="Send digits with at most two decimals, without a sign, unit or separators; at most 12 before the point.",
)
LONGEST = 32


def fen(said: str) -> int | None:
    """1200.5 -> 120050, also in full width; None for what is no such amount."""
    plain = unicodedata.normalize("NFKC", said[: LONGEST + 1]).strip()
    found = re.fullmatch(r"([0-9]{1,12})(?:\.([0-9]{1,2}))?", plain)
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else None


def yuan(fen: int) -> str:
    """120050 -> 1200.50"""
    return f"{fen // 100}.{fen % 100:02}"
