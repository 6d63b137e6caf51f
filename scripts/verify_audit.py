"""Verifies the audit: `python -m scripts.verify_audit (--key BASE64 | --server URL) [--held FILE]`.

Every night the house anchors what its audit held of the day before: a hash of each fact, all of a kind in one root,
signed by the key of receipts and chained to the anchor before (`app/audit`). Here each hash is computed anew from the
rows, by no function of this database, and what was changed, added afterwards or taken out is told by its day, kind and
number. What may go by law leaves its hash and a record of its going, which is anchored too.

Who has both the database and the signing key can anchor anew; not what is held outside. `--held FILE` is an anchor that
an auditor handed out (JSON with document, signature and keyId): it must stand in the chain as it is. What is changed
before its day is anchored, at three in the following night, nobody finds out. It signs in as the owner of the tables
(`scripts.owner`). Exits 0 if all of it holds, 1 if not.
"""

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg

from app.audit.rules import LEAF, Anchor, chain, root
from app.consultation.rules.receipt import Receipt, Unverified, authentic, moment
from scripts.database import connected
from scripts.hindrance import Hindrance
from scripts.owner import as_owner
from scripts.verify_receipt import keys_of, said

LATE = timedelta(days=2)
"""From the end of a day; then a night went by without an anchor."""
BY_LAW = ("app_api", "app_worker")
"""Who signs in to the database for the house: it removes what a rule of it says. Everybody else did so by hand."""


class Fact(NamedTuple):
    """What is hashed of a table's rows: of each what never changes, at the moment from which it never does. The words
    of a row hang on no setting of who asks: times are seconds, bytes are said in hexadecimal."""

    kind: str
    table: str
    moment: str
    columns: str
    where: str = "true"


_PASSING = "basis IN ('delegate', 'transcription', 'moderator', 'moderator_for_lawyer')"
PASSING = Fact("passing_access", "access", "at", "subject, person, slot, part, basis, extract(epoch FROM at)", _PASSING)
"""Of whom it tells, or of what was read, may be erased."""
FACTS = (
    Fact("access", "access", "at", "subject, person, slot, part, basis, extract(epoch FROM at)", f"NOT {_PASSING}"),
    PASSING,
    Fact(
        *("person_move", "person_move", "at"),
        "id, person, actor, kind, roles, encode(reason, 'hex'), extract(epoch FROM at), institution, duty, called",
    ),
    Fact(
        *("minor_access_asked", "minor_access", "asked_at"),
        "id, kind, subject, requester, office, crisis, encode(reason, 'hex'), extract(epoch FROM asked_at)",
    ),
    Fact("minor_access_approved", "minor_access", "approved_at", "id, approver, extract(epoch FROM approved_at)"),
    Fact("minor_access_opened", "minor_access", "opened_at", "id, extract(epoch FROM opened_at)"),
    Fact(
        "window_opened",
        "window_visit",
        "opened_at",
        "id, subject, about, institution, staff, extract(epoch FROM opened_at)",
    ),
    Fact(
        "window_act",
        "window_act",
        "at",
        "id, visit, subject, kind, papers, receipt, staff, extract(epoch FROM at), settles",
    ),
    Fact(
        *("figure_export", "figure_export", "made_at"),
        "id, person, figures, extract(epoch FROM first), extract(epoch FROM last), purpose, "
        "extract(epoch FROM made_at), extract(epoch FROM day), n, format",
    ),
    Fact(
        "consent",
        "consent",
        "written_at",
        "person, purpose, turn, version, given, channel, extract(epoch FROM at), extract(epoch FROM written_at)",
    ),
    Fact(
        "register_change",
        "register_change",
        "at",
        "subject, version, extract(epoch FROM at), editor, reason, before, after",
    ),
    Fact("hold_placed", "legal_hold", "placed_at", "id, why, document, placed_by, extract(epoch FROM placed_at)"),
    Fact("hold_lifted", "legal_hold", "lifted_at", "id, lifted_by, extract(epoch FROM lifted_at)"),
    Fact("removal", "audit_removal", "at", "encode(leaf, 'hex'), extract(epoch FROM at), by_role"),
)
KINDS = {fact.kind for fact in FACTS}
_AS_DOOR = "SET LOCAL ROLE app_door; SET LOCAL search_path = ''"
_ANCHORS = "SELECT document, signature, key_id FROM app.audit_anchor ORDER BY day"
_KEPT = "SELECT leaves FROM app.audit_leaf WHERE day = $1::text::date AND kind = $2"
_GONE = "SELECT leaf FROM app.audit_removal WHERE by_role = ANY ($1::text[])"


@dataclass
class Found:
    anchors: list[Anchor]
    facts: int = 0
    removed: int = 0
    """By law."""
    waiting: int = 0
    """Not anchored yet."""
    faults: list[str] = field(default_factory=list)


async def verify(owner_url: str, keys: list[str], now: datetime, held: Receipt | None = None) -> Found:
    """Raises Unverified where the chain itself is broken, so that it proves nothing."""
    async with connected(owner_url) as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        await connection.execute(_AS_DOOR)
        receipts = [Receipt(*row) for row in await connection.fetch(_ANCHORS)]
        if held and held not in receipts:
            authentic(held, keys)
            raise Unverified("The anchor that is held outside is not in the chain: it was anchored anew.")
        found = Found(chain(receipts, keys))
        found.faults += _nights(found.anchors, receipts.index(held) if held else -1, now)
        by_law = {row[0] for row in await connection.fetch(_GONE, BY_LAW)}
        for fact in FACTS:
            await _compare(connection, found, fact, by_law if fact is PASSING else set())
    return found


def _nights(anchors: list[Anchor], seen: int, now: datetime) -> Iterable[str]:
    """Whoever takes anchors out, to have others made of what he changed, leaves one that came late. `seen`: the last
    that somebody outside has: of what came before she knew then."""
    if not anchors:
        yield "Nothing was anchored yet."
        return
    for place, anchor in enumerate(anchors):
        late = moment(anchor.anchored_at) > anchor.ends + LATE or (anchor.first and anchor.first != anchor.day)
        if late and place > seen:
            yield f"{anchor.days}: anchored as late as {anchor.anchored_at}: nobody was there, or it was done anew."
        if strange := anchor.facts.keys() - KINDS:
            yield f"{anchor.days}: of another release, with {', '.join(sorted(strange))}."
    if now > anchors[-1].ends + LATE:
        yield f"Nothing was anchored since {anchors[-1].day}."


async def _compare(connection: Any, found: Found, fact: Fact, by_law: set[bytes]) -> None:
    rows = _leaves(connection, fact)
    row = await anext(rows, None)
    for anchor in found.anchors:
        there = set()
        while row and row[0] < anchor.ends:
            there.add(row[1])
            row = await anext(rows, None)
        kept: bytes = await connection.fetchval(_KEPT, anchor.day, fact.kind) or b""
        if (root(kept) if kept else None) != anchor.facts.get(fact.kind):
            found.faults.append(f"{anchor.days}: {fact.kind}: the hashes that were anchored are others now.")
            continue
        anchored = {kept[at : at + LEAF] for at in range(0, len(kept), LEAF)}
        gone, added = anchored - there, there - anchored
        lawful = gone & by_law
        found.facts += len(anchored)
        found.removed += len(lawful)
        missing, changed = len(gone) - len(lawful), min(len(gone) - len(lawful), len(added))
        told = {"changed": changed, "added afterwards": len(added) - changed, "missing": missing - changed}
        if words := ", ".join(f"{n} {what}" for what, n in told.items() if n):
            found.faults.append(f"{anchor.days}: {fact.kind}: {words}.")
    while row:
        found.waiting += 1
        row = await anext(rows, None)


async def _leaves(connection: Any, fact: Fact) -> AsyncIterator[tuple[datetime, bytes]]:
    sql = f"SELECT {fact.moment}, salt, ROW({fact.columns})::text FROM app.{fact.table} "
    sql += f"WHERE {fact.moment} IS NOT NULL AND {fact.where} ORDER BY {fact.moment}"
    async for at, salt, told in connection.cursor(sql, prefetch=1000):
        yield at, sha256(f"{fact.kind} {salt} {told}".encode()).digest()


def _told(found: Found) -> Iterable[str]:
    if found.anchors:
        first, last = found.anchors[0], found.anchors[-1]
        yield f"anchors  {len(found.anchors)}, of {first.day} (anchored at {first.anchored_at}) to {last.day}"
    yield f"facts    {found.facts}; {found.removed} of them were removed by law since, and {found.waiting} more wait"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.verify_audit", description="Verify the audit.")
    whose = parser.add_mutually_exclusive_group(required=True)
    whose.add_argument("--key", action="append", help="a public key in base64; may be given again")
    whose.add_argument("--server", help="the address of a house, asked for its receiptKeys")
    parser.add_argument("--held", type=Path, metavar="FILE", help="an anchor that was handed out")
    asked = as_owner(parser, arguments)
    try:
        keys = asked.key or keys_of(asked.server)
        held = said(asked.held) if asked.held else None
        found = asyncio.run(verify(asked.owner_url, keys, datetime.now(UTC), held))
    except (Unverified, Hindrance, asyncpg.PostgresError) as reason:
        print(f"NOT VERIFIED: {reason}")
        return 1
    print("NOT VERIFIED:" if found.faults else "VERIFIED: every fact is as it was anchored, and the chain is whole.")
    print("\n".join([*found.faults, *_told(found)]))
    return 1 if found.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
