"""The ratios as a picture: how many times as fast this house is as each peer, on a scale of doublings."""

from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from scripts.bench.race.contestants import APART, HOUSE, MERC, OPEN, PG, STOCK, STOCK_OPEN
from scripts.bench.race.report import ratio, stream_ratio
from scripts.bench.race.rounds import Figures

COLOURS = {PG: "#2a6fb0", MERC: "#c46a1b", STOCK: "#6b6b6b"}
OURS = {"inbox": OPEN, "thread": OPEN}
"""What is compared without walls, as peers have none."""


def plot(figures: Figures, where: Path) -> None:
    mpl.rcParams["font.size"] = 9
    rows: list[tuple[str, dict[str, float | None]]] = []
    for operation, turns in figures.turns.items():
        for one in (OURS.get(operation, HOUSE), *([APART] if APART in turns else [])):
            named = f"{operation}, each by itself" if one == APART else operation
            rows.append((named, {name: ratio(figures, operation, one, name) for name in (PG, MERC)}))
            rows[-1][1][STOCK] = ratio(figures, operation, one, STOCK_OPEN if one == OPEN else STOCK)
    for kind in figures.heard:
        rows.append((f"{kind} stream", {name: stream_ratio(figures, kind, name) for name in (MERC, STOCK)}))
    figure = Figure(figsize=(7.2, 0.55 * len(rows) + 1.1), dpi=160, layout="constrained")
    axes = figure.subplots()
    for place, (_, ratios) in enumerate(rows):
        for number, (name, times) in enumerate((name, times) for name, times in ratios.items() if times):
            y = place + (number - 1) * 0.26
            axes.barh(y, times - 1, left=1, height=0.24, color=COLOURS[name])
            axes.text(
                times * (1.03 if times >= 1 else 0.97),
                y,
                f"{times:.2f}",
                va="center",
                fontsize=7,
                ha="left" if times >= 1 else "right",
            )
    axes.set_xscale("log", base=2)
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_yticks(range(len(rows)), [name for name, _ in rows])
    axes.invert_yaxis()
    axes.set_xlabel("times as many a second as ... (right of 1: this house is faster)")
    axes.legend([mpl.patches.Patch(color=colour) for colour in COLOURS.values()], list(COLOURS), fontsize=8)
    axes.margins(x=0.15)
    figure.savefig(where)
