"""Who still uses what is on its way out of the graph, and what should be gone by now:

    python -m scripts.deprecated

Ends with 1 when something is past its day and still in the graph, and where the numbers cannot be read.
"""

import argparse
import asyncio
import sys
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from graphql import GraphQLSchema
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import SQLAlchemyError

from app.core import uses
from app.core.db import NOBODY, Database, connect, now
from app.core.uses import Users
from app.graph.deprecations import deprecated, farewell
from app.places.rules.workdays import CITY_TIME
from app.schema import schema
from scripts.owner import as_owner

SPAN = timedelta(days=30)


def main(arguments: list[str], graph: GraphQLSchema = schema._schema) -> int:
    parser = argparse.ArgumentParser(prog="scripts.deprecated", description="Who still uses what is deprecated.")
    url = as_owner(parser, arguments, needed=False).owner_url
    reasons = deprecated(graph)
    if not reasons:
        print("Nothing in the graph is deprecated.")
        return 0
    if not url:
        parser.error("--owner-url, OWNER_DATABASE_URL or --data says where the numbers are")
    try:
        today, users = asyncio.run(_look(url))
    except (SQLAlchemyError, OSError) as fault:
        print(f"The database refused: {type(getattr(fault, 'orig', None) or fault).__name__}.", file=sys.stderr)
        return 1
    Console(soft_wrap=True).print(_table(reasons, users))
    late = [name for name, reason in reasons.items() if farewell(reason).after < today]
    for name in late:
        print(f"{name} was to be gone after {farewell(reasons[name]).after} and is still in the graph.")
    return 1 if late else 0


async def _look(owner_url: str) -> tuple[date, list[Users]]:
    """The city's day, and who used what in the last 30."""
    owner = Database(connect(owner_url, pool=1))
    try:
        async with owner.acting(NOBODY) as session:
            today = now(session).astimezone(CITY_TIME).date()
            return today, await uses.since(session, today - SPAN + timedelta(days=1))
    finally:
        await owner.engine.dispose()


def _table(reasons: Mapping[str, str], users: Iterable[Users]) -> Table:
    """A row for each version of a client; one without a client where nobody uses an element any more."""
    table = Table(title="The last 30 days", title_justify="left")
    for head in ("deprecated", "use instead", "gone after", "client", "version"):
        table.add_column(head, overflow="fold")
    table.add_column("uses", justify="right", no_wrap=True)
    table.add_column("last on", no_wrap=True)
    rows: dict[str, list[Users]] = {}
    for user in users:
        rows.setdefault(user.element, []).append(user)
    for name, reason in sorted(reasons.items()):
        said = farewell(reason)
        cells = (name, said.instead, str(said.after))
        for user in rows.get(name, []):
            table.add_row(*cells, user.client, user.version, str(user.uses), str(user.last))
            cells = ("", "", "")
        if name not in rows:
            table.add_row(*cells, "nobody")
        table.add_section()
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
