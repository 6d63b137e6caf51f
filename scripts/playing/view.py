"""The live view: every open question with its clock, its wave, its seats and the leases on them."""

from collections.abc import Sequence
from io import StringIO
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from scripts.playing.board import Asked, Board
from scripts.playing.figures import Figures, Times, figures

SEATS = 5
"""What the table of seats holds at most; a policy may ask for fewer."""
SHOWN_AFTERWARDS = 60
"""Policy seconds for which a kept question stays to be seen."""
PICTURE_WIDTH = 104
OUTSIDE_THE_TABLE = 9
"""Lines of title, heads and footer."""


def draw(board: Board, rows: int) -> RenderableType:
    """At most `rows` questions, the oldest first; what is over stays for a moment."""
    now = board.now()
    shown = _shown(board)
    table = Table(title="Questions", title_justify="left", expand=True, pad_edge=False, box=None, header_style="bold")
    table.add_column("what lawyers read", ratio=1, no_wrap=True, overflow="ellipsis")
    for head in ("time left", "wave", "seats", "leases left", "answers"):
        table.add_column(head, no_wrap=True, min_width=max(len(head), 7))
    for asked in shown[-rows:] if rows else shown:
        leases = sorted(until for until in asked.leases.values() if until > now)
        left = " ".join(_clock((until - now).total_seconds() * asked.pace) for until in leases)
        table.add_row(asked.brief, _time_left(asked, board), str(asked.wave), _seats(asked), left, _answers(asked))
    return Group(table, Text(), _footer(board))


def report(found: Figures, seconds: float) -> RenderableType:
    """The last word."""
    table = Table(title="In policy time", title_justify="left")
    for head in ("", "median", "95 of 100", "in time"):
        table.add_column(head, justify="right" if head else "left")
    for name, times in (("first answer", found.first), ("third answer", found.third)):
        table.add_row(name, _clock(times.median), _clock(times.p95), f"{times.kept} of {found.questions}")
    kept = f"Promise kept {found.kept} of {found.questions}; broken, said so and then kept: {found.broken_then_kept}."
    more = f"{found.offers_per_question:g} offers a question; {found.abandoned} seats abandoned; {seconds:.0f} s."
    return Group(table, Text(f"{kept} {more}"))


def line(asked: Asked) -> str:
    """How a question ended."""
    first, third = (_clock(asked.seconds(at) if at else None) for at in (asked.first_at, asked.third_at))
    late = asked.third_at is None or asked.third_at > asked.due_at
    kept = "lost" if asked.given_up else "broken, then kept" if late else "kept"
    return f"{kept:5} first {first:>5}, third {third:>5}  {asked.brief}"


class Picture:
    """Keeps the liveliest moment of a run as an SVG."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._best = 0

    def look(self, board: Board) -> None:
        # Only once there are totals to be seen.
        if not any(asked.third_at for asked in board.questions.values()):
            return
        lively = sum(1 + asked.answers for asked in _shown(board))
        if lively > self._best:
            self._best = lively
            console = Console(record=True, width=PICTURE_WIDTH, file=StringIO(), force_terminal=True)
            console.print(draw(board, rows=0))
            self._path.write_text(console.export_svg(title="scripts/demo"), "utf-8")


def _shown(board: Board) -> list[Asked]:
    """What is open, and what was kept a moment ago."""
    now = board.now()
    return [
        asked
        for asked in board.questions.values()
        if asked.is_open or (asked.third_at and asked.seconds(now) - asked.seconds(asked.third_at) < SHOWN_AFTERWARDS)
    ]


def _time_left(asked: Asked, board: Board) -> Text:
    """To the end of the promised time; once it is kept, when it was."""
    if asked.third_at:
        return Text(
            f"kept {_clock(asked.seconds(asked.third_at))}", "green" if asked.third_at <= asked.due_at else "red"
        )
    left = 600 - asked.seconds(board.now())
    return Text(_clock(left), "red" if left < 0 else "yellow" if left < 300 else "")


def _seats(asked: Asked) -> Text:
    """Delivered, being written on, free."""
    writing = min(asked.writing, SEATS - asked.answers) if asked.is_open else asked.writing
    free = SEATS - asked.answers - writing
    return Text.assemble(("●" * asked.answers, "green"), ("◐" * writing, "yellow"), ("○" * free, "dim"))


def _answers(asked: Asked) -> str:
    times = [asked.seconds(at) for at in (asked.first_at, asked.third_at) if at]
    return " ".join([str(asked.answers), *(f"({_clock(times[0])})" for _ in times[:1])])


def _footer(board: Board) -> Text:
    found = figures(board)
    open_now = sum(asked.is_open for asked in board.questions.values())
    asked = f"asked {len(board.questions)} of {board.wanted}, open {open_now}, lawyers online {board.lawyers}"
    kept = f"kept {found.kept} of {found.questions}, {found.offers_per_question:g} offers a question"
    return Text("\n").join(
        [
            Text(f"{asked}    {kept}", "bold"),
            Text(f"first answer {_words(found.first)}    third answer {_words(found.third)}", "dim"),
            Text(f"● answered  ◐ writing  ○ free    {_speed(list(board.questions.values()))}", "dim"),
        ]
    )


def _words(times: Times) -> str:
    return f"median {_clock(times.median)}, 95 of 100 by {_clock(times.p95)}"


def _speed(questions: Sequence[Asked]) -> str:
    pace = questions[-1].pace if questions else 1
    return f"time is the policy's, {pace:g} times as fast" if round(pace, 2) != 1 else ""


def _clock(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    minutes, rest = divmod(round(abs(seconds)), 60)
    return f"{'-' if seconds < 0 else ''}{minutes}:{rest:02d}"
