"""Where an application stands, what may be done there, by whom, and where that leads: pure, read from `data/`."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from app.applications.models import ApplicationKind, ApplicationState, By, Clock, Move
from app.applications.rules.guards import GUARDS, Facts
from app.core.errors import Code, code
from app.directory.models import RegisterKind

DATA: Final = Path(__file__).parent.parent / "data"

MOVED_ON = code(
    "MOVED_ON",
    zh="申请目前所处的状态不能进行此项操作。",
    en="The application does not stand where this may be done.",
    remedy="Read it again: `allowed` lists what may be done now.",
)
NOT_YOURS_TO_DO = code(
    "NOT_YOURS_TO_DO",
    zh="此项操作应由承办人、机构负责人或其他人员进行。",
    en="This is for somebody else to do: the officer who handles it, her supervisor, or another person.",
    remedy="`allowed` lists what the viewer may do now.",
)


@dataclass(frozen=True)
class Row:
    """One line of the table: a move from one state."""

    move: Move
    before: ApplicationState
    after: ApplicationState
    by: By
    clock: Clock | None
    """What runs from then on."""
    stops: bool
    """Whether nothing runs from then on; False beside no clock: what runs goes on."""
    goes_on: bool
    """Whether that clock goes on from its own beginning; what lay between is a pause."""
    reason: bool
    guard: str | None
    article: str | None
    zh: str
    en: str


@dataclass(frozen=True)
class Words:
    zh: str
    en: str


@dataclass(frozen=True)
class Machine:
    kind: ApplicationKind
    institution: RegisterKind
    words: Words
    over: frozenset[ApplicationState]
    """Where nothing is to be done, unless the applicant is not content."""
    ends: frozenset[ApplicationState]
    """From where on it is counted how long it is kept."""
    decides: frozenset[Move]
    """By which it is decided; reaching an end decides it too."""
    reopens: frozenset[Move]
    """By which another decision is asked for."""
    states: Mapping[ApplicationState, Words]
    rows: tuple[Row, ...]

    def row(self, move: Move, before: str) -> Row | None:
        return self._table.get((move, ApplicationState(before)))

    @cached_property
    def _table(self) -> Mapping[tuple[Move, ApplicationState], Row]:
        return {(row.move, row.before): row for row in self.rows}

    def may(self, move: Move, before: str, by: frozenset[By], facts: Facts) -> Row | Code:
        """The line by which this may be done, or the name of the refusal: first where, then who, then the guard."""
        row = self.row(move, before)
        if row is None:
            return MOVED_ON
        if row.by not in by:
            return NOT_YOURS_TO_DO
        refusal = GUARDS[row.guard](facts) if row.guard else None
        return refusal or row

    def allowed(self, before: str, by: frozenset[By], facts: Facts) -> list[Move]:
        """All that they may do now, in the table's order."""
        return [row.move for row in self.rows if row.before == before and self.may(row.move, before, by, facts) is row]


def _rows(said: Mapping[str, Any]) -> Iterator[Row]:
    for move in said["move"]:
        told = move.get("clock")
        for before in move["from"]:
            yield Row(
                move=Move(move["name"]),
                before=ApplicationState(before),
                after=ApplicationState(move.get("to", before)),
                by=By(move["by"]),
                clock=Clock(told) if told not in (None, "NONE") else None,
                stops=told == "NONE",
                goes_on=move.get("goes_on", False),
                reason=move.get("reason", False),
                guard=move.get("guard"),
                article=move.get("article"),
                zh=move["zh"],
                en=move["en"],
            )


def read(name: str) -> Machine:
    said = tomllib.loads((DATA / f"{name}.toml").read_text("utf-8"))
    states = {ApplicationState(state): Words(**words) for state, words in said["states"].items()}
    over, ends = (frozenset(map(ApplicationState, said[name])) for name in ("over", "ends"))
    decides, reopens = (frozenset(map(Move, said.get(name, ()))) for name in ("decides", "reopens"))
    what = ApplicationKind(said["kind"]), RegisterKind(said["institution"]), Words(said["zh"], said["en"])
    return Machine(*what, over, ends, decides, reopens, states, tuple(_rows(said)))


MACHINES: Final = {kind: read(kind.lower()) for kind in ApplicationKind}
OVER: Final = frozenset().union(*(machine.over for machine in MACHINES.values()))
"""Of all kinds: none goes on from where another is over."""
ENDS: Final = frozenset().union(*(machine.ends for machine in MACHINES.values()))
"""The same, with where a call or the other side's word is all that may still come, and may never."""


def drawn(machine: Machine) -> str:
    """A page of Markdown: the machine as a picture (Mermaid), and as the table a lawyer checks."""
    states = machine.states
    lines = [f"# {machine.words.zh} ({machine.words.en})", ""]
    lines += [f"Drawn from `data/{machine.kind.lower()}.toml` by `python -m scripts.draw_machines`; do not edit.", ""]
    first = ", ".join(row.move for row in machine.rows if row.before is ApplicationState.NEW)
    lines += ["```mermaid", "stateDiagram-v2", f"    [*] --> SUBMITTED: {first}"]
    lines += [f"    {state}: {states[state].zh}" for state in states if state is not ApplicationState.NEW]
    arrows: dict[tuple[str, str], list[str]] = {}
    for row in machine.rows:
        if row.before not in (ApplicationState.NEW, row.after):
            arrows.setdefault((row.before, row.after), []).append(row.move)
    lines += [f"    {before} --> {after}: {', '.join(moves)}" for (before, after), moves in arrows.items()]
    leaves = {row.before for row in machine.rows if row.before != row.after}
    lines += [f"    {state} --> [*]" for state in states if state not in leaves]
    lines += [
        "```",
        "",
        "| from | move | to | by | clock | reason | guard | article | |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in machine.rows:
        runs = row.clock or ("none" if row.stops else "goes on")
        cells = [f"{states[row.before].zh} {row.before}", row.move, row.after, row.by, runs]
        cells += ["yes" if row.reason else "", row.guard or "", row.article or "", row.zh]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, ""])
