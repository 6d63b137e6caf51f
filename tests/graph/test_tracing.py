"""Spans, as a collector of OpenTelemetry receives them over HTTP."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from structlog.testing import capture_logs

from app.graph import tracing
from app.graph.spans import SERVICE
from app.schema import schema
from tests.city import ASK, City, question

pytestmark = pytest.mark.anyio

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@contextmanager
def collector() -> Iterator[tuple[str, list[ExportTraceServiceRequest]]]:
    """Its address, and what it was sent."""
    received: list[ExportTraceServiceRequest] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.path == "/v1/traces"
            received.append(ExportTraceServiceRequest.FromString(body))
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.end_headers()
            self.wfile.write(ExportTraceServiceResponse().SerializeToString())

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", received
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def spans(received: list[ExportTraceServiceRequest]) -> list[Any]:
    return [
        span
        for request in received
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]


def attributes(span: Any) -> dict[str, Any]:
    found = {}
    for pair in span.attributes:
        kind = pair.value.WhichOneof("value")
        value = getattr(pair.value, kind)
        found[pair.key] = [item.string_value for item in value.values] if kind == "array_value" else value
    return found


async def test_an_operation_is_one_span_under_the_request_it_came_with(city: City) -> None:
    asker = await city.resident()
    document = ASK.replace("mutation (", "mutation AskOnce (")
    context = replace(city.context(asker), traceparent=f"00-{TRACE}-{PARENT}-01")
    with collector() as (url, received):
        tracing.set_up(url)
        try:
            with capture_logs() as lines:
                await schema.execute(
                    document, variable_values={"input": question("绝密的一句话")}, context_value=context
                )
        finally:
            tracing.shut_down()
    (span,) = spans(received)
    assert span.name == "mutation AskOnce"
    assert (span.trace_id.hex(), span.parent_span_id.hex()) == (TRACE, PARENT)
    assert span.end_time_unix_nano > span.start_time_unix_nano
    (line,) = [line for line in lines if line["event"] == "operation"]
    told = {f"graphql.{name}": value for name, value in line.items() if name not in ("event", "log_level")}
    assert attributes(span) == {name: value for name, value in told.items() if value is not None}
    assert b"\xe7\xbb\x9d\xe5\xaf\x86" not in received[0].SerializeToString()  # 绝密
    (service,) = [a.value.string_value for a in received[0].resource_spans[0].resource.attributes]
    assert service == SERVICE


async def test_a_traceparent_that_is_none_begins_a_trace(city: City) -> None:
    with collector() as (url, received):
        tracing.set_up(url)
        try:
            for said in ("", "nonsense", f"00-{TRACE}-{PARENT}-00"):
                context = replace(city.context(None), traceparent=said)
                await schema.execute("query Q { specialties { name } }", context_value=context)
        finally:
            tracing.shut_down()
    found = spans(received)  # the third was asked not to be recorded
    assert [span.parent_span_id for span in found] == [b"", b""]
    assert len({span.trace_id for span in found}) == 2


async def test_without_an_exporter_nothing_is_made(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(tracing, "tell")
    assert not tracing.on()
    await city.run(None, "{ specialties { name } }")
