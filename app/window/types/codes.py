"""The code by which a window knows somebody, as she shows it."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Self

import segno
import strawberry

from app.core.sealing import KeyProvider
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.refusals import PAYLOAD, Refused
from app.window.actions.pickup import digits
from app.window.rules.pickup import MARK


class WindowQrFormat(StrEnum):
    SVG = "SVG"
    PNG = "PNG"


explain(WindowQrFormat, "In what form a QR code comes.", SVG="Sharp at any size.", PNG="For who shows no SVG.")
_DOTS = 8
"""Pixels a module."""


@strawberry.type(
    description="Eight digits by which a window knows what you come about. Once, for 24 hours; a new one of the same "
    "thing takes its place.",
    directives=[visible.SELF],
)
class PickupCode:
    row: strawberry.Private[Any]
    expires_at: datetime = strawberry.field(description="Good until then, and once.")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(row=row, expires_at=row.expires_at)

    @strawberry.field(description="To be read out, or typed.")
    def digits(self, info: Info) -> str:
        return digits(info.context.door(KeyProvider), self.row.id)

    @strawberry.field(
        description="The same as a QR code (ISO/IEC 18004), to be scanned at the window: a `data:` address, good where "
        "a picture's address is. It lies nowhere else."
    )
    def qr(
        self,
        info: Info,
        format: Annotated[WindowQrFormat, strawberry.argument(description="In what form.")] = WindowQrFormat.SVG,
    ) -> str:
        drawn = segno.make_qr(MARK + digits(info.context.door(KeyProvider), self.row.id), error="m")
        uri = drawn.svg_data_uri if format is WindowQrFormat.SVG else drawn.png_data_uri
        return str(uri(scale=_DOTS, border=4))


CreatePickupCodeResult = Annotated[
    PickupCode | Refused, strawberry.union("CreatePickupCodeResult", description=PAYLOAD)
]
