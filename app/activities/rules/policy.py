"""What the law leaves to the city: read from `data/policy.toml`."""

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Final

_SAID: Final = tomllib.loads((Path(__file__).parent.parent / "data" / "policy.toml").read_text("utf-8"))

ARCHIVED_AFTER: Final = timedelta(days=_SAID["archive_days"])
REMINDERS: Final = tuple(timedelta(hours=hours) for hours in _SAID["reminder_hours"])
CHECK_IN: Final = timedelta(minutes=_SAID["check_in_minutes"])
FORGOTTEN_AFTER: Final = timedelta(days=365)
"""Who came, after it was put away; the door forgets no sooner."""
AGAIN: Final = timedelta(days=30)
"""What a hold keeps is looked at again."""
