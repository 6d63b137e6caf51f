"""The race: python -m scripts.bench.run

This house, its walls on and off, against stock Strawberry on the same schema, PostGraphile 5, Mercurius with
graphql-jit and the floor (a bare handler with one statement), on loopback and throw-away servers, in turns. Needs npm's
registry once (`--cache`). `--rows 2000000` is a city that has been at work for long; `--json FILE` keeps all figures,
`--plot FILE.png` draws them (dependency group `bench`).

Rates of a machine that does other things too are worth little: what counts is the ratio of two contestants who took
turns, and the processor's time.
"""

import argparse
import asyncio
import json
import logging
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import structlog
import uvloop
from rich.console import Console

from app.outside.keys import FileKeys
from scripts.bench.race import city as cities
from scripts.bench.race import contestants as all_contestants
from scripts.bench.race.contestants import Grounds
from scripts.bench.race.report import tables
from scripts.bench.race.rounds import Figures, Plan, race
from scripts.embedded import Embedded

out = Console(width=132)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.bench.run", description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="turns of each at each operation (%(default)s)")
    parser.add_argument("--seconds", type=float, default=1.0, help="of one turn (%(default)s)")
    parser.add_argument("--minutes", type=float, default=8, help="after which no further round begins (%(default)s)")
    parser.add_argument("--rows", type=int, default=20_000, help="questions of other people in the city (%(default)s)")
    parser.add_argument("--sockets", type=int, nargs="*", default=[500, 2000], help="live sockets (%(default)s)")
    parser.add_argument("--only", nargs="*", default=[], help="of: inbox thread directory map ask answer streams")
    parser.add_argument("--cache", type=Path, default=Path("var/bench"), help="where the peers stay (%(default)s)")
    parser.add_argument("--json", type=Path, help="all figures, into this file")
    parser.add_argument("--beside", type=Path, help="an earlier --json: how this one's times compare with it")
    parser.add_argument("--plot", type=Path, help="the ratios, as a PNG")
    chosen = parser.parse_args(arguments)
    if chosen.plot and not find_spec("matplotlib"):
        parser.error("--plot wants the dependency group `bench`: uv sync --group bench")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    home = all_contestants.install_peers(chosen.cache.resolve())
    all_contestants.warm_up()
    with tempfile.TemporaryDirectory(prefix="race-") as folder:
        Path(folder).chmod(0o711)  # for the account that the servers run as
        keys, logs = Path(folder) / "keys", chosen.cache.resolve() / "logs"
        keys.mkdir()
        logs.mkdir(parents=True, exist_ok=True)
        FileKeys.make(keys)
        with Embedded(Path(folder) / "servers", throwaway=True) as bundled:
            out.print(f"[dim]Making the city ({chosen.rows:,} questions of others) ...")
            postmaster = next(child.process for child in bundled.children if child.name == "postgres")
            assert postmaster is not None
            walled, opened = cities.found(bundled.admin_url)
            grounds = Grounds(walled.api, opened, bundled.redis_url, keys, postmaster.pid, logs)
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                world = runner.run(cities.people(bundled.admin_url, bundled.redis_url, walled, keys, chosen.rows))
                ends = time.monotonic() + chosen.minutes * 60
                plan = Plan(chosen.rounds, chosen.seconds, tuple(chosen.sockets), tuple(chosen.only), ends)
                figures = race(runner, world, grounds, home, plan, lambda words: out.print(f"[dim]{words}"))
    show(figures, chosen.beside)
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1, default=vars))
    if chosen.plot:
        from scripts.bench.race.plot import plot  # noqa: PLC0415 (of a dependency group of its own)

        plot(figures, chosen.plot)
    return 0


def show(figures: Figures, beside: Path | None) -> None:
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    out.print(f"{os.cpu_count()} cores, load {load}")
    for table in tables(figures, json.loads(beside.read_text()) if beside else None):
        out.print(table)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
