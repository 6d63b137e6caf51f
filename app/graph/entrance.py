"""Strawberry's schema behind the house's own admission."""

from collections.abc import AsyncIterator, Iterable
from functools import partial
from inspect import isawaitable
from typing import Any, ClassVar

import strawberry
from graphql import GraphQLError, execute
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.exceptions import InvalidOperationTypeError
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError
from strawberry.types.graphql import OperationType

from app.core.errors import refuse
from app.graph.common import Page, in_common, is_common
from app.graph.context import Context
from app.graph.deprecations import used
from app.graph.documents import NOTHING, Admitted, admit, remember, spent, told_before
from app.graph.execution import CompiledExecutor
from app.graph.frames import Own
from app.graph.metrics import DOCUMENTS
from app.graph.observe import Seen
from app.graph.refusals import shown
from app.graph.shared import follow
from app.graph.sockets import SUBSCRIPTIONS_A_SOCKET, TOO_MANY_SUBSCRIPTIONS
from app.graph.tally import TALLY, Tally
from app.graph.trusted import DOCUMENT_NOT_TRUSTED, Trust

_is_awaitable: Any = optimized_is_awaitable


class Schema(strawberry.Schema):
    """Admits each document before Strawberry sees it, with a context of its own, also when many share one socket."""

    tally: ClassVar[Tally] = TALLY
    """Where it is counted once for each deprecated element that an operation uses, when it is valid and about to be
    carried out; for a subscription, when it begins."""

    def compiles(self, yes: bool) -> None:
        """Whether operations run on the compiled executor, or on graphql-core's own."""
        self.execution_context_class = CompiledExecutor if yes else StrawberryGraphQLCoreExecutionContext

    async def execute(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any = None,
        root_value: Any = None,
        operation_name: str | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
        operation_extensions: dict[str, Any] | None = None,
    ) -> ExecutionResult:
        context: Context = context_value.for_operation()
        return await self.answer(
            context, query, variable_values, operation_name, allowed_operation_types, operation_extensions
        )

    async def answer(
        self,
        context: Context,
        query: str | None,
        variables: dict[str, Any] | None,
        name: str | None,
        allowed: Iterable[OperationType] | None = None,
        extensions: dict[str, Any] | None = None,
    ) -> ExecutionResult:
        """Of a query or a mutation, in a context that is its own. Raises InvalidOperationTypeError.

        Strawberry's way there asks each extension at each step, through context managers that are made anew for each
        operation; this says the same few things one after the other.
        """
        text = query or ""
        admitted = self._admit(context, text, name, variables)
        return await self._answered(context, admitted, text, variables, allowed, extensions)

    async def _once(self, *asked: Any) -> AsyncIterator[ExecutionResult]:
        yield await self._answered(*asked)

    async def _answered(
        self,
        context: Context,
        admitted: Admitted,
        text: str,
        variables: dict[str, Any] | None,
        allowed: Iterable[OperationType] | None = None,
        extensions: dict[str, Any] | None = None,
    ) -> ExecutionResult:
        seen, looks = Seen(), context.looks
        looks.keeps = True
        result: ExecutionResult | None = None
        try:
            result = await self._carried_out(context, admitted, variables, allowed, extensions, seen)
            if result.errors:
                result.errors = [shown(error, context.language) for error in result.errors]
            result.extensions = spent(context)
            return result
        except Exception as error:
            seen.fell(error)
            raise
        finally:
            seen.end(context, text, result)
            context.over()
            await looks.over()

    async def _carried_out(
        self,
        context: Context,
        admitted: Admitted,
        variables: dict[str, Any] | None,
        allowed: Iterable[OperationType] | None,
        extensions: dict[str, Any] | None,
        seen: Seen,
    ) -> ExecutionResult:
        if admitted.faults:
            return PreExecutionError(None, list(admitted.faults))
        kind = OperationType(admitted.kind.value)
        if allowed is not None and kind not in allowed:
            raise InvalidOperationTypeError(kind)
        seen.ran = True
        if (told := told_before(admitted)) is not None:
            return ExecutionResult(told, None)
        self.tally.note(used(self._schema, admitted.document, admitted.name, variables or {}), context.client)
        run = partial(self._run, admitted, variables, extensions)
        try:
            if is_common(context):
                return Page.of(await in_common(context, variables, run))
            result = await run(context)
        except Exception as error:
            fault = error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error)
            return PreExecutionError(None, [fault])
        remember(admitted, result)
        return ExecutionResult(result.data, result.errors)

    async def _run(self, admitted: Admitted, variables: Any, extensions: Any, context: Context) -> Any:
        result: Any = execute(
            self._schema,
            admitted.document,
            context_value=context,
            variable_values=variables,
            operation_name=admitted.operation_name,
            executor_class=self.execution_context_class,
            is_awaitable=_is_awaitable,
            operation_extensions=extensions,
        )
        return await result if isawaitable(result) else result

    async def stream(self, query: str | None, *args: Any, **kwargs: Any) -> Any:
        """What comes over a socket: one answer, or the frames of a subscription."""
        context: Context = kwargs["context_value"].for_operation()
        text, variables = query or "", kwargs.get("variable_values")
        admitted = self._admit(context, text, kwargs.get("operation_name"), variables)
        if not admitted.live:
            return self._once(context, admitted, text, variables)
        named = admitted.operation_name
        self.tally.note(used(self._schema, admitted.document, admitted.name, variables or {}), context.client)

        async def run(context: Context) -> Any:
            context.admitted, context.cost = admitted, admitted.cost
            return Own(self._schema, self.execution_context_class, context, text, variables)

        if admitted.shared:
            return follow(context, named, variables or {}, run)
        return await run(context)

    def _admit(self, context: Context, text: str, name: str | None, variables: dict[str, Any] | None) -> Admitted:
        admitted = self._admitted(context, text, name, variables)
        full = context.socket is not None and context.socket.subscriptions >= SUBSCRIPTIONS_A_SOCKET
        if full and admitted.live:
            admitted = admitted.refused(refuse(TOO_MANY_SUBSCRIPTIONS, limit=SUBSCRIPTIONS_A_SOCKET))
        context.admitted, context.cost = admitted, admitted.cost
        return admitted

    def _admitted(self, context: Context, text: str, name: str | None, variables: dict[str, Any] | None) -> Admitted:
        context.registered = context.trusted.knows(text)
        if context.registered is not None and not context.is_staff:
            DOCUMENTS.labels(str(context.registered).lower()).inc()
            if not context.registered and context.trusted.how is Trust.ENFORCE:
                return NOTHING.refused(refuse(DOCUMENT_NOT_TRUSTED))
        return admit(self._schema, text, name, variables, context.allowance)

    def process_errors(self, errors: Any, execution_context: Any = None) -> None:
        """Strawberry would log each error with what was sent; `shown` logs what may be logged."""
