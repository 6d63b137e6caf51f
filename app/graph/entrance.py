"""Strawberry's schema behind the house's own admission."""

from collections.abc import AsyncIterator
from typing import Any

import strawberry
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.types import ExecutionResult

from app.core.errors import refuse
from app.graph.context import Context
from app.graph.deprecations import used
from app.graph.documents import NOTHING, Admitted, admit
from app.graph.execution import CompiledExecutor
from app.graph.metrics import DOCUMENTS
from app.graph.shared import follow, is_shared
from app.graph.sockets import SUBSCRIPTIONS_A_SOCKET, TOO_MANY_SUBSCRIPTIONS
from app.graph.tally import TALLY
from app.graph.trusted import DOCUMENT_NOT_TRUSTED, Trust


class Schema(strawberry.Schema):
    """Admits each document before Strawberry sees it, with a context of its own, also when many share one socket."""

    def compiles(self, yes: bool) -> None:
        """Whether operations run on the compiled executor, or on graphql-core's own."""
        self.execution_context_class = CompiledExecutor if yes else StrawberryGraphQLCoreExecutionContext

    async def execute(self, query: str | None, *args: Any, **kwargs: Any) -> ExecutionResult:
        admitted = self._admit(query, kwargs)
        looks = kwargs["context_value"].looks
        looks.keeps = True
        try:
            return await super().execute(query or "#", *args, **kwargs | {"operation_name": admitted.operation_name})
        finally:
            await looks.over()

    async def stream(self, query: str | None, *args: Any, **kwargs: Any) -> Any:
        admitted = self._admit(query, kwargs)
        context: Context = kwargs["context_value"]
        named = admitted.operation_name

        async def run(context: Context) -> Any:
            context.admitted, context.cost = admitted, admitted.cost
            return await super(Schema, self).stream(
                query or "#", *args, **kwargs | {"operation_name": named, "context_value": context}
            )

        if admitted.live and is_shared(self._schema, admitted.document, named):
            variables = kwargs.get("variable_values") or {}
            source, known = follow(context, named, variables, run)
            if known:  # the first of them is counted where it runs
                TALLY.note(used(self._schema, admitted.document, named, variables), context.client)
            return source
        return _framed(await run(context), context, admitted.live)

    def _admit(self, query: str | None, kwargs: dict[str, Any]) -> Admitted:
        context: Context = kwargs["context_value"].for_operation()
        kwargs["context_value"] = context
        admitted = self._admitted(context, query or "", kwargs)
        full = context.socket is not None and context.socket.subscriptions >= SUBSCRIPTIONS_A_SOCKET
        if admitted.live and full:
            admitted = admitted.refused(refuse(TOO_MANY_SUBSCRIPTIONS, limit=SUBSCRIPTIONS_A_SOCKET))
        context.admitted, context.cost = admitted, admitted.cost
        return admitted

    def _admitted(self, context: Context, text: str, kwargs: dict[str, Any]) -> Admitted:
        context.registered = context.trusted.knows(text)
        if context.registered is not None and not context.is_staff:
            DOCUMENTS.labels(str(context.registered).lower()).inc()
            if not context.registered and context.trusted.how is Trust.ENFORCE:
                return NOTHING.refused(refuse(DOCUMENT_NOT_TRUSTED))
        return admit(self._schema, text, kwargs.get("operation_name"), kwargs.get("variable_values"), context.allowance)

    def process_errors(self, errors: Any, execution_context: Any = None) -> None:
        """Strawberry would log each error with what was sent; ShowErrors logs what may be logged."""


async def _framed(source: Any, context: Context, live: bool) -> AsyncIterator[Any]:
    """What a query or a mutation answers, or the frames of a subscription, which count for the socket."""
    socket = context.socket if live else None
    context.looks.keeps = not live
    if socket:
        socket.subscriptions += 1
    try:
        async for frame in source:
            await context.looks.over()  # before it goes to a client that may be slow
            yield frame
    finally:
        if socket:
            socket.subscriptions -= 1
        await source.aclose()
        await context.looks.over()
