"""A viewer's own subscription: from its source to frames, each of them JSON once.

Strawberry asks each extension before and after each frame, through context managers that are made anew. What they
have to say of a frame is what is written here.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from inspect import isawaitable
from typing import Any

from graphql import ExecutionResult as Executed
from graphql import GraphQLError, GraphQLSchema
from graphql.execution import create_source_event_stream
from strawberry.execution import optimized_is_awaitable
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError

from app.graph.context import Context
from app.graph.documents import spent
from app.graph.execution.alike import alike
from app.graph.observe import Seen
from app.graph.outlets import Outlet, Wire
from app.graph.refusals import shown
from app.graph.shared import told


class Own:
    """The frames of an admitted subscription, which counts for its socket."""

    def __init__(
        self, schema: GraphQLSchema, executor: Any, context: Context, text: str, variables: dict[str, Any] | None
    ) -> None:
        """`executor`: the class that carries it out."""
        self._context = context
        self._frames = _frames(schema, executor, context, text, variables)

    def through(self, wire: Wire, head: bytes) -> None:
        """After the first, frames need not come out here: what is made for many at once is put on the wire."""
        self._context.outlet = Outlet(wire, head)

    def __aiter__(self) -> AsyncIterator[ExecutionResult]:
        return self._frames

    async def __anext__(self) -> ExecutionResult:
        return await anext(self._frames)

    async def aclose(self) -> None:
        await self._frames.aclose()


async def _frames(
    schema: GraphQLSchema, executor: Any, context: Context, text: str, variables: dict[str, Any] | None
) -> AsyncGenerator[ExecutionResult, None]:
    seen, socket, last = Seen(ran=True), context.socket, None
    if outlet := context.outlet:
        outlet.extensions = spent(context)
    if socket:
        socket.subscriptions += 1
    source = _results(schema, executor, context, variables)
    try:
        async with aclosing(source):
            async for last in source:
                if last.errors:
                    last.errors = [shown(error, context.language) for error in last.errors]
                last.extensions = spent(context)
                seen.frame(last)
                await context.looks.over()  # before it goes to a client that may be slow
                yield last if isinstance(last, PreExecutionError) else told(last)
    except Exception as error:
        seen.fell(error)
        raise
    finally:
        if socket:
            socket.subscriptions -= 1
        if outlet:
            seen.frames += outlet.frames
        seen.end(context, text, last)
        await context.looks.over()


async def _results(
    schema: GraphQLSchema, executor: Any, context: Context, variables: dict[str, Any] | None
) -> AsyncGenerator[ExecutionResult, None]:
    assert context.admitted is not None
    document, name, first = context.admitted.document, context.admitted.operation_name, True
    run = executor.build(
        schema,
        document,
        context_value=context,
        raw_variable_values=variables,
        operation_name=name,
        is_awaitable=optimized_is_awaitable,
    )
    if isinstance(run, list):
        yield PreExecutionError(None, run)
        return
    source: Any = create_source_event_stream(run)
    if isawaitable(source):
        source = await source
    if isinstance(source, Executed):
        yield PreExecutionError(None, source.errors)
        return
    try:
        async with aclosing(source):
            async for event in source:
                here = run.build_per_event_executor(event)
                if first and context.outlet:
                    context.outlet.alike = alike(here, event)
                first = False
                result: Any = here.execute_operation(False)
                if isawaitable(result):
                    result = await result
                yield ExecutionResult(result.data, result.errors)
    except Exception as error:
        fault = error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error)
        yield ExecutionResult(None, [fault])
