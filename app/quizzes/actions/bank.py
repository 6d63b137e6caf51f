"""Questions are written, put right, reviewed by a second person, and retired."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.sealing import KeyProvider
from app.core.texts import against_text
from app.quizzes.models import BankState, QuizQuestion
from app.quizzes.reads import bank as reads
from app.quizzes.reads.bank import Q
from app.quizzes.rules import bank as rules
from app.quizzes.rules.bank import Draft
from app.quizzes.rules.sheets import KNOWN_IN_BANK


async def create(session: Session, viewer: Viewer, keys: KeyProvider, said: Draft, key: str, now: datetime) -> UUID:
    """The question's id; it waits for its review. Of the same words there is one."""
    said, id = rules.tidied(said), new_id()
    refuse_if(list(rules.against_draft(said)))
    if known := await once(session, keys.secret("idempotency"), key, said, "createQuizQuestion", id):
        return known
    if not await add(session, viewer, [(id, said)], now):
        raise refuse(KNOWN_IN_BANK, "stem")
    return id


async def add(session: Session, viewer: Viewer, drafts: list[tuple[UUID, Draft]], now: datetime) -> int:
    """How many went in: those whose words the bank had not."""
    rows = [columns(said) | {"id": id, "author": viewer.id, "made_at": now, "changed_at": now} for id, said in drafts]
    fresh: dict[str, Any] = {"state": BankState.IN_REVIEW, "reason": "", "version": 1}
    fresh |= {"reviewer": None, "reviewed_at": None}
    put = insert(QuizQuestion).inline().values([row | fresh for row in rows]).on_conflict_do_nothing()
    added: int = (await session.rows(put)).rowcount
    return added


def columns(said: Draft) -> dict[str, Any]:
    return said.model_dump(mode="python") | {"options": list(said.options), "answer": list(said.answer)}


async def change(session: Session, viewer: Viewer, id: UUID, version: int, said: Draft, now: datetime) -> None:
    """By its author, while it is not approved; it is reviewed anew."""
    said = rules.tidied(said)
    refuse_if(list(rules.against_draft(said)))
    row = await _found(session, viewer, id)
    if row.author != viewer.id:
        raise refuse(rules.NOT_THE_AUTHOR, "questionId")
    if row.state not in rules.CHANGEABLE or row.version != version:
        raise refuse(rules.QUIZ_QUESTION_STATE, "version")
    if said.stem != row.stem and await reads.known_stems(session, [said.stem]):
        raise refuse(KNOWN_IN_BANK, "stem")
    anew = {"state": BankState.IN_REVIEW, "reviewer": None, "reviewed_at": None, "reason": ""}
    await _lead(session, row, columns(said) | anew | {"changed_at": now})


class _Reviewed(BaseModel):
    question: UUID
    version: int
    approve: bool
    reason: str


async def review(
    session: Session,
    viewer: Viewer,
    keys: KeyProvider,
    id: UUID,
    version: int,
    approve: bool,
    reason: str,
    key: str,
    now: datetime,
) -> None:
    """By another than its author. Who rejects it says why; `version`: as she read it."""
    refuse_if(list(against_text(reason, "reason", 0 if approve else rules.WHY[0], rules.WHY[1])))
    said = _Reviewed(question=id, version=version, approve=approve, reason=reason)
    if await once(session, keys.secret("idempotency"), key, said, "reviewQuizQuestion", id):
        return
    row = await _found(session, viewer, id)
    if row.author == viewer.id:
        raise refuse(rules.OWN_WORK, "questionId")
    if row.state != BankState.IN_REVIEW or row.version != version:
        raise refuse(rules.QUIZ_QUESTION_STATE, "version")
    state = BankState.APPROVED if approve else BankState.REJECTED
    reviewed = {"state": state, "reviewer": viewer.id, "reviewed_at": now, "reason": reason.strip()}
    await _lead(session, row, reviewed | {"changed_at": now})


async def retire(session: Session, viewer: Viewer, id: UUID, now: datetime) -> None:
    """It is drawn no more; who was asked it keeps it."""
    row = await _found(session, viewer, id)
    if row.state == BankState.RETIRED:
        return
    if row.state != BankState.APPROVED:
        raise refuse(rules.QUIZ_QUESTION_STATE, "questionId")
    await _lead(session, row, {"state": BankState.RETIRED, "changed_at": now})


async def _found(session: Session, viewer: Viewer, id: UUID) -> Any:
    rows = await reads.questions(session, viewer, [id])
    if not rows:
        raise refuse(NOT_FOUND, "questionId")
    return rows[0]


async def _lead(session: Session, row: Any, values: dict[str, Any]) -> None:
    """Of fifty who try one does."""
    as_read = Q.c.id == row.id, Q.c.version == row.version
    led = update(Q).where(*as_read).values(values | {"version": row.version + 1})
    if not (await session.rows(led)).rowcount:
        raise refuse(rules.QUIZ_QUESTION_STATE, "version")
