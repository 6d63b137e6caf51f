"""`python -m app.outside.fakes --port N`: the fakes as a process of their own, for demonstrations.

Says one line on standard output once it listens, and nothing about what passes through it.
"""

import argparse
import socket
import sys

import uvicorn

from app.outside.fakes.server import create_app


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m app.outside.fakes", description="Fake WeChat and SMS.")
    parser.add_argument("--port", type=int, required=True, help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1")
    chosen = parser.parse_args(arguments)

    listening = socket.create_server((chosen.host, chosen.port), backlog=512)
    host, port = listening.getsockname()[:2]
    config = uvicorn.Config(
        create_app(),
        access_log=False,  # it would write phones and codes
        log_level="warning",
        ws="none",
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    sys.stdout.write(f"Fake WeChat and SMS on http://{host}:{port}/\n")
    sys.stdout.flush()
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main(sys.argv[1:])
