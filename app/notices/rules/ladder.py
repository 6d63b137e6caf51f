"""Which channel a notice deserves, and when: pure, from `data/ladder.json` and what the person wants."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

from app.notices.models import Lane, NoticeKind, Template
from app.outside.post import Channel
from app.places.rules.workdays import CITY_TIME

DIGEST: Final = "DIGEST"
"""The kind of a delivery that tells of several notices."""


class Quiet(StrEnum):
    """What quiet hours do to a notice of a kind."""

    PASS = "PASS"
    """It is what she waits for: it comes at any hour."""
    WAIT = "WAIT"
    """It comes when they are over."""
    DROP = "DROP"
    """It would come too late, and is not sent: only in quiet hours that she herself has set."""


@dataclass(frozen=True)
class Manner:
    """How a kind is sent: `channels` in the order in which they are tried, `lives` for how long it is of use."""

    template: Template
    channels: tuple[Channel, ...]
    lane: Lane
    digestible: bool
    quiet: Quiet
    lives: timedelta


_DATA: Final = json.loads(Path(__file__).parent.parent.joinpath("data", "ladder.json").read_text("utf-8"))
WAIT: Final = timedelta(seconds=_DATA["wait_seconds"])
"""For so long a client may acknowledge a notice before another channel is tried."""
DIGEST_OVER: Final[int] = _DATA["digest_over"]
"""When more than so many wait for one person, one message tells of all."""
OFFERS_AN_HOUR: Final[int] = _DATA["offers_an_hour"]
SMS_A_DAY: Final[int] = _DATA["sms_a_day"]
MANNERS: Final = {
    kind: Manner(
        Template(said["template"]),
        tuple(Channel(name) for name in said["channels"]),
        Lane[said["lane"]],
        said["digestible"],
        Quiet(said["quiet"]),
        timedelta(minutes=said["minutes"]),
    )
    for kind in NoticeKind
    for said in [_DATA["kinds"][kind]]
}
DIGESTIBLE: Final = frozenset(kind for kind, manner in MANNERS.items() if manner.digestible)
OF_DIGESTS: Final = Manner(Template.DIGEST, tuple(Channel), Lane.NORMAL, False, Quiet.WAIT, timedelta(days=3))


def manner(kind: str) -> Manner:
    return OF_DIGESTS if kind == DIGEST else MANNERS[NoticeKind(kind)]


@dataclass(frozen=True)
class Hours:
    """Quiet from one minute of the day to another, China Standard Time; none where both are the same."""

    start: int
    end: int

    def __contains__(self, minute: int) -> bool:
        if self.start <= self.end:
            return self.start <= minute < self.end
        return minute >= self.start or minute < self.end


def minutes(said: str) -> int | None:
    """Of `HH:MM`; None where it is no time of a day."""
    try:
        at = time.fromisoformat(said) if len(said) == 5 else None
    except ValueError:
        at = None
    return at.hour * 60 + at.minute if at else None


def spoken(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


PROPOSED: Final = Hours(*(minutes(said) or 0 for said in _DATA["quiet"]))
"""Quiet hours of who has not set her own."""


@dataclass(frozen=True)
class Recipient:
    """How somebody can be reached, and what she wants: `consents` are those left by channel and template."""

    channels: frozenset[Channel] = frozenset()
    refused: frozenset[str] = frozenset()
    hours: Hours | None = None
    """Her own; None where she has set none."""
    consents: Mapping[tuple[str, str], int] = field(default_factory=dict)


def refusal(kind: str, channel: Channel) -> str:
    return f"{kind}:{channel}"


def next_channel(kind: str, template: str, to: Recipient, after: Channel | None = None) -> Channel | None:
    """The first channel of the kind's ladder, or the first below `after`, that she can be reached by and wants.

    WeChat's need a consent that is left for this template; a text message needs none.
    """
    order: Sequence[Channel] = manner(kind).channels
    rest = order[order.index(after) + 1 :] if after in order else () if after else order
    for channel in rest:
        wanted = channel in to.channels and refusal(kind, channel) not in to.refused
        if wanted and (channel is Channel.SMS or to.consents.get((channel, template), 0) > 0):
            return channel
    return None


def send_at(kind: str, to: Recipient, now: datetime) -> datetime | None:
    """When it may go out: now, at the end of her quiet hours, or not at all."""
    how = manner(kind).quiet
    hours = to.hours or (PROPOSED if how is Quiet.WAIT else None)
    here = now.astimezone(CITY_TIME)
    if how is Quiet.PASS or hours is None or here.hour * 60 + here.minute not in hours:
        return now
    if how is Quiet.DROP:
        return None
    end = here.replace(hour=hours.end // 60, minute=hours.end % 60, second=0, microsecond=0)
    return end if end > here else end + timedelta(days=1)
