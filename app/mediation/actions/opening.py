"""Registering: the case is opened, with a record that both sides share and one of each. Where nobody applied, a
mediator offers it (人民调解法第十七条)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import insert

from app.accounts.models import Duty
from app.accounts.reads import post
from app.applications.actions import moving
from app.applications.actions.beginning import begin
from app.applications.models import ApplicationKind, Move
from app.applications.reads import applications, takes
from app.applications.rules.acting import INSTITUTION_UNFIT, Act
from app.core.access import Viewer
from app.core.db import Session, one_at_a_time
from app.core.errors import NOT_FOUND, refuse
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.sealing import KeyProvider, new_key
from app.mediation import reads
from app.mediation.models import Mediation
from app.mediation.rules.inviting import NO_MEDIATORS_POST
from app.vault.actions.files import attach
from app.vault.actions.keys import keep_keys

FILES = "case.materials"


async def register(session: Session, viewer: Viewer, keys: KeyProvider, said: Act, key: str, now: datetime) -> UUID:
    """The application's id. What is to be opened is opened first: the step asks for it."""
    await one_at_a_time(session, f"application {said.application}")
    found = await applications(session, viewer, [said.application])
    if not found or found[0].kind != ApplicationKind.MEDIATION:
        raise refuse(NOT_FOUND, moving.FIELD)
    if not await reads.of_applications(session, viewer, [said.application]):
        await moving.may(session, viewer, found[0], said.move, now)
        row: dict[str, Any] = {"id": new_id(), "application": said.application, "opened_at": now}
        row |= {"applicant_side": new_id(), "respondent_side": new_id()}
        await session.rows(insert(Mediation).inline().values(row))
        subjects = (row["id"], row["applicant_side"], row["respondent_side"])
        await keep_keys(session, keys, {subject: new_key() for subject in subjects})
    return await moving.act(session, viewer, keys, said, key, now)


class Offered(BaseModel):
    """What a mediator offers: `form` as it is sealed."""

    form: str = Field(repr=False)
    files: list[UUID]


async def offer(session: Session, viewer: Viewer, keys: KeyProvider, said: Offered, key: str, now: datetime) -> UUID:
    """The application's id, registered at the viewer's committee; the same for a repeat. The caller has looked at the
    form."""
    id = new_id()
    if known := await once(session, keys.secret("idempotency"), key, said, "openMediation", id):
        return known
    held = await post(session, viewer)
    if held is None or held.duty not in (Duty.MEDIATOR, Duty.SUPERVISOR):
        raise refuse(NO_MEDIATORS_POST)
    if not await takes(session, held.institution, ApplicationKind.MEDIATION):
        raise refuse(INSTITUTION_UNFIT)
    about: dict[str, Any] = {"id": id, "kind": ApplicationKind.MEDIATION, "applicant": None, "delegation": None}
    about |= {"institution": held.institution}
    begun = await begin(session, viewer, keys, about, said.form, now, move=Move.OFFER_MEDIATION)
    hung: dict[str, Any] = {"subject": id, "key": begun.key, "part": id, "from_owner": False, "now": now}
    await attach(session, viewer, keys, said.files, **hung, field=FILES, identity=begun.form.identity_files())
    return await register(session, viewer, keys, Act(move=Move.REGISTER, application=id), f"offer-{id}", now)
