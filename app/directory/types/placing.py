"""Where an institution is, as maps and `wx.openLocation` want it."""

from typing import Any, Self

import strawberry

from app.directory.models import Precision
from app.directory.rules.placing import SCALES
from app.graph import visible
from app.graph.enums import explain
from app.places.rules.coordinates import Spot, System, shown_in

explain(
    Precision,
    "How exactly a place is known.",
    ENTRANCE="The door that people go in by.",
    BUILDING="The building, whichever door.",
    STREET="The street or the yard.",
    DIVISION="Somewhere in its village, town or subdistrict.",
)


def spot_of(row: Any) -> Spot | None:
    return None if row.longitude is None else Spot(row.longitude, row.latitude)


@strawberry.type(description="What `wx.openLocation` is called with, as it is.", directives=[visible.WITHIN])
class OpenLocation:
    longitude: float = strawberry.field(description="GCJ-02, degrees.")
    latitude: float = strawberry.field(description="GCJ-02, degrees.")
    name: str = strawberry.field(description="The institution's.")
    address: str = strawberry.field(description="In words; may be empty.")
    scale: int = strawberry.field(description="5 to 18, no nearer than the place is known.")
    info_url: str | None = strawberry.field(
        description="The institution's page, for the web's `wx.openLocation`; a mini-program has no use for it. Null "
        "where nobody is to be sent there."
    )

    @classmethod
    def of(cls, row: Any, info_url: str | None) -> Self | None:
        """None where nobody knows the place."""
        spot = spot_of(row)
        if spot is None:
            return None
        longitude, latitude = shown_in(System.GCJ02, spot)
        return cls(
            longitude=longitude,
            latitude=latitude,
            name=row.name,
            address=row.address,
            scale=SCALES[Precision(row.place_precision)],
            info_url=info_url,
        )
