"""Whether two executors say the same."""

import inspect
import json
from typing import Any

from graphql import DocumentNode, GraphQLSchema, execute
from graphql.execution import ExecutionResult
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from app.graph.execution import CompiledExecutor

Place = tuple[str | int, ...]


async def both(schema: GraphQLSchema, document: DocumentNode, **how: Any) -> tuple[ExecutionResult, ExecutionResult]:
    """What graphql-core says, and what the compiled executor says."""
    results = []
    for executor in (StrawberryGraphQLCoreExecutionContext, CompiledExecutor):
        result: Any = execute(schema, document, executor_class=executor, **how)
        results.append(await result if inspect.isawaitable(result) else result)
    return results[0], results[1]


def agree(one: ExecutionResult, other: ExecutionResult) -> None:
    """Equal data in equal order, the same places null by an error, and where both tell of an error it is the same.

    Of several errors that make one place null from below, each executor tells those that it met (GraphQL specification,
    6.4.4).
    """
    assert json.dumps(one.data) == json.dumps(other.data)
    ours, theirs = _errors(one), _errors(other)
    assert {_nulled(one.data, path) for path in ours} == {_nulled(one.data, path) for path in theirs}
    for path in ours.keys() | theirs.keys():
        if _nulled(one.data, path) == path or path in ours.keys() & theirs.keys():
            assert ours.get(path) == theirs.get(path)


def _errors(result: ExecutionResult) -> dict[Place, str]:
    return {tuple(error.path or ()): error.message for error in result.errors or []}


def _nulled(data: Any, path: Place) -> Place:
    for length, step in enumerate(path):
        if data is None:
            return path[:length]
        data = data[step]
    return path
