"""The tables of this room and their states."""

from app.consultation.models.answers import Amendment, Answer, AnswerDraft, Best, Helpful, Rating, Sketch
from app.consultation.models.dispatch import (
    Board,
    Client,
    DeclineReason,
    Dispatch,
    DispatchPolicy,
    Invited,
    Lane,
    Offer,
    OfferEventKind,
    Recategorised,
    Seat,
    SeatEnd,
)
from app.consultation.models.erasure import ErasedWhy, Erasure
from app.consultation.models.follow_through import CameOf, FollowThrough, FollowThroughDeclined, WhyNotBegun
from app.consultation.models.following import FollowUp, FollowUpState, Inquiry, MessageKind
from app.consultation.models.questions import (
    Brief,
    Draft,
    Outcome,
    Petition,
    PetitionKind,
    PetitionState,
    Question,
    QuestionStatus,
)
from app.consultation.models.record import PromiseFact, SatisfactionCell

__all__ = [
    "Amendment",
    "Answer",
    "AnswerDraft",
    "Best",
    "Board",
    "Brief",
    "CameOf",
    "Client",
    "DeclineReason",
    "Dispatch",
    "DispatchPolicy",
    "Draft",
    "ErasedWhy",
    "Erasure",
    "FollowThrough",
    "FollowThroughDeclined",
    "FollowUp",
    "FollowUpState",
    "Helpful",
    "Inquiry",
    "Invited",
    "Lane",
    "MessageKind",
    "Offer",
    "OfferEventKind",
    "Outcome",
    "Petition",
    "PetitionKind",
    "PetitionState",
    "PromiseFact",
    "Question",
    "QuestionStatus",
    "Rating",
    "Recategorised",
    "SatisfactionCell",
    "Seat",
    "SeatEnd",
    "Sketch",
    "WhyNotBegun",
]
