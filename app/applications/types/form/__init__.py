"""The form of legal aid in the graph: what is sent, and what is shown."""

from app.applications.types.form import choices
from app.applications.types.form.inputs import LegalAidFormInput
from app.applications.types.form.outputs import LegalAidForm

__all__ = ["LegalAidForm", "LegalAidFormInput", "choices"]
