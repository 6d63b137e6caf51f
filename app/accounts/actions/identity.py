"""How somebody who is nobody yet becomes a person: by presenting what only that person holds."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import String, cast, insert, literal, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from app.accounts import reads
from app.accounts.models import Identity, IdentityKind, Person, Standing
from app.core.db import Session
from app.core.ids import new_id
from app.core.sealing import KeyProvider, digest, open_bytes, seal_bytes

_PRESENT = text("SELECT set_config('app.presented', :digests, true)")
_BECOME = text("SELECT set_config('app.person', :person, true)")


async def present(session: Session, *digests: bytes) -> None:
    """Show rows that carry one of these digests, and no longer those presented before."""
    await session.rows(_PRESENT, {"digests": ",".join(one.hex() for one in digests)})


async def become(session: Session, person: UUID) -> None:
    """Go on in the name of `person`: only after a secret that is theirs alone was verified."""
    await session.rows(_BECOME, {"person": str(person)})
    session.info["person"] = person


def digest_of(keys: KeyProvider, kind: IdentityKind, name: str) -> bytes:
    """By what an openid or a number (E.164) is found."""
    return digest(keys.secret("identity-digest"), f"{kind}|{name}")


async def add_identity(
    session: Session, keys: KeyProvider, person: UUID, kind: IdentityKind, name: str, now: datetime
) -> bool:
    """Give the person another name; False where somebody bears it already. The digest must be presented."""
    row = _row(keys, person, kind, name, now)
    return bool((await session.rows(upsert(Identity).inline().values(row).on_conflict_do_nothing())).rowcount)


async def person_known_by(session: Session, keys: KeyProvider, kind: IdentityKind, name: str, now: datetime) -> UUID:
    """Whose name this is, a new person's if it was nobody's; the session goes on as that person."""
    found = digest_of(keys, kind, name)
    await present(session, found)
    person = await reads.whose(session, kind, found)
    if person is None:
        newcomer = new_id()
        await become(session, newcomer)
        if await _welcome(session, _row(keys, newcomer, kind, name, now)):
            return newcomer
        # A twin was first: the insert has waited for it, and the next statement sees it.
        person = await reads.whose(session, kind, found)
        assert person is not None
    await become(session, person)
    return person


async def _welcome(session: Session, row: dict[str, object]) -> bool:
    """One statement, name first: whoever loses the race for the name leaves no nameless person behind.

    The foreign key is checked at its end, when both rows are there.
    """
    named = (
        upsert(Identity).values(row).on_conflict_do_nothing().returning(reads.I.c.person, reads.I.c.since).cte("named")
    )
    person = select(named.c.person, cast(literal(Standing.ACTIVE.value), String), named.c.since)
    both = insert(Person).inline().from_select(["id", "standing", "created_at"], person)
    return bool((await session.rows(both)).rowcount)


def place_of(kind: IdentityKind, known: bytes) -> str:
    """What a sealed name is bound to."""
    return f"identity|{kind}|{known.hex()}"


def opened(keys: KeyProvider, kind: str, known: bytes, sealed: bytes) -> str:
    """The openid, number or login that lies sealed under that digest."""
    return open_bytes(keys.secret("identity"), sealed, place_of(IdentityKind(kind), known)).decode()


def _row(keys: KeyProvider, person: UUID, kind: IdentityKind, name: str, now: datetime) -> dict[str, object]:
    known = digest_of(keys, kind, name)
    sealed = seal_bytes(keys.secret("identity"), name.encode(), place_of(kind, known))
    return {"kind": kind.value, "digest": known, "person": person, "sealed": sealed, "since": now}
