"""The form of legal aid: typed, judged, kept under a version."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel

from app.applications.rules.form.choices import MaterialKind
from app.applications.rules.form.fields import (
    Agent,
    Applicant,
    Case,
    LegalAidForm,
    Material,
    Means,
    Opponent,
)
from app.applications.rules.form.judging import faults
from app.core.money import fen
from app.guidance.rules.eligibility import Answers, EconomicBasis
from app.guidance.rules.limits import is_urgent

__all__ = [
    "VERSION",
    "Agent",
    "Applicant",
    "Case",
    "LegalAidForm",
    "Material",
    "Means",
    "Opponent",
    "Urgency",
    "answers",
    "dumped",
    "faults",
    "files",
    "loaded",
    "matter",
    "opposing",
    "urgencies",
]

VERSION = 1


class _Kept(BaseModel):
    version: int
    form: LegalAidForm


def dumped(form: LegalAidForm) -> bytes:
    """JSON with the version of the form, to be sealed; the form has no faults as a draft."""
    return _Kept(version=VERSION, form=form).model_dump_json(exclude_none=True).encode()


def loaded(said: bytes) -> LegalAidForm:
    """ValueError for a version that this house does not know."""
    kept = _Kept.model_validate_json(said)
    if kept.version != VERSION:
        raise ValueError(f"a form of version {kept.version}")
    return kept.form


def opposing(form: LegalAidForm) -> list[str]:
    """The names of the other side."""
    return [one.name for one in form.opponents if one.name]


def files(form: LegalAidForm) -> list[UUID]:
    """What is attached, in the order of the form."""
    return [one.file_id for one in form.materials if one.file_id]


class Urgency(StrEnum):
    """Why aid may be given before it is decided on (法律援助法第四十四条)."""

    LIMITATION = "LIMITATION"
    PRESERVATION = "PRESERVATION"


def urgencies(form: LegalAidForm, today: date) -> list[Urgency]:
    """None where nothing hastens. `today` is the city's."""
    case = form.case or Case()
    hastens = (
        (case.deadline is not None and is_urgent(case.deadline, today), Urgency.LIMITATION),
        (bool(case.preservation), Urgency.PRESERVATION),
    )
    return [urgency for stands, urgency in hastens if stands]


def matter(form: LegalAidForm) -> str:
    """Empty while it was not chosen."""
    return form.case.matter.value if form.case and form.case.matter else ""


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
