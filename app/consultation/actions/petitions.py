"""What residents ask of supervisors: sealed under a key of its own, which opens nothing else."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.dialects.postgresql import insert

from app.consultation.actions import life
from app.consultation.events import PetitionMade
from app.consultation.models import Petition, PetitionKind, PetitionState, QuestionStatus
from app.consultation.rules import petitions as rules
from app.consultation.rules.dispatch import QUESTION_CLOSED
from app.consultation.rules.petitions import Appeal, Callback
from app.consultation.rules.promise import QuestionEventKind
from app.core import feed
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import Code, refuse, refuse_if
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.sealing import KeyProvider, new_key, seal, unseal
from app.directory.reads.opening import calendar
from app.places.rules import add_workdays
from app.vault.actions.keys import keep_keys, release


class _Callback(BaseModel):
    question: UUID
    said: Callback


class _Appeal(BaseModel):
    question: UUID
    text: str
    disclose: bool


async def request_callback(
    session: Session, viewer: Viewer, keys: KeyProvider, question: UUID, wanted: Callback, key: str, now: datetime
) -> UUID:
    """The petition's id. Refuses what is no telephone of a person, a bad window, and a second one while one is open."""
    if reasons := rules.against_callback(wanted):
        refuse_if([*reasons, *rules.against_window(wanted, now)])
    id, said = new_id(), _Callback(question=question, said=wanted)
    if known := await once(session, keys.secret("idempotency"), key, said, "requestCallback", id):
        return known
    refuse_if(rules.against_window(wanted, now))
    row = await life.held(session, viewer, question)
    if row.status != QuestionStatus.OPEN:
        raise refuse(QUESTION_CLOSED, "questionId")
    body, due_at = rules.kept(wanted, now), wanted.window_to
    await _make(session, viewer, keys, id, question, PetitionKind.CALLBACK, body, due_at, now, rules.CALLBACK_OPEN)
    await feed.show(session, QuestionEventKind.CALLBACK_WANTED, subject=question, petition=id)
    return id


async def appeal(
    session: Session,
    viewer: Viewer,
    keys: KeyProvider,
    question: UUID,
    text: str,
    disclose: bool,
    key: str,
    now: datetime,
) -> UUID:
    """The petition's id. Only where the asker says so does the supervisor read what she had asked."""
    refuse_if(rules.against_appeal(text))
    id, said = new_id(), _Appeal(question=question, text=text, disclose=disclose)
    if known := await once(session, keys.secret("idempotency"), key, said, "appealBlock", id):
        return known
    row = await life.held(session, viewer, question)
    if row.status != QuestionStatus.BLOCKED:
        raise refuse(rules.NOT_BLOCKED, "questionId")
    words = await _words(session, viewer, keys, row) if disclose else None
    body, due_at = Appeal(text=text, question=words), add_workdays(now, rules.APPEAL_DAYS, await calendar(session))
    await _make(session, viewer, keys, id, question, PetitionKind.APPEAL, body, due_at, now, rules.APPEALED_ALREADY)
    return id


async def _words(session: Session, viewer: Viewer, keys: KeyProvider, row: Any) -> str:
    key = (await release(session, keys, viewer, [row.id]))[row.id]
    return unseal(key, row.body, "question", "body", row.id)


async def _make(
    session: Session,
    viewer: Viewer,
    keys: KeyProvider,
    id: UUID,
    question: UUID,
    kind: PetitionKind,
    body: Callback | Appeal,
    due_at: datetime,
    now: datetime,
    made_already: Code,
) -> None:
    """An index lets only one of the kind stand on a question at a time, however many are made at once."""
    key = new_key()
    row = {"id": id, "question": question, "person": viewer.id, "kind": kind, "due_at": due_at, "made_at": now}
    row |= {"body": seal(key, body.model_dump_json(), "petition", "body", id), "state": PetitionState.OPEN}
    made = await session.rows(insert(Petition).inline().values(row).on_conflict_do_nothing())
    if not made.rowcount:
        raise refuse(made_already, "questionId")
    # After the petition: the policy of `key` asks for the readers that a trigger has made by now.
    await keep_keys(session, keys, {id: key})
    await emit(session, PetitionMade(question=question, petition=id, kind=kind, due_at=due_at))
