"""What a process that serves imports, and how."""

import subprocess
import sys

IMPORTS = """
import gc, sys
from app.light import light
with light():
    import httpx, structlog
assert not {"rich", "pygments"} & sys.modules.keys(), "drawn on a terminal"
assert gc.isenabled() and gc.get_freeze_count() > 10_000, "gone through again"
from rich.console import Console
Console().print("hello")
"""


def test_nothing_is_imported_that_draws_until_somebody_draws() -> None:
    said = subprocess.run([sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=False, timeout=60)
    assert (said.stdout, said.returncode) == ("hello\n", 0), said.stderr
