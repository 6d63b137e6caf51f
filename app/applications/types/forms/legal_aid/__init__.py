"""The form of legal aid in the graph: what is sent, and what is shown."""

from app.applications.types.forms import choices as common
from app.applications.types.forms.legal_aid import choices
from app.applications.types.forms.legal_aid.inputs import LegalAidFormInput
from app.applications.types.forms.legal_aid.outputs import LegalAidForm

__all__ = ["LegalAidForm", "LegalAidFormInput", "choices", "common"]
