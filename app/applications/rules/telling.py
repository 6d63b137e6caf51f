"""Whom a step is told, and by which notice: nothing of the case is in one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.applications.models import ApplicationKind, Move
from app.notices.models import NoticeKind

_N = NoticeKind
PAPER: Final = "PAPER"
"""What the news of a paper is called, beside those of the moves."""


@dataclass(frozen=True)
class Telling:
    """Of one kind of application."""

    applicant: Mapping[Move, NoticeKind]
    staff: frozenset[Move]
    """Told to who handles it; where nobody does yet, to whoever could take it."""
    supervisors: frozenset[Move]
    ends_work: frozenset[Move]
    """Told to the lawyer who was working on it, or had been offered it."""
    work: NoticeKind
    supplement_due: NoticeKind
    due_soon: NoticeKind
    overdue: NoticeKind


_AID: Final = Telling(
    applicant={
        Move.TAKE: _N.AID_PROGRESS,
        Move.STEP_BACK: _N.AID_PROGRESS,
        Move.ASK_SUPPLEMENT: _N.AID_SUPPLEMENT,
        Move.ASK_SUPPLEMENT_AGAIN: _N.AID_SUPPLEMENT,
        Move.LAPSE: _N.AID_LAPSED,
        Move.TRANSFER: _N.AID_PROGRESS,
        Move.GRANT: _N.AID_DECIDED,
        Move.GRANT_IN_ADVANCE: _N.AID_DECIDED,
        Move.DENY: _N.AID_DECIDED,
        Move.OFFER: _N.AID_PROGRESS,
        Move.ACCEPT: _N.AID_LAWYER,
        Move.DECLINE: _N.AID_PROGRESS,
        Move.NO_ANSWER: _N.AID_PROGRESS,
        Move.CHANGE_LAWYER: _N.AID_DECIDED,
        Move.KEEP_LAWYER: _N.AID_DECIDED,
        Move.CLOSE: _N.AID_CLOSED,
        Move.TERMINATE: _N.AID_DECIDED,
        Move.UPHOLD: _N.AID_DECIDED,
        Move.OVERTURN: _N.AID_DECIDED,
    },
    staff=frozenset(
        {
            Move.SUBMIT,
            Move.STEP_BACK,
            Move.TRANSFER,
            Move.HAND_OVER,
            Move.SUPPLEMENT,
            Move.DECLINE,
            Move.NO_ANSWER,
            Move.ASK_CHANGE,
            Move.REPORT,
            Move.WITHDRAW,
            Move.GIVE_UP,
        }
    ),
    supervisors=frozenset({Move.OBJECT}),
    ends_work=frozenset({Move.CHANGE_LAWYER, Move.TERMINATE, Move.WITHDRAW, Move.GIVE_UP}),
    work=_N.AID_WORK,
    supplement_due=_N.AID_SUPPLEMENT_DUE,
    due_soon=_N.AID_DUE_SOON,
    overdue=_N.AID_OVERDUE,
)
_MEDIATION: Final = Telling(
    applicant={
        Move.TAKE: _N.MEDIATION_STEP,
        Move.REGISTER: _N.MEDIATION_STEP,
        Move.NOT_ELIGIBLE: _N.MEDIATION_STEP,
        Move.INVITE: _N.MEDIATION_STEP,
        Move.RECUSE: _N.MEDIATION_STEP,
    },
    staff=frozenset(
        {
            Move.SUBMIT,
            Move.HAND_OVER,
            Move.RECUSE,
            Move.DECLINE_MEDIATOR,
            Move.CONSENT,
            Move.REFUSE,
            Move.LAPSE,
            Move.EXTEND,
            Move.AGREE_WRITTEN,
            Move.AGREE_ORALLY,
            Move.COMPLETE,
            Move.TIME_OUT,
            Move.WITHDRAW,
            Move.GIVE_UP,
        }
    ),
    supervisors=frozenset({Move.ESCALATE}),
    ends_work=frozenset(),
    work=_N.MEDIATION_WORK,
    supplement_due=_N.MEDIATION_STEP,
    due_soon=_N.MEDIATION_DUE_SOON,
    overdue=_N.MEDIATION_LATE,
)
"""What both sides hear of once it is registered, the room of mediation tells them."""
_NOTARISATION: Final = Telling(
    applicant={
        Move.TAKE: _N.NOTARY_PROGRESS,
        Move.STEP_BACK: _N.NOTARY_PROGRESS,
        Move.ASK_SUPPLEMENT: _N.NOTARY_SUPPLEMENT,
        Move.ASK_SUPPLEMENT_AGAIN: _N.NOTARY_SUPPLEMENT,
        Move.LAPSE: _N.NOTARY_DECIDED,
        Move.PASS: _N.NOTARY_BOOK,
        Move.NOT_ACCEPT: _N.NOTARY_DECIDED,
        Move.ADMIT: _N.NOTARY_PROGRESS,
        Move.PAUSE: _N.NOTARY_PROGRESS,
        Move.RESUME: _N.NOTARY_PROGRESS,
        Move.DRAFT: _N.NOTARY_PROGRESS,
        Move.ISSUE: _N.NOTARY_READY,
        Move.COLLECT: _N.NOTARY_PROGRESS,
        Move.MAIL: _N.NOTARY_READY,
        Move.REFUSE: _N.NOTARY_DECIDED,
        Move.TERMINATE: _N.NOTARY_DECIDED,
        Move.UPHOLD: _N.NOTARY_DECIDED,
        Move.CORRECT: _N.NOTARY_DECIDED,
        Move.REVOKE: _N.NOTARY_DECIDED,
    },
    staff=frozenset(
        {Move.SUBMIT, Move.STEP_BACK, Move.HAND_OVER, Move.SUPPLEMENT, Move.BOOK, Move.WITHDRAW, Move.GIVE_UP}
    ),
    supervisors=frozenset({Move.REQUEST_REVIEW}),
    ends_work=frozenset(),
    work=_N.NOTARY_WORK,
    supplement_due=_N.NOTARY_SUPPLEMENT_DUE,
    due_soon=_N.NOTARY_DUE_SOON,
    overdue=_N.NOTARY_OVERDUE,
)
_REVIEW: Final = Telling(
    applicant={
        Move.HAND_OVER: _N.CERTIFICATE_REVIEW_STEP,
        Move.ASK_SUPPLEMENT: _N.CERTIFICATE_REVIEW_STEP,
        Move.ASK_SUPPLEMENT_AGAIN: _N.CERTIFICATE_REVIEW_STEP,
        Move.LAPSE: _N.CERTIFICATE_REVIEW_STEP,
        Move.PAUSE: _N.CERTIFICATE_REVIEW_STEP,
        Move.RESUME: _N.CERTIFICATE_REVIEW_STEP,
        Move.NOT_ACCEPT: _N.CERTIFICATE_REVIEW_STEP,
        Move.UPHOLD: _N.CERTIFICATE_REVIEW_STEP,
        Move.CORRECT: _N.CERTIFICATE_REVIEW_STEP,
        Move.REVOKE: _N.CERTIFICATE_REVIEW_STEP,
    },
    staff=frozenset({Move.HAND_OVER, Move.SUPPLEMENT, Move.WITHDRAW, Move.GIVE_UP}),
    supervisors=frozenset({Move.SUBMIT}),
    ends_work=frozenset(),
    work=_N.CERTIFICATE_REVIEW_WORK,
    supplement_due=_N.CERTIFICATE_REVIEW_STEP,
    due_soon=_N.CERTIFICATE_REVIEW_WORK,
    overdue=_N.CERTIFICATE_REVIEW_WORK,
)
TELLING: Final[Mapping[ApplicationKind, Telling]] = {
    ApplicationKind.LEGAL_AID: _AID,
    ApplicationKind.MEDIATION: _MEDIATION,
    ApplicationKind.NOTARISATION: _NOTARISATION,
    ApplicationKind.CERTIFICATE_REVIEW: _REVIEW,
}
