"""The part of the clients' kit that runs: its transport as it lies here, and the saved operations as documents.

It needs no graph, so that the house's own pages can be built where nothing else is installed.
"""

import json
import shutil
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any

from app.graph.saved import Saved, saved

SOURCES = Path(__file__).resolve().parent
PYTHON = shutil.ignore_patterns("*.py", "__pycache__")
HEAD = "// Written by scripts/client_kit.py from schema.graphql and the saved operations: do not edit.\n"
TYPES = """import type { TypedDocument } from '../transport/contract';
import type * as types from '../types';
"""


def lay_out(out: Path) -> None:
    """OUT/transport, OUT/documents/ROLE.js with all of them in OUT/documents.js, and a page for each client."""
    for folder in ("documents", "transport"):
        shutil.rmtree(out / folder, ignore_errors=True)
    shutil.copytree(SOURCES, out, ignore=PYTHON, dirs_exist_ok=True)
    (out / "documents").mkdir()
    roles = []
    for role, found in groupby(saved(), lambda one: one.role.lower()):
        roles.append(role)
        ones = list(found)
        (out / "documents" / f"{role}.js").write_text(HEAD + "\n".join(map(document, ones)), "utf-8")
        (out / "documents" / f"{role}.d.ts").write_text(HEAD + TYPES + "\n".join(map(declaration, ones)), "utf-8")
    every = "".join(f"export * from './documents/{role}.js';\n" for role in roles)
    for name in ("documents.js", "documents.d.ts"):
        (out / name).write_text(HEAD + every, "utf-8")


def document(one: Saved) -> str:
    said: dict[str, Any] = {"name": one.name, "kind": one.kind, "role": one.role, **named(one.document)}
    if one.is_keyed:
        said["keyed"] = True
    if one.twin:
        said["twin"] = named(one.twin)
    return f"export const {one.name} = {json.dumps(said, ensure_ascii=False, indent=2)};\n"


def named(text: str) -> dict[str, str]:
    return {"hash": sha256(text.encode()).hexdigest(), "text": text}


def declaration(one: Saved) -> str:
    kind = f"TypedDocument<types.{one.name}, types.{one.name}Variables>"
    return f"/** {one.about} */\nexport declare const {one.name}: {kind};\n"
