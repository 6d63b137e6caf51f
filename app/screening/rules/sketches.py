"""Comparing texts, and words of a closed vocabulary, without opening them.

A sketch holds the 128 least values of a keyed hash over the different character trigrams of a text: MinHash in its
bottom-k form (A. Broder, "On the resemblance and containment of documents", 1997), with one keyed permutation and its
128 minima in place of 128 permutations and one minimum of each. Measured on 1,000 characters: 0.8 ms instead of 19,
a standard error of 0.03 as with 128 permutations, and no error at all below some 130 characters, where the sketch
holds every trigram.
"""

import struct
from hashlib import blake2b
from uuid import UUID

from app.core.sealing import digest
from app.screening.rules.folding import fold

SIMILAR = 0.85
KEPT = 128
SIZE = 4 * KEPT

_FORM = struct.Struct(f">{KEPT}I")
_NONE = 0xFFFFFFFF
_NOTHING, _MOST = b"\xff\xff\xff\xff", b"\xff\xff\xff\xfe"
"""What stands where there is no value, and the greatest value there is."""
_PERSON = b"sketch"


def sketch(text: str, secret: bytes) -> bytes:
    """512 bytes; `secret` has 16 to 64 bytes and is the same for all sketches that are to be compared.

    The hash is keyed (BLAKE2b, RFC 7693): whoever holds sketches without the secret cannot compute the value of any
    trigram, so no guess at a word or a sentence can be tried on them. What shows without it is what they are for, how
    alike two sketches are, and of a short text its number of different trigrams, which the length of its ciphertext
    tells as well. Letters and digits count, in one width and case; blanks and punctuation do not.
    """
    if not 16 <= len(secret) <= 64:
        raise ValueError("the secret has 16 to 64 bytes")
    keyed = blake2b(digest_size=4, key=secret, person=_PERSON)
    values = set()
    for trigram in _trigrams(text):
        one = keyed.copy()
        one.update(trigram.encode())
        values.add(one.digest())
    if _NOTHING in values:
        values = values - {_NOTHING} | {_MOST}
    return b"".join(sorted(values)[:KEPT]).ljust(SIZE, b"\xff")


def _trigrams(text: str) -> set[str]:
    letters = "".join(filter(str.isalnum, fold(text).text))
    if len(letters) < 3:
        return {letters} - {""}
    return {letters[start : start + 3] for start in range(len(letters) - 2)}


def similarity(one: bytes, other: bytes) -> float:
    """The Jaccard index of the two texts' trigrams, 0 to 1, within 0.1 in 99 of 100 cases; 1 for equal sketches.

    Standard error sqrt(J (1 - J) / 128): 0.03 at 0.85. Sketches of different secrets come out unlike.
    """
    if one == other:
        return 1.0
    left, right = set(_FORM.unpack(one)) - {_NONE}, set(_FORM.unpack(other)) - {_NONE}
    union = sorted(left | right)
    if len(left) == KEPT or len(right) == KEPT:
        union = union[:KEPT]
    return len(left & right & set(union)) / len(union)


def token(value: str, purpose: str, subject: UUID, secret: bytes) -> bytes:
    """16 bytes by which equal values of one purpose meet within one subject, and nowhere else.

    HMAC-SHA256 (RFC 2104), cut to its left half: a conclusion or a forum is one of few words, and without the secret
    nobody can try them out; the subject in it keeps the same word apart in two questions. `purpose` holds no NUL.
    """
    if "\0" in purpose:
        raise ValueError("a purpose holds no NUL")
    return digest(secret, f"{purpose}\0{subject}{value}")[:16]
