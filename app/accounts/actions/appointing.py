"""What only the owner's scripts may do: make people what they are beyond residents."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert as upsert

from app.accounts.actions.identity import person_known_by
from app.accounts.models import IdentityKind, RoleHeld
from app.accounts.rules.said import telephone
from app.core.access import Role
from app.core.db import Session, now
from app.core.sealing import KeyProvider


async def appoint(session: Session, keys: KeyProvider, phone: str, roles: Iterable[Role]) -> UUID:
    """The person who signs in with this number, holding these roles from now on. Twice makes no difference.

    Runs as the owner of the tables: nobody else may write `role_held`. Refuses BAD_PHONE.
    """
    moment = now(session)
    person = await person_known_by(session, keys, IdentityKind.SMS, telephone(phone), moment)
    rows = [{"person": person, "role": role.value, "since": moment} for role in roles if role is not Role.RESIDENT]
    if rows:
        await session.rows(upsert(RoleHeld).inline().on_conflict_do_nothing(), rows)
    return person
