"""What people are told, in the app."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Text
from sqlmodel import Field

from app.core.tables import Table, moment


class NoticeKind(StrEnum):
    NEW_ANSWER = "NEW_ANSWER"
    PROMISE_BROKEN = "PROMISE_BROKEN"
    QUESTION_WITHDRAWN = "QUESTION_WITHDRAWN"
    QUESTION_ERASED = "QUESTION_ERASED"
    SEAT_LOST = "SEAT_LOST"
    FOLLOW_UP = "FOLLOW_UP"
    FOLLOW_UP_ANSWERED = "FOLLOW_UP_ANSWERED"
    FOLLOW_UP_LATE = "FOLLOW_UP_LATE"
    INFORMATION_WANTED = "INFORMATION_WANTED"
    INFORMATION_GIVEN = "INFORMATION_GIVEN"
    ANSWER_AMENDED = "ANSWER_AMENDED"
    STILL_SATISFIED = "STILL_SATISFIED"
    QUESTION_RESOLVED = "QUESTION_RESOLVED"
    QUESTION_REOPENED = "QUESTION_REOPENED"
    PLEASE_RATE = "PLEASE_RATE"
    BEST_ANSWER = "BEST_ANSWER"
    OFFERED = "OFFERED"
    INVITED = "INVITED"
    APPEAL_UPHELD = "APPEAL_UPHELD"
    APPEAL_DISMISSED = "APPEAL_DISMISSED"
    AID_PROGRESS = "AID_PROGRESS"
    AID_SUPPLEMENT = "AID_SUPPLEMENT"
    AID_SUPPLEMENT_DUE = "AID_SUPPLEMENT_DUE"
    AID_DECIDED = "AID_DECIDED"
    AID_LAWYER = "AID_LAWYER"
    AID_LAPSED = "AID_LAPSED"
    AID_CLOSED = "AID_CLOSED"
    AID_WORK = "AID_WORK"
    AID_DUE_SOON = "AID_DUE_SOON"
    AID_OVERDUE = "AID_OVERDUE"
    AID_OFFERED = "AID_OFFERED"
    AID_ENDED = "AID_ENDED"
    TASK_NEW = "TASK_NEW"
    TASK_OVERDUE = "TASK_OVERDUE"
    DELEGATION_GRANTED = "DELEGATION_GRANTED"
    DELEGATION_ENDED = "DELEGATION_ENDED"
    ASKED_FOR_YOU = "ASKED_FOR_YOU"
    EXPORT_READY = "EXPORT_READY"
    MINOR_ACCESS_ASKED = "MINOR_ACCESS_ASKED"
    APPLICATION_NEW = "APPLICATION_NEW"
    APPLICATION_APPROVED = "APPLICATION_APPROVED"
    APPLICATION_REFUSED = "APPLICATION_REFUSED"
    VISIT_DUE = "VISIT_DUE"
    VISIT_MISSED = "VISIT_MISSED"
    APPOINTMENT_CONFIRMED = "APPOINTMENT_CONFIRMED"
    APPOINTMENT_CANCELLED = "APPOINTMENT_CANCELLED"
    APPOINTMENT_SOON = "APPOINTMENT_SOON"
    APPOINTMENT_MISSED = "APPOINTMENT_MISSED"
    CONTEST_NEW = "CONTEST_NEW"
    CONTEST_DECIDED = "CONTEST_DECIDED"


class Notice(Table, table=True):
    """One a person, kind and cause. Its words are a template's: nothing of a case is kept here."""

    id: UUID = Field(primary_key=True)
    person: UUID
    kind: str = Field(sa_type=Text)
    about: UUID
    cause: UUID
    at: datetime = moment()
    read_at: datetime | None = moment(default=None)
    acknowledged_at: datetime | None = moment(default=None)
    """When a client of hers said that it has it: no other channel is needed then."""
