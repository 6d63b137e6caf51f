"""Draws the state machines of the applications into pages beside their tables: app/applications/data/*.md."""

import argparse
import sys

from app.applications.rules.machine import DATA, MACHINES, drawn


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts.draw_machines", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; say which page is old")
    check = parser.parse_args().check
    old = []
    for kind, machine in MACHINES.items():
        page, text = DATA / f"{kind.lower()}.md", drawn(machine)
        if not page.exists() or page.read_text("utf-8") != text:
            old.append(page.name)
            if not check:
                page.write_text(text, "utf-8")
    print(f"{'old' if check else 'drawn'}: {', '.join(old) or 'nothing'}")
    return int(check and bool(old))


if __name__ == "__main__":
    sys.exit(main())
