"""From a draft to a closed question: what an asker does between."""

import strawberry

from app.graph.ids import Fetch


@strawberry.type
class LifeQuery: ...


@strawberry.type
class LifeMutation: ...


NODES: dict[str, Fetch] = {}
