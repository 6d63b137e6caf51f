"""The form of legal aid, and what it says to the rules of eligibility."""

from app.applications.rules.forms.legal_aid.choices import MaterialKind, Urgency
from app.applications.rules.forms.legal_aid.fields import (
    Applicant,
    Case,
    LegalAidForm,
    Material,
    Means,
    Opponent,
)
from app.applications.rules.forms.people import Agent
from app.core.money import fen
from app.guidance.rules.eligibility import Answers, EconomicBasis

__all__ = ["Agent", "Applicant", "Case", "LegalAidForm", "Material", "Means", "Opponent", "Urgency", "answers"]


def answers(form: LegalAidForm) -> Answers:
    """What the form says to the rules of eligibility."""
    case, means = form.case or Case(), form.means or Means()
    hardship = means.hardship
    if hardship is None and means.basis in (EconomicBasis.PROMISE, EconomicBasis.CHECK):
        hardship = True  # who relies on it says so
    return Answers(
        form=case.form,
        matter=case.matter,
        circumstances=means.circumstances,
        groups=means.groups,
        defence=case.defence,
        proved=any(one.kind is MaterialKind.STATUS_PROOF for one in form.materials) or None,
        hardship=hardship,
        promised=means.promised,
        household=means.household_members,
        monthly_income=fen(means.monthly_income) if means.monthly_income else None,
        represented=case.represented,
    )
