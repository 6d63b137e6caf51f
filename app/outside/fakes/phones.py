"""What has come to whom: the messages of all fakes, as the telephones they came to show them."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime

KEPT = 20_000


@dataclass(frozen=True)
class Arrival:
    """`to` is a number or an openid; `big` is what the eye is meant to see first."""

    channel: str
    to: str
    title: str
    lines: tuple[str, ...]
    at: datetime
    big: str = ""
    page: str = ""

    def as_json(self) -> dict[str, object]:
        return {**vars(self), "at": self.at.isoformat()}


class Phones:
    def __init__(self) -> None:
        self._arrived: deque[Arrival] = deque(maxlen=KEPT)

    def ring(self, arrival: Arrival) -> None:
        self._arrived.append(arrival)

    def arrived(self, to: str | None = None, channel: str | None = None) -> list[Arrival]:
        """What came to one of them, or to all, oldest first. A copy: it may ring while another thread looks."""
        return [one for one in self._arrived.copy() if to in (None, one.to) and channel in (None, one.channel)]

    def clear(self) -> None:
        self._arrived.clear()
