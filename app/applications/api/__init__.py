"""Applications: what a resident, an officer and a lawyer can do about them."""

import strawberry

from app.applications.api.checking import CheckingQuery
from app.applications.api.prefilling import PrefillingQuery
from app.graph.ids import Fetch

__all__ = ["NODES", "ApplicationsQuery"]

NODES: dict[str, Fetch] = {}


@strawberry.type
class ApplicationsQuery(CheckingQuery, PrefillingQuery):
    pass
