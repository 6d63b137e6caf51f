"""What comes of an inspection."""

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """Why a file is not taken."""

    WRONG_TYPE = "WRONG_TYPE"
    """It is something else than what it was said to be, or more than one thing at once."""
    UNREADABLE = "UNREADABLE"
    """It cannot be opened whole: cut off, damaged, protected by a password, or made to harm who opens it."""
    TOO_MANY_PIXELS = "TOO_MANY_PIXELS"
    TOO_LONG = "TOO_LONG"
    INFECTED = "INFECTED"
    ACTIVE = "ACTIVE"
    """A document that would do something when it is opened, or carries other files."""


class Rejected(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True)
class Found:
    """What is kept of a file: made anew from it, without whatever else it said about its maker."""

    content_type: str
    body: bytes
    thumbnail: bytes = b""
    duration: int | None = None
    """Milliseconds, as decoded and not as the file claims."""
    width: int | None = None
    height: int | None = None
