"""The form of mediation in the graph: what is sent, and what is shown."""

from app.applications.types.forms import choices as common
from app.applications.types.forms.mediation import choices
from app.applications.types.forms.mediation.inputs import MediationFormInput
from app.applications.types.forms.mediation.outputs import MediationForm

__all__ = ["MediationForm", "MediationFormInput", "choices", "common"]
