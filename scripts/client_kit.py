"""Writes what a client is built with, from the schema and the saved operations:

    python -m scripts.client_kit OUT

OUT/schema.graphql, OUT/operations (as they lie in app/operations), OUT/types.ts (what each operation takes and gives)
and OUT/documents.ts (each operation as a typed document, with the SHA-256 by which the house knows it). No line of it
depends on a library; `TypedDocument<Result, Variables>` carries its types to whatever transport a client has.
"""

import argparse
import json
import shutil
import sys
from pathlib import Path

from graphql import GraphQLSchema, OperationDefinitionNode, parse

from app.graph.saved import FOLDER, Saved, saved
from app.graph.trusted import hash_of
from app.schema import schema
from scripts.typescript import Types

HEAD = "// Written by scripts/client_kit.py from schema.graphql and the saved operations: do not edit.\n"
DOCUMENT = """
/** An operation, and the types of what it gives and takes. */
export interface TypedDocument<Result, Variables> {
  readonly name: string;
  readonly kind: 'query' | 'mutation' | 'subscription';
  /** The role that it is for, or ANYONE. */
  readonly role: string;
  /** SHA-256 of `text`: send it as extensions.persistedQuery, or as documentId after 'sha256:'. */
  readonly hash: string;
  readonly text: string;
  /** For the compiler alone; never there. */
  readonly types?: (variables: Variables) => Result;
}
"""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts.client_kit", description="Writes what a client is built with.")
    parser.add_argument("out", type=Path, metavar="OUT")
    write(parser.parse_args(arguments).out)
    return 0


def write(out: Path) -> None:
    """Twice makes no difference; what was written before is replaced."""
    out.mkdir(parents=True, exist_ok=True)
    graph: GraphQLSchema = schema._schema
    (out / "schema.graphql").write_text(schema.as_str() + "\n", "utf-8")
    shutil.rmtree(out / "operations", ignore_errors=True)
    shutil.copytree(FOLDER, out / "operations")
    types = Types(graph)
    for one in saved():
        types.add(definition(one))
    (out / "types.ts").write_text(HEAD + types.text(), "utf-8")
    (out / "documents.ts").write_text(HEAD + documents(), "utf-8")


def definition(one: Saved) -> OperationDefinitionNode:
    (found,) = parse(one.document).definitions
    assert isinstance(found, OperationDefinitionNode)
    return found


def documents() -> str:
    lines = ["import type * as types from './types';", DOCUMENT]
    for one in saved():
        said = {"name": one.name, "kind": definition(one).operation.value, "role": one.role}
        said |= {"hash": hash_of(one.document), "text": one.document}
        value = json.dumps(said, ensure_ascii=False, indent=2)
        lines.append(f"/** {one.about} */")
        lines.append(
            f"export const {one.name}: TypedDocument<types.{one.name}, types.{one.name}Variables> = {value};\n"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
