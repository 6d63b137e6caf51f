"""The code on a paper: fifteen characters by chance (74 bits) and one by which a mistyped code is known.

The alphabet has 31 characters, without what is mistaken for something else in print, so the check is modulo a prime:
the weighted sum finds every wrong character, and every two that were exchanged (as ISO 7064 does with its own primes).
"""

import re
import secrets
import unicodedata
from typing import Final

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
RANDOM: Final = 15
_SAID: Final = re.compile(f"[{ALPHABET}]{{{RANDOM + 1}}}")


def new_code() -> str:
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM))
    return drawn + check_letter(drawn)


def check_letter(drawn: str) -> str:
    """Of the first fifteen."""
    return ALPHABET[-sum(place * ALPHABET.index(letter) for place, letter in enumerate(drawn, 2)) % len(ALPHABET)]


def code_of(said: str) -> str | None:
    """As it is kept, of what somebody typed: any width and case, with or without its dashes. None for no such code."""
    plain = re.sub(r"[\s\-‐-―－_.]", "", unicodedata.normalize("NFKC", said[:64]).upper())
    return plain if _SAID.fullmatch(plain) and check_letter(plain[:RANDOM]) == plain[RANDOM] else None


def printed(code: str) -> str:
    """In fours."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def digest_of(said: str) -> bytes | None:
    """A SHA-256 as 64 hexadecimal digits."""
    plain = said.strip().lower()
    return bytes.fromhex(plain) if re.fullmatch("[0-9a-f]{64}", plain) else None
