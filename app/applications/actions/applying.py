"""Applying: what is written becomes an application, with its first step."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from app.accounts.reads import elder_of, readiness
from app.accounts.rules.consenting import against_keeping
from app.applications import reads
from app.applications.actions.beginning import AtCounter, begin
from app.applications.actions.drafts import DRAFTS
from app.applications.actions.papering import Stepped, order_papers
from app.applications.models import ApplicationKind, Move
from app.applications.rules.acting import APPLICATIONS_FULL, INSTITUTION_UNFIT
from app.applications.rules.policy import OPEN_MAX
from app.core.access import Viewer
from app.core.db import Session, one_at_a_time
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.sealing import KeyProvider
from app.vault.actions.files import attach


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
        refuse_if(list(against_keeping(await readiness(session, viewer.id), sensitive=True)))
    applicant = await _applicant(session, viewer, said.delegation)
    if not await reads.takes(session, said.institution, said.kind):
        raise refuse(INSTITUTION_UNFIT, "institutionId")
    # Two of one person at once would each not see the other and pass the most there may be together.
    await one_at_a_time(session, f"apply {applicant}")
    if await reads.open_ones(session, viewer, applicant) >= OPEN_MAX:
        raise refuse(APPLICATIONS_FULL, limit=OPEN_MAX)
    about = {"id": id, "kind": said.kind, "applicant": applicant, "delegation": said.delegation}
    begun = await begin(session, viewer, keys, about | {"institution": said.institution}, said.form, now, counter)
    form, own = begun.form, begun.key
    hung: dict[str, Any] = {"subject": id, "key": own, "part": id, "from_owner": True, "now": now}
    await attach(
        session, viewer, keys, said.files, **hung, field=f"{form.AT}.{form.FILES}", identity=form.identity_files()
    )
    if said.draft is not None:
        await DRAFTS.become(session, viewer, said.draft, id, now)
    made = Stepped(begun.row, begun.step, Move.SUBMIT, said.form, None, begun.due)
    await order_papers(session, keys, own, made, now)
    return id


async def _applicant(session: Session, viewer: Viewer, delegation: UUID | None) -> UUID:
    if delegation is None:
        return viewer.id
    elder = await elder_of(session, viewer, delegation)
    if elder is None:
        raise refuse(NOT_FOUND, "onBehalfOf")
    return elder
