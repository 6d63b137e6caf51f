"""An agreement in writing on paper (人民调解法第二十九条): ordered with the second yes, by whoever says it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from app.applications.actions.moving import opened
from app.applications.reads import applications
from app.applications.rules.forms import MediationForm, loaded
from app.core.access import Viewer
from app.core.db import Session
from app.core.sealing import KeyProvider, unseal
from app.mediation import reads
from app.mediation.models import AgreementForm, Side
from app.mediation.rules.agreeing import AgreementSaid, Between, TermSaid, on_paper
from app.papers.actions.ordering import Order, order
from app.papers.models import PaperKind
from app.papers.reads import name_of
from app.papers.rules.agreements import agreement_of
from app.places.rules.workdays import today
from app.vault.actions.keys import release


async def parties(session: Session, viewer: Viewer, key: bytes, application: UUID) -> Between:
    """Who the two are, of the form: for who handles the case. `key`: the application's."""
    (row,) = await applications(session, viewer, [application])
    form = loaded(MediationForm, opened(key, row))
    return Between(applicants=form.asking(), respondents=form.opposing(), number=row.receipt)


async def put_on_paper(
    session: Session, viewer: Viewer, keys: KeyProvider, row: Any, agreement: UUID, now: datetime
) -> None:
    """Where it binds now and is in writing. Its readers are those of what both sides share."""
    found = [one for one in await reads.agreements(session, viewer, [row.id]) if one.id == agreement]
    if not found or found[0].effective_at is None or found[0].form != AgreementForm.WRITTEN:
        return
    key = (await release(session, keys, viewer, [row.id]))[row.id]
    said = words_of(key, found[0])
    if said.between is None:  # it was drawn before papers were made of it
        return
    terms = [(Side(one.side), one.due_on, term_of(key, one)) for one in await reads.terms(session, viewer, [agreement])]
    committee = await name_of(session, row.institution)
    content = agreement_of(committee, said.between.number, today(now), on_paper(said, said.between, terms))
    wanted = Order(row.id, key, agreement, PaperKind.MEDIATION_AGREEMENT, row.institution, content)
    await order(session, keys, wanted, now)


def words_of(key: bytes, row: Any) -> AgreementSaid:
    return AgreementSaid.model_validate_json(unseal(key, row.body, "mediation_agreement", "body", row.id))


def term_of(key: bytes, row: Any) -> TermSaid:
    return TermSaid.model_validate_json(unseal(key, row.body, "mediation_term", "body", row.id))
