"""Reporting what the other side said, and taking that back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import insert, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.consultation import reads as consultation
from app.consultation.reads.life import answered_by
from app.consultation.rules.versions import sealed_versions
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.sealing import KeyProvider, new_key, seal, unseal
from app.directory.reads import lawyers
from app.directory.reads.opening import calendar
from app.moderation import reads, rules
from app.moderation.events import ReportMade, ReportOverdue
from app.moderation.models import OPEN, Report, ReportReason, ReportSource, ReportState, Side
from app.moderation.reads import RP
from app.moderation.rules import Copy, Disclosed
from app.places.rules import add_workdays
from app.screening.rules.masking import masked
from app.threads.reads import messages
from app.vault.actions import voices
from app.vault.actions.keys import keep_keys, release
from app.vault.models import OWNERS, Basis
from app.vault.reads import asked_by, basis
from app.vault.reads.files import files_of


class Complaint(BaseModel):
    about: UUID
    also: list[UUID]
    reason: ReportReason
    words: str | None


@dataclass(frozen=True)
class _Said:
    """An answer or a message, as far as the viewer may read it."""

    row: Any
    question: UUID
    author: UUID
    by: Side

    @property
    def kind(self) -> str:
        return "ANSWER" if hasattr(self.row, "content") else self.row.kind

    @property
    def at(self) -> datetime:
        return self.row.delivered_at if self.kind == "ANSWER" else self.row.sent_at  # type: ignore[no-any-return]

    def text(self, key: bytes) -> str:
        if self.kind == "ANSWER":
            return "\n\n".join(rules.told(version.opened(key)) for version in sealed_versions(self.row))
        return unseal(key, self.row.body, "message", "body", self.row.id)


async def report(session: Session, viewer: Viewer, keys: KeyProvider, said: Complaint, key: str, now: datetime) -> UUID:
    """Its id. What she may not see is not found; of two that are equal one stands (REPORTED_ALREADY)."""
    refuse_if(rules.against_report(said.also, said.words))
    id = new_id()
    if known := await once(session, keys.secret("idempotency"), key, said, "reportMessage", id):
        return known
    about, *also = await _found(session, viewer, said)
    question = about.question
    rows = await consultation.questions(session, viewer, [question])
    if not rows or await basis(session, viewer, question) not in (*OWNERS, Basis.SEAT, Basis.ANSWERED):
        raise refuse(NOT_FOUND, "aboutId")
    own = new_key()
    content = await _copies(session, viewer, keys, said.words, about, also)
    due_at = add_workdays(now, rules.DUE_DAYS, await calendar(session))
    row: dict[str, Any] = {"id": id, "reason": said.reason, "category": rows[0].category, "made_at": now, "reply": b""}
    row |= {"state": ReportState.WAITING, "due_at": due_at}
    row |= {"content": seal(own, content.model_dump_json(), "report", "content", id)}
    await session.rows(insert(Report).inline().values(row))
    source = {"report": id, "reporter": viewer.id, "question": question, "about": said.about, "open": True}
    made = upsert(ReportSource).inline().values(source).on_conflict_do_nothing()
    if not (await session.rows(made)).rowcount:
        raise refuse(rules.REPORTED_ALREADY, "aboutId")
    await keep_keys(session, keys, {id: own})
    await emit(session, ReportMade(report=id))
    await emit(session, ReportOverdue(report=id, round=0), at=due_at)
    return id


async def _found(session: Session, viewer: Viewer, said: Complaint) -> list[_Said]:
    """What she complains of, then what else she discloses: of one question, and of the two sides alone."""
    ids = [said.about, *(id for id in dict.fromkeys(said.also) if id != said.about)]
    found = {
        row.id: _Said(row, row.question, row.lawyer, Side.LAWYER)
        for row in await consultation.answers(session, viewer, ids)
    }
    found |= {
        row.id: _Said(row, row.subject, row.author, Side.ASKER if row.from_owner else Side.LAWYER)
        for row in await messages(session, viewer, ids)
    }
    for id in ids:
        if id not in found or found[id].question != found[ids[0]].question:
            raise refuse(NOT_FOUND, "aboutId" if id == ids[0] else f"alsoIds.{said.also.index(id)}")
    about = found[said.about]
    asks = await basis(session, viewer, about.question) in OWNERS
    if (about.by is Side.LAWYER) is not asks:
        raise refuse(rules.OWN_SIDE, "aboutId")
    for id in ids[1:]:
        lawyer = about.author if asks else viewer.id
        if found[id].by is Side.LAWYER and found[id].author != lawyer:
            raise refuse(rules.OTHERS_WORDS, f"alsoIds.{said.also.index(id)}")
    return [found[id] for id in ids]


async def _copies(
    session: Session, viewer: Viewer, keys: KeyProvider, words: str | None, about: _Said, also: Sequence[_Said]
) -> Disclosed:
    """Masked before they are sealed: what is not there nobody can be shown."""
    key = (await release(session, keys, viewer, [about.question])).get(about.question)
    if key is None:
        raise refuse(NOT_FOUND, "aboutId")
    taking_part = {*await answered_by(session, about.question), about.author, viewer.id}
    names = [row.name for row in await lawyers(session, taking_part)]
    everything = [about, *also]
    spoken = {
        row.part: voices.read(key, row)
        for row in await files_of(session, viewer, [one.row.id for one in everything])
        if row.spoken
    }
    copies = [
        Copy(
            by=one.by,
            kind=one.kind,
            at=one.at,
            text=masked("\n".join(filter(None, [one.text(key), spoken.get(one.row.id)])), names),
            complained_of=one is about,
        )
        for one in sorted(everything, key=lambda one: one.at)
    ]
    lawyer = about.author if about.by is Side.LAWYER else None
    return Disclosed(words=words and masked(words, names), lawyer=lawyer, copies=copies)


async def withdraw(session: Session, viewer: Viewer, report: UUID) -> None:
    """Before a moderator has it; the copies are destroyed. Twice changes nothing."""
    own = await reads.own(session, viewer, report)
    if not own:
        raise refuse(NOT_FOUND, "reportId")
    gone = update(Report).where(RP.c.id == report, reads.FREE, asked_by(viewer, RP.c.id))
    done = await session.rows(gone.values(state=ReportState.WITHDRAWN, content=b"", taker=None, taken_until=None))
    if done.rowcount:
        return
    (stands,) = await reads.own(session, viewer, report)  # as it does after the wait
    if stands.state != ReportState.WITHDRAWN:
        raise refuse(rules.REPORT_TAKEN if stands.state in OPEN else rules.REPORT_OVER, "reportId")
