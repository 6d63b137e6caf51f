"""An adviser logs what she did; somebody of the village makes the code that shows that she was there."""

from datetime import datetime, timedelta
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.dialects.postgresql import insert

from app.accounts.actions.identity import present
from app.accounts.actions.trying import Counted, count, succeeded
from app.accounts.reads import village_of
from app.advisers.models import AdviserService, VisitCode
from app.advisers.reads import services as reads
from app.advisers.rules import services as rules
from app.advisers.rules.services import Said, Term
from app.core.access import Viewer
from app.core.db import Session, one_at_a_time
from app.core.errors import Code, refuse, refuse_if
from app.core.idempotency import known, once
from app.core.ids import new_id
from app.core.sealing import KeyProvider, digest
from app.directory.reads.placing import metres
from app.directory.reads.points import chord_to_village

DAY = timedelta(days=1)
_SECRET = "visit-code"


class _Wanted(BaseModel):
    division: str


async def make_code(session: Session, viewer: Viewer, keys: KeyProvider, key: str, now: datetime) -> UUID:
    """For the village that she says is hers. The same key gives the same code again."""
    division = await village_of(session, viewer)
    if division is None:
        raise refuse(rules.NO_VILLAGE_SAID)
    said, secret = _Wanted(division=division), keys.secret("idempotency")
    await one_at_a_time(session, f"visit code {viewer.id}")
    if before := await known(session, secret, key, said, "createVisitCode"):
        return before
    if await reads.codes_since(session, viewer, now - DAY) >= rules.CODES_A_DAY:
        raise refuse(rules.CODES_FULL, limit=rules.CODES_A_DAY)
    made = 0
    while not made:  # until digits that stand for no other code of this village
        id = new_id()
        told = _digest(keys, division, digits(keys, id))
        row = {"id": id, "division": division, "maker": viewer.id, "code": told, "used_at": None}
        row |= {"made_at": now, "expires_at": now + rules.LIFE}
        made = (await session.rows(insert(VisitCode).inline().values(row).on_conflict_do_nothing())).rowcount
    await once(session, secret, key, said, "createVisitCode", id)
    return id


def digits(keys: KeyProvider, id: UUID) -> str:
    return rules.digits_of(keys.secret(_SECRET), id)


def _digest(keys: KeyProvider, division: str, digits: str) -> bytes:
    return digest(keys.secret(_SECRET), f"{division}|{digits}")


def tries(keys: KeyProvider, viewer: Viewer, address: str) -> Counted:
    """Under which an adviser's tries of codes are counted."""
    return Counted(keys, f"visit|{viewer.id}", address)


async def count_try(session: Session, counted: Counted, now: datetime) -> None:
    """In a transaction of its own, before the code is looked at. Refuses TRY_LATER."""
    await present(session, *counted.digests)
    await count(session, counted, now)


async def log(
    session: Session, viewer: Viewer, keys: KeyProvider, said: Said, key: str, now: datetime, counted: Counted | None
) -> UUID:
    """The entry's id. Refuses what is not in a term of hers in that village, and what nothing shows to have been so."""
    id = new_id()
    refuse_if(list(rules.against_service(said, now)))
    if before := await once(session, keys.secret("idempotency"), key, said, "logAdviserService", id):
        return before
    terms = [Term(*row) for row in await reads.terms_in(session, viewer, said.division)]
    term = rules.term_at(terms, said.at)
    if isinstance(term, Code):
        raise refuse(term, "divisionCode" if term is rules.NOT_YOUR_VILLAGE else "at")
    row = {"id": id, "term": term.id, "adviser": viewer.id, "kind": said.kind, "at": said.at, "people": said.people}
    row |= await _shown(session, viewer, keys, said, now) | {"logged_at": now}
    if not (await session.rows(insert(AdviserService).inline().values(row).on_conflict_do_nothing())).rowcount:
        raise refuse(rules.VISIT_CODE_USED, "code")  # by whoever was first of those at once
    if counted is not None:
        await present(session, *counted.digests)
        await succeeded(session, counted)
    return id


async def _shown(
    session: Session, viewer: Viewer, keys: KeyProvider, said: Said, now: datetime
) -> dict[str, int | UUID | None]:
    """How far she was from the village, or whose code says that she was there. Where she was is not kept."""
    if said.spot is not None:
        chord = await chord_to_village(session, said.division, said.spot)
        far = None if chord is None else metres(chord)
        refuse_if(list(rules.against_distance(far)))
        return {"metres": far, "code": None}
    told = _digest(keys, said.division, said.code or "")
    await present(session, told)
    code = await reads.code_told(session, told)
    if code is None:
        raise refuse(rules.VISIT_CODE_WRONG, "code")
    refuse_if(list(rules.against_code(code.maker == viewer.id, code.used_at is not None, code.expires_at, now)))
    return {"metres": None, "code": code.id}
