"""Loses a city and brings it back, on throw-away data, and tells what was lost and how long it took:

    python -m scripts.drill_restore [--questions 8] [--seconds 15] [--json FILE]

A demo city is backed up while it is played in. Somebody erases a question, others go on asking, and then database and
house are killed with -9. It is brought back as it was last, and started; then once more as it was before the question
was erased, which stays erased. Exit code 0 if at most five minutes were lost, it took an hour at most, and everything
that came back opens.
"""

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4

from rich.console import Console
from rich.table import Table

from app.graph.ids import parse_id
from scripts.backups import proof
from scripts.backups.proof import Proof
from scripts.backups.shelf import Shelf
from scripts.backups.source import Source
from scripts.children import Child
from scripts.embedded import Embedded
from scripts.hindrance import Hindrance
from scripts.playing.consents import agree
from scripts.playing.residents import ASK
from scripts.playing.server import house_in, opened
from scripts.playing.wire import Address, Failed, Line, Wire
from scripts.restore import restore

T = TypeVar("T")
RPO, RTO = 300.0, 3600.0
"""Seconds: what may be lost, and how long it may take."""
LAWYERS, RESIDENTS, SPEED = 60, 100, 30.0
ERASE = "mutation ($input: EraseQuestionInput!) { eraseQuestion(input: $input) { __typename } }"
CATEGORY = "{ categories { id children { id } } }"
PATIENCE = 60.0

out = Console(highlight=False, soft_wrap=True)


@dataclass
class Report:
    backup_mb: float = 0.0
    """One backup, its log and the files."""
    rows: int = 0
    """In all tables when the city was killed, and now."""
    rows_back: int = 0
    asked: int = 0
    """Questions that were acknowledged while the city was to be killed, and how many of them are there."""
    asked_back: int = 0
    lost_seconds: float = 0.0
    restore_seconds: float = 0.0
    open_seconds: float = 0.0
    """Until the house answered again, after that."""
    keys: int = 0
    texts: int = 0
    files: int = 0
    earlier_seconds: float = 0.0
    """The restore to before the erasure."""
    stays_erased: bool = False

    @property
    def kept(self) -> bool:
        took = self.restore_seconds + self.open_seconds
        there = self.texts > 0 and self.files > 0 and self.stays_erased
        return self.lost_seconds <= RPO and took <= RTO and self.earlier_seconds <= RTO and there


def drill(place: Path, questions: int, seconds: float) -> Report:
    """Raises Hindrance or Failed where it cannot be played, and whatever the proof raises for what does not open."""
    report, shelf, keys = Report(), Shelf(place / "backups"), place / "keys"
    os.environ |= {"BACKUP_DIR": str(shelf.path), "BACKUP_KEYS_DIR": str(keys)}
    lost = Source(place / "var")
    city = house_in(lost.data, LAWYERS, RESIDENTS, SPEED)
    city.start()
    try:
        address = opened(city, lost.data / "demo.json")
        _say("A city is open and backed up. It is played in ...")
        play = [sys.executable, "-m", "scripts.demo", "--plain", "--data", str(lost.data), "--count", str(questions)]
        with subprocess.Popen(play, stdout=subprocess.DEVNULL):
            erased, before = asyncio.run(_erase_one(address, shelf))
        _say("Questions are asked until it is killed ...")
        told = asyncio.run(_ask_until_killed(address, seconds, lost, city, report))
    finally:
        _kill(lost, city)
    report.backup_mb = sum(file.stat().st_size for file in shelf.path.rglob("*") if file.is_file()) / 1e6
    _say("It is brought back ...")
    back = Source(place / "back")
    report.restore_seconds = restore(shelf.path, back.data, keys, None).seconds
    report.rows_back = _look(back.data, proof.rows)
    began = time.monotonic()
    os.environ.pop("BACKUP_DIR")
    again = house_in(back.data, LAWYERS, RESIDENTS, SPEED)
    again.start()
    try:
        opened(again, back.data / "demo.json")
        report.open_seconds = time.monotonic() - began
        found = asyncio.run(_prove(back, keys))
        report.keys, report.texts, report.files = found.keys, found.texts, found.files
        there = asyncio.run(_which(back, [id for _, id in told]))
        missing = [at for at, id in told if id not in there]  # asked one after the other: the last ones
        report.asked, report.asked_back = len(told), len(there)
        report.lost_seconds = told[-1][0] - missing[0] if missing else 0.0
    finally:
        again.stop()
    _say("And as it was before the question was erased ...")
    earlier = place / "earlier"
    report.earlier_seconds = restore(shelf.path, earlier, keys, before).seconds
    report.stays_erased = _look(earlier, lambda connection: _is_erased(connection, erased))
    return report


async def _erase_one(address: Address, shelf: Shelf) -> tuple[UUID, datetime]:
    """The question, and a moment at which it was there."""
    async with Line.open(address, Counter()) as line:
        wire = Wire(line, address.residents[-1])
        id = await _ask(wire, await _category(wire))
        before = await _next_point(shelf)
        await wire.ask(ERASE, input={"questionId": id, "idempotencyKey": str(uuid4())})
        await _next_point(shelf)
    return _uuid(id), before


async def _ask_until_killed(
    address: Address, seconds: float, city: Source, child: Child, report: Report
) -> list[tuple[float, UUID]]:
    """When each question was acknowledged, and its id."""
    told: list[tuple[float, UUID]] = []
    async with Line.open(address, Counter()) as line:
        category = await _category(Wire(line, address.residents[0]))
        began = time.monotonic()
        for token in address.residents[-2:20:-1]:
            told.append((time.monotonic(), _uuid(await _ask(Wire(line, token), category))))
            if time.monotonic() - began > seconds:
                break
            await asyncio.sleep(0.2)
        async with city.connected() as connection:
            report.rows = await proof.rows(connection)
    return told


async def _ask(wire: Wire, category: str) -> str:
    await agree(wire)
    said = {
        "body": "老板拖欠我三个月工资，没有签劳动合同，怎么办？",
        "categoryId": category,
        "divisionCode": "419001001",
    }
    question = await wire.ask(ASK, input=said | {"idempotencyKey": str(uuid4())})
    return str(question["id"])


async def _category(wire: Wire) -> str:
    found: list[Any] = await wire.ask(CATEGORY)
    return str(found[0]["children"][0]["id"])


async def _next_point(shelf: Shelf) -> datetime:
    """The first moment from now on that can be brought back."""
    now, deadline = datetime.now(UTC), time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with suppress(Hindrance):
            if (point := shelf.at(None)[1]) > now:
                return point
        await asyncio.sleep(0.1)
    raise Hindrance(f"No backup was written down for {PATIENCE:.0f} s; see {shelf.path.parent}/var/logs/backup.log.")


def _kill(city: Source, child: Child) -> None:
    """The database first, then who started it all: the kernel ends the rest."""
    with suppress(Hindrance, ProcessLookupError):
        os.kill(city.pid, signal.SIGKILL)
    if child.process:
        child.process.kill()
        child.process.wait()


async def _prove(city: Source, keys: Path) -> Proof:
    async with city.connected() as connection:
        return await proof.prove(connection, keys, city.data / "files")


async def _which(city: Source, ids: list[UUID]) -> set[UUID]:
    async with city.connected() as connection:
        return {row[0] for row in await connection.fetch("SELECT id FROM app.question WHERE id = ANY ($1)", ids)}


async def _is_erased(connection: Any, question: UUID) -> bool:
    key = "EXISTS (SELECT FROM app.key WHERE subject = q.id)"
    row = await connection.fetchrow(f"SELECT status, body, {key} FROM app.question q WHERE id = $1", question)
    return row is not None and tuple(row) == ("ERASED", b"", False)


def _look(data: Path, look: Callable[[Any], Awaitable[T]]) -> T:
    """Into a city that is back and not open."""

    async def within() -> T:
        async with Source(data).connected() as connection:
            return await look(connection)

    with Embedded(data / "servers", logs=data / "logs", valkey=False):
        return asyncio.run(within())


def _uuid(global_id: str) -> UUID:
    return UUID(parse_id(global_id)[1])


def _draw(report: Report) -> Table:
    table = Table("what", "how much", title="The city was lost and is back", title_justify="left")
    table.add_row("lost", f"{report.lost_seconds:.1f} s of acknowledged questions (at most {RPO:.0f})")
    table.add_row("of the last questions", f"{report.asked_back} of {report.asked} are there")
    table.add_row("brought back in", f"{report.restore_seconds:.1f} s, open after {report.open_seconds:.1f} s more")
    table.add_row("rows", f"{report.rows_back:,} ({report.rows:,} when it was killed)")
    table.add_row("opened", f"{report.keys:,} keys, {report.texts:,} texts, {report.files:,} files: all there are")
    table.add_row("backup", f"{report.backup_mb:.0f} MB")
    table.add_row("to an earlier moment", f"{report.earlier_seconds:.1f} s")
    table.add_row("what was erased since", "stays erased" if report.stays_erased else "IS BACK")
    return table


def _say(words: str) -> None:
    out.print(words, style="dim")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.drill_restore",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--questions", type=int, default=8, help="are played to their end first (default: %(default)s)")
    parser.add_argument(
        "--seconds", type=float, default=15.0, help="of asking until it is killed (default: %(default)s)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="the figures")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="drill-") as folder:
        # As root the servers run as somebody else, who must be able to pass through.
        Path(folder).chmod(0o711)
        try:
            report = drill(Path(folder), asked.questions, asked.seconds)
        except (Hindrance, Failed) as hindrance:
            out.print(str(hindrance), style="red", markup=False)
            return 1
    out.print(_draw(report))
    if asked.json:
        asked.json.write_text(json.dumps(asdict(report), indent=1) + "\n")
    return 0 if report.kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
