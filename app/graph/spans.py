"""Spans for OpenTelemetry; loaded where an exporter is named (`tracing.py`)."""

import time
from collections.abc import Mapping, Sequence
from typing import Final

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

Value = str | int | float | bool | Sequence[str] | None

SERVICE: Final = "legal-service"
"""Unless OTEL_SERVICE_NAME says otherwise."""
_propagator = TraceContextTextMapPropagator()


class Collector:
    """Where spans are sent to: an OTLP/HTTP collector, by its base address, as OTEL_EXPORTER_OTLP_ENDPOINT has it.

    What else the environment says of the exporter (headers, time-outs, sampling) OpenTelemetry reads itself.
    """

    def __init__(self, endpoint: str) -> None:
        resource = Resource({SERVICE_NAME: SERVICE}).merge(OTELResourceDetector().detect())
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(
            BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces"))
        )

    def shut_down(self) -> None:
        """Send what is left; waits for the collector."""
        self._provider.shutdown()

    def tell(
        self, name: str, attributes: Mapping[str, Value], began_at: int, traceparent: str, *, failed: bool
    ) -> None:
        """A span that ends now; a child of `traceparent` (W3C Trace Context) where that is one."""
        parent = _propagator.extract({"traceparent": traceparent}) if traceparent else None
        kept = {f"graphql.{key}": value for key, value in attributes.items() if value is not None}
        span = self._provider.get_tracer(SERVICE).start_span(name, parent, SpanKind.SERVER, kept, start_time=began_at)
        if failed:
            span.set_status(Status(StatusCode.ERROR))
        span.end(time.time_ns())
