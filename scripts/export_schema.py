"""Writes the public graph to schema.graphql.

    python -m scripts.export_schema             write it
    python -m scripts.export_schema --check     is the file current, and is every change that breaks clients recorded?
    python -m scripts.export_schema --publish   clients are given this graph now: later ones are compared with it

What installed clients know is in published/schema.graphql, what was decided against them in published/breaking.toml.
"""

import argparse
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.schema import schema
from scripts.changes import changes, complaints, recorded
from scripts.hindrance import Hindrance

ROOT = Path(__file__).parent.parent
HOW = """Keep what clients know and deprecate it (README, "Changing the graph"), or record the decision in {file}:

[[change]]
text = "{text}"
date = {today}
reason = "..."
"""


@dataclass(frozen=True)
class Shelf:
    """Where the graphs lie."""

    current: Path = ROOT / "schema.graphql"
    published: Path = ROOT / "scripts" / "published" / "schema.graphql"
    breaking: Path = ROOT / "scripts" / "published" / "breaking.toml"


def main(arguments: list[str], shelf: Shelf = Shelf(), graph: str | None = None) -> int:
    parser = argparse.ArgumentParser(prog="scripts.export_schema", description="Writes the public graph.")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--check", action="store_true", help="write nothing; say what is wrong")
    how.add_argument("--publish", action="store_true", help="make it what installed clients know")
    chosen = parser.parse_args(arguments)
    graph = graph or schema.as_str() + "\n"
    if chosen.check and not (shelf.current.exists() and shelf.current.read_text() == graph):
        print("schema.graphql is stale: run `python -m scripts.export_schema` and read the difference.")
        return 1
    if chosen.check or chosen.publish:
        try:
            if not _decided(shelf, graph):
                return 1
        except Hindrance as hindrance:
            print(hindrance)
            return 1
    if not chosen.check:
        shelf.current.write_text(graph)
    if chosen.publish:
        shelf.published.write_text(graph)
        shelf.breaking.write_text(_without_entries(shelf.breaking.read_text()))
    return 0


def _decided(shelf: Shelf, graph: str) -> bool:
    found = changes(shelf.published.read_text(), graph)
    for text in found.dangerous:
        print(f"may surprise a client: {text}")
    wrong = complaints(found.breaking, decided := recorded(shelf.breaking))
    for sentence in wrong:
        print(sentence)
    if unrecorded := [text for text in found.breaking if text not in decided]:
        print(HOW.format(file=shelf.breaking.name, text=unrecorded[0], today=datetime.now(UTC).date()))
    return not wrong


def _without_entries(said: str) -> str:
    """What the file says of itself at its top."""
    return "".join(line for line in said.splitlines(keepends=True) if line.startswith("#"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
