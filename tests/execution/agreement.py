"""Whether two executors say the same."""

import inspect
import json
from typing import Any

from graphql import DocumentNode, GraphQLSchema, execute
from graphql.execution import ExecutionResult
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from app.graph.execution import CompiledExecutor

Error = tuple[str, tuple[str | int, ...]]
Place = tuple[str | int, ...]


async def both(schema: GraphQLSchema, document: DocumentNode, **how: Any) -> tuple[ExecutionResult, ExecutionResult]:
    """What graphql-core says, and what the compiled executor says."""
    results = []
    for executor in (StrawberryGraphQLCoreExecutionContext, CompiledExecutor):
        result: Any = execute(schema, document, executor_class=executor, **how)
        results.append(await result if inspect.isawaitable(result) else result)
    return results[0], results[1]


def agree(one: ExecutionResult, other: ExecutionResult) -> None:
    """Equal data in equal order. Of the errors that made one place null either may be told (GraphQL specification,
    6.4.4), and whatever lies below such a place need not be; each place has the same reason in both else."""
    assert json.dumps(one.data) == json.dumps(other.data)
    ours, theirs = _reasons(one), _reasons(other)
    assert ours.keys() == theirs.keys()
    for place, reasons in ours.items():
        assert reasons & theirs[place], (place, reasons, theirs[place])


def _reasons(result: ExecutionResult) -> dict[Place, set[Error]]:
    found: dict[Place, set[Error]] = {}
    for error in result.errors or []:
        path = tuple(error.path or ())
        found.setdefault(_nulled(result.data, path), set()).add((error.message, path))
    return found


def _nulled(data: Any, path: Place) -> Place:
    for length, step in enumerate(path):
        if data is None:
            return path[:length]
        data = data[step]
    return path
