"""Applying: what is written becomes an application, with its first step."""

import secrets
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import insert

from app.accounts.reads import elder_of, readiness
from app.accounts.rules.consenting import against_keeping
from app.applications import reads
from app.applications.actions import drafts
from app.applications.actions.moving import write
from app.applications.actions.papering import Stepped, order_papers
from app.applications.models import FOREVER, Application, ApplicationKind, ApplicationState, Move
from app.applications.rules.acting import APPLICATIONS_FULL, INSTITUTION_UNFIT
from app.applications.rules.forms import read
from app.applications.rules.machine import MACHINES
from app.applications.rules.policy import OPEN_MAX
from app.core.access import Viewer
from app.core.db import Session, one_at_a_time
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.sealing import KeyProvider, new_key, seal
from app.places.rules.workdays import CITY_TIME, today
from app.screening.rules.parties import party_digest
from app.vault.actions.files import attach
from app.vault.actions.keys import keep_keys

PARTIES: Final = "parties"
"""The secret under which names of opponents and of lawyers' clients meet: that of the consultation."""
_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without what is mistaken for something else when it is read aloud."""


class AtCounter(BaseModel):
    """At a window: by which statement, and in which words it was said."""

    statement: UUID
    words: str


class Applied(BaseModel):
    """What is applied for: `form` as it is sealed."""

    kind: ApplicationKind
    institution: UUID
    delegation: UUID | None
    draft: UUID | None
    form: str
    files: list[UUID]


async def submit(
    session: Session,
    viewer: Viewer,
    keys: KeyProvider,
    said: Applied,
    key: str,
    now: datetime,
    counter: AtCounter | None = None,
) -> UUID:
    """The application's id; the same one for a repeat with the same key. The caller has looked at the form."""
    id = new_id()
    if known := await once(session, keys.secret("idempotency"), key, said, "submitApplication", id):
        return known
    if counter is None:  # what the staff agreed to is nothing that she did, who said yes before them
        refuse_if(list(against_keeping(await readiness(session, viewer.id))))
    applicant = await _applicant(session, viewer, said.delegation)
    if not await reads.takes(session, said.institution, said.kind):
        raise refuse(INSTITUTION_UNFIT, "institutionId")
    # Two of one person at once would each not see the other and pass the most there may be together.
    await one_at_a_time(session, f"apply {applicant}")
    if await reads.open_ones(session, viewer, applicant) >= OPEN_MAX:
        raise refuse(APPLICATIONS_FULL, limit=OPEN_MAX)
    form = read(said.kind, said.form)
    own, secret = new_key(), keys.secret(PARTIES)
    sealed = seal(own, said.form, "application", "body", id)
    row: dict[str, Any] = {"id": id, "kind": said.kind, "applicant": applicant, "delegation": said.delegation}
    row |= {"institution": said.institution, "receipt": receipt(now), "submitted_at": now, "moved_at": now}
    row |= {"parties": sorted({party_digest(name, secret) for name in form.opposing()}), "matter": form.matter()}
    row |= {
        "urgent": form.hastens(today(now)),
        "state": ApplicationState.NEW,
        "seq": 0,
        "body": sealed,
    }
    await session.rows(insert(Application).inline().values(row))
    await keep_keys(session, keys, {id: own})
    line = MACHINES[said.kind].row(Move.SUBMIT, ApplicationState.NEW)
    assert line is not None
    fresh = _Fresh(id=id, kind=said.kind, seq=0, institution=said.institution, receipt=row["receipt"], submitted_at=now)
    step: dict[str, Any] = {"id": new_id(), "actor": viewer.id, "body": sealed}
    if counter is not None:
        step["counter"] = counter.statement
        step["reason"] = seal(own, counter.words, "application_step", "reason", step["id"])
    due = await write(session, fresh, line, step, [], now)
    hung: dict[str, Any] = {"subject": id, "key": own, "part": id, "from_owner": True, "now": now}
    await attach(
        session, viewer, keys, said.files, **hung, field=f"{form.AT}.{form.FILES}", identity=form.identity_files()
    )
    if said.draft is not None:
        await drafts.sent(session, viewer, said.draft, id, now)
    made = Stepped(fresh, step["id"], Move.SUBMIT, said.form, None, due)
    await order_papers(session, keys, own, made, now)
    return id


class _Fresh(BaseModel):
    """A row that has made no step."""

    id: UUID
    kind: ApplicationKind
    seq: int
    institution: UUID
    receipt: str
    submitted_at: datetime
    clock: None = None
    clock_since: None = None
    due_at: datetime = FOREVER


def receipt(now: datetime) -> str:
    """What is told on the telephone: the day in the city, and eight letters and digits by chance."""
    return f"{now.astimezone(CITY_TIME):%Y%m%d}-" + "".join(secrets.choice(_ALPHABET) for _ in range(8))


async def _applicant(session: Session, viewer: Viewer, delegation: UUID | None) -> UUID:
    if delegation is None:
        return viewer.id
    elder = await elder_of(session, viewer, delegation)
    if elder is None:
        raise refuse(NOT_FOUND, "onBehalfOf")
    return elder
