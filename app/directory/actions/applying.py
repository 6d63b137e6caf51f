"""A lawyer applies; an administrator checks and decides; what she sent is destroyed some time after that.

What is said is sealed under the application's own key, and so are the pictures of her licence. An administrator is
given it by checking it, one at a time, and the ledger tells the applicant.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.accounts.actions import offices
from app.accounts.reads import readiness
from app.accounts.rules.consenting import against_keeping
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, Reason, because, refuse, refuse_if
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.retention import terms
from app.core.sealing import KeyProvider, digest, new_key, open_bytes, seal, seal_bytes, unseal
from app.directory.actions.register import BY_APPLICATION, register_lawyers
from app.directory.events import ApplicationAged, ApplicationDecided, LawyerApplied
from app.directory.models import ApplicationState, Firm, Lawyer, LawyerApplication
from app.directory.reads import F
from app.directory.reads import applying as reads
from app.directory.rules import applying as rules
from app.directory.rules.applying import Application
from app.directory.rules.licence import Licence, licence_of, pool_of, practising_since
from app.outside.inspecting.kinds import Kind
from app.vault.actions import files
from app.vault.actions.keys import keep_keys, release
from app.vault.reads.files import kinds_of

A = reads.A
PICTURES = "pictures"
TITLE = "律师"


class _Applied(BaseModel):
    said: Application
    pictures: list[UUID]


class _Decided(BaseModel):
    application: UUID
    approve: bool
    reason: str


async def apply(
    session: Session,
    viewer: Viewer,
    keys: KeyProvider,
    said: Application,
    pictures: list[UUID],
    key: str,
    now: datetime,
) -> UUID:
    """The application's id. Two indexes let one person have one open, and one licence be in one."""
    refuse_if([*rules.against_application(said, now), *_against_none(pictures)])
    refuse_if(list(against_keeping(await readiness(session, viewer.id))))
    said, id = said.tidied(), new_id()
    applied = _Applied(said=said, pictures=pictures)
    if known := await once(session, keys.secret("idempotency"), key, applied, "applyAsLawyer", id):
        return known
    refuse_if(await _against_entering(session, viewer.id, said.licence, "licence"))
    if await reads.made_since(session, viewer, now - rules.DAY) >= rules.A_DAY:
        raise refuse(rules.APPLIED_OFTEN, limit=rules.A_DAY)
    own = new_key()
    row: dict[str, Any] = {"id": id, "person": viewer.id, "state": ApplicationState.OPEN, "made_at": now}
    row["licence"] = digest(keys.secret("lawyer licences"), said.licence)
    row["body"] = seal(own, said.model_dump_json(), "lawyer_application", "body", id)
    made = await session.rows(insert(LawyerApplication).inline().values(row).on_conflict_do_nothing())
    if not made.rowcount:
        if await reads.has_open(session, viewer):
            raise refuse(rules.APPLIED_ALREADY)
        raise refuse(rules.LICENCE_APPLIED, "licence")
    # After the application: the policies of `key` and `file` ask for the reader that a trigger has made by now.
    await keep_keys(session, keys, {id: own})
    hung: dict[str, Any] = {"subject": id, "part": id, "key": own, "from_owner": True, "now": now, "field": PICTURES}
    await files.attach(session, viewer, keys, pictures, **hung)
    if set(await kinds_of(session, id)) != {Kind.PICTURE}:
        raise refuse(rules.NOT_A_PICTURE, PICTURES)
    await emit(session, LawyerApplied(application=id))
    return id


async def withdraw(session: Session, viewer: Viewer, application: UUID, now: datetime) -> None:
    """She takes it back; all that she sent is destroyed at once. Twice changes nothing."""
    row = await _found(session, viewer, application)
    if row.person != viewer.id:
        raise refuse(NOT_FOUND, "applicationId")
    if row.state == ApplicationState.WITHDRAWN:
        return
    ended = {"state": ApplicationState.WITHDRAWN, "decided_at": now, "keep_until": now}
    hers = A.c.id == application, A.c.person == viewer.id, A.c.state == ApplicationState.OPEN
    if (await session.rows(update(LawyerApplication).where(*hers).values(**ended))).rowcount:
        await emit(session, ApplicationAged(application=application))
    elif (await _found(session, viewer, application)).state != ApplicationState.WITHDRAWN:
        raise refuse(rules.APPLICATION_DECIDED, "applicationId")


async def check(session: Session, viewer: Viewer, application: UUID) -> None:
    """From now on she reads it, and who checked it before does no longer. Twice changes nothing."""
    await _line_up(session, viewer, application)
    free = A.c.id == application, A.c.state == ApplicationState.OPEN
    if not (await session.rows(update(LawyerApplication).where(*free).values(checker=viewer.id))).rowcount:
        raise refuse(rules.APPLICATION_DECIDED, "applicationId")


async def decide(
    session: Session,
    viewer: Viewer,
    keys: KeyProvider,
    application: UUID,
    approve: bool,
    reason: str,
    key: str,
    now: datetime,
) -> UUID:
    """The application's id. Who is approved stands in the directory and is a lawyer. Only who checks it decides."""
    decided = _Decided(application=application, approve=approve, reason=reason)
    if known := await once(session, keys.secret("idempotency"), key, decided, "decideLawyerApplication", application):
        return known
    row = await _line_up(session, viewer, application)
    if row.state != ApplicationState.OPEN:
        raise refuse(rules.APPLICATION_DECIDED, "applicationId")
    if row.checker != viewer.id:
        raise refuse(rules.CHECK_FIRST, "applicationId")
    said = await _said(session, viewer, keys, row)  # before its reading ends with the decision
    keep_until = now + (await terms(session)).licence
    state = ApplicationState.APPROVED if approve else ApplicationState.REFUSED
    end = {"state": state, "decided_at": now, "keep_until": keep_until}
    end["reason"] = seal_bytes(keys.secret("lawyer-application"), reason.strip().encode(), _place(application))
    mine = A.c.id == application, A.c.checker == viewer.id, A.c.state == ApplicationState.OPEN
    if not (await session.rows(update(LawyerApplication).where(*mine).values(**end))).rowcount:
        raise refuse(rules.APPLICATION_DECIDED, "applicationId")
    if approve:
        await _enter(session, row.person, said, viewer.id, now)
        await offices.admit(session, keys, viewer, row.person, reason, now)
    await emit(session, ApplicationDecided(application=application, approved=approve))
    await emit(session, ApplicationAged(application=application), at=keep_until)
    return application


async def forget(session: Session, application: UUID, now: datetime) -> None:
    """For the worker: destroy what was kept long enough; look again later at what is kept for longer."""
    if (await session.rows(select(func.door.forget_application(application)))).scalar_one():
        await files.erase(session, application)
    elif (row := await reads.whose(session, application)) is not None and row.keep_until is not None:
        await emit(session, ApplicationAged(application=application), at=max(row.keep_until, now + rules.AGAIN))


async def give_up(session: Session, person: UUID) -> None:
    """For the worker: whatever somebody sent who closes her account."""
    given_up = (await session.rows(select(func.door.give_up_applications(person)))).scalar_one()
    for application in given_up:
        await files.erase(session, application)


def reason_of(keys: KeyProvider, row: Any) -> str | None:
    """Why it was decided so, for those who may read the row."""
    if row.reason is None:
        return None
    return open_bytes(keys.secret("lawyer-application"), row.reason, _place(row.id)).decode()


def opened(key: bytes, row: Any) -> Application:
    return Application.model_validate_json(unseal(key, row.body, "lawyer_application", "body", row.id))


async def _found(session: Session, viewer: Viewer, application: UUID) -> Any:
    found = await reads.applications(session, viewer, [application])
    if not found:
        raise refuse(NOT_FOUND, "applicationId")
    return found[0]


async def _line_up(session: Session, viewer: Viewer, application: UUID) -> Any:
    """The application as it stands once nobody else decides about people; refuses her own, and like `offices` whoever
    is no administrator any more."""
    row = await _found(session, viewer, application)
    await offices.stands(session, viewer, row.person, "applicationId")
    return await _found(session, viewer, application)


async def _said(session: Session, viewer: Viewer, keys: KeyProvider, row: Any) -> Application:
    key = (await release(session, keys, viewer, [row.id])).get(row.id)
    if key is None:
        raise refuse(rules.CHECK_FIRST, "applicationId")
    return opened(key, row)


async def _enter(session: Session, person: UUID, said: Application, by: UUID, now: datetime) -> None:
    licence = licence_of(said.licence)
    assert licence is not None  # it was looked at when she applied
    refuse_if(await _against_entering(session, person, said.licence))
    row: dict[str, Any] = {"id": person, "licence": licence.number, "title": TITLE, "name": said.name}
    row |= {"firm": await _firm(session, said, licence), "pool": pool_of(licence, said.division)}
    row |= {"specialties": said.specialties, "divisions": [said.division] if said.division else []}
    row |= {"languages": said.languages, "gender": licence.gender, "introduction": said.introduction}
    row["practising_since"] = practising_since(licence)
    entered = await session.rows(insert(Lawyer).inline().values(row).on_conflict_do_nothing())
    if not entered.rowcount:  # the directory's keepers were quicker
        raise refuse(rules.LICENCE_KNOWN)
    await register_lawyers(session, now, by, BY_APPLICATION, person)


async def _firm(session: Session, said: Application, licence: Licence) -> UUID:
    """The firm of that name in that province; one that is not known yet is entered too. Decisions stand in one line, so
    that none is entered twice."""
    known = select(F.c.id).where(F.c.name == said.firm, F.c.province == licence.province).order_by(F.c.id).limit(1)
    firm: UUID | None = (await session.rows(known)).scalar()
    if firm is None:
        firm = new_id()
        row = {"id": firm, "name": said.firm, "division": said.division or "", "province": licence.province}
        await session.rows(insert(Firm).inline().values(row))
    return firm


async def _against_entering(session: Session, person: UUID, licence: str, field: str | None = None) -> list[Reason]:
    there = await reads.entered(session, person, licence)
    if any(row.id == person for row in there):
        return [because(rules.LAWYER_ALREADY)]
    return [because(rules.LICENCE_KNOWN, field)] if there else []


def _against_none(pictures: list[UUID]) -> list[Reason]:
    return [] if pictures else [because(rules.NOT_A_PICTURE, PICTURES)]


def _place(application: UUID) -> str:
    return f"lawyer_application|reason|{application}"
