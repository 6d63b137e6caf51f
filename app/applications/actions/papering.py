"""The papers of a step: ordered where the step is made, in the name of who makes it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.applications.models import FOREVER, ApplicationKind, Move
from app.applications.rules.forms import read
from app.applications.rules.papers import PAPERS, Facts, content
from app.applications.rules.papers.telling import at, told
from app.core.db import Session
from app.core.sealing import KeyProvider
from app.papers.actions.ordering import Order, order
from app.papers.reads import name_of
from app.places.rules.workdays import today


@dataclass(frozen=True, slots=True)
class Stepped:
    """A step that was made. `row`: the application (id, kind, institution, receipt, submitted_at); `form`: as it is
    sealed since; `due`: until when what runs now does."""

    row: Any
    step: UUID
    move: Move
    form: str
    reason: str | None
    due: datetime


def makes_papers(kind: str, move: Move) -> bool:
    return bool(PAPERS[ApplicationKind(kind)].of(move))


async def order_papers(session: Session, keys: KeyProvider, key: bytes, made: Stepped, now: datetime) -> None:
    """All that the step makes. `key`: the application's."""
    row, papers = made.row, PAPERS[ApplicationKind(made.row.kind)]
    form = read(row.kind, made.form)
    facts = Facts(
        applicant=form.party().name or "",
        number=row.receipt,
        submitted=today(row.submitted_at),
        matter=told(at(form, papers.matter), papers.options),
        institution=await name_of(session, row.institution),
        today=today(now),
        due=today(made.due - timedelta(seconds=1)) if made.due < FOREVER else None,  # it ends at midnight
        reason=made.reason,
    )
    for line in papers.of(made.move):
        said = content(papers, line, facts, form)
        wanted = Order(row.id, key, made.step, line.kind, row.institution, said, line.earlier)
        await order(session, keys, wanted, now)
