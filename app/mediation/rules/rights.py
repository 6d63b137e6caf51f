"""What somebody is told before she says whether she wants a mediation, read from `data/rights.toml`."""

import tomllib
from collections.abc import Mapping
from typing import Final

from app.core.errors import Language
from app.mediation.rules.policy import DATA

_SAID: Final = tomllib.loads((DATA / "rights.toml").read_text("utf-8"))["said"]
RIGHTS: Final[Mapping[Language, tuple[str, ...]]] = {
    Language.ZH: tuple(one["zh"] for one in _SAID),
    Language.EN: tuple(one["en"] for one in _SAID),
}
