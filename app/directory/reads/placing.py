"""Institutions by where they are: in a map's cells, and nearest first."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from math import asin
from typing import Any, Final

from sqlalchemy import ColumnElement, Float, Integer, Select, bindparam, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.core.access import Viewer
from app.core.db import Session
from app.directory.models import RegisterKind, Service
from app.directory.reads.opening import open_at
from app.directory.reads.register import I, sees_all, shown, verified, visible_to
from app.directory.rules.grid import MEMBERS, Grid
from app.places.rules.coordinates import EARTH, Spot

ON_THE_MAP: Final[tuple[ColumnElement[bool], ...]] = (
    I.c.standing == literal_column("'ACTIVE'"),  # as the indexes say it: a bound value would not be known to be it
    I.c.longitude.is_not(None),
)


def of_kinds(kinds: Sequence[RegisterKind]) -> list[ColumnElement[bool]]:
    return [I.c.kind.in_(kinds)] if kinds else []


def doing(service: str | None) -> list[ColumnElement[bool]]:
    """A code of `Service`, or of a field of the law."""
    if service is None:
        return []
    named = service in Service.__members__
    return [I.c.services.has_key(service) if named else I.c.specialties.contains([service])]


def opened(moment: datetime | None) -> list[ColumnElement[bool]]:
    return [open_at(moment)] if moment else []


def clusters(viewer: Viewer | None, kinds: Sequence[RegisterKind], open: datetime | None = None) -> Select[Any]:
    """Of which grid, is told each time it is sent (`cells`). `open`: only of those that are open at that moment."""
    west, south, east, north = (bindparam(edge, type_=Float) for edge in ("west", "south", "east", "north"))
    side: Any = bindparam("side", type_=Integer)
    window = func.box(func.point(west, south), func.point(east, north))
    x = func.floor((I.c.longitude + 180) / 360 * side)
    y = func.floor((0.5 - func.asinh(func.tan(func.radians(I.c.latitude))) / (2 * func.pi())) * side)
    members = func.array_agg(aggregate_order_by(I.c.id, I.c.id))
    return (
        select(
            cast(x, Integer).label("cell_x"),
            cast(y, Integer).label("cell_y"),
            func.count().label("count"),
            func.avg(I.c.longitude).label("longitude"),
            func.avg(I.c.latitude).label("latitude"),
            func.trim_array(members, func.greatest(func.count() - MEMBERS, 0).cast(Integer)).label("members"),
        )
        .where(*ON_THE_MAP, visible_to(viewer, I), *of_kinds(kinds), *opened(open))
        .where(func.point(I.c.longitude, I.c.latitude).op("<@", is_comparison=True)(window))
        .group_by(literal_column("1"), literal_column("2"))
        .order_by(literal_column("2"), literal_column("1"))
    )


@lru_cache
def _public_clusters(kinds: tuple[RegisterKind, ...]) -> Select[Any]:
    return clusters(None, kinds)


def cells(grid: Grid) -> dict[str, Any]:
    """What `clusters` wants to be told."""
    edges = grid.edges()
    return {"west": edges.west, "south": edges.south, "east": edges.east, "north": edges.north, "side": grid.side}


async def clustered(
    session: Session, viewer: Viewer | None, grid: Grid, kinds: Sequence[RegisterKind], open: datetime | None = None
) -> Sequence[Any]:
    """Of each cell of the grid that has any: how many, their middle, the first few of them."""
    usual = open is None and not sees_all(viewer)
    wanted = _public_clusters(tuple(kinds)) if usual else clusters(viewer, kinds, open)
    rows = (await session.rows(wanted, cells(grid))).all()
    return [row for row in rows if grid.has(row.cell_x, row.cell_y)]  # who stands on the outer edge is of the next cell


def chord_to(around: Spot, table: Any = I) -> ColumnElement[float]:
    """In metres straight through the earth, which puts places into the same order as over its surface."""
    here = func.earth.spot(around.longitude, around.latitude)
    chord: ColumnElement[float] = func.earth.spot(table.c.longitude, table.c.latitude).op("OPERATOR(earth.<->)")(here)
    return chord


def nearest(
    viewer: Viewer | None,
    around: Spot,
    kinds: Sequence[RegisterKind],
    service: str | None,
    first: int,
    open: datetime | None = None,
) -> Select[Any]:
    """Of those that are offered, and open at that moment if one is said; `chord` as `chord_to` says."""
    chord = chord_to(around)
    wanted = select(*shown(I), chord.label("chord")).where(*ON_THE_MAP, visible_to(viewer, I), verified(I))
    wanted = wanted.where(*of_kinds(kinds), *doing(service))
    return wanted.where(*opened(open)).order_by(chord).limit(first)


def metres(chord: float) -> int:
    """Over the earth's surface."""
    return round(2 * EARTH * asin(min(1.0, chord / (2 * EARTH))))
