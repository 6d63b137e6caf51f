"""What becomes of a field's values: leaves, lists, objects, and what may be one of several types."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from graphql import GraphQLAbstractType, GraphQLError, GraphQLLeafType, GraphQLObjectType, Undefined, located_error
from graphql.execution.executor import Executor, invalid_return_type_error
from graphql.pyutils import is_iterable

from app.graph.execution.fields import Field, settled
from app.graph.execution.leaves import coercion, said
from app.graph.execution.levels import InfoAt, Level
from app.graph.execution.together import Failed, together

Run = Executor[Any]
_LOST = frozenset({type(None), Failed})


class Below(Protocol):
    """What is selected of an object."""

    @property
    def waits(self) -> bool: ...

    def let_alone(self) -> None: ...

    async def objects(self, run: Run, sources: Sequence[Any], level: Level) -> list[Any]:
        """What the answer says of each source, or Failed where null came to a place that takes none."""
        ...


class Shape(Protocol):
    async def complete(self, run: Run, field: Field, values: list[Any], level: Level) -> list[Any]:
        """Of each value what the answer says, None, or Failed. Values may be None and Failed themselves."""
        ...


@dataclass(eq=False)
class Slot:
    """A place of the answer. An error that comes to one where null may stand ends there; elsewhere it goes on up."""

    shape: Shape
    required: bool
    """Whether null may not stand here."""

    @property
    def below(self) -> Below | None:
        """What is selected of its objects, where one knows beforehand what those are."""
        shape = self.shape
        return shape.item.below if isinstance(shape, Many) else shape.below if isinstance(shape, One) else None

    @property
    def waits(self) -> bool:
        """Whether anything below it may have to be waited for."""
        if isinstance(self.shape, Many):
            return self.shape.item.waits
        return self.below.waits if self.below is not None else not isinstance(self.shape, Leaf)

    async def fill(self, run: Run, field: Field, values: list[Any], level: Level) -> list[Any]:
        filled = await self.shape.complete(run, field, values, level)
        if _LOST.isdisjoint(map(type, filled)):
            return filled
        for index, value in enumerate(filled):
            if value is None:
                if self.required:
                    error = TypeError(f"Cannot return null for non-nullable field {field.where}.")
                    filled[index] = _located(error, field, level, index)
            elif value.__class__ is Failed:
                failed = _located(value.error, field, level, index)
                filled[index] = failed
                if not self.required:
                    run.collected_errors.add(failed.error, level.path(index))  # type: ignore[arg-type]
                    filled[index] = None
        return filled


def _located(error: Exception, field: Field, level: Level, index: int) -> Failed:
    path = level.path(index)
    return Failed(located_error(error, field.nodes, path.as_list() if path else None))


class Leaf:
    def __init__(self, kind: GraphQLLeafType) -> None:
        self.kind = kind
        self._coerce = coercion(kind)
        scope: dict[str, Any] = {"coerce": self._coerce}
        text = f"lambda values: [None if v is None else ({said(kind, 'v', 'coerce', scope)}) for v in values]"
        self._all: Callable[[list[Any]], list[Any]] = eval(text, scope)

    async def complete(self, run: Run, field: Field, values: list[Any], level: Level) -> list[Any]:
        try:
            return self._all(values)
        except Exception:
            return [self._one(value) for value in values]

    def _one(self, value: Any) -> Any:
        if value is None or value.__class__ is Failed:
            return value
        try:
            return self._coerce(value)
        except Exception as error:
            return Failed(error)


@dataclass(eq=False)
class Many:
    item: Slot

    async def complete(self, run: Run, field: Field, values: list[Any], level: Level) -> list[Any]:
        flat: list[Any] = []
        parents: list[int] = []
        places: list[int] = []
        ends: list[int | None] = []
        whole: list[Any] = [None] * len(values)
        for index, value in enumerate(values):
            items = value if value.__class__ is list else await _items(value, field)
            if items.__class__ is not list:
                whole[index] = items
                ends.append(None)
                continue
            flat += items
            parents += [index] * len(items)
            places += range(len(items))
            ends.append(len(flat))
        done = await self.item.fill(run, field, await settled(flat), Level(level, parents, places=places))
        begin = 0
        for index, end in enumerate(ends):
            if end is None:
                continue
            part = done[begin:end]
            begin = end
            whole[index] = part
            if self.item.required and Failed in map(type, part):
                whole[index] = next(one for one in part if one.__class__ is Failed)
        return whole


async def _items(value: Any, field: Field) -> Any:
    """A list of the items; None or Failed where there is none."""
    if value is None or value is Undefined:
        return None
    if isinstance(value, Exception):
        return Failed(value)
    if value.__class__ is Failed:
        return value
    try:
        if hasattr(value, "__aiter__"):
            return [one async for one in value]
        if not is_iterable(value):
            raise GraphQLError(f"Expected Iterable, but did not find one for field '{field.where}'.")
        return list(value)
    except Exception as error:
        return Failed(error)


def _there(value: Any) -> bool:
    return not (value is None or value is Undefined or value.__class__ is Failed or isinstance(value, Exception))


def _absent(value: Any) -> Any:
    return Failed(value) if isinstance(value, Exception) else None if value is Undefined else value


@dataclass(eq=False)
class One:
    """An object of a known type."""

    kind: GraphQLObjectType
    below: Below
    origin: type | None = None
    """The class whose instances are objects of this type: there is nothing to ask of them."""

    async def complete(self, run: Run, field: Field, values: list[Any], level: Level) -> list[Any]:
        if set(map(type, values)) == {self.origin}:
            return await self.below.objects(run, values, level)
        here = [index for index, value in enumerate(values) if _there(value)]
        if self.kind.is_type_of is not None:
            values, here = await self._of_type(run, field, values, here, level)
        return await _placed(run, self.below, values, here, level)

    async def _of_type(
        self, run: Run, field: Field, values: list[Any], here: list[int], level: Level
    ) -> tuple[list[Any], list[int]]:
        shared, is_type_of = _info(run, field), self.kind.is_type_of
        assert is_type_of is not None
        checked = list(values)
        for index in here:
            try:
                answer = is_type_of(values[index], InfoAt(shared, level, index))  # type: ignore[arg-type]
                if run.is_awaitable(answer):
                    answer = await answer
                if not answer:
                    raise invalid_return_type_error(self.kind, values[index], field.details)
            except Exception as error:
                checked[index] = Failed(error)
        return checked, [index for index in here if checked[index].__class__ is not Failed]


@dataclass(eq=False)
class AnyOf:
    """An object of one of several types; each of them is compiled when the first such object comes."""

    kind: GraphQLAbstractType
    one_of: Callable[[GraphQLObjectType], One]

    async def complete(self, run: Run, field: Field, values: list[Any], level: Level) -> list[Any]:
        shared, found = _info(run, field), list(values)
        kinds: dict[GraphQLObjectType, list[int]] = {}
        resolve = self.kind.resolve_type or run.type_resolver
        for index, value in enumerate(values):
            if not _there(value):
                continue
            try:
                info: Any = InfoAt(shared, level, index)
                name = resolve(value, info, self.kind)
                if run.is_awaitable(name):
                    name = await name
                kind = run.ensure_valid_runtime_type(name, self.kind, field.details, info, value)
                kinds.setdefault(kind, []).append(index)
            except Exception as error:
                found[index] = Failed(error)
        groups = list(kinds.items())
        done = await together(
            [
                self.one_of(kind).complete(run, field, [values[index] for index in here], Level(level, here))
                for kind, here in groups
            ]
        )
        for (_, here), objects in zip(groups, done, strict=True):
            if objects.__class__ is Failed:
                raise objects.error
            for index, value in zip(here, objects, strict=True):
                found[index] = value
        return [value if value.__class__ is dict else _absent(value) for value in found]


async def _placed(run: Run, below: Below, values: list[Any], here: Sequence[int], level: Level) -> list[Any]:
    """The objects among the values, as the answer says them, each in its place."""
    if len(here) == len(values):
        return await below.objects(run, values, level)
    done = await below.objects(run, [values[index] for index in here], Level(level, here)) if here else []
    placed = [_absent(value) for value in values]
    for index, value in zip(here, done, strict=True):
        placed[index] = value
    return placed


def _info(run: Run, field: Field) -> Any:
    return run.build_resolve_info(field.definition, field.nodes, field.owner, None)  # type: ignore[arg-type]
