"""Writes what a client is built with, from the schema, the saved operations and the sources in scripts/kit:

    python -m scripts.client_kit OUT

OUT/schema.graphql, OUT/operations (as they lie in app/operations), OUT/types.d.ts (what each takes and gives);
OUT/documents, one file a role, and OUT/documents.js with all of them (each operation with its types and the SHA-256 by
which the house knows it); OUT/transport (how they are sent, from a mini-program or a web page); and a page for each
client. All of it is plain ES modules without a dependency, to be used as they are.
"""

import argparse
import shutil
import sys
from pathlib import Path

from graphql import GraphQLSchema, OperationDefinitionNode, parse

from app.graph.saved import FOLDER, Saved, saved
from app.schema import schema
from scripts.kit import HEAD, lay_out
from scripts.typescript import Types


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts.client_kit", description="Writes what a client is built with.")
    parser.add_argument("out", type=Path, metavar="OUT")
    out: Path = parser.parse_args(arguments).out
    if theirs := _not_ours(out):
        print(f"{theirs} is not of a kit: nothing was written. Name a folder of its own.", file=sys.stderr)
        return 1
    write(out)
    return 0


def _not_ours(out: Path) -> Path | None:
    """A folder that would be replaced although none of ours lies there: what is written first says whose it is."""
    types = out / "types.d.ts"
    if types.is_file() and types.read_text("utf-8").startswith(HEAD):
        return None
    return next((out / name for name in ("operations", "documents", "transport") if (out / name).exists()), None)


def write(out: Path) -> None:
    """Twice makes no difference; what was written before is replaced."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "types.d.ts").write_text(HEAD, "utf-8")
    lay_out(out)
    shutil.rmtree(out / "operations", ignore_errors=True)
    shutil.copytree(FOLDER, out / "operations")
    graph: GraphQLSchema = schema._schema
    (out / "schema.graphql").write_text(schema.as_str() + "\n", "utf-8")
    types = Types(graph)
    for one in saved():
        types.add(definition(one))
    (out / "types.d.ts").write_text(HEAD + types.text(), "utf-8")


def definition(one: Saved) -> OperationDefinitionNode:
    (found,) = parse(one.document).definitions
    assert isinstance(found, OperationDefinitionNode)
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
