"""`scripts/start`: reads what is asked for, opens the house, keeps it open until Ctrl-C, closes it."""

import argparse
import os
import sys
from pathlib import Path

from scripts.bell import Bell, Closing
from scripts.embedded import free_port
from scripts.hindrance import Hindrance
from scripts.house import ROLE_URLS, ROOT, House, Plan, out


def main(arguments: list[str]) -> int:
    plan = _plan(arguments)
    bell = Bell()
    house = House(plan, bell.heed)
    try:
        house.start()
        house.run()
    except Closing:
        out.print("Closing ...", style="dim")
        return 0
    except Hindrance as hindrance:
        out.print(str(hindrance), style="red", markup=False)
        return 1
    finally:
        house.stop()
        bell.take_down()
    return 0


def _plan(arguments: list[str]) -> Plan:
    parser = argparse.ArgumentParser(
        prog="scripts/start",
        description="Starts the whole house, with PostgreSQL and Valkey of its own unless DATABASE_URL and "
        "REDIS_URL say otherwise.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="where the API listens (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="default: %(default)s; 0 takes a free one")
    parser.add_argument("--data", type=Path, default=ROOT / "var", help="the data folder (default: var)")
    parser.add_argument("--fresh", action="store_true", help="delete the demo data of that folder first")
    parser.add_argument("--no-demo", action="store_true", help="for real people: no demo city, no tokens")
    parser.add_argument("--no-pages", action="store_true", help="do not build the pages, where they are not built yet")
    chosen = parser.parse_args(arguments)
    if chosen.fresh and chosen.no_demo:
        parser.error("--fresh deletes demo data; real data is deleted by hand alone")
    if chosen.fresh and any(os.environ.get(name) for name in ("DATABASE_URL", *ROLE_URLS)):
        parser.error("--fresh would delete the keys of a database that stays; empty both by hand")
    return Plan(
        host=chosen.host,
        port=chosen.port or free_port(),
        data=chosen.data,
        fresh=chosen.fresh,
        demo=not chosen.no_demo,
        pages=not chosen.no_pages,
        environment=dict(os.environ),
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
