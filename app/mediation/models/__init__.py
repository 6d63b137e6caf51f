"""Tables of mediation: what both sides share, who was invited, what was said, agreed, done and confirmed."""

from app.mediation.models.agreements import (
    About,
    Agreement,
    AgreementForm,
    Assent,
    Confirmation,
    CourtMove,
    CourtState,
    How,
    Term,
)
from app.mediation.models.mediations import Answer, Invitation, Mediation, Record, RecordKind, Side, Teller, Where

__all__ = [
    "About",
    "Agreement",
    "AgreementForm",
    "Answer",
    "Assent",
    "Confirmation",
    "CourtMove",
    "CourtState",
    "How",
    "Invitation",
    "Mediation",
    "Record",
    "RecordKind",
    "Side",
    "Teller",
    "Term",
    "Where",
]
