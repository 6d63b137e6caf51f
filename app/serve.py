"""The entrance: `python -m app.serve --host 0.0.0.0 --port 8000` serves the API as the environment describes it.

SIGTERM drains: /readyz says no, after DRAIN_SECONDS no more is taken in, live sockets are closed with 1012 and a hint
when to come back, and what is being answered has twenty seconds to end. SIGINT, or a second SIGTERM, does not wait.
"""

import argparse
import gc
import signal
import sys
import time
from types import FrameType
from typing import Any

from app.light import light

with light():
    import structlog
    import uvicorn

    from app.connections import Config, Live, Prompt
    from app.graph.http import BODY
    from app.main import create_app
    from app.probes import Life
    from app.settings import Settings

PATIENCE = 20
"""Seconds for what is being answered when the house closes."""

log = structlog.get_logger("serve")


def configured(app: Any, settings: Settings, **more: Any) -> Config:
    """uvicorn, as the house wants it wherever it runs: here, in scripts/start and in the tests."""
    return Config(
        app,
        head_seconds=settings.head_seconds,
        http=Prompt,
        ws=Live,
        ws_max_size=BODY,
        ws_per_message_deflate=False,
        limit_concurrency=settings.limit_concurrency,
        backlog=settings.backlog,
        # TRUST_PROXY decides in whose name a proxy speaks; uvicorn would believe whoever is on this machine.
        proxy_headers=False,
        # Access logs hold addresses of people.
        access_log=False,
        log_config=None,
        log_level="warning",
        server_header=False,
        **{"timeout_graceful_shutdown": PATIENCE} | more,
    )


class Server(uvicorn.Server):
    """uvicorn's, which takes its leave slowly."""

    def __init__(self, config: Config, life: Life, drain: float) -> None:
        """`drain`: seconds from SIGTERM until no more is taken in."""
        super().__init__(config)
        self._life, self._drain = life, drain
        self._leaves_at: float | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        first = not self._life.draining
        self._life.draining = True
        if sig == signal.SIGTERM and first and self._drain > 0:
            self._captured_signals.append(sig)
            self._leaves_at = time.monotonic() + self._drain
        else:
            super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        if self._leaves_at is not None and time.monotonic() >= self._leaves_at:
            self.should_exit = True
        return await super().on_tick(counter)


def let_be() -> None:
    """The collector of garbage goes through nothing that stays, and looks seldom: all that an operation makes goes by
    itself but for some twenty objects, and a page holds thousands while it is made."""
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m app.serve", description="Serves the API.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    chosen = parser.parse_args(arguments)
    settings = Settings()
    app = create_app(settings)
    let_be()
    server = Server(
        configured(app, settings, host=chosen.host, port=chosen.port), app.state.life, settings.drain_seconds
    )
    log.info("serving", host=chosen.host, port=chosen.port)
    server.run()


if __name__ == "__main__":
    main(sys.argv[1:])
