"""How an operator's scripts sign in: as the owner of the tables."""

import argparse
import os
from pathlib import Path

from scripts.backups.source import Source
from scripts.folder import VAR, named_folder
from scripts.hindrance import Hindrance


def as_owner(
    parser: argparse.ArgumentParser, arguments: list[str], *, keys: bool = False, needed: bool = True
) -> argparse.Namespace:
    """Parses, and adds `owner_url`: by `--owner-url`, by OWNER_DATABASE_URL, which no list of processes shows, or of a
    city that runs on the bundled PostgreSQL, by its data folder. `keys` adds `keys_dir`, of that same city: another
    one's keys would be taken for keys that nothing needs. Exits with 2 where there is no city."""
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--owner-url", help="signs in as the owner of the tables (or: OWNER_DATABASE_URL)")
    how.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="else: the data folder of a city that runs on the bundled PostgreSQL (default: var)",
    )
    if keys:
        parser.add_argument(
            "--keys-dir", type=named_folder, default=os.environ.get("KEYS_DIR"), help="default: KEYS_DIR, or the city's"
        )
    asked = parser.parse_args(arguments)
    if asked.data is None and asked.owner_url is None:
        asked.owner_url = os.environ.get("OWNER_DATABASE_URL")
    source = Source(asked.data or VAR)
    if asked.owner_url is None:
        try:
            asked.owner_url = source.owner_url
        except (Hindrance, OSError) as none:
            if needed:
                parser.error(f"{none} Or name its owner: --owner-url, OWNER_DATABASE_URL.")
    if keys and asked.keys_dir is None:
        asked.keys_dir = source.keys.parent
    return asked
