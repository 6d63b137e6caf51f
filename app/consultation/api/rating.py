"""What the asker makes of the answers."""

import strawberry

from app.graph.ids import Fetch


@strawberry.type
class RatingQuery: ...


@strawberry.type
class RatingMutation: ...


NODES: dict[str, Fetch] = {}
