"""What the walls cost: python -m scripts.bench.walls

A page of 20 questions with three answers each, all opened, through the real graph on throw-away servers: as it is,
without row-level security (the same statements as a superuser), without decryption (no key is asked for, and the
texts are remembered), without both, and on graphql-core's executor in place of ours. They take turns. Time is that of
the processor, the graph's process and the database's apart (Linux: /proc/PID/schedstat), so that a busy machine does
not count; what counts is the ratios.
"""

import argparse
import asyncio
import logging
import os
import random
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit
from uuid import UUID

import structlog
import uvloop
from rich.console import Console
from rich.table import Table

from app.core import sealing
from app.core.access import Viewer
from app.core.db import Database
from app.core.sealing import KeyProvider, new_key, seal
from app.outside.keys import FileKeys
from app.schema import schema
from app.vault.loaders import DataKey
from scripts.embedded import Embedded
from tests.city import City
from tests.conftest import Servers, copy, make_template, named
from tests.core.full_city import fill
from tests.vault.bulk import copy_in, lawyers, residents, some_id
from tests.vault.stories import answer, stories

ASKERS, QUESTIONS, ANSWERS = 40, 25, 3
PAGE = """{ questions(first: 20) { nodes { id status askedAt body
  answers { id deliveredAt counts content { conclusion text nextSteps summary } } } } }"""
out = Console(width=120)


async def ask_and_answer(city: City) -> list[Viewer]:
    """Residents who asked much, beside twenty thousand questions of others; the texts are really sealed."""
    await fill(city)
    keys, now, dice = city.doors[KeyProvider], await city.now(), random.Random(12348)
    people, answering = await residents(city, ASKERS, random=dice), await lawyers(city, ANSWERS, dice)
    rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for number, (body, line) in enumerate(stories(ASKERS * QUESTIONS)):
        question, brief, key, at = some_id(dice), some_id(dice), new_key(), now - timedelta(hours=1 + number)
        asker = people[number % ASKERS].id
        rows["question id asker category division status asked_at policy body"].append(
            (question, asker, "labour.wages", "419001001", "OPEN", at, 1, seal(key, body, "question", "body", question))
        )
        rows["brief id question body"].append((brief, question, seal(key, line, "brief", "body", brief)))
        rows["key subject kek wrapped"] += [(one, *keys.wrap(key, str(one))) for one in (question, brief)]
        rows["dispatch question brief category division policy asked_at wave board"].append(
            (question, brief, "labour.wages", "419001001", 1, at, 0, "FILLED")
        )
        for place, lawyer in enumerate(answering, 1):
            rows["offer question lawyer firm pool wave offered_at until why"].append(
                (question, lawyer.id, question, "LOCAL", 0, at, now, "{}")
            )
            id, said = some_id(dice), answer(number + place).model_dump_json()
            seat = (some_id(dice), question, lawyer.id, question, True, place, at, at, False, False)
            rows["seat id question lawyer firm local place claimed_at lease_until extended counts"].append(seat)
            sealed = seal(key, said, "answer", "content", id)
            rows["answer id question lawyer delivered_at counts content"].append(
                (id, question, lawyer.id, at, True, sealed)
            )
    for table, records in rows.items():
        name, _, columns = table.partition(" ")
        await copy_in(city, name, columns, records)
    await city.sql("ANALYZE")
    return people


@contextmanager
def open_texts(remembered: dict[bytes, bytes]) -> Iterator[None]:
    """As if texts lay there in the clear: no key is asked for, and each is found by what was sealed."""
    whole = sealing.open_bytes

    def look_up(key: bytes, sealed: bytes, place: str) -> bytes:
        return remembered[sealed] if sealed in remembered else whole(key, sealed, place)

    async def no_key(_: DataKey, keys: list[UUID]) -> list[bytes]:
        return [b"none"] * len(keys)

    with patch.object(sealing, "open_bytes", look_up), patch.object(DataKey, "batch_load_fn", no_key):
        yield


@contextmanager
def remembering(remembered: dict[bytes, bytes]) -> Iterator[None]:
    whole = sealing.open_bytes

    def note(key: bytes, sealed: bytes, place: str) -> bytes:
        remembered[sealed] = whole(key, sealed, place)
        return remembered[sealed]

    with patch.object(sealing, "open_bytes", note):
        yield


async def page(city: City, db: Database, viewer: Viewer) -> None:
    context = city.context(viewer)
    context.db = db
    result = await schema.execute(PAGE, context_value=context)
    assert result.errors is None, result.errors
    nodes = (result.data or {})["questions"]["nodes"]
    opened = [one["content"]["text"] for node in nodes if node["body"] for one in node["answers"]]
    assert len(opened) == 20 * ANSWERS
    assert all(opened)


@dataclass
class Taken:
    """Milliseconds of the processor for each page."""

    graph: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)


async def backends(city: City) -> list[Path]:
    """Where the system says how long each of the database's processes has run."""
    ours = "datname = current_database() AND backend_type = 'client backend'"
    rows = await city.sql(f"SELECT pid FROM pg_stat_activity WHERE {ours}")
    return [Path(f"/proc/{pid}/schedstat") for (pid,) in rows]


def run_by(processes: list[Path]) -> float:
    """Milliseconds for which they have run up to now."""
    return sum(int(one.read_text().split()[0]) for one in processes) / 1e6


async def measure(city: City, rounds: int) -> dict[str, Taken]:
    people, remembered = await ask_and_answer(city), dict[bytes, bytes]()
    with remembering(remembered):
        for viewer in people:
            await page(city, city.db, viewer)
    ways: dict[str, tuple[Database, bool, bool]] = {
        "as it is": (city.db, False, True),
        "without row-level security": (city.super, False, True),
        "without decryption": (city.db, True, True),
        "without both": (city.super, True, True),
        "on graphql-core's executor": (city.db, False, False),
    }
    taken: dict[str, Taken] = defaultdict(Taken)
    processes: list[Path] = []
    for number in range(-WARM, rounds):
        for name, (db, in_the_clear, compiled) in ways.items():
            schema.compiles(compiled)
            with open_texts(remembered) if in_the_clear else nullcontext():
                graph, database = time.process_time(), run_by(processes)
                await page(city, db, people[number % ASKERS])
                if number >= 0:
                    taken[name].graph.append((time.process_time() - graph) * 1000)
                    taken[name].database.append(run_by(processes) - database)
        if number < 0:  # until then connections are opened
            processes = await backends(city)
    return taken


WARM = 40


async def play(servers: Servers, keys: Path, rounds: int) -> dict[str, Taken]:
    template = await asyncio.to_thread(make_template, servers)
    urls = await copy(servers, template)
    admin = named(servers.admin_url, urlsplit(urls.api).path[1:])
    async with City.open(urls, admin, servers.redis_url, {KeyProvider: FileKeys(keys)}) as city:
        return await measure(city, rounds)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.bench.walls", description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=400, help="pages of each (%(default)s)")
    rounds = parser.parse_args(arguments).rounds
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory(prefix="walls-") as folder:
        Path(folder).chmod(0o711)  # for the account that the servers run as
        keys = Path(folder) / "keys"
        keys.mkdir()
        FileKeys.make(keys)
        with (
            Embedded(Path(folder) / "servers", throwaway=True) as bundled,
            asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        ):
            servers = Servers(bundled.admin_url, bundled.redis_url)
            taken = runner.run(play(servers, keys, rounds))
    out.print(table(taken))
    return 0


def table(taken: dict[str, Taken]) -> Table:
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    shown = Table(title=f"20 questions with 3 answers each; {os.cpu_count()} cores, load {load}", title_justify="left")
    for words in ("a page", "graph, ms", "database, ms", "together, ms", "as it is: times", "in the database: times"):
        shown.add_column(words, justify="left" if words == "a page" else "right")
    medians = {name: (statistics.median(each.graph), statistics.median(each.database)) for name, each in taken.items()}
    whole = medians["as it is"]
    for name, (graph, database) in medians.items():
        ratios = (sum(whole) / (graph + database), whole[1] / database)
        shown.add_row(name, *(f"{one:.2f}" for one in (graph, database, graph + database, *ratios)))
    return shown


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
