"""Somebody applies at a counter: what she says is written down, read back and confirmed, and becomes an application
like any other; later she claims it with an account of her own."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import LargeBinary, func, insert, literal, select

from app.accounts.actions.identity import present
from app.accounts.actions.trying import Counted, succeeded
from app.accounts.models import Duty
from app.accounts.reads import post
from app.applications.actions.applying import Applied, submit
from app.applications.actions.beginning import AtCounter
from app.applications.models import FOREVER, ApplicationKind
from app.applications.rules.forms import read
from app.core.access import Viewer
from app.core.db import Session, one_at_a_time
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.idempotency import known, once
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.sealing import KeyProvider, digest, new_key, seal, unseal
from app.vault.actions.keys import keep_keys, release
from app.window import reads
from app.window.events import ForwardNears, ForwardRanOut, StatementOver
from app.window.models import ConfirmedBy, CounterStatement, StatementSource
from app.window.rules.counter import (
    ANOTHER_CONFIRMS,
    CLAIM_CODE_WRONG,
    CONFIRM_FIRST,
    DAY,
    NOT_YOUR_STATEMENT,
    SOON,
    Recorded,
    Statement,
    against_record,
    claim_of,
    due,
    read_claim,
)
from app.window.rules.pickup import NO_WINDOW_POST, midnight

FIELD: Final = "statementId"
_SECRET: Final = "claim-code"


class _Claimed(BaseModel):
    code: str


async def record(session: Session, viewer: Viewer, keys: KeyProvider, said: Recorded, key: str, now: datetime) -> UUID:
    """The statement's id. Of what a detained person sent the 24 hours run from when it was received."""
    refuse_if(list(against_record(said, now)))
    id = new_id()
    if before := await once(session, keys.secret("idempotency"), key, said, "recordAtWindow", id):
        return before
    held = await post(session, viewer)
    if held is None or held.duty != Duty.WINDOW_STAFF:
        raise refuse(NO_WINDOW_POST)
    received = said.received_at or now
    until, own = due(said.source, received), new_key()
    row: dict[str, Any] = {"id": id, "kind": said.kind, "source": said.source, "by_post": said.by_post}
    row |= {"place": held.institution, "clerk": viewer.id, "recorded_at": now, "received_at": received, "due_at": until}
    row["body"] = seal(own, said.said.model_dump_json(), "counter_statement", "body", id)
    await session.rows(insert(CounterStatement).inline().values(row))
    await keep_keys(session, keys, {id: own})
    if until < FOREVER:
        await emit(session, ForwardNears(statement=id), at=until - SOON)
        await emit(session, ForwardRanOut(statement=id, round=0), at=until)
    else:
        await emit(session, StatementOver(statement=id), at=now + DAY)
    return id


async def confirm(session: Session, viewer: Viewer, statement: UUID, how: ConfirmedBy) -> None:
    """By somebody else at the same window, who saw that it was read back and signed. Her repeat changes nothing."""
    row = await _found(session, viewer, statement)
    if row.witness == viewer.id:
        return
    if (await session.rows(select(func.door.confirm_statement(statement, how)))).scalar_one():
        return
    if (await _found(session, viewer, statement)).witness != viewer.id:  # her own, of a moment ago?
        raise refuse(ANOTHER_CONFIRMS, FIELD)


async def apply(
    session: Session,
    viewer: Viewer,
    keys: KeyProvider,
    statement: UUID,
    institution: UUID,
    delegation: UUID | None,
    key: str,
    now: datetime,
) -> None:
    """It becomes an application with that institution; for a detained person, it is forwarded. Twice changes nothing.
    `delegation`: by a code that came to her own telephone; then it is hers at once."""
    await one_at_a_time(session, f"counter {statement}")
    row = await _found(session, viewer, statement)
    if row.clerk != viewer.id and not await _forwards(session, viewer, row):
        raise refuse(NOT_YOUR_STATEMENT, FIELD)
    if row.application is not None:
        return
    if delegation is None and row.source == StatementSource.IN_PERSON and row.confirmed is None:
        raise refuse(CONFIRM_FIRST, FIELD)
    data_key = (await release(session, keys, viewer, [statement])).get(statement)
    if data_key is None or not row.body:
        raise refuse(NOT_FOUND, FIELD)
    said, by = opened(data_key, row), delegation
    if by is None:
        by = row.delegation or (await session.rows(select(func.door.counter_applicant(statement)))).scalar_one()
    form = read(row.kind, said.form)
    applied = Applied(
        kind=ApplicationKind(row.kind),
        institution=institution,
        delegation=by,
        draft=None,
        form=said.form,
        files=form.files(),
    )
    made = await submit(session, viewer, keys, applied, key, now, AtCounter(statement=statement, words=said.words))
    told = None if delegation is not None else _told(keys, claim(keys, statement))
    ending = func.door.counter_applied(statement, made, literal(told, LargeBinary), midnight(now))
    await session.rows(select(ending))
    await emit(session, StatementOver(statement=statement), at=midnight(now))


async def claim_with(
    session: Session, viewer: Viewer, keys: KeyProvider, said: str, key: str, counted: Counted
) -> UUID:
    """The application's id: hers from now on. The try was counted before."""
    letters = read_claim(said)
    if letters is None:
        raise refuse(CLAIM_CODE_WRONG, "code")
    secret, plain = keys.secret("idempotency"), _Claimed(code=letters)
    if before := await known(session, secret, key, plain, "claimApplication"):
        return before
    claiming = func.door.claim_application(literal(_told(keys, letters), LargeBinary))
    id: UUID | None = (await session.rows(select(claiming))).scalar_one()
    if id is None:
        raise refuse(CLAIM_CODE_WRONG, "code")
    await once(session, secret, key, plain, "claimApplication", id)
    await present(session, *counted.digests)
    await succeeded(session, counted)
    return id


def claim_tries(keys: KeyProvider, viewer: Viewer, address: str) -> Counted:
    return Counted(keys, f"claim|{viewer.id}", address)


def claim(keys: KeyProvider, statement: UUID) -> str:
    return claim_of(keys.secret(_SECRET), statement)


def opened(key: bytes, row: Any) -> Statement:
    """What was written down, for who has its key."""
    return Statement.model_validate_json(unseal(key, row.body, "counter_statement", "body", row.id))


def _told(keys: KeyProvider, letters: str) -> bytes:
    return digest(keys.secret(_SECRET), letters)


async def _forwards(session: Session, viewer: Viewer, row: Any) -> bool:
    """What a detained person sent does not wait for who wrote it down: whoever serves at that window forwards it."""
    held = await post(session, viewer)
    serves = held is not None and held.duty == Duty.WINDOW_STAFF and held.institution == row.place
    return serves and row.source != StatementSource.IN_PERSON


async def _found(session: Session, viewer: Viewer, statement: UUID) -> Any:
    found = await reads.statements(session, viewer, [statement])
    if not found:
        raise refuse(NOT_FOUND, FIELD)
    return found[0]
