"""The form of notarisation in the graph: what is sent, and what is shown."""

from app.applications.types.forms import choices as common
from app.applications.types.forms.notarisation import choices
from app.applications.types.forms.notarisation.inputs import NotarisationFormInput
from app.applications.types.forms.notarisation.outputs import NotarisationForm

__all__ = ["NotarisationForm", "NotarisationFormInput", "choices", "common"]
