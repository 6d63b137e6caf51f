"""The staff appoint advisers and end their terms. Whatever is written is written down: a trigger makes its history."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from app.advisers import reads
from app.advisers.actions.alerts import watch
from app.advisers.models import AdviserTerm
from app.advisers.reads import T
from app.advisers.rules import terms as rules
from app.advisers.rules.terms import Appointment
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, Reason, Refused, refuse, refuse_if
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.sealing import KeyProvider
from app.directory.rules.register import CHANGED_MEANWHILE, against_why


class _Appointed(BaseModel):
    said: Appointment
    reason: str


async def appoint(
    session: Session, viewer: Viewer, keys: KeyProvider, said: Appointment, reason: str, key: str, now: datetime
) -> UUID:
    """The term's id. A village has one adviser at a time: refuses VILLAGE_HAS_ADVISER."""
    id = new_id()
    refuse_if([*rules.against_appointment(said, now), *against_why(reason)])
    appointed = _Appointed(said=said, reason=reason)
    if known := await once(session, keys.secret("idempotency"), key, appointed, "appointAdviser", id):
        return known
    worker = await reads.worker_of(session, viewer, said.worker)
    if worker is None:
        raise refuse(NOT_FOUND, "legalWorkerId")
    account = said.account is not None
    refuse_if(list(rules.against_worker(worker.kind, worker.standing, worker.verified_at, account, now)))
    row = {"id": id, "division": said.division, "worker": said.worker, "person": said.account}
    row |= {"since": said.since, "until": said.until, "contract": said.contract.strip(), "source": said.source.strip()}
    signed = {"version": 1, "changed_at": now, "changed_by": viewer.id, "reason": reason.strip()}
    made = insert(AdviserTerm).inline().values(row | signed).on_conflict_do_nothing()
    if not (await session.rows(made)).rowcount:
        raise refuse(rules.VILLAGE_HAS_ADVISER, "since")
    await watch(session, id, now)
    return id


async def end(session: Session, viewer: Viewer, id: UUID, version: int, last: date, reason: str, now: datetime) -> None:
    """`last` is its last day. The same again changes nothing."""
    refuse_if(against_why(reason))
    found = await reads.by_ids(session, viewer, [id])
    if not found:
        raise refuse(NOT_FOUND, "termId")
    (term,) = found
    until = rules.ending(term.since, term.until, last, now)
    if isinstance(until, Reason):
        raise Refused(until)
    if term.version != version:
        raise refuse(CHANGED_MEANWHILE, "version")
    if until == term.until:
        return
    signed = {"version": version + 1, "changed_at": now, "changed_by": viewer.id, "reason": reason.strip()}
    ended = update(T).where(T.c.id == id, T.c.version == version).values({"until": until} | signed)
    if not (await session.rows(ended)).rowcount:
        raise refuse(CHANGED_MEANWHILE, "version")
