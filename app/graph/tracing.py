"""Spans for OpenTelemetry, where an exporter is named; otherwise nothing is made and nothing is kept."""

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
_providers: list[TracerProvider] = []


def set_up(endpoint: str) -> None:
    """Send spans to this OTLP/HTTP collector (its base address, as OTEL_EXPORTER_OTLP_ENDPOINT has it) from now on.

    What else the environment says of the exporter (headers, time-outs, sampling) OpenTelemetry reads itself.
    """
    resource = Resource({SERVICE_NAME: SERVICE}).merge(OTELResourceDetector().detect())
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")))
    _providers.append(provider)


def on() -> bool:
    return bool(_providers)


def shut_down() -> None:
    """Send what is left; waits for the collector."""
    while _providers:
        _providers.pop().shutdown()


def tell(name: str, attributes: Mapping[str, Value], began_at: int, traceparent: str, *, failed: bool) -> None:
    """A span that ends now; a child of `traceparent` (W3C Trace Context) where that is one."""
    parent = _propagator.extract({"traceparent": traceparent}) if traceparent else None
    kept = {f"graphql.{key}": value for key, value in attributes.items() if value is not None}
    for provider in _providers:
        span = provider.get_tracer(SERVICE).start_span(name, parent, SpanKind.SERVER, kept, start_time=began_at)
        if failed:
            span.set_status(Status(StatusCode.ERROR))
        span.end(time.time_ns())
