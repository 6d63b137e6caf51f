"""Draws the map of the register as an SVG, with the names of the towns: the same marks as `mapPoints` gives.

    python -m scripts.render_map FILE.svg [--division CODE] [--zoom 11] [--size 1000x560] [--open]

In the middle of the towns or around a division's point, in WGS-84 and the projection of web maps. No tiles, no network,
no roads: the grid is of the marks' cells. `--open` draws those that are open now. It signs in as the owner of the
tables (`scripts.owner`).
"""

import argparse
import asyncio
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import atan, degrees, pi, sinh
from pathlib import Path
from typing import Any, Final

from sqlalchemy.exc import SQLAlchemyError

from app.core.db import NOBODY, Database, connect, now
from app.directory.reads.placing import clustered
from app.directory.rules.grid import ZOOMS, Grid, across, down, grid_over
from app.places.rules import DIVISIONS, is_division
from app.places.rules.coordinates import Bounds, Spot, System
from app.places.rules.divisions import below, reference_point
from scripts.owner import as_owner

TILE: Final = 256
"""Pixels of the world's side at zoom 0."""
LETTER: Final = 13
OFF: Final = (-16, 26, -28, 38, -40, 50, -52, 62, -64, 74)
"""Pixels from a town's point to its name, as it is tried."""
_STYLE: Final = """text{font-family:"Noto Sans CJK SC","Microsoft YaHei",sans-serif;text-anchor:middle}
.ground{fill:#f7f5ef}.cell{stroke:#e4dfd2;stroke-width:1}.town{font-size:13px;fill:#5b5548;paint-order:stroke;stroke:#f7f5ef;stroke-width:3px}
.many{fill:#2f6f8f;fill-opacity:.82}.one{fill:#b5472f}.count{font-size:12px;fill:#fff}"""


@dataclass(frozen=True)
class Window:
    """What is drawn: so many pixels around a place."""

    middle: Spot
    zoom: int = 11
    width: int = 1000
    height: int = 560

    def at(self, spot: Spot) -> tuple[float, float]:
        """Pixels from the left and from the top."""
        world = TILE << self.zoom
        east = (across(spot.longitude) - across(self.middle.longitude)) * world
        south = (down(spot.latitude) - down(self.middle.latitude)) * world
        return self.width / 2 + east, self.height / 2 + south

    def bounds(self) -> Bounds:
        world = TILE << self.zoom
        west, east = ((across(self.middle.longitude) + side * self.width / 2 / world) * 360 - 180 for side in (-1, 1))
        south, north = (
            degrees(atan(sinh(pi * (1 - 2 * (down(self.middle.latitude) + side * self.height / 2 / world)))))
            for side in (1, -1)
        )
        return Bounds(west, south, east, north)


def middle_of_the_city() -> Spot:
    points = [reference_point(code) for code in below()]
    east, north = [point.longitude for point in points], [point.latitude for point in points]
    return Spot((min(east) + max(east)) / 2, (min(north) + max(north)) / 2)


def drawn(window: Window, grid: Grid, marks: Sequence[Any]) -> str:
    """`marks` as `clustered` gives them."""
    size = f'width="{window.width}" height="{window.height}" viewBox="0 0 {window.width} {window.height}"'
    ground = f'<rect class="ground" width="{window.width}" height="{window.height}"/>'
    parts = [ground, *_lines(window, grid), *_marks(window, marks), *_towns(window, marks)]
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><style>{_STYLE}</style>\n' + "\n".join(parts) + "\n</svg>\n"


def _lines(window: Window, grid: Grid) -> Iterator[str]:
    cell = (TILE << window.zoom) / grid.side
    left, top = window.at(Spot(grid.edges().west, grid.edges().north))
    for number in range(grid.right - grid.left + 2):
        x = left + number * cell
        yield f'<line class="cell" x1="{x:.1f}" y1="0" x2="{x:.1f}" y2="{window.height}"/>'
    for number in range(grid.bottom - grid.top + 2):
        y = top + number * cell
        yield f'<line class="cell" x1="0" y1="{y:.1f}" x2="{window.width}" y2="{y:.1f}"/>'


def _marks(window: Window, marks: Sequence[Any]) -> Iterator[str]:
    for mark in marks:
        x, y = window.at(Spot(mark.longitude, mark.latitude))
        if mark.count == 1:
            yield f'<circle class="one" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
        else:
            yield f'<circle class="many" cx="{x:.1f}" cy="{y:.1f}" r="{9 + min(mark.count, 40) ** 0.5 * 2:.1f}"/>'
            yield f'<text class="count" x="{x:.1f}" y="{y + 4:.1f}">{mark.count}</text>'


def _towns(window: Window, marks: Sequence[Any]) -> Iterator[str]:
    """A name near its town's point, where neither a mark nor another name stands."""
    spots = [window.at(Spot(mark.longitude, mark.latitude)) for mark in marks]
    taken = [(x, y + LETTER / 2, float(LETTER)) for x, y in spots]
    for code in below():
        name, (x, middle) = DIVISIONS[code].name, window.at(reference_point(code))
        half = len(name) * LETTER / 2
        free = (middle + off for off in OFF if not _covered(taken, x, middle + off, half))
        y = next(free, middle + OFF[0])
        taken.append((x, y, half))
        yield f'<text class="town" x="{x:.1f}" y="{y:.1f}">{escape(name)}</text>'


def _covered(taken: list[tuple[float, float, float]], x: float, y: float, half: float) -> bool:
    return any(abs(x - left) < half + wide and abs(y - top) < LETTER + 1 for left, top, wide in taken)


async def drawn_from(owner: Database, window: Window, *, open_now: bool = False) -> str:
    grid = grid_over(window.bounds(), System.WGS84, window.zoom)
    async with owner.acting(NOBODY) as session:
        return drawn(window, grid, await clustered(session, None, grid, (), now(session) if open_now else None))


async def _do(chosen: argparse.Namespace) -> None:
    owner = Database(connect(chosen.owner_url, pool=1))
    try:
        middle = reference_point(chosen.division) if chosen.division else middle_of_the_city()
        window = Window(middle, chosen.zoom, *chosen.size)
        chosen.file.write_text(await drawn_from(owner, window, open_now=chosen.open), "utf-8")
    finally:
        await owner.engine.dispose()


def _size(said: str) -> tuple[int, int]:
    width, _, height = said.partition("x")
    if not (100 <= int(width) <= 4_000 and 100 <= int(height) <= 4_000):
        raise ValueError(said)
    return int(width), int(height)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.render_map", description="Draws the map of the register.")
    parser.add_argument("file", type=Path, help="ends with .svg")
    parser.add_argument("--division", help="around whose point (default: in the middle of the towns)")
    parser.add_argument("--zoom", type=int, choices=ZOOMS, default=11, metavar="0-22", help="default %(default)s")
    parser.add_argument(
        "--size", type=_size, default=(1000, 560), help="in pixels, each 100 to 4000 (default 1000x560)"
    )
    parser.add_argument("--open", action="store_true", help="only what is open now")
    chosen = as_owner(parser, arguments)
    if chosen.file.suffix.lower() != ".svg":
        parser.error("the file's name ends with .svg")
    if chosen.division and not is_division(chosen.division):
        parser.error(f"{chosen.division} is no division of the city")
    try:
        asyncio.run(_do(chosen))
    except (SQLAlchemyError, OSError) as fault:
        print(f"It could not be done: {type(getattr(fault, 'orig', None) or fault).__name__}.", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
