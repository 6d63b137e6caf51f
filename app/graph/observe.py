"""One line of the log, one observation and (where somebody collects them) one span for each operation.

They say what was done, by which role and how dear it was: no variables, no content, no address and no person.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import structlog
from graphql import GraphQLError
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError

from app.core import errors
from app.graph import tracing
from app.graph.context import Context
from app.graph.metrics import LATENCY, SUBSCRIPTIONS, Names, count_error
from app.graph.refusals import INTERNAL
from app.graph.saved import saved
from app.graph.trusted import hash_of

LONGEST_NAME = 64
HASH = 16
"""Hexadecimal digits of a document's SHA-256 that tell it apart."""

log = structlog.get_logger("graph")
_names = Names(one.name for one in saved())


@dataclass(slots=True)
class Seen:
    """What is known of an operation while it runs, and told when it has ended."""

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

    def frame(self, result: Any) -> None:
        """Another one of a stream, whose errors are as they are shown."""
        if not self.frames:
            self.first, self.live = self.seconds(), True
            SUBSCRIPTIONS.inc()
        self.frames += 1
        if result.errors:
            self.note(_codes(result))

    def fell(self, error: Exception) -> None:
        """The operation has ended by it."""
        self.note(_why(error))

    def end(self, context: Context, text: str | None, result: Any) -> None:
        if self.live:
            SUBSCRIPTIONS.dec()
        if not self.frames:
            self.note(_codes(result))
        self.note(context.refused)
        assert context.admitted is not None
        name, kind = context.admitted.name[:LONGEST_NAME], context.admitted.kind.value
        seconds = self.seconds()
        LATENCY.labels(_names.of(name, new=self.ran), kind).observe(seconds if self.first is None else self.first)
        told = {
            "operation": name,
            "type": kind,
            "document": hash_of(text)[:HASH] if text else "",
            "roles": sorted(context.viewer.roles) if context.viewer else [],
            "cost": context.cost,
            "statements": context.statements.count,
            "ms": round(seconds * 1000, 1),
            "codes": list(self.codes),
        }
        if context.registered is not None:
            told["trusted"] = context.registered
        if kind == "subscription":
            told["frames"] = self.frames
        log.info("operation", **told)
        if tracing.on():
            tracing.tell(
                f"{kind} {name}".strip(), told, self.began_at, context.traceparent, failed=INTERNAL.name in self.codes
            )


def _codes(result: Any) -> list[str]:
    """Of a result whose errors are as they are shown."""
    return [str(error.extensions["code"]) for error in getattr(result, "errors", None) or () if error.extensions]


def _why(error: Exception) -> list[str]:
    """Of what ended an operation before there was a result."""
    match error:
        case errors.Refused():
            return [reason.code.name for reason in error.reasons]
        case GraphQLError() | CannotGetOperationTypeError() | InvalidOperationTypeError() | MissingQueryError():
            return ["BAD_DOCUMENT"]
    return [INTERNAL.name]
