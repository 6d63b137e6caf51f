"""What this room puts into a copy of all that is kept about somebody: what she reported, and what was decided about
her."""

from datetime import datetime
from typing import Final
from uuid import UUID

from app.core.portable import Record, shown

REASONS: Final = {
    "SOLICITATION": "私自接受委托、收费",
    "CARELESS_ADVICE": "解答错误或敷衍",
    "INSULT_OR_ILLEGAL": "辱骂或违法内容",
    "BREACH_OF_CONFIDENCE": "泄露秘密",
    "OTHER": "其他",
}
STATES: Final = {
    "WAITING": "待审核",
    "TAKEN": "审核中",
    "DISMISSED": "不予处理",
    "MEASURE": "已采取措施",
    "WITHDRAWN": "已撤回",
    "ERASED": "内容已删除，不再处理",
}
KINDS: Final = {"REMINDER": "提醒", "WARNING": "警告"}
SIDES: Final = {"ASKER": "提问者", "LAWYER": "律师"}


class DisclosedRecord(Record):
    """One thing that she disclosed, as the moderator was shown it."""

    by: str = shown("谁说的", "Who said it.", SIDES)
    at: datetime = shown("时间", "When it was said.")
    text: str = shown("内容", "The words.")


class ReportRecord(Record):
    """What she reported."""

    kind, title = "report", "我的举报"

    id: UUID = shown("编号", "Its id.")
    reason: str = shown("原因", "Why.", REASONS)
    state: str = shown("状态", "Where it stands.", STATES)
    made_at: datetime = shown("举报时间", "When she made it.")
    decided_at: datetime | None = shown("处理时间", "When it was decided.")
    words: str | None = shown("补充说明", "Her own words; null once they are destroyed.")
    disclosed: list[DisclosedRecord] = shown(
        "披露的内容", "What she disclosed; empty once it is destroyed, or she reads the question no more."
    )
    reply: str | None = shown("不予处理的理由", "Why it was dismissed.")


class MeasureRecord(Record):
    """What was decided about her."""

    kind, title = "measure", "对我采取的措施"

    id: UUID = shown("编号", "Its id.")
    measure: str = shown("措施", "What was decided.", KINDS)
    reason: str = shown("原因", "What was complained of.", REASONS)
    at: datetime = shown("时间", "When.")
    reasons: str | None = shown("理由", "Why, in the moderator's words.")
    ground: str | None = shown("越级依据", "Why no lower step would do, where one was left out.")
    appealed_at: datetime | None = shown("申诉时间", "When she appealed.")
    appeal: str | None = shown("申诉", "What she said against it.")
    lifted: bool | None = shown("申诉结果", "Whether it was lifted on her appeal.")
    answer: str | None = shown("申诉答复", "Why it was lifted, or stands.")


RECORDS: Final[tuple[type[Record], ...]] = (ReportRecord, MeasureRecord)
