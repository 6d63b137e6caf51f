"""The words of each kind of notice. They have no places to fill in, so that no case can slip into one."""

import json
from pathlib import Path
from typing import Final, NamedTuple

from app.core.errors import Language, code
from app.notices.models import NoticeKind, Template

AT_ONCE: Final = 100
"""Notices that one call may mark by their ids, and that one frame may carry."""
COUNTED: Final = 99
"""Unread ones are not counted beyond this: a client shows "99+"."""

IDS_OR_UP_TO = code(
    "IDS_OR_UP_TO",
    zh="请在 ids 与 upTo 中只给一个。",
    en="Give exactly one of ids and upTo.",
    remedy="Send the ids of single notices, or the newest of all those to mark.",
)
TOO_MANY_NOTICES = code(
    "TOO_MANY_NOTICES",
    zh="一次最多 {limit} 条通知。",
    en="At most {limit} notices at once.",
    remedy="Send fewer ids, or upTo.",
)


_ABOUT: Final = {
    NoticeKind.MEDIATION_STEP: "MediationApplication",
    NoticeKind.MEDIATION_PROGRESS: "Mediation",
    NoticeKind.MEDIATION_DUE: "Mediation",
    NoticeKind.MEDIATION_OVERDUE: "Mediation",
    NoticeKind.MEDIATION_COURT: "Mediation",
    NoticeKind.MEDIATION_WORK: "MediationApplication",
    NoticeKind.MEDIATION_DUE_SOON: "MediationApplication",
    NoticeKind.MEDIATION_LATE: "MediationApplication",
    NoticeKind.MEDIATION_WARNING: "MediationApplication",
    NoticeKind.DISPUTE_ALERT: "DisputeAlert",
    NoticeKind.AID_PROGRESS: "LegalAidApplication",
    NoticeKind.AID_SUPPLEMENT: "LegalAidApplication",
    NoticeKind.AID_SUPPLEMENT_DUE: "LegalAidApplication",
    NoticeKind.AID_DECIDED: "LegalAidApplication",
    NoticeKind.AID_LAWYER: "LegalAidApplication",
    NoticeKind.AID_LAPSED: "LegalAidApplication",
    NoticeKind.AID_CLOSED: "LegalAidApplication",
    NoticeKind.AID_WORK: "LegalAidApplication",
    NoticeKind.AID_DUE_SOON: "LegalAidApplication",
    NoticeKind.AID_OVERDUE: "LegalAidApplication",
    NoticeKind.AID_OFFERED: "Assignment",
    NoticeKind.AID_ENDED: "Assignment",
    NoticeKind.NOTARY_PROGRESS: "NotarisationApplication",
    NoticeKind.NOTARY_SUPPLEMENT: "NotarisationApplication",
    NoticeKind.NOTARY_SUPPLEMENT_DUE: "NotarisationApplication",
    NoticeKind.NOTARY_BOOK: "NotarisationApplication",
    NoticeKind.NOTARY_DECIDED: "NotarisationApplication",
    NoticeKind.NOTARY_READY: "NotarisationApplication",
    NoticeKind.NOTARY_WORK: "NotarisationApplication",
    NoticeKind.NOTARY_DUE_SOON: "NotarisationApplication",
    NoticeKind.NOTARY_OVERDUE: "NotarisationApplication",
    NoticeKind.CERTIFICATE_REVIEW_STEP: "CertificateReviewApplication",
    NoticeKind.CERTIFICATE_REVIEW_WORK: "CertificateReviewApplication",
    NoticeKind.TASK_NEW: "Task",
    NoticeKind.TASK_OVERDUE: "Task",
    NoticeKind.DELEGATION_GRANTED: "Delegation",
    NoticeKind.DELEGATION_ENDED: "Delegation",
    NoticeKind.EXPORT_READY: "Export",
    NoticeKind.MINOR_ACCESS_ASKED: "MinorAccess",
    NoticeKind.APPLICATION_NEW: "LawyerApplication",
    NoticeKind.APPLICATION_APPROVED: "LawyerApplication",
    NoticeKind.APPLICATION_REFUSED: "LawyerApplication",
    NoticeKind.VISIT_DUE: "AdviserTerm",
    NoticeKind.VISIT_MISSED: "AdviserTerm",
    NoticeKind.APPOINTMENT_CONFIRMED: "Appointment",
    NoticeKind.APPOINTMENT_CANCELLED: "Appointment",
    NoticeKind.APPOINTMENT_SOON: "Appointment",
    NoticeKind.APPOINTMENT_MISSED: "Appointment",
    NoticeKind.APPOINTMENT_CALLED: "Appointment",
    NoticeKind.CONTEST_NEW: "AppraisalContest",
    NoticeKind.CONTEST_DECIDED: "AppraisalContest",
    NoticeKind.CONSULTATION_WAITING: "InstitutionConsultation",
    NoticeKind.CONSULTATION_REPLIED: "InstitutionConsultation",
    NoticeKind.CONSULTATION_WAITS_AGAIN: "InstitutionConsultation",
    NoticeKind.WINDOW_OPENED: "WindowVisit",
    NoticeKind.WINDOW_RECEIPT: "WindowVisit",
    NoticeKind.WINDOW_PAPERS: "WindowVisit",
    NoticeKind.PLEASE_RATE_SERVICE: "ServiceRating",
    NoticeKind.FORWARD_SOON: "CounterStatement",
    NoticeKind.FORWARD_OVERDUE: "CounterStatement",
    NoticeKind.ARTICLE_PUSH: "ArticlePush",
    NoticeKind.ACTIVITY_PLACE: "Activity",
    NoticeKind.ACTIVITY_SOON: "Activity",
    NoticeKind.ACTIVITY_CANCELLED: "Activity",
    NoticeKind.ENTRY_DECIDED: "ContestEntry",
    NoticeKind.ENTRY_TAKEN_DOWN: "ContestEntry",
    NoticeKind.PRIZE_WON: "Activity",
    NoticeKind.PRIZE_WAITS: "Activity",
    NoticeKind.PRIZE_HANDED_OUT: "Activity",
    NoticeKind.CERTIFICATE_READY: "Activity",
    NoticeKind.ATTEMPT_VOIDED: "QuizAttempt",
    NoticeKind.ARTICLE_REVIEWED: "Article",
    NoticeKind.ARTICLE_PUBLISHED: "Article",
    NoticeKind.ARTICLE_NOT_PUBLISHED: "Article",
    NoticeKind.CASE_PUBLISHED: "DonatedCase",
    NoticeKind.CASE_WITHDRAWN: "DonatedCase",
    NoticeKind.CAMPAIGN_OVER: "Campaign",
    NoticeKind.ENTRY_AWARDED: "ContestEntry",
    NoticeKind.JURY_INVITED: "Juror",
    NoticeKind.DATE_NEAR: "KeptDate",
    NoticeKind.REPORT_NEW: "Report",
    NoticeKind.REPORT_OVERDUE: "Report",
    NoticeKind.REPORT_DECIDED: "Report",
    NoticeKind.MEASURE_TAKEN: "Measure",
    NoticeKind.QUALITY_CHECK_GIVEN: "QualityCheck",
    NoticeKind.QUALITY_MARKED: "QualityMark",
    NoticeKind.MEASURE_APPEALED: "Measure",
    NoticeKind.MEASURE_JUDGED: "Measure",
}


def about(kind: NoticeKind) -> str:
    """The type of what such a notice is about: a question, unless it is said here."""
    return _ABOUT.get(kind, "Question")


class Wording(NamedTuple):
    title: str
    text: str


_TEMPLATES: Final = json.loads(Path(__file__).parent.parent.joinpath("data", "templates.json").read_text("utf-8"))
VERSION: Final[int] = _TEMPLATES["version"]
_WORDINGS: Final = {
    (kind, language): Wording(**_TEMPLATES["kinds"][kind][language]) for kind in NoticeKind for language in Language
}


def wording(kind: NoticeKind, language: Language) -> Wording:
    return _WORDINGS[kind, language]


def digest_wording(count: int, language: Language) -> Wording:
    said = _TEMPLATES["digest"][language]
    return Wording(said["title"].format(count=count), said["text"].format(count=count))


class TemplateWords(NamedTuple):
    name: str
    """What somebody consents to."""
    sms: str
    """As the carrier approved it; that of digests has one place, for a number."""


def template_words(template: Template, language: Language) -> TemplateWords:
    return TemplateWords(**_TEMPLATES["templates"][template][language])


def lasting(template: Template) -> bool:
    """Whether one consent is good for any number of messages: WeChat grants it to 政务民生 and a few other sectors."""
    return bool(_TEMPLATES["templates"][template]["lasting"])
