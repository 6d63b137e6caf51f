"""What of a mediation may be carried into another application: her own freely, what both shared where both agreed."""

from enum import StrEnum


class CarryPart(StrEnum):
    FACTS = "FACTS"
    CLAIM = "CLAIM"
    OTHER_SIDE = "OTHER_SIDE"
    SHARED_RECORD = "SHARED_RECORD"


AGREED_BY_BOTH = frozenset({CarryPart.SHARED_RECORD})
