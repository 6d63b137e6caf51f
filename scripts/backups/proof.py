"""Whether what was brought back is what it was: everything sealed opens, and every file."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.core.sealing import open_bytes, unseal_bytes
from app.outside.keys import FileKeys
from app.outside.storage import Storage
from app.vault.actions.files import place_of_key
from app.vault.actions.storing import WHOLE, kept, whole

_KEYS = "SELECT subject, kek, wrapped FROM app.key"
_SEALED = {
    ("question", "body"): "SELECT id, id AS subject, body AS sealed FROM app.question",
    ("brief", "body"): "SELECT id, id AS subject, body AS sealed FROM app.brief",
    ("answer", "content"): "SELECT id, question AS subject, content AS sealed FROM app.answer",
    ("message", "body"): "SELECT id, subject, body AS sealed FROM app.message",
}
_FILES = "SELECT id, size, kek, key, subject FROM app.file WHERE state = 'READY' AND key <> ''"
_TABLES = "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'app'"


@dataclass(frozen=True)
class Proof:
    """How many there are of each; all of them were opened."""

    keys: int
    texts: int
    files: int


async def prove(connection: Any, keys_folder: Path, files_folder: Path) -> Proof:
    """Raises InvalidTag, KeyLost or Missing for the first that does not open."""
    provider, storage = FileKeys(keys_folder), Storage.folder(files_folder)
    keys = {
        subject: provider.unwrap(kek, wrapped, str(subject)) for subject, kek, wrapped in await connection.fetch(_KEYS)
    }
    texts = 0
    for (table, column), which in _SEALED.items():
        for id, subject, sealed in await connection.fetch(which):
            if sealed and subject in keys:
                unseal_bytes(keys[subject], sealed, table, column, id)
                texts += 1
    files = await connection.fetch(_FILES)
    for id, size, kek, key, subject in files:
        own = provider.unwrap(kek, key, str(id)) if kek else open_bytes(keys[subject], key, place_of_key(id))
        found = [len(piece) async for piece in whole(storage, f"{kept(id)}/{WHOLE}", own, size)]
        if sum(found) != size:
            raise ValueError(f"file {id} is not whole")
    return Proof(len(keys), texts, len(files))


async def rows(connection: Any) -> int:
    """In all tables together."""
    tables = await connection.fetch(_TABLES)
    return sum([await connection.fetchval(f"SELECT count(*) FROM {table}") for (table,) in tables])
