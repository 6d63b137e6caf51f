"""What auditors are shown of the chain."""

import strawberry

from app.audit import reads
from app.audit.loaders import AnchorById
from app.audit.types import AuditAnchor
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import IsAuditor


@strawberry.type
class AuditQuery:
    @strawberry.field(
        permission_classes=[IsAuditor],
        description="The anchors of the audit, the newest first: one a day, made the night after.",
    )
    async def audit_anchors(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[AuditAnchor] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.page_of(session, viewer(info), wanted)
        return connect(wanted, rows, lambda row: (row.anchored_at, row.id), AuditAnchor.of)  # type: ignore[no-any-return]


async def _anchors(info: Info, keys: list[str]) -> list[AuditAnchor | None]:
    rows = await info.context.loader(AnchorById).load_many([as_uuid(key) for key in keys])
    return [AuditAnchor.of(row) if row else None for row in rows]


NODES: dict[str, Fetch] = {"AuditAnchor": _anchors}
