"""The forms in the graph: what is sent, of exactly one kind, and what is shown."""

from collections.abc import Mapping
from typing import Any, Final

import strawberry

from app.applications.models import ApplicationKind
from app.applications.rules.forms import Form
from app.applications.types.forms.certificate_review import CertificateReviewForm, CertificateReviewFormInput
from app.applications.types.forms.converting import ApplicationForm
from app.applications.types.forms.legal_aid import LegalAidForm, LegalAidFormInput
from app.applications.types.forms.mediation import MediationForm, MediationFormInput
from app.applications.types.forms.notarisation import NotarisationForm, NotarisationFormInput
from app.core.errors import code, refuse

__all__ = [
    "ApplicationForm",
    "CertificateReviewForm",
    "CertificateReviewFormInput",
    "FormInput",
    "LegalAidForm",
    "LegalAidFormInput",
    "MediationForm",
    "MediationFormInput",
    "NotarisationForm",
    "NotarisationFormInput",
    "shown_form",
]

ONE_FORM = code(
    "ONE_FORM",
    zh="请填写且仅填写一种申请表。",
    en="Exactly one form is to be sent.",
    remedy="Send one of the input's forms, and none of the others.",
)
_SHOWN: Final[Mapping[ApplicationKind, Any]] = {
    ApplicationKind.LEGAL_AID: LegalAidForm,
    ApplicationKind.MEDIATION: MediationForm,
    ApplicationKind.NOTARISATION: NotarisationForm,
    ApplicationKind.CERTIFICATE_REVIEW: CertificateReviewForm,
}


@strawberry.input
class FormInput:
    """Exactly one of its fields is said."""

    legal_aid: LegalAidFormInput | None = strawberry.field(default=None, description="For legal aid.")
    mediation: MediationFormInput | None = strawberry.field(default=None, description="For mediation.")
    notarisation: NotarisationFormInput | None = strawberry.field(default=None, description="For a notarisation.")
    certificate_review: CertificateReviewFormInput | None = strawberry.field(
        default=None,
        description="For a review of a certificate by who is no party of it, but has an interest.",
    )

    def form(self) -> Form:
        """Refuses ONE_FORM where none is said, or several."""
        if (form := self.form_if_any()) is None:
            raise refuse(ONE_FORM)
        return form

    def form_if_any(self) -> Form | None:
        forms = self.legal_aid, self.mediation, self.notarisation, self.certificate_review
        said = [form for form in forms if form is not None]
        if len(said) > 1:
            raise refuse(ONE_FORM)
        return said[0].to_plain() if said else None


def shown_form(form: Form, open_ids: bool) -> ApplicationForm:
    """`open_ids`: whether the reader may see the numbers of papers whole."""
    shown: ApplicationForm = _SHOWN[form.KIND].of(form, open_ids)
    return shown
