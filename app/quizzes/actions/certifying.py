"""The certificate of an attempt that passed: ordered by who took it, once what came of it is told.

An attempt has no key of its own before: nothing of it is sealed. With the certificate she becomes the one reader of
what hangs on it, and seals what the press needs in her own session.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.accounts.reads import readiness
from app.activities.reads import activities
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.sealing import KeyProvider, new_key
from app.core.texts import against_text
from app.papers.actions.ordering import Order, order
from app.papers.models import PaperKind
from app.papers.reads import name_of
from app.papers.rules.certificates import Passed, certificate_of
from app.places.rules.workdays import today
from app.quizzes.actions.attempts import found
from app.quizzes.reads import rounds as reads
from app.quizzes.rules import rounds as rules
from app.vault.actions.keys import keep_keys


async def certify(session: Session, viewer: Viewer, keys: KeyProvider, id: UUID, name: str, now: datetime) -> None:
    """Ordered twice it is one, with the name that was said first."""
    refuse_if(list(against_text(name, "name", *rules.NAME)))
    attempt = await found(session, viewer, id)
    refuse_if(list(rules.against_taking_part(await readiness(session, viewer.id))))
    outcome = (await session.rows(select(func.door.certify_attempt(id)))).scalar_one()
    if outcome == "LATER":
        raise refuse(rules.CERTIFICATE_LATER, "attemptId")
    if outcome == "NONE":
        raise refuse(rules.NO_CERTIFICATE, "attemptId")
    if outcome == "MADE":
        await _order(session, viewer, keys, attempt, name.strip(), now)


async def _order(session: Session, viewer: Viewer, keys: KeyProvider, attempt: Any, name: str, now: datetime) -> None:
    (round,) = await reads.rounds(session, [attempt.round])
    shown = await activities(session, viewer, [attempt.round])
    if not shown:
        raise refuse(NOT_FOUND, "attemptId")
    own, day, by = new_key(), today(now), shown[0].institution
    await keep_keys(session, keys, {attempt.id: own})
    passed = Passed(
        name, shown[0].title, attempt.score, len(attempt.questions), round.pass_mark, today(attempt.closed_at)
    )
    number = f"{day:%Y%m%d}-{attempt.id.hex[-8:].upper()}"
    said = certificate_of(await name_of(session, by), number, day, passed)
    await order(session, keys, Order(attempt.id, own, attempt.id, PaperKind.QUIZ_CERTIFICATE, by, said), now)
