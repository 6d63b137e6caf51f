"""What Prometheus is told by a relay or a worker, on a port of this machine alone."""

from collections.abc import Callable
from datetime import timedelta

import structlog
from prometheus_client import Counter, Histogram, start_http_server

LOOPBACK = "127.0.0.1"

LATENESS = Histogram(
    "reaction_lateness_seconds",
    "From the moment an event was due to the end of a reaction to it; `PatienceRanOut` are the waves.",
    ["event", "reaction"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30, 60, 300, 3600),
)
DELIVERIES = Counter("deliveries", "What became of notices on their way out of the house.", ["channel", "state"])
DELIVERY_LATENESS = Histogram(
    "delivery_lateness_seconds",
    "From the moment a message was due to the provider's answer that it has it.",
    ["channel", "lane"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30, 60, 300, 3600),
)
FAILURES = Counter("reaction_failures", "Reactions that failed and are tried again.", ["event", "reaction"])

log = structlog.get_logger("metrics")


def note_late(event: str, reaction: str, late: timedelta, took: float) -> None:
    """`late`: how long after its time it began; `took`: the seconds it ran."""
    LATENESS.labels(event, reaction).observe(max(0.0, late.total_seconds()) + took)


def note_delivery(
    channel: str, state: str, lane: str | None = None, late: timedelta = timedelta(), took: float = 0.0
) -> None:
    """What became of one; of one that was sent also its `lane`, how `late` it was taken and how long that `took`."""
    DELIVERIES.labels(channel, state).inc()
    if lane is not None:
        DELIVERY_LATENESS.labels(channel, lane).observe(max(0.0, late.total_seconds()) + took)


def expose(port: int) -> Callable[[], None]:
    """Serve /metrics until the returned function is called; 0 serves nothing. A taken port is logged, no more:
    nothing is done later because it cannot be watched."""
    if not port:
        return lambda: None
    try:
        server, thread = start_http_server(port, LOOPBACK)
    except OSError as error:
        log.error("metrics_not_served", port=port, error=type(error).__name__)
        return lambda: None

    def close() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    return close
