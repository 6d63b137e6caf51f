"""The floor: a bare Starlette handler that sends one statement and passes on the JSON that PostgreSQL made of it.

`python -m scripts.bench.race.floor --port 8002`, with DATABASE_URL.
"""

import argparse
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from scripts.bench.race.sql import STATEMENTS


@asynccontextmanager
async def life(app: Starlette) -> AsyncIterator[None]:
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=10, max_size=10) as pool:
        app.state.pool = pool
        yield


async def answer(request: Request) -> Response:
    said = orjson.loads(await request.body())
    found = await request.app.state.pool.fetchval(STATEMENTS[request.path_params["operation"]], *said)
    return Response(found or b"null", media_type="application/json")


app = Starlette(routes=[Route("/{operation}", answer, methods=["POST"])], lifespan=life)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m scripts.bench.race.floor")
    parser.add_argument("--port", type=int, required=True)
    uvicorn.run(app, host="127.0.0.1", port=parser.parse_args(arguments).port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main(sys.argv[1:])
