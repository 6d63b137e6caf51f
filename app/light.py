"""How a process imports what it needs and no more: `with light(): import ...`, before anything else."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

FOR_TERMINALS: Final = ("rich", "pygments")
"""httpx and structlog would load them to draw on a terminal, which a server has not: 75 modules, 4 MB."""


@contextmanager
def light() -> Iterator[None]:
    """The collector of garbage never goes through what is imported, now (0.9 s of an API's start) or later: it stays.
    Whoever wants a terminal afterwards can have it."""
    hidden = [name for name in FOR_TERMINALS if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None: as if it were not installed
    gc.disable()
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
        gc.freeze()
        gc.enable()
