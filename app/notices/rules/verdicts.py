"""What follows from what a provider said (WeChat's return codes are told apart in `outside`): pure."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from app.notices.models import DeliveryState
from app.outside.post import Channel, Fate, Verdict

LEASE: Final = timedelta(seconds=12)
"""Who calls a provider for longer than PATIENCE has given up; what is not marked by then is as good as unknown."""
PATIENCE: Final = 8.0
"""Seconds."""
PAUSES: Final = (timedelta(seconds=1), timedelta(seconds=5), timedelta(seconds=30))
"""After the first, second and third failure in which surely nothing was sent."""
BACK_OFFS: Final = 6
"""So often a provider may ask one message to wait."""
LIMITS: Final = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
"""After which the carrier may let the next one through to a telephone: it lets one a minute, five an hour."""
ASK_AFTER: Final = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
"""When a provider is asked what became of a message whose answer never came."""


@dataclass(frozen=True)
class Sequel:
    """What becomes of a delivery; `again` is when somebody sees to it once more, None never."""

    state: DeliveryState
    again: timedelta | None = None
    goes_on: bool = False
    """The next channel has its turn."""
    consent_back: bool = False
    """The consent it was to cost is there again: surely nothing was sent."""
    consents_gone: bool = False
    """She has none left for this template, whatever our books say."""
    address_bad: bool = False
    alarm: bool = False
    """An operator must mend our own settings."""
    closes: timedelta | None = None
    """For so long nobody asks this provider for anything."""
    handed: bool = True
    """A provider was given it."""


SENT: Final = Sequel(DeliveryState.SENT)
NOT_ARRIVED: Final = Sequel(DeliveryState.DEAD, goes_on=True)
UNSENT: Final = Sequel(DeliveryState.DEAD, goes_on=True, handed=False)


def after(verdict: Verdict, channel: Channel, failures: int, closings: int, doubtful: bool) -> Sequel:
    """`failures` of this delivery before, `closings` of the channel before; `doubtful`: an earlier attempt may have
    arrived, so that no consent left means that it did."""
    match verdict:
        case Verdict.NO_CONSENT if doubtful:
            return SENT
        case Verdict.NO_CONSENT:
            return Sequel(DeliveryState.DEAD, goes_on=True, consents_gone=True)
        case Verdict.CONFIG:
            return Sequel(DeliveryState.DEAD, goes_on=True, consent_back=True, alarm=True)
        case Verdict.BAD_ADDRESS:
            return Sequel(DeliveryState.DEAD, goes_on=True, consent_back=True, address_bad=True)
        case Verdict.UNKNOWN:
            return unknown(channel)
        case Verdict.BACK_OFF:
            pause = PAUSES[min(closings, len(PAUSES) - 1)]
            return _not_now(pause, failures >= BACK_OFFS, closes=pause)
        case Verdict.LIMITED:
            return _not_now(LIMITS[min(failures, len(LIMITS) - 1)], failures >= BACK_OFFS)
        case Verdict.TRY_AGAIN:
            return _not_now(PAUSES[min(failures, len(PAUSES) - 1)], failures >= len(PAUSES))


def _not_now(pause: timedelta, enough: bool, closes: timedelta | None = None) -> Sequel:
    """Surely nothing was sent: it is tried again after the pause, unless it was often `enough`."""
    if enough:
        return Sequel(DeliveryState.DEAD, goes_on=True, consent_back=True, closes=closes)
    return Sequel(DeliveryState.PENDING, again=pause, consent_back=True, closes=closes)


def unknown(channel: Channel) -> Sequel:
    """Never sent again blindly: the carrier can be asked; of WeChat nothing can be learned, so the next channel's."""
    if channel is Channel.SMS:
        return Sequel(DeliveryState.UNKNOWN, again=ASK_AFTER[0])
    return Sequel(DeliveryState.UNKNOWN, goes_on=True)


def told(fate: Fate | None, asked: int) -> Sequel:
    """What the provider knows of it (None: it does not answer), asked for the `asked`-th time, from 0.

    What it has not heard of after ten minutes it never took: that is sent again.
    """
    last = asked + 1 >= len(ASK_AFTER)
    later = Sequel(DeliveryState.UNKNOWN, again=None if last else ASK_AFTER[asked + 1])
    match fate:
        case Fate.ARRIVED:
            return SENT
        case Fate.FAILED:
            return NOT_ARRIVED
        case Fate.NOT_KNOWN if asked >= 1:
            return Sequel(DeliveryState.PENDING, again=timedelta(0))
        case _:
            return later
