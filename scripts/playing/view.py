"""The live view: every question with its clock, its wave, its seats and leases, and what its asker made of it."""

from collections.abc import Iterator, Sequence
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
PICTURE_WIDTH = 112
OUTSIDE_THE_TABLE = 10
"""Lines of title, heads and footer."""


def draw(board: Board, rows: int) -> RenderableType:
    """At most `rows` questions (0: all), the oldest first; what is over stays for a moment."""
    now = board.now()
    shown = _shown(board)
    if rows:
        shown = sorted(sorted(shown, key=_urgency)[:rows], key=lambda asked: asked.asked_at)
    table = Table(title="Questions", title_justify="left", expand=True, pad_edge=False, box=None, header_style="bold")
    table.add_column("what lawyers read", ratio=1, no_wrap=True, overflow="ellipsis")
    for head in ("time left", "wave", "seats", "leases left", "answers", "asked back", "stars"):
        table.add_column(head, no_wrap=True, min_width=max(len(head), 5))
    for asked in shown:
        leases = sorted(until for until in asked.leases.values() if until > now)
        left = " ".join(_clock((until - now).total_seconds() * asked.pace) for until in leases)
        promise = _time_left(asked, board), str(asked.wave), _seats(asked), left, _answers(asked)
        table.add_row(asked.brief, *promise, _asked_back(asked), _stars(asked))
    return Group(table, Text(), _footer(board))


def report(found: Figures, seconds: float) -> RenderableType:
    """The last word."""
    table = Table(title="In policy time", title_justify="left")
    for head in ("", "median", "95 of 100", "in time"):
        table.add_column(head, justify="right" if head else "left")
    for name, times in (("first answer", found.first), ("third answer", found.third)):
        table.add_row(name, _clock(times.median), _clock(times.p95), f"{times.kept} of {times.of}")
    return Group(table, Text("\n").join(Text(sentence) for sentence in _sentences(found, seconds)))


def _sentences(found: Figures, seconds: float) -> Iterator[str]:
    planned = f" ({found.planned.kept_after} of them planned)" if found.planned.questions else ""
    broken = f"broken, said so and then kept: {found.broken_then_kept}{planned}"
    yield f"Promise kept {found.kept} of {found.questions}; {broken}; callbacks asked: {found.callbacks}."
    back, rated = found.follow_ups, found.ratings
    replies = f"{back.answered} answered, after {_clock(back.median)} (median), {back.late} late"
    yield f"Follow-ups: {back.asked} asked, {replies}."
    if rated.mean is not None and rated.share is not None:
        stars = f"{rated.mean:.1f} stars on average, {rated.share:.0%} with 4 or 5"
        yield f"Ratings: {rated.n}, {stars}; resolved: {found.resolved} of {found.questions}."
    if found.spoken.questions:
        yield f"Spoken: {found.spoken.questions}, heard by {found.spoken.heard} lawyers."
    if found.not_sent:
        yield f"Not sent, and told why: {found.not_sent}."
    yield f"{found.offers_per_question:g} offers a question; {found.abandoned} seats abandoned; {seconds:.0f} s."


def line(asked: Asked) -> str:
    """How a question ended."""
    first, third = (_clock(asked.seconds(at) if at else None) for at in (asked.first_at, asked.third_at))
    late = asked.third_at is None or asked.third_at > asked.due_at
    kept = "lost" if asked.given_up else "broken, then kept" if late else "kept"
    after = " ".join(filter(None, (_asked_back(asked).plain, _stars(asked).plain)))
    return f"{kept:5} first {first:>5}, third {third:>5}  {asked.brief}  {after}"


class Picture:
    """Keeps the liveliest moment of a run as an SVG."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._best = 0

    def look(self, board: Board) -> None:
        # Only once there are totals to be seen.
        if not any(asked.third_at for asked in board.questions.values()):
            return
        lively = sum(_liveliness(asked) for asked in _shown(board))
        if lively > self._best:
            self._best = lively
            console = Console(record=True, width=PICTURE_WIDTH, file=StringIO(), force_terminal=True)
            console.print(draw(board, rows=0))
            self._path.write_text(console.export_svg(title="scripts/demo"), "utf-8")


def _shown(board: Board) -> list[Asked]:
    """What is not over, and what was a moment ago."""
    now = board.now()
    return [
        asked
        for asked in board.questions.values()
        if not asked.over_at or asked.seconds(now) - asked.seconds(asked.over_at) < SHOWN_AFTERWARDS
    ]


def _urgency(asked: Asked) -> int:
    """Where there is no room for all: first whose promise runs, then who waits for a reply."""
    return 0 if asked.is_open else 1 if any(one.waits for one in asked.follow_ups.values()) else 2


def _time_left(asked: Asked, board: Board) -> Text:
    """To the end of the promised time; once it is kept, when it was."""
    if asked.third_at:
        return Text(
            f"kept {_clock(asked.seconds(asked.third_at))}", "green" if asked.third_at <= asked.due_at else "red"
        )
    left = 600 - asked.seconds(board.now())
    if asked.told_broken:
        return Text(f"broken {_clock(left)}", "red")
    return Text(_clock(left), "red" if left < 0 else "yellow" if left < 300 else "")


def _seats(asked: Asked) -> Text:
    """Delivered, being written on, free."""
    writing = min(asked.writing, SEATS - asked.answers) if asked.is_open else asked.writing
    free = SEATS - asked.answers - writing
    return Text.assemble(("●" * asked.answers, "green"), ("◐" * writing, "yellow"), ("○" * free, "dim"))


def _answers(asked: Asked) -> str:
    times = [asked.seconds(at) for at in (asked.first_at, asked.third_at) if at]
    return " ".join([str(asked.answers), *(f"({_clock(times[0])})" for _ in times[:1])])


def _liveliness(asked: Asked) -> int:
    waiting = sum(one.waits for one in asked.follow_ups.values())
    return 1 + asked.answers + 2 * asked.writing * asked.is_open + 3 * waiting + bool(asked.stars)


def _asked_back(asked: Asked) -> Text:
    """A callback, then each follow-up: answered (in red if that was late) or waiting."""
    marks = [("☎ ", "red")] if asked.callback else []
    for one in asked.follow_ups.values():
        marks.append(("…", "yellow") if one.waits else ("✓", "red" if one.late else "green"))
    return Text.assemble(*marks)


def _stars(asked: Asked) -> Text:
    """Of each answer, in the order in which they are rated."""
    said = " ".join(str(stars) for stars in asked.stars.values())
    return Text(f"★ {said}" if said else "", "yellow")


def _footer(board: Board) -> Text:
    found = figures(board)
    open_now = sum(asked.is_open for asked in board.questions.values())
    asked = f"asked {len(board.questions)} of {board.wanted}, open {open_now}, lawyers online {board.lawyers}"
    kept = f"kept {found.kept} of {found.questions}, {found.offers_per_question:g} offers a question"
    return Text("\n").join(
        [
            Text(f"{asked}    {kept}", "bold"),
            Text(f"first answer {_words(found.first)}    third answer {_words(found.third)}", "dim"),
            Text(f"{_later(found)}    {_speed(list(board.questions.values()))}", "dim"),
            Text("● answered  ◐ writing  ○ free    ☎ callback  … asked back  ✓ replied  ★ ratings", "dim"),
        ]
    )


def _words(times: Times) -> str:
    return f"median {_clock(times.median)}, 95 of 100 by {_clock(times.p95)}"


def _later(found: Figures) -> str:
    back, rated = found.follow_ups, found.ratings
    replied = f"follow-ups answered {back.answered} of {back.asked}, median {_clock(back.median)}"
    return replied if rated.mean is None else f"{replied}    {rated.n} ratings, {rated.mean:.1f} stars"


def _speed(questions: Sequence[Asked]) -> str:
    pace = questions[-1].pace if questions else 1
    return f"time is the policy's, {pace:g} times as fast" if round(pace, 2) != 1 else ""


def _clock(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    minutes, rest = divmod(round(abs(seconds)), 60)
    return f"{'-' if seconds < 0 else ''}{minutes}:{rest:02d}"
