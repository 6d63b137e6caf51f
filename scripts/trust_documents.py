"""Registers the documents that a client build sends, so that the house can refuse all others (TRUSTED_DOCUMENTS):

    python -m scripts.trust_documents DIR --client miniprogram/1.5.0

DIR holds `*.graphql` files, each one document just as the client sends it, or `*.json` files of documents by their
SHA-256 (GraphQL Code Generator's persisted documents, Relay's, Apollo's manifest). What earlier releases registered
stays: they are still installed. A house that runs takes the new ones up within a second of being asked for one.
"""

import argparse
import fcntl
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from graphql import GraphQLError, OperationDefinitionNode

from app.core.errors import Refused
from app.graph.clients import UNKNOWN, client_of
from app.graph.documents import admit, read
from app.graph.limits import RESIDENT
from app.graph.trusted import Entry, hash_of, written
from app.graph.trusted import read as manifest_of
from app.schema import schema
from scripts.hindrance import Hindrance


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts.trust_documents", description="Registers a client build's documents."
    )
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--client", required=True, help="the release, as it says in x-client: miniprogram/1.5.0")
    default = Path(os.environ.get("TRUSTED_MANIFEST", "var/trusted.json"))
    parser.add_argument("--manifest", type=Path, default=default, help="default: TRUSTED_MANIFEST, or %(default)s")
    chosen = parser.parse_args(arguments)
    if client_of(chosen.client) is UNKNOWN:
        parser.error("a client is NAME/VERSION, in small letters, digits and dashes: miniprogram/1.5.0")
    try:
        print(register(chosen.folder, chosen.client, chosen.manifest))
    except Hindrance as hindrance:
        print(hindrance)
        return 1
    return 0


def register(folder: Path, client: str, manifest: Path) -> str:
    """What was done, in one line. Raises Hindrance before anything is written."""
    documents = dict(_documents(folder))
    if not documents:
        raise Hindrance(f"{folder} holds neither *.graphql nor *.json files with documents.")
    if wrong := [f"{where}: {why}" for where, text in documents.items() for why in _faults(text)]:
        raise Hindrance("\n".join([*wrong, "Nothing was changed."]))
    manifest.parent.mkdir(parents=True, exist_ok=True)
    with _alone_in(manifest.parent):
        return _added(documents, client, manifest)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Of two builds that register at once, the later adds to what the earlier wrote."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _added(documents: Mapping[str, str], client: str, manifest: Path) -> str:
    try:
        known = manifest_of(manifest)
    except ValueError as error:
        raise Hindrance(f"{error}. Nothing was changed.") from error
    entries = dict(known)
    for text in documents.values():
        entry = entries.get(hash_of(text), Entry(text))
        entries[hash_of(text)] = replace(entry, clients=tuple({*entry.clients, client}))
    draft = manifest.with_name(f"{manifest.name}.draft")
    draft.write_text(written(entries), "utf-8")
    draft.rename(manifest)
    new = len(entries) - len(known)
    return f"{client}: {len(documents)} documents, {new} of them new; {len(entries)} in all in {manifest}"


def _documents(folder: Path) -> Iterator[tuple[str, str]]:
    """Where each stands, and its text."""
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".graphql":
            yield str(path.relative_to(folder)), path.read_text("utf-8")
        elif path.suffix == ".json":
            for hash, text in _by_hash(path).items():
                if hash_of(text) != hash.removeprefix("sha256:"):
                    raise Hindrance(f"{path}: {hash} is not the SHA-256 of its document. Nothing was changed.")
                yield f"{path.relative_to(folder)} {hash}", text


def _by_hash(path: Path) -> dict[str, str]:
    try:
        said: Any = json.loads(path.read_text("utf-8"))
        if said.get("format") == "apollo-persisted-query-manifest":
            said = {one["id"]: one["body"] for one in said["operations"]}
    except (ValueError, AttributeError, KeyError, TypeError):
        said = None
    if isinstance(said, dict) and all(isinstance(text, str) for text in said.values()):
        return said
    raise Hindrance(f"{path} holds no documents by their hash. Nothing was changed.")


def _faults(text: str) -> Iterator[str]:
    """Why a client would be refused that sends it: every limit and rule of the house, for each operation in it."""
    try:
        document = read(text)
    except (Refused, GraphQLError) as error:
        yield str(error)
        return
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    if not operations:
        yield "there is no operation in it"
    for operation in operations:
        name = operation.name.value if operation.name else None
        if name is None:
            yield "each operation needs a name"
        for fault in admit(schema._schema, text, name, {}, RESIDENT).faults:
            yield f"{name}: {fault.message}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
