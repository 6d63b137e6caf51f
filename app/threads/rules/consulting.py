"""What is said in a consultation with an institution, and what a copy has of it: pure."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.core.errors import Reason, because, code
from app.core.portable import Record, shown
from app.core.texts import against_text
from app.screening.rules.unlawful import ADVERTISEMENT, UNLAWFUL_CONTENT, screen
from app.threads.models import ConsultationState

FIRST: Final = (10, 2000)
"""Characters of what it begins with."""
LATER: Final = (1, 2000)
KEPT: Final = timedelta(days=365)
"""After it is closed; the table's own function says the same."""

CONSULTATION_OPEN = code(
    "CONSULTATION_OPEN",
    zh="您与该机构已有一个进行中的咨询，请在其中继续。",
    en="You have an open consultation with this institution already; please go on in it.",
    remedy="Find it in institutionConsultations and use sendToInstitution.",
)
CONSULTATION_CLOSED = code(
    "CONSULTATION_CLOSED",
    zh="此咨询已经结束。",
    en="This consultation is closed.",
    remedy="Begin another with consultInstitution.",
)
CONSULTATION_TAKEN = code(
    "CONSULTATION_TAKEN",
    zh="同事已接手此咨询。",
    en="A colleague has taken this consultation.",
    remedy="Take another that waits, or ask the colleague to hand it over.",
)
NOT_YOUR_CONSULTATION = code(
    "NOT_YOUR_CONSULTATION",
    zh="请先接手此咨询。",
    en="You do not hold this consultation.",
    remedy="Use takeConsultation first, if it waits.",
)
NOT_A_COLLEAGUE = code(
    "NOT_A_COLLEAGUE",
    zh="只能转交给本机构的其他在岗人员。",
    en="It is handed only to another who works at this institution.",
    remedy="Name the post of one of colleagues, not your own.",
)
COLLEAGUE_RECUSED = code(
    "COLLEAGUE_RECUSED",
    zh="该工作人员已经回避此案，请转交其他人员。",
    en="She has stepped back from the case that this is about.",
    remedy="Name the post of another of colleagues.",
)


class ConsultationEventKind(StrEnum):
    """What can happen to a consultation, as its feed tells it."""

    CONSULTATION_OPENED = "CONSULTATION_OPENED"
    CONSULTATION_TAKEN = "CONSULTATION_TAKEN"
    CONSULTATION_HANDED_OVER = "CONSULTATION_HANDED_OVER"
    CONSULTATION_WAITS_AGAIN = "CONSULTATION_WAITS_AGAIN"
    CONSULTATION_SAID = "CONSULTATION_SAID"
    CONSULTATION_CLOSED = "CONSULTATION_CLOSED"


def against_asking(body: str, bounds: tuple[int, int]) -> list[Reason]:
    """Of a resident's words; they may be angry, and need not ask anything."""
    if bad := list(against_text(body, "body", *bounds)):
        return bad
    found = screen(body)
    return [because(found.reason, "body")] if found.reason in (UNLAWFUL_CONTENT, ADVERTISEMENT) else []


def against_replying(body: str) -> list[Reason]:
    return list(against_text(body, "body", *LATER))


STATES: Final = {
    ConsultationState.WAITING.value: "等待接手",
    ConsultationState.TAKEN.value: "已接手",
    ConsultationState.CLOSED.value: "已结束",
}


class ConsultationRecord(Record):
    """A consultation of hers with an institution; its words are messages about it."""

    kind, title = "institutionConsultation", "机构咨询"

    id: UUID = shown("编号", "Its id.")
    institution: UUID = shown("机构", "The institution's id in the directory.")
    application: UUID | None = shown("关联申请", "The application that it is about, if about one.")
    state: str = shown("状态", "How it stands.", STATES)
    called: str | None = shown("接待人", "How who holds it is called, or who held it last.")
    opened_at: datetime = shown("开始时间", "When she began it.")
    state_at: datetime = shown("状态时间", "Since when it stands so.")
