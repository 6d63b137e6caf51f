"""QR codes (ISO/IEC 18004), with error correction M: a printed one may be a little dirty."""

import io
from functools import lru_cache
from typing import Final

import segno

TYPES: Final = {"svg": "image/svg+xml", "png": "image/png"}
_DOTS: Final = 8
"""Pixels a module: a code of about 300 a side, with its quiet zone."""


@lru_cache(maxsize=1_000)
def qr(address: str, kind: str) -> bytes:
    """Of that address, as "svg" or "png"."""
    drawn = io.BytesIO()
    segno.make_qr(address, error="m").save(drawn, kind=kind, scale=_DOTS, border=4)
    return drawn.getvalue()
