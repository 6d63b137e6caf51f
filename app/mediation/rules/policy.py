"""What the law leaves to the city: read from `data/policy.toml`."""

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Final

DATA: Final = Path(__file__).parent.parent / "data"
_SAID: Final = tomllib.loads((DATA / "policy.toml").read_text("utf-8"))

INVITED_FOR: Final = timedelta(days=_SAID["invitation_days"])
TRIES: Final[int] = _SAID["invitation_tries"]
DOOR_OPEN: Final = timedelta(minutes=_SAID["door_minutes"])
TERMS_MAX: Final[int] = _SAID["terms_max"]
RECORDS_MAX: Final[int] = _SAID["records_max"]
TERM_REMINDERS: Final[tuple[int, ...]] = tuple(_SAID["term_reminders"])
