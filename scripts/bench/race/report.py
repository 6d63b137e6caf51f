"""The tables: rates and times, ratios beside their targets, streams, and what a process takes."""

from collections.abc import Iterator
from statistics import median, quantiles
from typing import Any, Final

from rich.table import Table

from scripts.bench.race.contestants import APART, FLOOR, HOUSE, MERC, OPEN, PG, STOCK, STOCK_OPEN
from scripts.bench.race.load import Taken
from scripts.bench.race.rounds import Figures

TARGETS: Final[tuple[tuple[str, str, str, float], ...]] = (
    *((operation, one, PG, 1.7) for operation in ("directory", "map") for one in (HOUSE, APART)),
    *((operation, one, MERC, 1.1) for operation in ("directory", "map") for one in (HOUSE, APART)),
    *((operation, one, STOCK, 18.0) for operation in ("directory", "map") for one in (HOUSE, APART)),
    ("inbox", OPEN, PG, 1.3),
    ("inbox", OPEN, MERC, 1.1),
    ("inbox", OPEN, STOCK_OPEN, 15.0),
    ("thread", OPEN, PG, 0.9),
    ("thread", OPEN, MERC, 0.8),
    ("thread", OPEN, STOCK_OPEN, 15.0),
    ("inbox", HOUSE, OPEN, 0.7),
    ("thread", HOUSE, OPEN, 0.7),
    ("inbox", HOUSE, STOCK, 10.0),
    ("thread", HOUSE, STOCK, 10.0),
    *((operation, HOUSE, PG, 0.8) for operation in ("ask", "answer")),
    *((operation, HOUSE, MERC, 0.5) for operation in ("ask", "answer")),
    *((operation, HOUSE, STOCK, 5.0) for operation in ("ask", "answer")),
)
"""Of an operation: who is to be how many times as fast as whom, in requests a second."""
STREAMS: Final = (("public", MERC, 3.0), ("public", STOCK, 12.0), ("personal", MERC, 1.0), ("personal", STOCK, 4.0))
"""Of a kind of stream: how many times as many frames a second as who."""
PROCESS: Final = {"start": 1.5, "idle": 150.0, "socket": 60.0}
GROWTH: Final = 1.3


def ratio(figures: Figures, operation: str, one: str, other: str) -> float | None:
    """How many times as fast, the median over the rounds: in each, both had their turn."""
    turns = figures.turns.get(operation, {})
    pairs = list(zip(turns.get(one, []), turns.get(other, []), strict=False))
    return median(ours.rate / theirs.rate for ours, theirs in pairs) if pairs else None


def stream_ratio(figures: Figures, kind: str, other: str) -> float | None:
    """At the most sockets that both had, as fast as they can be told."""
    heard = figures.heard.get(kind, {})
    ways = [way for way in heard.get(HOUSE, {}) if way.endswith("bursts") and way in heard.get(other, {})]
    if not ways:
        return None
    return heard[HOUSE][ways[-1]].rate / (heard[other][ways[-1]].rate or 1e-9)


def tables(figures: Figures, beside: Any) -> Iterator[Table]:
    for operation, turns in figures.turns.items():
        yield _operation(figures, operation, turns)
    yield _ratios(figures)
    if figures.heard:
        yield _streams(figures)
    yield _processes(figures)
    if beside:
        yield _growth(figures, beside)


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for name in columns:
        table.add_column(name, justify="left" if name in columns[:1] else "right")
    return table


def p99(times: list[float]) -> float:
    return quantiles(times, n=100)[98] if len(times) > 1 else times[0]


def _operation(figures: Figures, operation: str, turns: dict[str, list[Taken]]) -> Table:
    said = figures.statements.get(operation)
    title = operation if said is None else f"{operation} (this house: {said:.0f} statements)"
    table = _table(title, "", "requests/s", "p50, ms", "p99, ms", "server CPU, us", "PostgreSQL CPU, us")
    for name, taken in sorted(turns.items(), key=lambda each: -median(one.rate for one in each[1])):
        times = [time for one in taken for time in one.times]
        server = median(one.server / len(one.times) for one in taken) * 1000
        database = median(one.database / len(one.times) for one in taken) * 1000
        rate = median(one.rate for one in taken)
        shown = (f"{rate:,.0f}", f"{median(times):.2f}", f"{p99(times):.2f}", f"{server:,.0f}", f"{database:,.0f}")
        table.add_row(name, *shown)
    if known := figures.alone.get(operation):
        table.add_row("pgbench, the statement alone", f"{known['rate']:,.0f}", f"{known['ms']:.2f}", "", "", "")
    return table


def _verdict(found: float | None, target: float, *, at_most: bool = False) -> str:
    if found is None:
        return ""
    return "" if (found <= target if at_most else found >= target) else "missed"


def _ratios(figures: Figures) -> Table:
    table = _table("How many times as fast (requests a second)", "", "who", "than whom", "times", "target", "")
    for operation, one, other, target in TARGETS:
        found = ratio(figures, operation, one, other)
        if found is not None:
            table.add_row(operation, one, other, f"{found:.2f}", f"{target:.1f}", _verdict(found, target))
    for kind, other, target in STREAMS:
        found = stream_ratio(figures, kind, other)
        if found is not None:
            table.add_row(f"{kind} stream", HOUSE, other, f"{found:.2f}", f"{target:.1f}", _verdict(found, target))
    return table


def _streams(figures: Figures) -> Table:
    columns = ("sockets", "frames/s", "p50, ms", "p99, ms", "not told", "server CPU a frame, us")
    table = _table("Live sockets", "", *columns)
    for kind, contestants in figures.heard.items():
        for name, ways in contestants.items():
            for way, heard in ways.items():
                late = (f"{heard.p50:.1f}", f"{heard.p99:.1f}", f"{heard.lost or ''}")
                shown = (f"{heard.rate:,.0f}", *late, f"{heard.server:.1f}")
                table.add_row(f"{kind}, {name}", way, *shown)
    return table


def _processes(figures: Figures) -> Table:
    columns = ("start, s", "idle, MB", "an idle socket, kB")
    table = _table("A process", "", *columns, "")
    for name, known in figures.processes.items():
        shown = [f"{known[each]:.1f}" if each in known else "" for each in PROCESS]
        missed = [each for each, most in PROCESS.items() if each in known and known[each] > most]
        table.add_row(name, *shown, f"missed: {', '.join(missed)}" if missed and name == HOUSE else "")
    return table


def _growth(figures: Figures, beside: Any) -> Table:
    """PostgreSQL's time of a request, then and now; and how much longer it took for the floor, whose tables did not
    grow: the machine may not be what it was."""
    columns = ("then, us", "now, us", "times", "at most", "the floor, times", "")
    table = _table("Growth: PostgreSQL's time of a request", "", *columns)
    for operation, turns in figures.turns.items():
        then = beside["turns"].get(operation, {})
        if not then.get(HOUSE) or HOUSE not in turns:
            continue
        before, now, times = _grown(then[HOUSE], turns[HOUSE])
        floor = f"{_grown(then[FLOOR], turns[FLOOR])[2]:.2f}" if then.get(FLOOR) and FLOOR in turns else ""
        shown = (f"{before:,.0f}", f"{now:,.0f}", f"{times:.2f}", f"{GROWTH}", floor)
        table.add_row(operation, *shown, _verdict(times, GROWTH, at_most=True))
    return table


def _grown(then: list[dict[str, Any]], turns: list[Taken]) -> tuple[float, float, float]:
    """Microseconds of a request then and now, and how many times as many those are."""
    before = median(one["database"] / len(one["times"]) for one in then) * 1000
    now = median(one.database / len(one.times) for one in turns) * 1000
    return before, now, now / before if before else 0.0
