"""Whether spans are sent, and where to: where no exporter is named nothing is made, and OpenTelemetry not loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.graph.spans import Collector

_collectors: list[Collector] = []


def set_up(endpoint: str) -> None:
    """Send spans to this OTLP/HTTP collector from now on."""
    from app.graph.spans import Collector  # noqa: PLC0415

    _collectors.append(Collector(endpoint))


def on() -> bool:
    return bool(_collectors)


def shut_down() -> None:
    """Send what is left; waits for the collector."""
    while _collectors:
        _collectors.pop().shut_down()


def tell(name: str, attributes: dict[str, Any], began_at: int, traceparent: str, *, failed: bool) -> None:
    """As `Collector.tell`, to each."""
    for one in _collectors:
        one.tell(name, attributes, began_at, traceparent, failed=failed)
