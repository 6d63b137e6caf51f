"""Facts this room tells the rest of the house."""

from datetime import datetime
from uuid import UUID

from app.core.outbox import Event


class QuestionAsked(Event):
    question: UUID


class PatienceRanOut(Event):
    """A wave is owed to a question that has waited this long."""

    question: UUID


class LastWaveOut(Event):
    """Everybody whom the policy knows has been called, and the time of the last wave has come."""

    question: UUID


class PromiseRanOut(Event):
    """The promised time is over; `round` 0 is the breach, later ones repeat the search. `reopened` is how often the
    question had been opened again by then: each time the search begins anew, and the one before is over."""

    question: UUID
    round: int
    reopened: int | None = None


class PromiseBroken(Event):
    """The promised answers did not come in time. Told once, whatever follows."""

    question: UUID


class SeatClaimed(Event):
    question: UUID
    seat: UUID


class InvitationLapsed(Event):
    """A seat that was kept for an invited lawyer may be free for all: she declined, or her time is over."""

    question: UUID


class LeaseRanOut(Event):
    """The time a seat was lent for may be over (it may also have been extended, used or given back)."""

    question: UUID
    seat: UUID


class SeatFreed(Event):
    question: UUID
    seat: UUID
    lawyer: UUID
    expired: bool


class AnswerDelivered(Event):
    question: UUID
    answer: UUID
    seat: UUID
    lawyer: UUID


class AnswerAmended(Event):
    question: UUID
    answer: UUID
    amendment: UUID
    lawyer: UUID


class AnswerCounted(Event):
    """The asker found an answer helpful that had not counted until then, or the words of one that is spoken came."""

    question: UUID
    answer: UUID
    lawyer: UUID


class DangerHeard(Event):
    """What was said later, or the words of a recording that came late, tell of danger."""

    question: UUID


class QuestionRecategorised(Event):
    question: UUID
    lawyer: UUID


class FollowUpAsked(Event):
    question: UUID
    follow_up: UUID


class FollowUpRanOut(Event):
    """The time of this stage may be over (the follow-up may also have been answered or stopped)."""

    question: UUID
    follow_up: UUID
    stage: int


class FollowUpEnded(Event):
    """Answered, or nothing more to answer."""

    question: UUID
    follow_up: UUID
    answered: bool


class InformationWanted(Event):
    question: UUID
    inquiry: UUID
    lawyer: UUID


class InformationGiven(Event):
    question: UUID
    inquiry: UUID
    lawyer: UUID


class SilenceFell(Event):
    """Nobody has said anything since then; `reminded` is the second time."""

    question: UUID
    since: datetime
    reminded: bool


class QuestionResolved(Event):
    question: UUID
    round: int
    by_silence: bool


class QuestionReopened(Event):
    question: UUID
    round: int


class ResolutionAged(Event):
    """A resolved question may be closed for good (it may also have been opened again)."""

    question: UUID
    round: int


class FollowThroughDue(Event):
    """Time to ask what came of it (it may also have been taken up again, or erased); `turn` 1 or 2."""

    question: UUID
    round: int
    turn: int


class QuestionWithdrawn(Event):
    question: UUID


class QuestionErased(Event):
    """Nothing of what was said is left, and nobody whose it was."""

    question: UUID


class ErasureAged(Event):
    """A minute after an erasure: what was being written in that very moment has landed."""

    question: UUID


class QuestionBlocked(Event):
    question: UUID


class LogGrew(Event):
    """Part of a question's log was not in its final order yet when its promise was noted."""

    question: UUID


class DraftAged(Event):
    """A draft may be wiped (it may also have been saved again, or sent)."""

    draft: UUID


class AnswerRated(Event):
    question: UUID
    answer: UUID
    round: int
    lawyer: UUID
    stars: int


class RatingAwaited(Event):
    """Time for the one reminder to rate, where nothing has been rated yet."""

    question: UUID
    round: int


class BestChosen(Event):
    question: UUID
    answer: UUID
    lawyer: UUID


class PetitionMade(Event):
    """A resident asks to be called back, or appeals against a block."""

    question: UUID
    petition: UUID
    kind: str
    due_at: datetime


class AppealUpheld(Event):
    """A supervisor found the block mistaken: the asker may send the question again."""

    question: UUID
