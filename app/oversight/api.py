"""What supervisors see to."""

import strawberry

from app.graph.ids import Fetch


@strawberry.type
class OversightQuery: ...


@strawberry.type
class OversightMutation: ...


NODES: dict[str, Fetch] = {}
