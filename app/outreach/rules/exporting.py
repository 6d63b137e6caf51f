"""What this room hands to a person who wants a copy of all that is kept about her (PIPL 45)."""

from datetime import datetime
from typing import Final
from uuid import UUID

from app.core.portable import Record, shown

KINDS: Final = {
    "TOWN": "镇办",
    "VILLAGE": "村（社区）",
    "ZONE": "集聚区",
    "DEPARTMENT": "市直部门",
    "WINDOW": "服务窗口",
    "SCHOOL": "学校",
    "EVENT": "活动",
    "PARTNER": "合作方",
    "PERSON": "推广人员",
}
STEPS: Final = {
    "FOLLOW": "关注公众号",
    "LEFT": "取消关注",
    "SIGN_IN": "登录",
    "QUESTION": "提问",
    "ANSWERED": "得到解答",
    "SATISFIED": "问题已解决",
}


class TouchRecord(Record):
    """By which channel she came, while that is known: thirty days."""

    kind, title = "touch", "推广渠道"

    id: UUID = shown("编号", "Its id.")
    channel: str = shown("渠道类型", "What the channel is.", KINDS)
    name: str = shown("渠道名称", "How it is called.")
    at: datetime = shown("到达时间", "When she came by it first.")
    until: datetime = shown("保存至", "Until then it is known; afterwards there are numbers without a person.")
    steps: list[str] = shown("计入的步骤", "What was counted for the channel since.", STEPS)


RECORDS: Final[tuple[type[Record], ...]] = (TouchRecord,)
