"""Hears what is said to the house in all tests, and whether a log of the house repeats any of it."""

import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import strawberry
import structlog

from app.core.logs import Discreet
from app.graph.entrance import Schema
from scripts.children import Child

CHINESE = re.compile(r"[\u4e00-\u9fff]{4,}")
"""As many characters in a row are a saying of somebody's."""
WINDOW = {True: 4, False: 16}
"""Characters of a saying by which it is known again, in Chinese and in other letters."""
TELEPHONE = re.compile(r"(?<![0-9a-zA-Z.-])(?:\+?86)?1[3-9][0-9]{9}(?![0-9a-zA-Z])")
TOKEN = re.compile(r"eyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]{8,}")
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPED = re.compile(r"\\+u([0-9a-fA-F]{4})")
_BYTES = re.compile(r"(?:\\+x[0-9a-fA-F]{2})+")
SPEAKING = ("api", "relay", "worker", "house")
"""Whose logs are listened to; those of the bundled servers are not the house's own."""


class Ears:
    def __init__(self) -> None:
        self._said: set[str] = set()
        self.leaks: list[str] = []
        """Lines that repeat something, each with what it repeats."""
        self.fault: Any = None
        """What the house last said of an error whose cause it tells nobody."""

    def hear(self, value: Any) -> None:
        """Remember what is written in here: every string that a person may have written freely."""
        match value:
            case dict():
                for each in value.values():
                    self.hear(each)
            case list() | tuple():
                for each in value:
                    self.hear(each)
            case str():
                for run in CHINESE.findall(value):
                    self._said.update(_windows(run, WINDOW[True]))
                if " " in value:
                    self._said.update(_windows(value, WINDOW[False]))

    def hear_document(self, query: str | None) -> None:
        self.hear(LITERAL.findall(query or ""))

    def listen(self, line: str, where: str = "log") -> None:
        """One line of a log."""
        plain = _plain(line)
        if repeated := next(self._repeats(plain), None):
            self.leaks.append(f"{where} repeats {repeated!r}: {plain}")

    def _repeats(self, line: str) -> Iterator[str]:
        for known in (TELEPHONE, TOKEN):
            yield from known.findall(line)
        for run in CHINESE.findall(line):
            yield from (w for w in _windows(run, WINDOW[True]) if w in self._said)
        yield from (w for w in _windows(line, WINDOW[False]) if w in self._said)

    # As a processor of structlog, and as logging sees it -------------------------------------------------------

    def __call__(self, _logger: Any, _method: str, event: Any) -> Any:
        self.listen(str(event))
        if event.get("event") in ("busy", "unexpected"):
            self.fault = dict(event)
        return event

    @contextmanager
    def open(self) -> Iterator[None]:
        """Listen to this process and to every child of the house that it starts."""
        before = structlog.get_config()
        handler = _Handler(self)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Schema, "answer", self._hearing_asked(Schema.answer))
            patch.setattr(strawberry.Schema, "execute", self._hearing(strawberry.Schema.execute))
            patch.setattr(strawberry.Schema, "stream", self._hearing(strawberry.Schema.stream))
            patch.setattr(Child, "leave", self._listening(Child.leave))
            structlog.configure(processors=[*processors(), self, structlog.processors.JSONRenderer()])
            logging.getLogger().addHandler(handler)
            try:
                yield
                assert self in structlog.get_config()["processors"], "somebody covered our ears"
                assert logging.getLogger("uvicorn").propagate, "somebody covered our ears"
            finally:
                logging.getLogger().removeHandler(handler)
                structlog.configure(**before)

    def _hearing(self, original: Any) -> Any:
        async def heard(schema: Any, query: str | None, *args: Any, **kwargs: Any) -> Any:
            self.hear_document(query)
            self.hear([*args, kwargs.get("variable_values")])
            return await original(schema, query, *args, **kwargs)

        return heard

    def _hearing_asked(self, original: Any) -> Any:
        async def heard(schema: Any, context: Any, query: str | None, variables: Any, *more: Any) -> Any:
            self.hear_document(query)
            self.hear(variables)
            return await original(schema, context, query, variables, *more)

        return heard

    def _listening(self, original: Any) -> Any:
        def leave(child: Child, told: float) -> None:
            original(child, told)
            if child.name.startswith(SPEAKING) and child.log.exists():
                for line in child.log.read_text(errors="replace").splitlines():
                    self.listen(line, child.name)

        return leave

    def heard_nothing(self) -> None:
        """Raises AssertionError where a log repeated something; what it was is forgotten."""
        leaks, self.leaks = self.leaks, []
        assert leaks == []


EARS = Ears()


class _Handler(logging.Handler):
    """What libraries say, in the form in which the house writes it."""

    def __init__(self, ears: Ears) -> None:
        super().__init__(logging.WARNING)
        self.setFormatter(Discreet())
        self._ears = ears

    def emit(self, record: logging.LogRecord) -> None:
        self._ears.listen(self.format(record), record.name)


def processors() -> Iterable[Any]:
    return (structlog.contextvars.merge_contextvars, structlog.processors.add_log_level)


def _windows(text: str, size: int) -> Iterator[str]:
    return (text[start : start + size] for start in range(len(text) - size + 1))


def _plain(line: str) -> str:
    """Without the escapes of JSON and of Python's bytes."""
    line = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), line)
    return _BYTES.sub(lambda found: _decoded(found[0]), line)


def _decoded(escaped: str) -> str:
    return bytes.fromhex(escaped.replace("\\", "").replace("x", "")).decode(errors="replace")
