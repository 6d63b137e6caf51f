"""Fields over rows say the same to either executor, and a level's edges are one load."""

import asyncio
import inspect
from types import SimpleNamespace
from typing import Any

import pytest
import strawberry
from graphql import execute, parse
from graphql.execution import ExecutionResult
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext as Stock

from app.graph.context import Loader
from app.graph.edges import OfRow, column, edge
from app.graph.execution import CompiledExecutor
from tests.execution.agreement import agree

pytestmark = pytest.mark.anyio


class Doubled(Loader[int, int | None]):
    async def batch_load_fn(self, keys: list[int]) -> list[Any]:
        context: Any = self.context
        context.asked.append(keys)
        return [ValueError("unlucky") if key == 13 else None if key == 0 else 2 * key for key in keys]


class Broken(Loader[int, str]):
    async def batch_load_fn(self, keys: list[int]) -> list[str]:
        raise RuntimeError("nothing answers")


class Asking:
    """As much of an operation's context as loaders need."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self._loaders: dict[Any, Any] = {}

    def loader(self, kind: Any) -> Any:
        if kind not in self._loaders:
            self._loaders[kind] = kind(self)
        return self._loaders[kind]


@strawberry.type
class Row(OfRow):
    row: strawberry.Private[Any]
    number: int = column("Its number.")
    words: list[str] = column("Its words.")

    @strawberry.field
    @edge(Doubled, by="row.number")
    def double(self, found: int | None) -> int | None:
        return found

    @strawberry.field
    @edge(Doubled, by="row.number")
    def share(self, found: int | None) -> float:
        return 1 / (found or 0)

    @strawberry.field
    @edge(Doubled, by="row.number")
    def twice(self, found: int | None) -> "Row | None":
        return Row(row=SimpleNamespace(number=found, words=[])) if found else None

    @strawberry.field
    @edge(Doubled, by="row.number")
    def twice_and_one(self, found: int | None) -> "Row | None":
        return Row(row=SimpleNamespace(number=found + 1, words=[])) if found else None

    @strawberry.field
    @edge(Broken, by="row.number")
    def broken(self, found: str) -> str | None:
        return found


@strawberry.type
class Query:
    @strawberry.field
    def rows(self, numbers: list[int]) -> list[Row | None]:
        return [Row(row=SimpleNamespace(number=number, words=["a", str(number)])) for number in numbers]


SCHEMA = strawberry.Schema(Query)._schema


async def said(executor: Any, text: str, context: Asking) -> ExecutionResult:
    result: Any = execute(SCHEMA, parse(text), executor_class=executor, context_value=context)
    answer: ExecutionResult = await result if inspect.isawaitable(result) else result
    return answer


@pytest.mark.parametrize("numbers", [[], [1, 2, 1], [1, 13, 0, 13]])
@pytest.mark.parametrize(
    "fields",
    [
        "number words",
        "double",
        "double share",
        "double broken number",
        "twice { double broken }",
        "twice { share } double twiceAndOne { broken }",
    ],
)
async def test_either_executor_says_the_same(fields: str, numbers: list[int]) -> None:
    text = f"{{ rows(numbers: {numbers}) {{ {fields} }} }}"
    theirs, ours = [await said(executor, text, Asking()) for executor in (Stock, CompiledExecutor)]
    agree(theirs, ours)
    assert ours.data is not None


async def test_edges_of_a_level_are_one_load_and_each_key_is_asked_for_once() -> None:
    context = Asking()
    text = "{ rows(numbers: [3, 5, 3]) { double share again: double } }"
    assert (await said(CompiledExecutor, text, context)).errors is None
    assert context.asked == [[3, 5]]


async def test_where_there_is_one_way_to_go_on_nobody_is_waited_for() -> None:
    tasks: list[Any] = []
    loop = asyncio.get_running_loop()

    def made(loop: Any, coroutine: Any, **more: Any) -> Any:
        tasks.append(coroutine)
        return asyncio.Task(coroutine, loop=loop, **more)

    loop.set_task_factory(made)
    context = Asking()
    result = await said(CompiledExecutor, "{ rows(numbers: [3, 5]) { double twice { number double } } }", context)
    loop.set_task_factory(None)
    assert result.data == {
        "rows": [
            {"double": 6, "twice": {"number": 6, "double": 12}},
            {"double": 10, "twice": {"number": 10, "double": 20}},
        ]
    }
    assert context.asked == [[3, 5], [6, 10]]
    assert tasks == []


async def test_where_there_are_two_ways_they_fill_one_batch() -> None:
    context = Asking()
    text = "{ rows(numbers: [3]) { twice { double } twiceAndOne { double } } }"
    result = await said(CompiledExecutor, text, context)
    assert result.data == {"rows": [{"twice": {"double": 12}, "twiceAndOne": {"double": 14}}]}
    assert context.asked == [[3], [6, 7]]


async def test_what_a_row_does_not_say_its_object_does_not_say() -> None:
    assert Row(row=SimpleNamespace(number=3, words=[])).number == 3
    with pytest.raises(AttributeError):
        _ = Row(row=SimpleNamespace()).number
    with pytest.raises(AttributeError):
        _ = Row.__new__(Row).number
