"""What holds for appointments, as data: how soon, how far ahead, how long, how many."""

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict


class Policy(BaseModel):
    """Times are seconds in the table."""

    model_config = ConfigDict(frozen=True)

    lead: timedelta
    """Nothing is held that begins sooner."""
    horizon: timedelta
    """Nor what begins later."""
    span: timedelta
    """Slots are told for so long at once."""
    hold: timedelta
    """How long a slot is held for who fills in the rest, each time she says that she is still there."""
    hold_most: timedelta
    """And all times together."""
    live: int
    """Appointments that a person may have before her."""
    cancel: timedelta
    """Until how long before it begins a resident cancels or moves one."""
    early: timedelta
    """From when on before it begins she may check in."""
    grace: timedelta
    """After its end, before nobody is taken to have come."""
    missed: int
    """After so many that she missed"""
    missed_within: timedelta
    """within so long"""
    window_only: timedelta
    """only windows are open to her, for so long from the last."""
    reminders: tuple[timedelta, ...]
    """How long before it begins she is reminded."""
    on_site_metres: int
    """Whoever is no farther away is there."""
    kept: timedelta
    """What was said with it is destroyed so long after its end."""


def window_only_until(missed: list[datetime], now: datetime, policy: Policy) -> datetime | None:
    """Until when only windows are open to who missed appointments that ended at these moments; None where all are."""
    ends = [
        missed_at + policy.window_only
        for place, missed_at in enumerate(sorted(missed))
        if sum(missed_at - policy.missed_within < other <= missed_at for other in sorted(missed)[: place + 1])
        >= policy.missed
    ]
    latest = max(ends, default=now)
    return latest if latest > now else None
