"""On which side somebody stands, and what the answers of those who were invited come to."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.applications.models import Move
from app.mediation.models import About, Answer, Side, Teller, Where
from app.vault.models import OWNERS, Basis


def answered(answers: Sequence[tuple[str, str | None]], *, applied: bool) -> Move | None:
    """What (side, answer) of those who were invited come to. One who refuses ends it (人民调解法第十七条); all have to
    consent, of both sides where neither `applied`; None while somebody has not answered."""
    if any(said == Answer.REFUSES for _, said in answers):
        return Move.REFUSE
    asked = {Side(side) for side, _ in answers}
    whole = asked >= ({Side.RESPONDENT} if applied else {*Side})
    return Move.CONSENT if whole and all(said == Answer.CONSENTS for _, said in answers) else None


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
ALONE = frozenset({About.CARRY_OVER, About.MEDIATOR})
"""What a side says itself, and nobody writes down for it."""
MEETING = frozenset({"CONSENTED", "MEDIATING"})
STANDING = {
    About.EXTENSION: MEETING,
    About.MEDIATOR: MEETING | {"REGISTERED", "RESPONDENT_INVITED"},
    About.CARRY_OVER: frozenset({"FAILED", "RESPONDENT_REFUSED", "PERFORMING"}),
}
"""Where the mediation stands while a side may say it."""
