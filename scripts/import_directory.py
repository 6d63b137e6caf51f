"""Takes a table of institutions and legal workers into the register, a CSV or XLSX file:

    python -m scripts.import_directory FILE [--dry-run] [--source WORDS] [--reason WORDS]

Its first row names the columns: kind, number, name, aliases, division, province, address, phones, specialties,
workplace, languages, accessible, services, hours, standing, source, verifiedAt, example. Of an institution services
are said as `LEGAL_AID=身份证|低保证;MEDIATION` (what it does = what to bring), hours as
`MONDAY,TUESDAY=09:00-12:00 14:00-17:30;HOLIDAY=10:00-11:00;2026-12-24=`. Of its last four (languages to hours) a
column that is not in the file leaves what is there. A record is known by kind and number: the same file again
changes nothing, a changed one changes what is different, and the history keeps what was. Every row that is wrong is
named with its column; the others go in. Ends with 1 where a row was wrong. `--lawyers` enters those who answer
questions here and are not in the register yet. It signs in as the owner of the tables
(`scripts.owner`).
"""

import argparse
import asyncio
import sys
from datetime import datetime
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.core.db import NOBODY, Database, Session, connect, now
from app.core.errors import Reason, because
from app.directory.actions.importing import Taken, in_order, take
from app.directory.actions.register import register_lawyers
from app.directory.rules.register import TWICE_IN_FILE, Record
from app.directory.rules.sheets import read
from scripts.hindrance import Hindrance
from scripts.owner import as_owner
from scripts.sheets import rows_of

AT_ONCE = 500
INDEXES = ("institution_terms", "institution_label", "legal_worker_terms", "legal_worker_label")
Wrong = list[tuple[int, list[Reason]]]


class DryRun(Exception):
    """Nothing stays of what was tried."""


def sorted_out(path: Path, source: str, now: datetime) -> tuple[list[Record], Wrong]:
    """The records of a file, and the rows that are none with all that is wrong with them."""
    first: dict[tuple[str, str], int] = {}
    records: list[Record] = []
    wrong: Wrong = []
    for number, row in rows_of(path):
        found = read(row, source, now)
        if isinstance(found, list):
            wrong.append((number, found))
        elif (known := first.setdefault((found.kind, found.number), number)) != number:
            wrong.append((number, [because(TWICE_IN_FILE, "number", row=known)]))
        else:
            records.append(found)
    return records, wrong


async def take_in(owner: Database, path: Path, source: str, reason: str, dry: bool) -> tuple[Taken, Wrong]:
    """All that is right of a file, in one transaction."""
    taken = Taken()
    try:
        async with owner.acting(NOBODY) as session:
            records, wrong = sorted_out(path, source, now(session))
            records = in_order(records)
            for start in range(0, len(records), AT_ONCE):
                await take(session, records[start : start + AT_ONCE], reason, now(session), taken)
            if dry:
                raise DryRun
            await _sort_in(session)
    except DryRun:
        pass
    return taken, wrong


async def _sort_in(session: Session) -> None:
    """What GIN indexes put off would be read through with every search until the night."""
    for index in INDEXES:
        await session.rows(text("SELECT gin_clean_pending_list(to_regclass(:index))"), {"index": f"app.{index}"})


async def _do(chosen: argparse.Namespace) -> int:
    owner = Database(connect(chosen.owner_url, pool=1))
    try:
        if chosen.lawyers:
            async with owner.acting(NOBODY) as session:
                print(f"{await register_lawyers(session, now(session), None, chosen.reason)} lawyers entered.")
            return 0
        taken, wrong = await take_in(owner, chosen.file, chosen.source, chosen.reason, chosen.dry_run)
    finally:
        await owner.engine.dispose()
    for number, reasons in wrong:
        print(f"row {number}: {'; '.join(map(_told, reasons))}", file=sys.stderr)
    tried = "Nothing was written. It would be: " if chosen.dry_run else ""
    print(f"{tried}{taken.new} new, {taken.changed} changed, {taken.same} as before, {len(wrong)} wrong.")
    return 1 if wrong else 0


def _told(reason: Reason) -> str:
    return f"{reason.field}: {reason.code.en.format(**reason.values)}"


def main(arguments: list[str]) -> int:
    chosen = _options(arguments)
    try:
        return asyncio.run(_do(chosen))
    except Hindrance as hindrance:
        print(hindrance, file=sys.stderr)
    except (SQLAlchemyError, OSError) as fault:
        print(f"It could not be done: {type(getattr(fault, 'orig', None) or fault).__name__}.", file=sys.stderr)
    return 2


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.import_directory", description="Imports the register.")
    parser.add_argument("file", type=Path, nargs="?", help="a CSV or XLSX file")
    parser.add_argument("--dry-run", action="store_true", help="write nothing, say what would be and what is wrong")
    parser.add_argument("--lawyers", action="store_true", help="enter the lawyers who answer questions here")
    parser.add_argument("--source", default="导入", help="where it comes from, for rows that do not say (%(default)s)")
    parser.add_argument("--reason", default="批量导入", help="for the history (%(default)s)")
    chosen = as_owner(parser, arguments)
    if (chosen.file is None) == (not chosen.lawyers):
        parser.error("name a file, or --lawyers")
    return chosen


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
