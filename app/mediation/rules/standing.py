"""On which side somebody stands, and what the answers of those who were invited come to."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.applications.models import Move
from app.mediation.models import Answer, Side, Teller, Where
from app.vault.models import OWNERS, Basis


def answered(answers: Sequence[str | None]) -> Move | None:
    """One who refuses ends it (人民调解法第十七条); all have to consent; None while somebody has not answered."""
    if Answer.REFUSES in answers:
        return Move.REFUSE
    return Move.CONSENT if answers and all(one == Answer.CONSENTS for one in answers) else None


def teller_of(own: Basis | None, others: Basis | None) -> Teller | None:
    """As what somebody speaks who reads the applicant's side on the ground `own`, the respondent's on `others`."""
    if own in OWNERS:
        return Teller.APPLICANT
    if others in OWNERS:
        return Teller.RESPONDENT
    return Teller.MEDIATOR if own in (Basis.STAFF, Basis.SUPERVISOR) else None


def subject_of(row: Any, where: Where) -> UUID:
    """Under whose key it lies."""
    found: UUID = {Where.SHARED: row.id, Where.APPLICANT: row.applicant_side, Where.RESPONDENT: row.respondent_side}[
        where
    ]
    return found


def where_of(row: Any, subject: UUID) -> Where:
    return {row.id: Where.SHARED, row.applicant_side: Where.APPLICANT, row.respondent_side: Where.RESPONDENT}[subject]


def may_write(teller: Teller, where: Where) -> bool:
    """Each side its own and the shared; the mediator all."""
    return teller is Teller.MEDIATOR or where is Where.SHARED or where.value == teller.value


def side_of(teller: Teller) -> Side | None:
    return Side(teller.value) if teller is not Teller.MEDIATOR else None


OPEN = frozenset(
    {"REGISTERED", "RESPONDENT_INVITED", "CONSENTED", "MEDIATING", "AGREED_WRITTEN", "AGREED_ORAL", "PERFORMING"}
)
"""While something may still be said."""
MEETING = frozenset({"CONSENTED", "MEDIATING"})
