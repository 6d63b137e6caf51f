"""Relay connections over keyset pages."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

import strawberry

from app.core.keyset import Page, encode, keyset, page
from app.graph import visible

__all__ = ["After", "Before", "Connection", "Edge", "First", "Last", "PageInfo", "connect", "keyset", "page"]

T = TypeVar("T")

First = Annotated[
    int | None,
    strawberry.argument(description="How many from the front, 0 to 100; 20 where neither this nor `last` is given."),
]
After = Annotated[str | None, strawberry.argument(description="Only what follows this cursor.")]
Last = Annotated[
    int | None, strawberry.argument(description="How many from the back, 0 to 100; not together with `first`.")
]
Before = Annotated[str | None, strawberry.argument(description="Only what precedes this cursor.")]


@strawberry.type(description="Where a page stands in its list.", directives=[visible.WITHIN])
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether more items follow this page.")
    has_previous_page: bool = strawberry.field(description="Whether items come before this page.")
    start_cursor: str | None = strawberry.field(description="The cursor of the first item, null when there is none.")
    end_cursor: str | None = strawberry.field(description="The cursor of the last item, null when there is none.")


@strawberry.type(description="One item of a list, with its cursor.", directives=[visible.WITHIN])
class Edge(Generic[T]):
    cursor: str = strawberry.field(description="Hand it to `after` or `before` to go on from here.")
    node: T = strawberry.field(description="What stands at this place of the list.")


def _edges(self: Any) -> list[Edge[T]]:
    return [Edge(cursor=cursor, node=node) for cursor, node in zip(self.cursors(), self.nodes, strict=True)]


@strawberry.type(description="A page of a list.", directives=[visible.WITHIN])
class Connection(Generic[T]):
    cursors: strawberry.Private[Callable[[], list[str]]]
    edges: list[Edge[T]] = strawberry.field(resolver=_edges, description="The items with their cursors.")
    nodes: list[T] = strawberry.field(description="The same items, without their cursors.")
    page_info: PageInfo = strawberry.field(description="Where this page stands.")


def connect(page: Page, rows: Sequence[Any], at: Callable[[Any], tuple[Any, UUID]], node: Callable[[Any], T]) -> Any:
    """Build the connection from the rows that `keyset` selected (at most size + 1)."""
    more = len(rows) > page.size
    kept = list(rows[: page.size])
    if page.backward:
        kept.reverse()
    info = PageInfo(
        has_next_page=page.before is not None if page.backward else more,
        has_previous_page=more if page.backward else page.after is not None,
        start_cursor=encode(*at(kept[0])) if kept else None,
        end_cursor=encode(*at(kept[-1])) if kept else None,
    )
    return Connection(
        cursors=lambda: [encode(*at(row)) for row in kept], nodes=[node(row) for row in kept], page_info=info
    )
