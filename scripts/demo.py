"""`scripts/demo`: plays the main job as real clients do, and counts what came of it.

Residents ask, lawyers see offers on live streams, take seats, write and answer; then residents ask back, rate and
resolve: over HTTP and graphql-transport-ws, against a running house or one of its own on throw-away data. Exit code 0
if the promise was kept, or honestly broken and then kept, and every follow-up has its reply.
"""

import argparse
import asyncio
import json
import signal
import sys
import time
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from rich.console import Console
from rich.live import Live

from scripts.folder import VAR
from scripts.hindrance import Hindrance
from scripts.playing import phones, server, texts
from scripts.playing.board import Board
from scripts.playing.figures import figures, shortcomings
from scripts.playing.lawyers import Lawyer
from scripts.playing.people import lawyer_phone, openid_of
from scripts.playing.residents import Catalogue, Errand, Residents
from scripts.playing.view import OUTSIDE_THE_TABLE, Picture, draw, line, report
from scripts.playing.wire import Address, Failed, Line, Wire

SPEED = 20.0
LAWYERS = 300
ARRIVALS = 60.0
"""Policy seconds between two questions, on average."""
OPENING_AT_ONCE = 20
SPOKEN_FROM = 3
"""Questions of a run from which on the last one is spoken."""
BREACH_FROM = 8
"""Questions of a run from which on one of them shows what a broken promise is like."""
A_RESIDENT = 3
"""Questions that one may have open."""
FEWEST_RESIDENTS = 100
REFRESHED_EVERY = 0.25
"""Seconds."""
INTERRUPTED = 130

out = Console(highlight=False, soft_wrap=True)


@dataclass(frozen=True)
class Play:
    """One run: what is asked of whom, and where it is shown."""

    address: Address
    errands: list[Errand]
    responsive: float
    board: Board
    chance: Random

    async def run(self, show: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Until the last question is over. Raises Failed where the house fails."""
        try:
            async with Line.open(self.address, self.board.failures) as line, asyncio.TaskGroup() as group:
                group.create_task(show())
                lawyers = await self._open_offices(group, line)
                await self._ask_all(group, line)
                for lawyer in lawyers:
                    lawyer.cancel()
        except BaseExceptionGroup as group_of_errors:
            failures, others = group_of_errors.split(Failed)
            if others or failures is None:
                raise
            raise _first(failures) from None

    async def _open_offices(self, group: asyncio.TaskGroup, line: Line) -> list[asyncio.Task[None]]:
        """Every lawyer is there before the first question is asked."""
        offices = [
            Lawyer(number, Wire(line, token, openid_of(lawyer_phone(number))), self.board, self.responsive)
            for number, token in enumerate(self.address.lawyers)
        ]
        tasks = []
        for start in range(0, len(offices), OPENING_AT_ONCE):
            coming = offices[start : start + OPENING_AT_ONCE]
            tasks += [group.create_task(office.work()) for office in coming]
            for office in coming:
                await office.ready.wait()
        return tasks

    async def _ask_all(self, group: asyncio.TaskGroup, line: Line) -> None:
        """At random moments, one a minute of policy time on average; then wait for the last one."""
        residents = Residents(line, self.board, await Catalogue.load(line))
        living: list[asyncio.Task[None]] = []
        pace, due = 0.0, time.monotonic()
        for errand in self.errands:
            if pace:
                due += self.chance.expovariate(pace / ARRIVALS)
                await asyncio.sleep(due - time.monotonic())
                living.append(group.create_task(residents.ask_and_live(errand)))
            # The first that is sent tells how fast this house's policy is.
            elif screen := await residents.ask(errand):
                pace, due = screen.asked.pace, time.monotonic()
                living.append(group.create_task(residents.live(screen, errand)))
        await asyncio.gather(*living)


def main(arguments: list[str]) -> int:
    chosen = _options(arguments)
    # asyncio ends a run in good order for Ctrl-C alone.
    signal.signal(signal.SIGTERM, lambda number, frame: signal.raise_signal(signal.SIGINT))
    try:
        asked = texts.read(chosen.questions or texts.OWN)
        questions = texts.first(asked, chosen.count or len(asked))
        errands = _errands(questions, chosen.breach)
        with _house(chosen, len(questions)) as address:
            return _play(chosen, address, errands)
    except KeyboardInterrupt:
        out.print("Ended early.", style="yellow")
        return INTERRUPTED
    except (Hindrance, Failed) as hindrance:
        out.print(str(hindrance), style="red", markup=False)
        return 1


def _errands(questions: list[texts.Text], breaches: int | None) -> list[Errand]:
    """Those in the middle of the run are the ones that no lawyer looks at in time; the last one is spoken."""
    count = len(questions)
    breaches = min(count, int(count >= BREACH_FROM) if breaches is None else breaches)
    first = (count - breaches) // 2
    errands = [Errand(number, text, first <= number < first + breaches) for number, text in enumerate(questions)]
    if count >= SPOKEN_FROM and not errands[-1].planned:
        errands[-1].text = texts.SPOKEN
    return errands


def _house(chosen: argparse.Namespace, questions: int) -> AbstractContextManager[Address]:
    """A running house if one is named, or stands in var and nothing is asked for that only one of our own can give."""
    if chosen.url or chosen.data:
        return nullcontext(server.running(chosen.data or VAR, chosen.url))
    if not (chosen.speed or chosen.lawyers):
        with suppress(Hindrance):
            address = server.running(VAR, None)
            out.print(f"Playing in the house at {address.url}, as fast as its policy; --speed opens a quicker one.")
            return nullcontext(address)
    out.print("Opening a house on throw-away data ...", style="dim")
    return server.throwaway(
        lawyers=chosen.lawyers or LAWYERS,
        residents=max(FEWEST_RESIDENTS, questions // A_RESIDENT + 1),
        speed=chosen.speed or SPEED,
    )


def _play(chosen: argparse.Namespace, address: Address, errands: list[Errand]) -> int:
    board = Board(len(errands))
    address = replace(address, lawyers=address.lawyers[: chosen.lawyers])
    play = Play(address, errands, chosen.responsive, board, Random(len(errands)))
    picture = Picture(chosen.picture) if chosen.picture else None
    show = _tell if chosen.plain or not out.is_terminal else _draw
    if address.phones:
        out.print(f"What comes to whose telephone: {address.phones}", style="dim")
    began = time.monotonic()
    try:
        asyncio.run(play.run(partial(show, board, picture)))
    finally:
        seconds = time.monotonic() - began
        found = figures(board)
        if found.questions:
            out.print(report(found, seconds))
        if rung := phones.rung(address):
            out.print(rung)
        if chosen.json:
            pace = next((round(asked.pace, 3) for asked in board.questions.values()), None)
            run = {"speed": pace, "lawyers": len(address.lawyers), "responsive": chosen.responsive}
            chosen.json.write_text(json.dumps(found.as_json() | run | {"seconds": round(seconds, 1)}, indent=1) + "\n")
    missing = shortcomings(found, len(errands), chosen.responsive)
    for words in missing:
        out.print(f"Not as promised: {words}.", style="red")
    return 1 if missing else 0


async def _draw(board: Board, picture: Picture | None) -> None:
    with Live(console=out, auto_refresh=False, transient=True) as live:
        while not board.over:
            live.update(draw(board, max(out.height - OUTSIDE_THE_TABLE, 3)), refresh=True)
            if picture:
                picture.look(board)
            await asyncio.sleep(REFRESHED_EVERY)


async def _tell(board: Board, picture: Picture | None) -> None:
    """A line for each question that is over."""
    told: set[str] = set()
    while True:
        last = board.over
        for asked in [one for one in board.questions.values() if one.over_at and one.id not in told]:
            told.add(asked.id)
            out.print(f"{len(told):4} of {board.wanted}  {line(asked)}", markup=False)
        if picture:
            picture.look(board)
        if last:
            return
        await asyncio.sleep(REFRESHED_EVERY)


def _first(failures: BaseExceptionGroup[Failed]) -> Failed:
    one: BaseException = failures
    while isinstance(one, BaseExceptionGroup):
        one = one.exceptions[0]
    assert isinstance(one, Failed)
    return one


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/demo",
        description="Residents ask and lawyers answer, as real clients do. Without --url or --data: in the house that "
        "runs on var, or else in one of its own on throw-away data.",
    )
    where = parser.add_argument_group("where")
    where.add_argument("--url", help="the GraphQL address of a running house, its tokens from DATA/demo.json")
    where.add_argument("--data", type=Path, help="the data folder of a running house (default: var)")
    where.add_argument("--speed", type=float, help=f"how much faster our own house's policy is (default: {SPEED:g})")
    what = parser.add_argument_group("what")
    what.add_argument("--questions", type=Path, metavar="FILE", help="JSON lines: text, optional category")
    what.add_argument("--count", type=int, help="how many questions (default: all of the file)")
    what.add_argument(
        "--lawyers", type=int, help=f"how many are online (default: {LAWYERS}, or all of a running house)"
    )
    what.add_argument(
        "--responsive", type=float, default=0.2, help="the share of offers taken up (default: %(default)s)"
    )
    what.add_argument(
        "--breach",
        type=int,
        metavar="N",
        help=f"how many promises are broken on purpose (default: 1 of {BREACH_FROM} questions or more, else 0)",
    )
    shown = parser.add_argument_group("how it is shown")
    shown.add_argument("--plain", action="store_true", help="a line a question, no live view")
    shown.add_argument("--json", type=Path, metavar="FILE", help="the figures")
    shown.add_argument("--picture", type=Path, metavar="FILE", help="the live view at its liveliest, as SVG")
    chosen = parser.parse_args(arguments)
    if not 0 <= chosen.responsive <= 1:
        parser.error("--responsive is a share, 0 to 1")
    if any(number is not None and number <= 0 for number in (chosen.count, chosen.lawyers, chosen.speed)):
        parser.error("--count, --lawyers and --speed are positive numbers")
    if chosen.breach is not None and chosen.breach < 0:
        parser.error("--breach is 0 or more")
    for file in (chosen.json, chosen.picture):
        if file and (file.is_dir() or not file.parent.is_dir()):
            parser.error(f"{file} cannot be written")
    return chosen


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
