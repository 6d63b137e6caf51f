"""Writes the register into a CSV or XLSX file, by its ending, in the columns that scripts.import_directory takes:

    python -m scripts.export_directory FILE

No cell of it is a formula to a spreadsheet program. It signs in as the owner of the tables
(`scripts.owner`).
"""

import argparse
import asyncio
import sys
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.core.db import NOBODY, Database, connect
from app.directory.reads.register import I, W, shown
from app.directory.rules.sheets import written
from scripts.owner import as_owner
from scripts.sheets import write


async def put_out(owner: Database, path: Path) -> int:
    """How many records were written: institutions first, each kind by its numbers."""
    async with owner.acting(NOBODY) as session:
        rows = [
            row
            for table in (I, W)
            for row in await session.rows(select(*shown(table)).order_by(table.c.kind, table.c.number))
        ]
    write(path, map(written, rows))
    return len(rows)


async def _do(chosen: argparse.Namespace) -> None:
    owner = Database(connect(chosen.owner_url, pool=1))
    try:
        print(f"{await put_out(owner, chosen.file)} records written.")
    finally:
        await owner.engine.dispose()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.export_directory", description="Exports the register.")
    parser.add_argument("file", type=Path, help="ends with .csv or .xlsx")
    chosen = as_owner(parser, arguments)
    if chosen.file.suffix.lower() not in (".csv", ".xlsx"):
        parser.error("the file's name ends with .csv or .xlsx")
    try:
        asyncio.run(_do(chosen))
    except (SQLAlchemyError, OSError) as fault:
        print(f"It could not be done: {type(getattr(fault, 'orig', None) or fault).__name__}.", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
