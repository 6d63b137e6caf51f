"""How an operator's scripts sign in: as the owner of the tables."""

import argparse
import os
from pathlib import Path

from scripts.backups.source import Source
from scripts.folder import VAR
from scripts.hindrance import Hindrance


def sign_in_as_owner(parser: argparse.ArgumentParser, *, needed: bool = True) -> None:
    """Adds `owner_url`: by `--owner-url`, by OWNER_DATABASE_URL, which no list of processes shows, or of a city that
    runs on the bundled PostgreSQL, by its data folder."""
    url = os.environ.get("OWNER_DATABASE_URL") or _here()
    how = parser.add_mutually_exclusive_group(required=needed and url is None)
    how.add_argument("--owner-url", default=url, help="signs in as the owner of the tables (or: OWNER_DATABASE_URL)")
    how.add_argument(
        "--data",
        dest="owner_url",
        default=argparse.SUPPRESS,
        type=_bundled,
        metavar="DIR",
        help="else: the data folder of a city that runs on the bundled PostgreSQL (default: var)",
    )


def _here() -> str | None:
    try:
        return _bundled(str(VAR))
    except argparse.ArgumentTypeError:
        return None


def _bundled(data: str) -> str:
    try:
        return Source(Path(data)).owner_url
    except (Hindrance, OSError) as none:
        raise argparse.ArgumentTypeError(str(none)) from none
