"""Saved operations, sent as people would and one after the other."""

import json
import re
from typing import Any

from graphql import OperationDefinitionNode, parse

from app.core.access import Viewer
from app.core.ids import new_id
from app.graph.saved import Saved, saved
from tests.city import City

STANDS_FOR = re.compile(r"<[^>]+>")


class Living:
    """`stands_for`: what the placeholders of saved variables mean; `done` has the names of all that was sent."""

    def __init__(self, city: City, stands_for: dict[str, str]) -> None:
        self.city, self.stands_for = city, stands_for
        self.done: set[str] = set()

    async def asks(self, who: Viewer | None, name: str, **said: Any) -> Any:
        """All that a query or the first frame of a subscription gives; `said` are its variables this time."""
        one = operation_named(name)
        self.done.add(name)
        filled = json.loads(one.variables or "{}") | said
        return await first(self.city, who, one, variables(one, self.stands_for, filled))

    async def does(self, who: Viewer | None, name: str, **said: Any) -> Any:
        """What a mutation makes; `said` is its input this time."""
        made = await self.tries(who, name, **said)
        assert made["__typename"] != "Refused", (name, made)
        return made

    async def tries(self, who: Viewer | None, name: str, **said: Any) -> Any:
        one = operation_named(name)
        self.done.add(name)
        filled: dict[str, Any] = json.loads(one.variables or "{}")
        if said:
            filled["input"] |= said
        (made,) = (await first(self.city, who, one, variables(one, self.stands_for, filled))).values()
        await self.city.settle()
        return made


def operation(one: Saved) -> OperationDefinitionNode:
    (found,) = parse(one.document).definitions
    assert isinstance(found, OperationDefinitionNode)
    return found


def operation_named(name: str) -> Saved:
    (one,) = [one for one in saved() if one.name == name]
    return one


async def first(city: City, viewer: Viewer | None, one: Saved, said: dict[str, Any]) -> dict[str, Any]:
    """All it gives, or its first frame."""
    if one.kind == "query":
        found: dict[str, Any] = await city.run(viewer, one.document, **said)
        return found
    async with city.follow(viewer, one.document, **said) as frames:
        data, errors = await anext(aiter(frames))
    assert not errors, (one.name, errors)
    return dict(data)


def variables(one: Saved, stands_for: dict[str, str], said: dict[str, Any] | None = None) -> dict[str, Any]:
    text = one.variables or "{}" if said is None else json.dumps(said, ensure_ascii=False)
    text = STANDS_FOR.sub(lambda found: stands_for.get(found[0], found[0]), text).replace("<key>", str(new_id()))
    assert not STANDS_FOR.search(text), (one.name, text)
    filled: dict[str, Any] = json.loads(text)
    return filled
