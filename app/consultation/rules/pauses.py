"""When the clocks of a question stand still: while a lawyer who asked back waits for the asker's reply.

A pause is (begin, end), the end None while it lasts. Pauses may overlap, as several lawyers may ask back: time that
two of them cover is counted once, so that elapsed = wall - |union of pauses|.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

Pause = tuple[datetime, datetime | None]

_NEVER = datetime.max.replace(tzinfo=UTC)


def union(pauses: Iterable[Pause], until: datetime) -> timedelta:
    """How long the clock has stood still before `until`; what comes after it is not looked at."""
    return sum(((end or until) - begin for begin, end in _apart(pauses, until)), timedelta(0))


def due(asked_at: datetime, within: timedelta, pauses: Iterable[Pause], now: datetime) -> datetime | None:
    """When the clock has run for `within` since `asked_at`, as far as is known at `now`.

    None while it stands still, for nobody knows yet. A moment that was reached before a pause stays what it was.
    """
    runs_from, left = asked_at, within
    for begin, end in _apart(pauses, now):
        ran = max(begin - runs_from, timedelta(0))
        if ran >= left:
            break
        left -= ran
        if end is None:
            return None
        runs_from = max(runs_from, end)
    return runs_from + left


def _apart(pauses: Iterable[Pause], now: datetime) -> Iterator[Pause]:
    """The pauses as they are known at `now`, in order and none touching another; the last may still last."""
    whole: list[tuple[datetime, datetime]] = []
    for begin, end in sorted((begin, end if end and end <= now else _NEVER) for begin, end in pauses if begin <= now):
        if whole and begin <= whole[-1][1]:
            whole[-1] = whole[-1][0], max(whole[-1][1], end)
        elif begin < end:
            whole.append((begin, end))
    return ((begin, None if end == _NEVER else end) for begin, end in whole)
