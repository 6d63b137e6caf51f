"""What may be sent, by its kind, and by which name its type goes."""

from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    VOICE = "VOICE"
    PICTURE = "PICTURE"
    DOCUMENT = "DOCUMENT"


TYPES: Final = {
    Kind.VOICE: ("audio/mpeg", "audio/aac", "audio/mp4", "audio/wav", "audio/amr"),
    Kind.PICTURE: ("image/jpeg", "image/png", "image/webp", "image/heic"),
    Kind.DOCUMENT: ("application/pdf",),
}
"""The mini-programs' recorder writes mp3, aac (on some devices inside an mp4) and wav; old telephones write amr."""

_ALSO_KNOWN_AS: Final = {
    "audio/mp3": "audio/mpeg",
    "audio/x-wav": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/vnd.wave": "audio/wav",
    "audio/x-aac": "audio/aac",
    "audio/aacp": "audio/aac",
    "audio/m4a": "audio/mp4",
    "audio/x-m4a": "audio/mp4",
    "video/mp4": "audio/mp4",
    "video/quicktime": "audio/mp4",
    "image/jpg": "image/jpeg",
    "image/heif": "image/heic",
}

SUFFIX: Final = {
    "audio/mpeg": "mp3",
    "audio/aac": "aac",
    "audio/mp4": "m4a",
    "audio/wav": "wav",
    "audio/amr": "amr",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "application/pdf": "pdf",
}
"""Of what is kept: a HEIC becomes a JPEG."""


def known_as(content_type: str) -> str:
    """The one name by which the house calls a media type."""
    plain = content_type.partition(";")[0].strip().lower()
    return _ALSO_KNOWN_AS.get(plain, plain)
