"""An anchor as auditors see it."""

from datetime import date, datetime
from typing import Any

import strawberry

from app.graph import visible
from app.graph.ids import Node, global_id
from app.graph.visible import Audience


@strawberry.type(
    description="What the audit held of a day, as a signed hash, chained to the one before: who was given a key, what "
    "was decided about people, who saw what is a minor's, what windows opened and did, figures taken along, consents, "
    "changes of the register, legal holds. It tells of no person. Hand the newest to somebody outside, as JSON with "
    "`document`, `signature` and `keyId`: `python -m scripts.verify_audit --held FILE` then proves that nothing from "
    "before it was changed.",
    directives=[visible.to(Audience.AUDITOR)],
)
class AuditAnchor(Node):
    day: date = strawberry.field(description="The last day that it covers, in the city; it follows the one before.")
    document: str = strawberry.field(description="JSON; exactly these characters, in UTF-8, were signed.")
    signature: str = strawberry.field(description="Ed25519 (RFC 8032) over the document, in base64.")
    key_id: strawberry.ID = strawberry.field(description="Which of `receiptKeys` verifies it.")
    anchored_at: datetime = strawberry.field(
        description="When it was made, by the database's clock: the night after its day, or there was none."
    )

    @classmethod
    def of(cls, row: Any) -> "AuditAnchor":
        return cls(
            id=global_id("AuditAnchor", row.id),
            day=row.day,
            document=row.document,
            signature=row.signature,
            key_id=strawberry.ID(row.key_id),
            anchored_at=row.anchored_at,
        )
