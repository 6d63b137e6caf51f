"""Being there: the code that the entrance shows, and what checking in gives."""

from datetime import UTC, datetime
from typing import Annotated, Any, Self

import segno
import strawberry

from app.activities.rules.attending import SECRET, SLOT, entrance_code, slot_of
from app.activities.types import Activity
from app.core.sealing import KeyProvider
from app.graph import visible
from app.graph.context import Info
from app.graph.refusals import PAYLOAD, Refused


@strawberry.type(
    description="What a screen at the entrance shows, for those who come to scan; another every minute.",
    directives=[visible.EDITING],
)
class EntranceCode:
    code: str = strawberry.field(description="Eight letters and digits, to be typed where nothing scans.")
    qr: str = strawberry.field(description="The same as a QR code (ISO/IEC 18004): a `data:` address of an SVG.")
    next_at: datetime = strawberry.field(description="When another is shown; it is good for a minute more.")

    @classmethod
    def of(cls, info: Info, row: Any) -> Self:
        slot = slot_of(info.context.now)
        code = entrance_code(info.context.door(KeyProvider).secret(SECRET), row.id, slot)
        qr = str(segno.make_qr(code, error="m").svg_data_uri(scale=8, border=4))
        return cls(code=code, qr=qr, next_at=datetime.fromtimestamp((slot + 1) * SLOT, UTC))


@strawberry.type(description="Somebody is there.", directives=[visible.WITHIN])
class CheckedIn:
    at: datetime = strawberry.field(description="Since when; the first time counts.")
    activity: Activity = strawberry.field(description="As it stands now.")


CheckInActivityResult = Annotated[CheckedIn | Refused, strawberry.union("CheckInActivityResult", description=PAYLOAD)]
