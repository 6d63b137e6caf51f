"""What the walls cost: python -m scripts.bench.walls

A page of 20 questions with three answers each, all opened, through the real graph on throw-away servers: as it is,
without row-level security (the same statements as a superuser), without decryption (no key is asked for, and the texts
are remembered), and without both. The four take turns, so that a busy machine is as busy for each; what counts is the
ratio of their fastest tenths, of the whole page and of its statements alone.
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
from uuid import UUID

import structlog
import uvloop
from rich.console import Console
from rich.table import Table
from sqlalchemy import event

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
out = Console(width=110)


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
    """Milliseconds a page, and of these the sum that its statements took."""

    whole: list[float] = field(default_factory=list)
    statements: list[float] = field(default_factory=list)


@contextmanager
def clocked(db: Database, spent: list[float]) -> Iterator[None]:
    """Adds to `spent` how long each statement took, in milliseconds."""
    begun: dict[int, float] = {}

    def before(_c: Any, cursor: Any, *_: Any) -> None:
        begun[id(cursor)] = time.perf_counter()

    def after(_c: Any, cursor: Any, *_: Any) -> None:
        spent.append((time.perf_counter() - begun.pop(id(cursor))) * 1000)

    engine = db.engine.sync_engine
    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", before)
        event.remove(engine, "after_cursor_execute", after)


async def measure(city: City, rounds: int) -> dict[str, Taken]:
    people, remembered = await ask_and_answer(city), dict[bytes, bytes]()
    with remembering(remembered):
        for viewer in people:
            await page(city, city.db, viewer)
    ways: dict[str, tuple[Database, bool]] = {
        "as it is": (city.db, False),
        "without row-level security": (city.super, False),
        "without decryption": (city.db, True),
        "without both": (city.super, True),
    }
    taken: dict[str, Taken] = defaultdict(Taken)
    for number in range(-WARM, rounds):
        for name, (db, in_the_clear) in ways.items():
            spent: list[float] = []
            with open_texts(remembered) if in_the_clear else nullcontext(), clocked(db, spent):
                begun = time.perf_counter()
                await page(city, db, people[number % ASKERS])
                whole = (time.perf_counter() - begun) * 1000
            if number >= 0:
                taken[name].whole.append(whole)
                taken[name].statements.append(sum(spent))
    return taken


WARM = 40


async def play(servers: Servers, keys: Path, rounds: int) -> dict[str, Taken]:
    template = await asyncio.to_thread(make_template, servers)
    urls = await copy(servers, template)
    admin = named(servers.admin_url, urls.api.rpartition("/")[2])
    async with City.open(urls, admin, servers.redis_url, {KeyProvider: FileKeys(keys)}) as city:
        return await measure(city, rounds)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.bench.walls", description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=400, help="pages of each of the four (%(default)s)")
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
    for words in ("a page", "median, ms", "fastest tenth, ms", "as it is: times", "statements, ms", "as it is: times"):
        shown.add_column(words, justify="left" if words == "a page" else "right")
    base = taken["as it is"]
    for name, each in taken.items():
        whole, statements = fastest(each.whole), fastest(each.statements)
        shown.add_row(
            name,
            f"{statistics.median(each.whole):.1f}",
            f"{whole:.1f}",
            f"{fastest(base.whole) / whole:.2f}",
            f"{statements:.1f}",
            f"{fastest(base.statements) / statements:.2f}",
        )
    return shown


def fastest(each: list[float]) -> float:
    """The mean of the fastest tenth: what a busy machine disturbs least."""
    return statistics.fmean(sorted(each)[: max(1, len(each) // 10)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
