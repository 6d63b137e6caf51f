"""The compiled executor where graphql-core and Strawberry expect one."""

from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from graphql import GraphQLError, GraphQLSchema, OperationType
from prometheus_client import Counter
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from app.graph.execution.compiling import Plans, Unsupported
from app.graph.execution.levels import Level
from app.graph.execution.selections import Selection
from app.graph.execution.shortcuts import shortcut
from app.graph.execution.together import Failed

FELL_BACK = Counter(
    "graphql_fell_back_total", "Operations that the compiled executor left to graphql-core.", ["reason"]
)
_plans: WeakKeyDictionary[GraphQLSchema, Plans] = WeakKeyDictionary()


class CompiledExecutor(StrawberryGraphQLCoreExecutionContext):
    """Give it to `strawberry.Schema(execution_context_class=...)`. It always answers with an awaitable."""

    def execute_operation(self, serially: bool | None = None) -> Any:
        try:
            return self._answer(self.plan(), serially)
        except Unsupported as unsupported:
            FELL_BACK.labels(str(unsupported)).inc()
            return super().execute_operation(serially)
        except GraphQLError as error:
            self.collected_errors.add(error, None)
            return self.build_response(None)

    def plan(self) -> Selection:
        """What it runs. Raises Unsupported, and GraphQLError where it cannot run at all."""
        if self.abort_signal is not None:
            raise Unsupported("abort_signal")
        if not self.error_propagation:
            raise Unsupported("no_error_propagation")
        if self.middleware_manager is not None and self.middleware_manager.middlewares:
            raise Unsupported("middleware")
        if (plans := _plans.get(self.schema)) is None:
            own = getattr(self.schema, "_strawberry_schema", None)
            plans = _plans[self.schema] = Plans(partial(shortcut, own) if own else lambda _: None)
        return plans.plan(self)

    async def _answer(self, plan: Selection, serially: bool | None) -> Any:
        if serially is None:
            serially = self.operation.operation is OperationType.MUTATION
        data = await plan.root(self, self.root_value, Level(None), serially=serially)
        if isinstance(data, Failed):
            assert isinstance(data.error, GraphQLError)
            self.collected_errors.add(data.error, None)
            return self.build_response(None)
        return self.build_response(data)
