import app.graph.plain  # noqa: F401  (before the first type)
