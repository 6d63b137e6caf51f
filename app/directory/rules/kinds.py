"""What stands in the register, by its exact title and by what people call it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from app.directory.models import RegisterKind

_FILE = Path(__file__).parents[1] / "data" / "kinds.json"


@dataclass(frozen=True, slots=True)
class Title:
    """`zh` is exact; `aliases` are what people call it."""

    zh: str
    en: str
    aliases: tuple[str, ...]


def _read() -> Mapping[RegisterKind, Title]:
    data = json.loads(_FILE.read_text("utf-8"))
    titles = {kind: data[kind.value] for kind in RegisterKind}
    return MappingProxyType({kind: Title(one["zh"], one["en"], tuple(one["aliases"])) for kind, one in titles.items()})


TITLES = _read()
