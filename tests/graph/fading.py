"""A small graph some of whose elements are on their way out: a field, an argument, a field of an input, a value."""

from collections.abc import AsyncIterator
from datetime import date
from enum import Enum
from typing import Annotated

import strawberry

from app.graph.deprecations import gone
from app.graph.entrance import Schema
from app.graph.tally import Tally

SINCE, AFTER = date(2026, 11, 24), date(2027, 11, 24)


def fading(instead: str) -> str:
    return gone(instead, SINCE, AFTER)


@strawberry.enum
class Order(Enum):
    NAME = "NAME"
    LUCK = strawberry.enum_value("LUCK", deprecation_reason=fading("Order.NAME"))


@strawberry.input
class Where:
    town: str | None = None
    village: str | None = strawberry.field(default=None, deprecation_reason=fading("Where.town"))
    order: Order = Order.NAME


@strawberry.input
class Filter:
    all_of: list[Where] | None = None
    nothing_old: str | None = None


@strawberry.type
class Lawyer:
    name: str = "李律师"

    @strawberry.field(deprecation_reason=fading("Lawyer.name"))
    def title(self) -> str:
        return "律师"


@strawberry.type
class Query:
    @strawberry.field
    def lawyer(
        self,
        order: Order = Order.NAME,
        filter: Filter | None = None,
        fast: Annotated[bool, strawberry.argument(deprecation_reason=fading("Query.lawyer"))] = False,
    ) -> Lawyer:
        return Lawyer()


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def lawyer(self) -> AsyncIterator[Lawyer]:
        yield Lawyer()
        yield Lawyer()


def fading_graph(tally: Tally) -> Schema:
    """Counted by that tally, as the house counts."""

    class Counted(Schema):
        pass

    Counted.tally = tally
    return Counted(Query, subscription=Subscription)
