"""What this room puts into a copy of all that is kept about somebody: when she was received at a window."""

from datetime import datetime
from typing import Final
from uuid import UUID

from app.core.portable import Record, shown

PAPERS: Final = {
    "ID_DOCUMENT": "身份证件",
    "HOUSEHOLD_REGISTER": "户口簿",
    "APPLICATION_FORM": "申请表",
    "HARDSHIP_STATEMENT": "经济困难状况说明",
    "AUTHORITY": "授权委托书",
    "CASE_DOCUMENT": "案件材料",
    "EVIDENCE": "证据材料",
    "PHOTO": "照片",
    "NOTICE": "通知书",
    "DECISION": "决定书",
    "CERTIFICATE": "公证书",
    "AGREEMENT": "协议书",
    "OTHER": "其他材料",
}
ACTS: Final = {"RECEIVED": "收取材料", "HANDED_OUT": "发放材料", "COLLECTED": "领取结果"}
SUBJECTS: Final = {"APPLICATION": "申请", "APPOINTMENT": "预约"}


class PaperRecord(Record):
    """Of what kind, and how many."""

    what: str = shown("材料", "Of what kind.", PAPERS)
    original: bool = shown("原件", "Whether it is the original.")
    copies: int = shown("份数", "How many.")


class ActRecord(Record):
    """Papers that went over the counter."""

    what: str = shown("事项", "What was done with them.", ACTS)
    receipt: str = shown("回执号", "The number of the receipt.")
    at: datetime = shown("时间", "When.")
    papers: list[PaperRecord] = shown("材料清单", "Which papers.")


class WindowVisitRecord(Record):
    """A code that she made for a window, and the visit that it became."""

    kind, title = "window_visit", "窗口到访"

    id: UUID = shown("编号", "Its id.")
    about: str = shown("事项类别", "What it was about.", SUBJECTS)
    subject: UUID = shown("所办事项", "The id of the application or the appointment.")
    made_at: datetime = shown("生成时间", "When the code was made.")
    opened_at: datetime | None = shown("窗口打开时间", "When a window opened it, if one did.")
    institution: UUID | None = shown("机构", "Whose window it was.")
    opened: list[datetime] = shown("查看记录", "When the window read the slip.")
    acts: list[ActRecord] = shown("经过", "What went over the counter, oldest first.")


class ServiceRatingRecord(Record):
    """What she made of how a case of hers was done."""

    kind, title = "service_rating", "办理评价"

    application: UUID = shown("申请", "The application's id.")
    stars: int = shown("星级", "One to five.")
    solved: bool = shown("是否解决", "Whether it solved what she came with.")
    rated_at: datetime = shown("评价时间", "When she said it first.")
    changed_at: datetime = shown("修改时间", "When she said it last.")


RECORDS: Final[tuple[type[Record], ...]] = (WindowVisitRecord, ServiceRatingRecord)
