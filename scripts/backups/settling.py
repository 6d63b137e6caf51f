"""What a database that was brought back needs before anybody is let in: keys that open it, its files, and that nothing
is sent a second time."""

import os
import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag

from app.outside.keys import FileKeys, KeyLost
from app.settings import Settings
from app.vault.actions.storing import SEGMENT, WHOLE, incoming, kept
from scripts.backups.files import later_too, stored
from scripts.backups.shelf import damaged, sum_of
from scripts.hindrance import Hindrance
from workers.relay import Relay
from workers.tools import open_tools

BEYOND = 500_000
"""Transactions that are skipped: more than may be lost. Clients remember how far they have read by a transaction's
number, and one that is given a second time would hide news from them."""

_SAMPLES = """
SELECT DISTINCT ON (kek) kek, id, wrapped FROM (
    SELECT kek, subject AS id, wrapped FROM app.key UNION ALL SELECT kek, id, key FROM app.file WHERE kek IS NOT NULL
    UNION ALL SELECT kek, id, wrapped FROM app.paper WHERE kek IS NOT NULL) AS held"""
_FILES = "SELECT id, state = 'READY', received FROM app.file WHERE key <> ''"
_GONE = "UPDATE app.file SET state = 'GONE', kek = NULL, key = '' WHERE id = ANY ($1::uuid[])"
_SKIP = "DO $$ BEGIN FOR i IN 1..{most} LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$"


async def check_keys(connection: Any, folder: Path) -> None:
    """Raises Hindrance where a key-encryption key is missing, or is another city's."""
    keys = FileKeys(folder)
    for kek, id, wrapped in await connection.fetch(_SAMPLES):
        try:
            keys.unwrap(kek, wrapped, str(id))
        except KeyLost as lost:
            raise Hindrance(
                f"{kek} is missing in {folder}/keys.json, and texts are sealed under it. Name a newer copy of it "
                "by --keys, or put that entry of an older one back under `keks`."
            ) from lost
        except InvalidTag as wrong:
            raise Hindrance(f"The {kek} of {folder}/keys.json opens nothing here: it is another city's.") from wrong


async def skip_transactions(connection: Any, used: int) -> None:
    """`used`: how far they had been counted before, as far as is known."""
    here: int = await connection.fetchval("SELECT pg_current_xact_id()::text::bigint")
    await connection.execute("SET synchronous_commit = off")
    await connection.execute(_SKIP.format(most=max(used - here, 0) + BEYOND))
    await connection.execute("RESET synchronous_commit")


async def place_files(connection: Any, shelf: Path, target: Path) -> int:
    """Those that the database names, from the backup into the city's folder; how many are not there: sent after the
    last look at the city's folder, or deleted just before. A row without its file is none: it is shown as gone."""
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    found, sums = stored(shelf)
    lying: dict[str, list[str]] = {}
    for file in found:
        lying.setdefault(os.path.dirname(file), []).append(file)
    lost = []
    for id, ready, received in await connection.fetch(_FILES):
        whole, pieces = lying.get(kept(id), []), lying.get(incoming(id), [])
        for file in whole + pieces:
            _place(later_too(shelf, file, found[file]), target / file, sums.get(file))
        if f"{kept(id)}/{WHOLE}" not in whole if ready else len(pieces) * SEGMENT < received:
            lost.append(id)
    await connection.execute(_GONE, lost)
    return len(lost)


def _place(sources: tuple[Path, ...], target: Path, digest: str | None) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for source in sources:
        with suppress(FileNotFoundError):
            shutil.copy2(source, target)
            break
    else:
        raise damaged(sources[0])
    target.chmod(0o600)
    if sum_of(target) != digest:
        raise damaged(sources[0])


class _Alone(Relay):
    """There is no worker yet: it does everything itself."""

    async def _queued(self, event: Any, name: str) -> bool:
        return False


async def send_nothing_again(connection: Any, settings: Settings, lived_until: datetime) -> int:
    """What was due while the city still lived may have been done and sent: it is done again here, where no message
    leaves, and what would be sent for it is marked as what may have arrived. How many messages that is."""
    await connection.execute(
        "UPDATE app.outbox SET next_at = 'infinity' WHERE done_at IS NULL AND due_at > $1", lived_until
    )
    began = await connection.fetchval("SELECT clock_timestamp()")
    tools = await open_tools(settings)
    try:
        relay = _Alone(tools.db, tools.queue)
        while await relay.sweep():
            pass
    finally:
        await tools.close()
    await connection.execute("UPDATE app.outbox SET next_at = due_at WHERE done_at IS NULL AND next_at = 'infinity'")
    doubtful = "UPDATE app.delivery SET attempts = attempts + 1, why = 'LEASE_RAN_OUT', pushed_at = due_at, "
    # The house's own rule for what a provider may have taken: the carrier is asked, and nothing is sent blindly.
    known = "state = 'SENDING', next_push = clock_timestamp() WHERE state = 'PENDING' AND made_at < $1 AND due_at <= $2"
    # The carrier knows these by another id: nothing could be learned.
    anew = "state = 'UNKNOWN', next_push = 'infinity' WHERE state = 'PENDING' AND made_at >= $1"
    said = await connection.execute(doubtful + known, began, lived_until)
    more = await connection.execute(doubtful + anew, began)
    return sum(int(words.rpartition(" ")[2]) for words in (said, more))
