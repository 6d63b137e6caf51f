"""Messages between people about one thing."""

import strawberry

from app.graph.ids import Fetch


@strawberry.type
class ThreadsQuery: ...


@strawberry.type
class ThreadsMutation: ...


NODES: dict[str, Fetch] = {}
