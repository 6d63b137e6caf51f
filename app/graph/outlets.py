"""Frames as bytes, and where they go out: to the wire itself, without a task of their own."""

from dataclasses import dataclass
from typing import Any, Final, Protocol

import orjson

from app.graph.execution.alike import Alike

WIRE: Final = "house.wire"
"""The ASGI extension of a live connection that takes frames ready made."""


class Wire(Protocol):
    """A connection to which text frames are written without a task of its own."""

    @property
    def is_free(self) -> bool:
        """Whether the client has taken what was written so far."""
        ...

    def put(self, head: bytes, tail: bytes) -> None:
        """A frame in two parts, at once. While the client is slow, of each head only the newest tail is kept."""
        ...

    async def tell(self, head: bytes, tail: bytes) -> None:
        """A frame of which none may be left out, as soon as the client takes it."""
        ...

    def drop(self, head: bytes) -> None:
        """What is kept of this head is not wanted any more."""
        ...


def tail(data: Any, errors: Any, extensions: Any) -> bytes:
    """The end of the message that carries a frame: its JSON and a brace."""
    said: dict[str, Any] = {"data": data}
    if errors:
        said["errors"] = errors
    if extensions:
        said["extensions"] = extensions
    return orjson.dumps(said) + b"}"


@dataclass(eq=False, slots=True)
class Outlet:
    """Where frames of one subscription go out that were made together with others' (`rounds.py`)."""

    wire: Wire
    head: bytes
    alike: Alike | None = None
    """How they are made; None where each has to be carried out by itself."""
    extensions: dict[str, Any] | None = None
    frames: int = 0
    """How many went out here."""

    def put(self, data: dict[str, Any]) -> None:
        self.wire.put(self.head, tail(data, None, self.extensions))
        self.frames += 1
