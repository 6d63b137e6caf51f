"""What the law leaves to the city: read from `data/policy.toml`."""

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Final

_SAID: Final = tomllib.loads((Path(__file__).parent.parent / "data" / "policy.toml").read_text("utf-8"))

AGAIN: Final = timedelta(hours=_SAID["overdue_again_hours"])
"""What is overdue is called so again, until it is done."""
OPEN_MAX: Final[int] = _SAID["open_max"]
"""Applications of one person that are not at an end."""
KEPT: Final = timedelta(days=_SAID["kept_days"])
