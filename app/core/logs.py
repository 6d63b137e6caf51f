"""Logs that machines read and that hold no content: ids, kinds and figures only."""

import json
import logging
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import orjson
import structlog

LONGEST = 200
FRAMES = 6


def set_up_logs() -> None:
    """JSON lines on standard error. Stack locals and exception messages may quote a person: neither is written."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Discreet())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(serializer=_line),
        ],
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )


def _line(event: Any, default: Callable[[Any], Any]) -> bytes:
    """What orjson does not take (half of a surrogate pair, a huge number) is written by the slower one."""
    try:
        return orjson.dumps(event, default)
    except TypeError:
        return json.dumps(event, default=default).encode()


class Discreet(logging.Formatter):
    """What libraries log, as one line: the message as its author wrote it, never what was put into it."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {"logger": record.name, "event": _said(record.msg), "level": record.levelname.lower()}
        line["timestamp"] = datetime.fromtimestamp(record.created, UTC).isoformat()
        if record.exc_info and record.exc_info[0]:
            line |= {"error": record.exc_info[0].__name__, "frames": frames(record.exc_info[2])}
        return _line(line, repr).decode()


def _said(message: object) -> str:
    match message:
        case OSError(strerror=str(why)):  # what the system says, such as that a port is taken
            return why
        case BaseException():
            return type(message).__name__
    return str(message).partition("\n")[0][:LONGEST]


def frames(trace: TracebackType | None) -> list[str]:
    """Where it happened, without source lines or messages: either may quote what a person wrote."""
    return [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(trace)[-FRAMES:]]
