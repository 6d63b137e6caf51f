"""Ordering a paper in the transaction of the step that it tells of: what it is to say is sealed for the press."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from app.core.db import Session
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.sealing import KeyProvider, new_key, seal, seal_bytes
from app.papers.events import PaperOrdered
from app.papers.models import Paper, PaperKind, PaperStanding, PaperState
from app.papers.rules.codes import new_code
from app.papers.rules.contents import Content
from app.vault.actions.files import place_of_key


@dataclass(frozen=True, slots=True)
class Order:
    """A paper about `subject`, whose key is `key`; of one step there is one of a kind."""

    subject: UUID
    key: bytes
    step: UUID
    kind: PaperKind
    institution: UUID
    content: Content
    earlier: PaperStanding = PaperStanding.VALID
    """What becomes of papers of its kind before it."""


async def order(session: Session, keys: KeyProvider, wanted: Order, now: datetime) -> None:
    """It is made as soon as this commits; ordered twice it is one. A trigger asks whether this step has such a paper,
    and whether it is hers who orders it."""
    id, own = new_id(), new_key()
    kek, wrapped = keys.wrap(own, str(id))
    row: dict[str, Any] = {"id": id, "subject": wanted.subject, "step": wanted.step, "kind": wanted.kind}
    row |= {"institution": wanted.institution, "code": new_code(), "dated": wanted.content.day}
    row |= {"earlier": wanted.earlier, "state": PaperState.PENDING, "standing": PaperStanding.VALID, "ordered_at": now}
    row |= {"kek": kek, "wrapped": wrapped, "file_key": seal_bytes(wanted.key, own, place_of_key(id))}
    row["content"] = seal(own, wanted.content.model_dump_json(), "paper", "content", id)
    if (await session.rows(insert(Paper).inline().values(row).on_conflict_do_nothing())).rowcount:
        await emit(session, PaperOrdered(paper=id))
