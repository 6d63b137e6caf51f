"""Makes the first administrator of a house that is not a demo; with `--role supervisor`, a supervisor:

    python -m scripts.admin --owner-url postgresql://app_owner:...@... --keys-dir var/keys --phone 13800000000

Whoever holds that telephone signs in by SMS and is one. Twice makes no difference.
"""

import argparse
import asyncio
import os
import sys
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from app.accounts.actions.appointing import appoint
from app.core.access import Role
from app.core.db import NOBODY, Database, connect
from app.core.errors import Refused
from app.outside.keys import FileKeys

OFFICES = {"administrator": Role.ADMIN, "supervisor": Role.SUPERVISOR}


def main(arguments: list[str]) -> int:
    chosen = _options(arguments)
    try:
        asyncio.run(_appoint(chosen.owner_url, FileKeys(chosen.keys_dir), chosen.phone, OFFICES[chosen.role]))
    except FileNotFoundError:
        # New keys would be worse than none: the house would never find the number under them.
        print(
            f"There is no keys.json in {chosen.keys_dir}. Name the folder that the house itself uses.", file=sys.stderr
        )
        return 1
    except Refused as refused:
        print("; ".join(reason.code.en for reason in refused.reasons), file=sys.stderr)
        return 1
    except (SQLAlchemyError, OSError) as fault:
        print(f"The database refused: {type(getattr(fault, 'orig', None) or fault).__name__}.", file=sys.stderr)
        return 1
    ending = chosen.phone.strip()[-4:]
    print(f"The number that ends in {ending} is appointed {chosen.role}. Sign in with it by SMS.")
    return 0


async def _appoint(owner_url: str, keys: FileKeys, phone: str, role: Role) -> None:
    owner = Database(connect(owner_url, pool=1))
    try:
        async with owner.acting(NOBODY) as session:
            await appoint(session, keys, phone, [role])
    finally:
        await owner.engine.dispose()


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts.admin", description="Makes an administrator or a supervisor.")
    url = os.environ.get("OWNER_DATABASE_URL")
    parser.add_argument(
        "--owner-url",
        default=url,
        required=url is None,
        help="signs in as the owner of the tables (default: OWNER_DATABASE_URL, which no list of processes shows)",
    )
    parser.add_argument("--keys-dir", type=Path, default=Path(os.environ.get("KEYS_DIR", "var/keys")))
    parser.add_argument("--phone", required=True, help="a mobile number of mainland China")
    parser.add_argument("--role", choices=OFFICES, default="administrator")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
