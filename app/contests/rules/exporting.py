"""What this room puts into a copy of all that is kept about somebody: what she handed in, and voted for."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from app.core.portable import Record, shown

STATES: Final = {
    "SUBMITTED": "待审核",
    "CHECKING": "审核中",
    "DISPLAYED": "展示中",
    "REJECTED": "未通过",
    "SHORTLISTED": "入围",
    "AWARDED": "获奖",
    "TAKEN_DOWN": "已下架",
}


JURORS: Final = {"INVITED": "待答复", "ACCEPTED": "已接受", "DECLINED": "未接受", "RELEASED": "已解除"}


class EntryRecord(Record):
    """Something that she handed in to a contest; its picture is among her files."""

    kind, title = "entry", "参赛作品"

    id: UUID = shown("编号", "Its id.")
    activity: UUID = shown("活动编号", "The contest's id.")
    name: str = shown("标题", "As she called it; empty once it was destroyed.")
    pseudonym: str = shown("展示名", "Under which name everybody sees it.")
    state: str = shown("状态", "Where it stands.", STATES)
    submitted_at: datetime = shown("提交时间", "When she handed it in.")


class VoteRecord(Record):
    """A vote of hers."""

    kind, title = "vote", "投票"

    entry: UUID = shown("作品编号", "For which entry.")
    day: date = shown("日期", "On which day.")
    at: datetime = shown("时间", "When.")


class JurorRecord(Record):
    """That she was asked to judge a contest."""

    kind, title = "juror", "评委"

    id: UUID = shown("编号", "Its id.")
    activity: UUID = shown("活动编号", "The contest's id.")
    called: str = shown("称呼", "How the editors call her.")
    state: str = shown("状态", "Whether she judges.", JURORS)
    named_at: datetime = shown("邀请时间", "When she was asked.")
    scores: int = shown("评分作品数", "To how many entries she gave points.")


RECORDS: Final[tuple[type[Record], ...]] = (EntryRecord, VoteRecord, JurorRecord)
