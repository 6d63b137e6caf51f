"""The grid of a map lies on the world: whoever pans moves over the same cells, and never sees too many."""

from collections.abc import Iterator
from itertools import product

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.directory.rules.grid import MOST, Grid, against_view, cell_of, down, grid_over
from app.places.rules.coordinates import Bounds, Spot, System

WINDOWS = st.builds(Bounds, st.floats(75, 130), st.floats(5, 50), st.floats(75.001, 135), st.floats(5.001, 53))
ZOOMS = st.integers(0, 22)


def cells(grid: Grid) -> Iterator[tuple[int, int]]:
    return product(range(grid.left, grid.right + 1), range(grid.top, grid.bottom + 1))


@settings(suppress_health_check=[HealthCheck.filter_too_much])  # half of all windows are upside down
@given(WINDOWS, ZOOMS, st.sampled_from(System))
def test_a_window_has_at_most_so_many_cells_and_they_cover_it(shown: Bounds, zoom: int, system: System) -> None:
    assume(not list(against_view(shown, zoom)))
    grid = grid_over(shown, system, zoom)
    assert 0 <= grid.level <= zoom + 2
    assert (grid.right - grid.left + 1) * (grid.bottom - grid.top + 1) <= MOST
    if system is System.WGS84:
        for corner in product((shown.west, shown.east), (shown.south, shown.north)):
            assert grid.has(*cell_of(Spot(*corner), grid.level))


@settings(suppress_health_check=[HealthCheck.filter_too_much])  # half of all windows are upside down
@given(WINDOWS, ZOOMS, st.floats(-5, 5), st.sampled_from(System))
def test_panning_changes_no_cell(shown: Bounds, zoom: int, east: float, system: System) -> None:
    assume(not list(against_view(shown, zoom)))
    moved = Bounds(shown.west + east, shown.south, shown.east + east, shown.north)
    assert grid_over(moved, system, zoom).level == grid_over(shown, system, zoom).level


@given(st.floats(73, 136), st.floats(3, 54), st.integers(0, 20))
def test_a_place_is_within_the_edges_of_its_cell(longitude: float, latitude: float, level: int) -> None:
    x, y = cell_of(Spot(longitude, latitude), level)
    edges = Grid(level, x, y, x, y).edges()
    assert edges.west - 1e-9 <= longitude <= edges.east + 1e-9
    assert edges.south - 1e-9 <= latitude <= edges.north + 1e-9
    assert 0 <= down(latitude) <= 1
