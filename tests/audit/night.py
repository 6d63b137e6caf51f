"""Nights of a city, and what its audit says the next day."""

from datetime import datetime, timedelta

from app.audit import actions
from app.consultation.rules.receipt import RECEIPT, Receipt, public_key
from app.core.db import NOBODY, now
from app.core.sealing import KeyProvider
from app.vault.actions.rounds import await_night
from scripts.verify_audit import Found, verify
from tests.city import City

DAY = timedelta(days=1)
READ = """INSERT INTO app.access (subject, person, slot, basis, at, part)
    SELECT id, id, 1, :basis, :at, id FROM (SELECT gen_random_uuid() AS id) i"""


async def to_noon(city: City) -> None:
    """The next noon of the city, so that no test runs over an end of a day by chance."""
    now = await city.now()
    await city.turn(timedelta(seconds=(4 * 3600 - now.timestamp()) % 86400))


async def night(city: City, *, days: int = 1) -> None:
    """So many days go by without a night, the last with one."""
    async with city.worker.acting(NOBODY) as session:
        await await_night(session)
    await city.pass_time(days * DAY)


async def reads(city: City, at: datetime | None = None, basis: str = "answered") -> None:
    """Somebody is given a key, as the ledger says."""
    await city.sql(READ, at=at or await city.now(), basis=basis)


async def anchor(city: City) -> None:
    async with city.worker.acting(NOBODY) as session:
        await actions.anchor(session, city.doors[KeyProvider], now(session))


def keys_of(city: City) -> list[str]:
    return [public_key(city.doors[KeyProvider].secret(RECEIPT)).key]


async def looked(city: City, held: Receipt | None = None) -> Found:
    """Raises Unverified where the chain is broken."""
    return await verify(city.urls.owner, keys_of(city), await city.now(), held)


async def faults(city: City, held: Receipt | None = None) -> list[str]:
    return (await looked(city, held)).faults


async def newest(city: City) -> Receipt:
    ((row),) = await city.sql("SELECT document, signature, key_id FROM app.audit_anchor ORDER BY day DESC LIMIT 1")
    return Receipt(*row)
