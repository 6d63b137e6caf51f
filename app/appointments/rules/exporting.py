"""What this room puts into a copy of all that is kept about somebody: when she came, or wanted to."""

from datetime import datetime
from typing import Final
from uuid import UUID

from app.core.portable import Record, shown

SERVICES: Final = {"CONSULTATION": "法律咨询", "LEGAL_AID": "法律援助", "MEDIATION": "人民调解", "NOTARY": "公证"}
MODES: Final = {"WINDOW": "窗口", "TELEPHONE": "电话", "VIDEO": "视频", "HOME_VISIT": "上门"}
STATES: Final = {
    "HELD": "保留中",
    "REQUESTED": "待确认",
    "CONFIRMED": "已确认",
    "CHECKED_IN": "已签到",
    "DONE": "已完成",
    "NO_SHOW": "未到场",
    "EXPIRED": "已失效",
    "RESCHEDULED": "已改期",
    "CANCELLED_BY_RESIDENT": "本人取消",
    "CANCELLED_BY_STAFF": "机构取消",
}


class StepRecord(Record):
    """A step in what became of it."""

    state: str = shown("状态", "Where it stood from then on.", STATES)
    at: datetime = shown("时间", "When.")


class AppointmentRecord(Record):
    """An appointment of hers with an institution, or a number she took there."""

    kind, title = "appointment", "预约"

    id: UUID = shown("编号", "Its id.")
    institution: UUID = shown("机构", "The institution's id in the directory.")
    service: str = shown("服务", "What for.", SERVICES)
    mode: str = shown("方式", "How the two meet.", MODES)
    state: str = shown("状态", "What became of it.", STATES)
    starts_at: datetime = shown("开始时间", "When it begins.")
    ends_at: datetime = shown("结束时间", "When it ends.")
    made_at: datetime = shown("预约时间", "When it was made.")
    number: int | None = shown("排队号", "Of who walked in.")
    name: str = shown("姓名", "As she wrote it; empty, like what follows, once it was destroyed.")
    phone: str = shown("电话", "As she wrote it.")
    topic: str = shown("事由", "As she wrote it.")
    reason: str | None = shown("机构取消的理由", "Why the staff cancelled it.")
    steps: list[StepRecord] = shown("经过", "What became of it, oldest first.")


RECORDS: Final[tuple[type[Record], ...]] = (AppointmentRecord,)
