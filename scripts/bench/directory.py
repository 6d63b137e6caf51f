"""What the graph adds to a search of the directory: python -m scripts.bench.directory

A page of 20 of a register of 20,000, by different words: through the house's own application, and through a Starlette
handler that sends the same statements with the same rights and answers with their rows as JSON. Both are asked in
turns, over ASGI in one process, so that a busy machine hinders both alike; what counts is the ratio.
"""

import argparse
import asyncio
import json
import logging
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson
import structlog
import uvloop
from rich.console import Console
from rich.table import Table
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.core.sealing import KeyProvider
from app.main import house
from app.outside.keys import FileKeys
from app.settings import Settings
from scripts.embedded import Embedded
from tests.city import City
from tests.conftest import Servers, copy, filing, make_template, named
from tests.directory.full_register import fill

ROWS = 20_000
WORDS = ("清明律师事务所", "王静雅", "wangjingya", "zsjl", "律师", "示利")
FIND = """query ($query: String) { directory(query: $query, first: 20) { nodes {
  id kind title name number phones province standing verifiedAt offered awaitingVerification
  division { code name } } } }"""
WARM = 5
out = Console(width=120)


def bare(city: City, statements: dict[str, list[Any]]) -> Starlette:
    """Nothing but the statements: who is asking is said like there, in the same transaction."""

    async def answer(request: Request) -> Response:
        rows: list[Any] = []
        for transaction in statements[(await request.json())["variables"]["query"]]:
            async with city.db.engine.begin() as connection:
                for statement, parameters in transaction:
                    found = await connection.exec_driver_sql(statement, tuple(parameters))
                    rows = [tuple(row) for row in found]
        return Response(orjson.dumps(rows, default=str), media_type="application/json")

    return Starlette(routes=[Route("/graphql", answer, methods=["POST"])])


async def learnt(city: City, client: httpx.AsyncClient, words: str) -> list[Any]:
    """The statements that the house sends for these words, transaction by transaction."""
    transactions: list[list[tuple[str, Any]]] = []

    def note(statement: str, parameters: Any) -> None:
        if "set_config" in statement:
            transactions.append([])
        transactions[-1].append((statement, parameters))

    city.db.listeners.append(note)
    try:
        await ask(client, words)
    finally:
        city.db.listeners.remove(note)
    return transactions


async def ask(client: httpx.AsyncClient, words: str) -> float:
    """Milliseconds."""
    said = json.dumps({"query": FIND, "variables": {"query": words}})
    began = time.perf_counter()
    answer = await client.post("/graphql", content=said, headers={"content-type": "application/json"})
    took = (time.perf_counter() - began) * 1000
    assert answer.status_code == 200, answer.text
    assert b'"errors"' not in answer.content, answer.text
    return took


async def measure(city: City, rounds: int) -> dict[str, tuple[list[float], list[float]]]:
    await fill(city, ROWS)
    settings = Settings(demo=True, requests_a_person=0, requests_an_address=0)
    whole = house(city.db, city.wake, city.doors, settings)
    statements: dict[str, list[Any]] = {}
    taken: dict[str, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    async with (
        httpx.AsyncClient(transport=httpx.ASGITransport(whole), base_url="http://city") as graph,
        httpx.AsyncClient(transport=httpx.ASGITransport(bare(city, statements)), base_url="http://city") as handler,
    ):
        for words in WORDS:
            statements[words] = await learnt(city, graph, words)
            for number in range(-WARM, rounds):
                for client, times in zip((graph, handler), taken[words], strict=True):
                    took = await ask(client, words)
                    if number >= 0:
                        times.append(took)
    return taken


async def play(servers: Servers, keys: Path, rounds: int) -> dict[str, tuple[list[float], list[float]]]:
    template = await asyncio.to_thread(make_template, servers)
    urls = await copy(servers, template)
    admin = named(servers.admin_url, urlsplit(urls.api).path[1:])
    async with City.open(urls, admin, servers.redis_url, {KeyProvider: FileKeys(keys), **filing(keys)}) as city:
        return await measure(city, rounds)


def table(taken: dict[str, tuple[list[float], list[float]]]) -> Table:
    shown = Table(title=f"A page of 20 among {ROWS:,}: the median", title_justify="left")
    for title in ("words", "graph, ms", "bare handler, ms", "ratio"):
        shown.add_column(title, justify="left" if title == "words" else "right")
    for words, times in taken.items():
        graph, handler = map(statistics.median, times)
        shown.add_row(words, f"{graph:.2f}", f"{handler:.2f}", f"{graph / handler:.2f}")
    return shown


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.bench.directory", description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=200, help="pages by each words and way (%(default)s)")
    rounds = parser.parse_args(arguments).rounds
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory(prefix="directory-") as folder:
        Path(folder).chmod(0o711)  # for the account that the servers run as
        keys = Path(folder) / "keys"
        keys.mkdir()
        FileKeys.make(keys)
        with (
            Embedded(Path(folder) / "servers", throwaway=True) as bundled,
            asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        ):
            taken = runner.run(play(Servers(bundled.admin_url, bundled.redis_url), keys, rounds))
    out.print(table(taken))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
