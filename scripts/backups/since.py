"""What people did after the moment that is brought back, and what must not be undone by it: what they erased stays
erased, who left has left, a consent taken back is taken back, that to a delegate or to a child's asking too, a device
signed out is out, and a legal hold stands.

It is read from the newest state of the same backups, and done again in the earlier one. Texts of every room are erased
by destroying keys: of those that the newest state has no more, the earlier one may have none either.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.accounts.actions import closing
from app.accounts.events import ConsentWithdrawn, GuardianshipEnded
from app.consultation.actions.erasing import erase_again
from app.consultation.models import ErasedWhy
from app.core.access import Viewer
from app.core.db import NOBODY, Database, now
from app.core.errors import Refused
from app.core.outbox import emit
from app.core.sealing import KeyProvider

_LIVING = {
    "key": "SELECT subject FROM app.key",
    "file": "SELECT id FROM app.file WHERE key <> ''",
    "paper": "SELECT id FROM app.paper WHERE state <> 'GONE'",
    "kept_date": "SELECT id FROM app.kept_date",
}
_DESTROY = {
    "key": "DELETE FROM app.key WHERE subject <> ALL ($1::uuid[])",
    "file": "UPDATE app.file SET state = 'GONE', kek = NULL, key = '' WHERE key <> '' AND id <> ALL ($1::uuid[])",
    "paper": "UPDATE app.paper SET state = 'GONE', kek = NULL, wrapped = '', file_key = '', content = '' "
    "WHERE state <> 'GONE' AND id <> ALL ($1::uuid[])",
    # Its keeper would be reminded of it, and could not drop what she does not see.
    "kept_date": "DELETE FROM app.kept_date WHERE id <> ALL ($1::uuid[])",
}
_SAID = {
    "consent": "SELECT * FROM app.consent",
    "delegation": "SELECT id, ended_at, ended_by FROM app.delegation WHERE ended_at IS NOT NULL",
    "guardianship": "SELECT id, ended_at, ended_by FROM app.guardianship WHERE ended_at IS NOT NULL",
    "legal_hold": "SELECT * FROM app.legal_hold",
    "sign_in": "SELECT * FROM app.sign_in WHERE ended_at IS NOT NULL",
}
_SAY_AGAIN = {
    "consent": "INSERT INTO app.consent SELECT said.* FROM said JOIN app.person p ON p.id = said.person "
    "ON CONFLICT DO NOTHING RETURNING person, purpose, turn, given",
    "delegation": "UPDATE app.delegation d SET ended_at = said.ended_at, ended_by = said.ended_by FROM said "
    "WHERE d.id = said.id AND d.ended_at IS NULL RETURNING d.id",
    "guardianship": "UPDATE app.guardianship g SET ended_at = said.ended_at, ended_by = said.ended_by FROM said "
    "WHERE g.id = said.id AND g.ended_at IS NULL RETURNING g.id, g.minor, g.guardian, g.ended_by",
    "legal_hold": "INSERT INTO app.legal_hold SELECT * FROM said "
    "ON CONFLICT (id) DO UPDATE SET lifted_by = excluded.lifted_by, lifted_at = excluded.lifted_at RETURNING id",
    "sign_in": "UPDATE app.sign_in s SET ended_at = said.ended_at, ended_why = said.ended_why FROM said "
    "WHERE s.id = said.id AND s.ended_at IS NULL RETURNING s.id",
}


@dataclass(frozen=True)
class Since:
    at: datetime
    """The last that is known of it."""
    xid: int
    """How far transactions had been counted."""
    living: dict[str, list[UUID]]
    said: dict[str, str]
    """By the table, its rows as JSON."""
    erased: list[Any]
    closed: list[UUID]


async def last_news(connection: Any) -> datetime:
    """When the last thing happened of which people are told: the database knows no better how long it lived."""
    found: datetime = await connection.fetchval("SELECT coalesce(max(at), 'epoch') FROM app.feed")
    return found


async def read(connection: Any) -> Since:
    """What the newest state knows. The connection is its owner's or a superuser's."""
    return Since(
        at=await last_news(connection),
        xid=await connection.fetchval("SELECT pg_current_xact_id()::text::bigint"),
        living={what: [row[0] for row in await connection.fetch(which)] for what, which in _LIVING.items()},
        said={
            what: await connection.fetchval(f"SELECT coalesce(json_agg(s), '[]')::text FROM ({which}) s")
            for what, which in _SAID.items()
        },
        erased=await connection.fetch("SELECT question, why, at FROM app.erasure ORDER BY at"),
        closed=[row[0] for row in await connection.fetch("SELECT person FROM app.closing")],
    )


async def do_again(
    since: Since, connection: Any, api: Database, worker: Database, keys: KeyProvider, *, destroy: bool
) -> Counter[str]:
    """How much of what was done again. `destroy`: whatever it does not hold was destroyed since; another life of the
    city may not have known it."""
    done: Counter[str] = Counter()
    again: dict[str, list[Any]] = {}
    for what, how in _SAY_AGAIN.items():
        said = f"WITH said AS (SELECT * FROM json_populate_recordset(NULL::app.{what}, $1::json)) "
        again[what] = await connection.fetch(said + how, since.said[what])
        done[what] = len(again[what])
    async with worker.acting(NOBODY) as session:
        for event in [*_taken_back(again["consent"]), *_unguarded(again["guardianship"])]:
            await emit(session, event)
    for question, why, at in since.erased:
        async with worker.acting(NOBODY) as session:
            done["question erased"] += await erase_again(session, question, ErasedWhy(why), at)
    known = await connection.fetch(
        "SELECT id FROM app.person WHERE id = ANY ($1) AND id NOT IN (SELECT person FROM app.closing)", since.closed
    )
    for (person,) in known:
        done["account closed" if await _close(api, keys, person) else "account to be closed by hand"] += 1
    for what, how in _DESTROY.items() if destroy else ():
        done[f"{what} destroyed"] = _count(await connection.execute(how, since.living[what]))
    return +done


def _taken_back(said: list[Any]) -> Iterator[ConsentWithdrawn]:
    """What rests on it stops, unless she agreed anew."""
    last = {(row["person"], row["purpose"]): row["given"] for row in sorted(said, key=lambda row: row["turn"])}
    return (ConsentWithdrawn(person=person, purpose=purpose) for (person, purpose), given in last.items() if not given)


def _unguarded(ended: list[Any]) -> Iterator[GuardianshipEnded]:
    for id, minor, guardian, ended_by in ended:
        by = guardian if ended_by == "GUARDIAN" else minor
        yield GuardianshipEnded(guardianship=id, minor=minor, guardian=guardian, by=by)


async def _close(api: Database, keys: KeyProvider, person: UUID) -> bool:
    """False for who holds an office again, which ended after that moment."""
    try:
        async with api.acting(person) as session:
            viewer = Viewer(person, person, frozenset())
            await closing.close(session, viewer, keys, understood=True, now=now(session))
    except Refused:
        return False
    return True


def _count(said: str) -> int:
    """Of rows, from what PostgreSQL says of a statement that is done."""
    return int(said.rpartition(" ")[2])
