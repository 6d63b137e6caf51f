"""Where divisions are, as far as the staff confirmed it. Public."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select, true

from app.core.access import Viewer
from app.core.db import Session
from app.directory.models import DivisionPoint
from app.directory.reads.placing import ON_THE_MAP, chord_to
from app.directory.reads.register import I
from app.directory.rules.placing import EXACT
from app.places.rules.coordinates import Spot

DP: Any = DivisionPoint.__table__  # type: ignore[attr-defined]
SHOWN = tuple(DP.c[name] for name in ("id", "division", "longitude", "latitude", "source", "version"))


def visible_to(viewer: Viewer | None) -> ColumnElement[bool]:
    return true()


async def points(session: Session, viewer: Viewer | None, divisions: Iterable[str]) -> Sequence[Any]:
    wanted = select(*SHOWN).where(DP.c.division.in_(list(divisions)), visible_to(viewer))
    return (await session.rows(wanted)).all()


async def chord_to_village(session: Session, division: str, spot: Spot) -> float | None:
    """From there to the village's confirmed point or the nearest institution in it whose place is known to the
    building, whichever is nearer: in metres, straight. None where there is neither."""
    of_the_village = select(chord_to(spot, DP).label("chord")).where(DP.c.division == division)
    in_it = select(chord_to(spot).label("chord")).where(
        *ON_THE_MAP, I.c.division == division, I.c.place_precision.in_(sorted(EXACT))
    )
    nearest = of_the_village.union_all(in_it).order_by("chord").limit(1)
    found: float | None = (await session.rows(nearest)).scalar()
    return found
