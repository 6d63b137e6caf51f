"""Logs that machines read and that hold no content: ids, kinds and figures only."""

import logging
import sys

import structlog


def set_up_logs() -> None:
    """JSON lines on standard error. Stack locals and exception messages may quote a person: neither is written."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
