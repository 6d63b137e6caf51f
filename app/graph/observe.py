"""One line of the log, one observation and (where somebody collects them) one span for each operation.

They say what was done, by which role and how dear it was: no variables, no content, no address and no person.
"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import structlog
from graphql import GraphQLError, OperationDefinitionNode
from strawberry.exceptions import MissingQueryError
from strawberry.extensions import SchemaExtension
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionContext

from app.core import errors
from app.graph import tracing
from app.graph.context import Context
from app.graph.metrics import LATENCY, SUBSCRIPTIONS, Names, count_error
from app.graph.refusals import INTERNAL
from app.graph.saved import saved

LONGEST_NAME = 64
HASH = 16
"""Hexadecimal digits of a document's SHA-256 that tell it apart."""

log = structlog.get_logger("graph")
_names = Names(one.name for one in saved())


@dataclass
class _Seen:
    """What is known of an operation while it runs."""

    began: float = field(default_factory=time.perf_counter)
    began_at: int = field(default_factory=time.time_ns)
    """Nanoseconds of Unix time."""
    first: float | None = None
    """Seconds to the first frame of a stream."""
    frames: int = 0
    live: bool = False
    ran: bool = False
    codes: dict[str, None] = field(default_factory=dict)

    def seconds(self) -> float:
        return time.perf_counter() - self.began

    def note(self, codes: Iterable[str]) -> None:
        for code in codes:
            count_error(code)
            self.codes[code] = None


class Observe(SchemaExtension):
    """Stands first among the extensions: it sees what the others have made of the errors."""

    def on_operation(self) -> Iterator[None]:
        self._seen = _Seen()
        try:
            yield
        except Exception as error:
            self._seen.note(_why(error))
            raise
        finally:
            self._end()

    def on_execute(self) -> Iterator[None]:
        self._seen.ran = True
        yield

    def on_stream_result(self, result: Any) -> Iterator[None]:
        seen = self._seen
        if not seen.frames:
            seen.first = seen.seconds()
            if _operation(self.execution_context)[1] == "subscription":
                seen.live = True
                SUBSCRIPTIONS.inc()
        seen.frames += 1
        try:
            yield
        finally:
            seen.note(_codes(result))

    def _end(self) -> None:
        seen, asked = self._seen, self.execution_context
        context: Context = asked.context
        if seen.live:
            SUBSCRIPTIONS.dec()
        if not seen.frames:
            seen.note(_codes(asked.result))
        seen.note(context.refused)
        name, kind = _operation(asked)
        LATENCY.labels(_names.of(name, new=seen.ran), kind).observe(
            seen.seconds() if seen.first is None else seen.first
        )
        told = {
            "operation": name,
            "type": kind,
            "document": _hash(asked.query),
            "roles": sorted(context.viewer.roles) if context.viewer else [],
            "cost": context.cost,
            "statements": context.statements.count,
            "ms": round(seen.seconds() * 1000, 1),
            "codes": list(seen.codes),
        }
        if context.registered is not None:
            told["trusted"] = context.registered
        if kind == "subscription":
            told["frames"] = seen.frames
        log.info("operation", **told)
        if tracing.on():
            tracing.tell(
                f"{kind} {name}".strip(), told, seen.began_at, context.traceparent, failed=INTERNAL.name in seen.codes
            )


def _operation(asked: ExecutionContext) -> tuple[str, str]:
    """Name and type as the document has them; what cannot be read is neither ("" and "unknown")."""
    if asked.graphql_document is None:
        return "", "unknown"
    wanted = asked.operation_name
    for definition in asked.graphql_document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            name = definition.name.value if definition.name else ""
            if name == (wanted or ""):
                return name[:LONGEST_NAME], definition.operation.value
    return "", "unknown"


def _hash(query: str | None) -> str:
    return sha256(query.encode(errors="surrogatepass")).hexdigest()[:HASH] if query else ""


def _codes(result: Any) -> list[str]:
    """Of a result whose errors ShowErrors has seen."""
    return [str(error.extensions["code"]) for error in getattr(result, "errors", None) or () if error.extensions]


def _why(error: Exception) -> list[str]:
    """Of what ended an operation before there was a result."""
    match error:
        case errors.Refused():
            return [reason.code.name for reason in error.reasons]
        case GraphQLError() | CannotGetOperationTypeError() | InvalidOperationTypeError() | MissingQueryError():
            return ["BAD_DOCUMENT"]
    return [INTERNAL.name]
