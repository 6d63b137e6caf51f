"""Pages that are the same for everybody are found out once for all who ask for them at the same time.

A query of what says `@shared` alone is such a page for whoever asks in nobody's name, and for a resident where
everybody sees all that it asks for. While one such question is being answered, the same is not asked again: what is
being read may be older than what somebody has just seen. Who comes meanwhile waits for the next answer, which one of
them finds out for them all. So no answer is older than its question, nothing is kept, and a town that opens its map at
once costs the database what one household does.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final
from uuid import uuid4

import orjson
from graphql import GraphQLError
from strawberry.types import ExecutionResult

from app.core.access import Role
from app.graph.context import Context

ORDINARY = frozenset({Role.RESIDENT})
"""Whoever is this and nothing else has no rows of her own among what is everybody's."""
HEARD: Final = 3
"""Turns of the event loop before the next is found out: whoever was waiting to be heard meanwhile takes part in it."""

Find = Callable[[Context], Awaitable[Any]]
"""Gives a result of graphql-core's."""


class Common:
    """What was found out for everybody: nobody changes it."""

    def __init__(self, data: dict[str, Any] | None, errors: list[GraphQLError] | None) -> None:
        self.data, self.errors = data, errors

    @cached_property
    def json(self) -> orjson.Fragment:
        """Its data, written once for all."""
        return orjson.Fragment(orjson.dumps(self.data))


@dataclass
class Page(ExecutionResult):
    """It, as one of those who asked is told."""

    common: Common | None = None

    @classmethod
    def of(cls, common: Common) -> "Page":
        return cls(common.data, common.errors, common=common)


@dataclass(eq=False)
class _Turn:
    """One finding out, and who waits for the one after it."""

    begun: bool = False
    over: asyncio.Event = field(default_factory=asyncio.Event)
    found: Common | None = None
    """What was found; None before, and where whoever was to find it out did not come to the end."""
    refused: list[str] = field(default_factory=list)
    after: "_Turn | None" = None


_turns: dict[Any, _Turn] = {}
"""Under way in this process."""


def is_common(context: Context) -> bool:
    """Whether the operation of this context is the same for everybody who may ask for it in common."""
    admitted, viewer = context.admitted, context.viewer
    assert admitted is not None
    return admitted.shared and (viewer is None or (admitted.open and viewer.roles <= ORDINARY))


def written(variables: Any) -> str:
    """Variables as a text that others have for the same alone."""
    try:
        return json.dumps(variables, sort_keys=True) if variables else ""  # takes any text, surrogates too
    except RecursionError:  # lists within a thousand lists: no argument takes them
        return uuid4().hex


async def in_common(context: Context, variables: Any, find: Find) -> Common:
    """What `find` gives in a context that is nobody's: found out for this one, or for another that waited with it."""
    admitted = context.admitted
    assert admitted is not None
    # Whoever finds out holds database and document: nothing else gets their addresses meanwhile.
    key = (id(context.db), id(admitted.document), admitted.operation_name, written(variables), context.language)
    while True:
        before = _turns.get(key)
        turn = before.after if before and before.begun else before
        if turn is None:
            return await _lead(key, before, context, find)
        await turn.over.wait()
        if turn.found is not None:
            context.refused += turn.refused
            return turn.found


async def _lead(key: Any, before: _Turn | None, context: Context, find: Find) -> Common:
    """Find it out, once `before` is over, for all who come until this begins."""
    turn = _Turn()
    if before is None:
        _turns[key] = turn
    else:
        before.after = turn
    try:
        if before is not None:
            await before.over.wait()
            for _ in range(HEARD):
                await asyncio.sleep(0)
        turn.begun = True
        found = Common(*await _in_nobodys_name(context, find))
        turn.refused, turn.found = context.refused, found
        return found
    finally:
        if _turns.get(key) is turn:
            _pass_on(key, turn)
        elif before is not None:  # it was not waited for to the end
            before.after = None
        turn.over.set()


def _pass_on(key: Any, turn: _Turn) -> None:
    if turn.after is None:
        del _turns[key]
    else:
        _turns[key] = turn.after


async def _in_nobodys_name(context: Context, find: Find) -> tuple[Any, Any]:
    if context.viewer is None:
        found = await find(context)
        return found.data, found.errors
    nobodys = replace(context, viewer=None, _loaders={})
    nobodys.looks.keeps = True
    try:
        found = await find(nobodys)
        return found.data, found.errors
    finally:
        nobodys.over()
        await nobodys.looks.over()
