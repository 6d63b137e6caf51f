"""A reviewer marks what was answered, or passes it on; the lawyer replies; and who is to know is told."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import text, update

from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.sealing import KeyProvider, new_key, seal, unseal
from app.notices.actions import tell
from app.notices.models import NoticeKind
from app.quality import reads, rules
from app.quality.events import CheckDone, CheckDue
from app.quality.models import CheckState, QualityCheck, QualityMark
from app.quality.reads import K, M
from app.quality.rules import Mark
from app.vault.actions.keys import release
from app.vault.reads import owners


class Marked(BaseModel):
    check: UUID
    marks: list[Mark]


class Reply(BaseModel):
    mark: UUID
    text: str


_COMPLETE: Final = text("""
SELECT door.complete_check(:asked, CAST(:ids AS uuid[]), CAST(:answers AS uuid[]), CAST(:conclusions AS text[]),
    CAST(:law AS boolean[]), CAST(:steps AS boolean[]), CAST(:plain AS boolean[]), CAST(:deadlines AS boolean[]),
    CAST(:harm AS boolean[]), CAST(:notes AS bytea[]), CAST(:keks AS text[]), CAST(:wrapped AS bytea[]))""")


async def complete(session: Session, viewer: Viewer, keys: KeyProvider, said: Marked, key: str) -> None:
    """Marks all answers at once. Refuses NOT_FOUND, CHECK_OVER, and MARK_EACH where an answer is missing or is marked
    twice."""
    refuse_if(rules.against_marks(said.marks))
    if await once(session, keys.secret("idempotency"), key, said, "completeQualityCheck", said.check):
        return
    if not await reads.checks(session, viewer, [said.check]):
        raise refuse(NOT_FOUND, "checkId")
    reading = (await reads.readings(session, keys, [said.check])).get(said.check)
    if reading is None:
        raise refuse(rules.CHECK_OVER, "checkId")
    refuse_if(rules.against_some(said.marks, len(reading.answers)))
    marks = sorted(said.marks, key=lambda one: one.letter)
    ids, own = sorted(new_id() for _ in marks), [new_key() for _ in marks]
    wrapped = [keys.wrap(one, str(id)) for id, one in zip(ids, own, strict=True)]
    row: dict[str, Any] = {"asked": said.check, "ids": ids, "answers": [one.answer for one in reading.answers]}
    row["conclusions"] = [one.conclusion for one in marks]
    row |= {name: [getattr(one, name) for one in marks] for name in ("law", "steps", "plain", "deadlines", "harm")}
    row["notes"] = [
        seal(its, one.note, "quality_mark", "note", id) if one.note is not None else None
        for id, its, one in zip(ids, own, marks, strict=True)
    ]
    row |= {"keks": [kek for kek, _ in wrapped], "wrapped": [its for _, its in wrapped]}
    if not (await session.rows(_COMPLETE, row)).scalar_one():
        raise refuse(rules.CHECK_OVER, "checkId")
    await emit(session, CheckDone(check=said.check))


async def give_back(session: Session, viewer: Viewer, check: UUID, now: datetime) -> None:
    """Her time is over now: another gets it. Refuses NOT_FOUND and CHECK_OVER."""
    if not await reads.checks(session, viewer, [check]):
        raise refuse(NOT_FOUND, "checkId")
    hers = K.c.id == check, K.c.state == CheckState.OPEN, reads.visible_to(viewer)
    if not (await session.rows(update(QualityCheck).where(*hers).values(due_at=now))).rowcount:
        raise refuse(rules.CHECK_OVER, "checkId")
    await emit(session, CheckDue(check=check))


async def reply(session: Session, viewer: Viewer, keys: KeyProvider, said: Reply, key: str, now: datetime) -> None:
    """Once a mark. Refuses NOT_FOUND where it is of no answer of hers, and REPLIED_ALREADY."""
    refuse_if(rules.against_words(said.text, "text"))
    if await once(session, keys.secret("idempotency"), key, said, "replyToQualityMark", said.mark):
        return
    its = (await release(session, keys, viewer, await reads.about_her(session, viewer, [said.mark]))).get(said.mark)
    if its is None:
        raise refuse(NOT_FOUND, "markId")
    words = seal(its, said.text, "quality_mark", "reply", said.mark)
    first = update(QualityMark).where(M.c.id == said.mark, M.c.replied_at.is_(None))
    if not (await session.rows(first.values(reply=words, replied_at=now))).rowcount:
        raise refuse(rules.REPLIED_ALREADY, "markId")


def words(key: bytes | None, row: Any, column: str) -> str | None:
    """A note or a reply of a mark's row; None where there is none, or it cannot be opened."""
    sealed = getattr(row, column)
    return unseal(key, sealed, "quality_mark", column, row.id) if key and sealed else None


async def tell_given(session: Session, check: UUID, turn: int, now: datetime) -> None:
    """Who has it, unless it has gone on meanwhile."""
    row = await reads.held(session, check)
    if row and len(row.had) == turn:
        await tell(session, [row.reviewer], NoticeKind.QUALITY_CHECK_GIVEN, check, check, now)


async def tell_done(session: Session, check: UUID, now: datetime) -> None:
    """The lawyers, each of her own answer; and the asker where a wrong one may harm her, but not of which it is."""
    marked = await reads.marked(session, check)
    for row in marked:
        await tell(session, [row.lawyer], NoticeKind.QUALITY_MARKED, row.id, row.id, now)
    for question in {row.question for row in marked if row.harm}:
        await tell(session, await owners(session, question), NoticeKind.ANSWER_DOUBTED, question, check, now)
