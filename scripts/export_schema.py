"""Writes the public graph to schema.graphql, or checks (`--check`) that the file is current."""

import sys
from pathlib import Path

from app.schema import schema

FILE = Path(__file__).parent.parent / "schema.graphql"


def main(arguments: list[str]) -> int:
    graph = schema.as_str() + "\n"
    if arguments == ["--check"]:
        if FILE.exists() and FILE.read_text() == graph:
            return 0
        print("schema.graphql is stale: run `python -m scripts.export_schema` and read the difference.")
        return 1
    FILE.write_text(graph)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
