"""The forms: typed, judged, kept under a version; one for each kind of application."""

from collections.abc import Mapping
from typing import Final

from app.applications.models import ApplicationKind
from app.applications.rules.forms.certificate_review import CertificateReviewForm
from app.applications.rules.forms.form import Form, Party, dumped, loaded
from app.applications.rules.forms.judging import faults
from app.applications.rules.forms.legal_aid import LegalAidForm
from app.applications.rules.forms.mediation import MediationForm
from app.applications.rules.forms.notarisation import NotarisationForm

__all__ = [
    "FORMS",
    "CertificateReviewForm",
    "Form",
    "LegalAidForm",
    "MediationForm",
    "NotarisationForm",
    "Party",
    "dumped",
    "faults",
    "loaded",
    "read",
]

FORMS: Final[Mapping[ApplicationKind, type[Form]]] = {
    form.KIND: form for form in (LegalAidForm, MediationForm, NotarisationForm, CertificateReviewForm)
}


def read(kind: str, said: str) -> Form:
    """A form of that kind, as it was kept."""
    return loaded(FORMS[ApplicationKind(kind)], said)
