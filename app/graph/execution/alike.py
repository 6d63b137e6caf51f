"""One plan for the events of many subscriptions that ask for the same.

Where all that is selected of an event is written (`writing.py`), nothing is asked of whoever it is for: neither a
context nor variables. So the events of a hundred subscribers are one loop.
"""

from collections.abc import Sequence
from typing import Any, cast
from weakref import WeakKeyDictionary

from graphql import GraphQLError

from app.graph.execution.compiling import Unsupported
from app.graph.execution.executor import CompiledExecutor
from app.graph.execution.selections import Selection
from app.graph.execution.shapes import AnyOf, One, Shape
from app.graph.execution.writing import Shaped, written


class Alike:
    """What is said of the events of one class, whosever they are."""

    def __init__(self, key: str, kind: type, shaped: Shaped) -> None:
        self._key, self._kind, self._shaped = key, kind, shaped

    def data(self, events: Sequence[Any]) -> list[dict[str, Any]]:
        """Of each the answer's `data`. Raises where that is not simply there: then each is carried out by itself."""
        if any(event.__class__ is not self._kind for event in events):
            raise TypeError("of another class")
        return [{self._key: one} for one in self._shaped(events, ())]


_known: WeakKeyDictionary[Selection, dict[type, Alike | None]] = WeakKeyDictionary()
"""By the plan of a subscription, and the class of its events."""


def alike(executor: Any, event: Any) -> Alike | None:
    """How the subscription that `executor` carries out for this event says it of all of its class; None where each has
    to be carried out by itself."""
    if not isinstance(executor, CompiledExecutor):
        return None
    try:
        plan = executor.plan()
    except (Unsupported, GraphQLError):
        return None  # it says so when it carries the first one out
    known = _known.setdefault(plan, {})
    if (kind := event.__class__) not in known:
        known[kind] = _alike(executor, plan, event)
    return known[kind]


def _alike(executor: CompiledExecutor, plan: Selection, event: Any) -> Alike | None:
    ((field, slot),) = plan.fields
    info: Any = executor.build_resolve_info(field.definition, field.nodes, field.owner, cast("Any", None))
    one = _one(executor, slot.shape, event, info)
    if one is None or one.origin is not event.__class__:
        return None
    below: Any = one.below
    if below.depth is None:
        return None
    shaped, asking = written(below)
    return None if asking else Alike(field.key, one.origin, shaped)


def _one(executor: CompiledExecutor, shape: Shape, event: Any, info: Any) -> One | None:
    if isinstance(shape, One):
        return shape
    if not isinstance(shape, AnyOf):
        return None
    name: Any = (shape.kind.resolve_type or executor.type_resolver)(event, info, shape.kind)
    found: Any = executor.schema.get_type(name) if isinstance(name, str) else None
    return shape.one_of(found) if found else None
