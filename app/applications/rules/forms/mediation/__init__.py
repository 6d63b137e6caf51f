"""The form of mediation."""

from app.applications.rules.forms.mediation.choices import (
    DisputeKind,
    Elsewhere,
    MediationMaterialKind,
    MediationSource,
)
from app.applications.rules.forms.mediation.fields import (
    Demand,
    Dispute,
    MediationApplicant,
    MediationForm,
    MediationMaterial,
    Respondent,
)

__all__ = [
    "Demand",
    "Dispute",
    "DisputeKind",
    "Elsewhere",
    "MediationApplicant",
    "MediationForm",
    "MediationMaterial",
    "MediationMaterialKind",
    "MediationSource",
    "Respondent",
]
