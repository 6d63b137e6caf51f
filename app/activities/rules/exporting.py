"""What this room puts into a copy of all that is kept about somebody: what she signed up for."""

from datetime import datetime
from typing import Final
from uuid import UUID

from app.core.portable import Record, shown

STATES: Final = {"ENROLLED": "已报名", "WAITING": "候补中", "LEFT": "已取消"}


class EnrolmentRecord(Record):
    """That she signed up for a gathering."""

    kind, title = "enrolment", "活动报名"

    id: UUID = shown("编号", "Its id.")
    activity: UUID = shown("活动编号", "The gathering's id.")
    name: str = shown("活动", "How the gathering is called.")
    state: str = shown("状态", "Whether she has a place.", STATES)
    made_at: datetime = shown("报名时间", "When she signed up.")
    came_at: datetime | None = shown("签到时间", "When she checked in.")


RECORDS: Final[tuple[type[Record], ...]] = (EnrolmentRecord,)
