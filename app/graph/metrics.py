"""What Prometheus is told of the graph: figures by operation and code, never by person."""

from collections.abc import Iterable

from prometheus_client import Counter, Gauge, Histogram

from app.core.errors import TABLE

OTHER = "other"
NAMES = 200
"""Different names of operations that are told apart beside the house's own: clients call them what they like."""

LATENCY = Histogram(
    "graphql_operation_seconds",
    "From the arrival of an operation to its result; of a subscription, to its first frame.",
    ["operation", "type"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
ERRORS = Counter("graphql_errors", "Errors and refusals that clients were shown, by their code.", ["code"])
DOCUMENTS = Counter(
    "graphql_documents",
    "Operations of others than the staff, by whether a client has registered the document.",
    ["trusted"],
)
SOCKETS = Gauge("graphql_sockets", "Live sockets; `with SOCKETS.track_inprogress()` around one.")
SUBSCRIPTIONS = Gauge("graphql_subscriptions", "Live subscriptions.")


def count_error(code: str) -> None:
    ERRORS.labels(code if code in TABLE else OTHER).inc()


class Names:
    """Who sends ever new names gets one series for all of them."""

    def __init__(self, known: Iterable[str], limit: int = NAMES) -> None:
        self._known = set(known)
        self._limit = len(self._known) + limit

    def of(self, name: str, *, new: bool = True) -> str:
        """`new`: whether it may be one that was not heard before."""
        if name not in self._known:
            if not new or len(self._known) >= self._limit:
                return OTHER
            self._known.add(name)
        return name
