"""What this room puts into a copy of all that is kept about somebody: how a lawyer's answers were marked."""

from datetime import datetime
from typing import Final
from uuid import UUID

from app.core.portable import Record, shown

CONCLUSIONS: Final = {"YES": "正确", "PARTLY": "部分正确", "NO": "不正确"}


class QualityMarkRecord(Record):
    """What a check of quality made of an answer of hers. Who marked it is not told."""

    kind, title = "quality_mark", "答复质量评价"

    id: UUID = shown("编号", "Its id.")
    answer: UUID = shown("解答", "The answer's id.")
    conclusion: str = shown("结论", "Whether the conclusion is right in law.", CONCLUSIONS)
    law: bool = shown("法律依据正确", "Whether the law is cited correctly.")
    steps: bool = shown("下一步清楚", "Whether the next steps are clear.")
    plain: bool = shown("语言通俗", "Whether it is in plain words.")
    deadlines: bool | None = shown("指出期限", "Whether deadlines are named; null where there are none.")
    harm: bool = shown("可能造成损失", "Whether the wrong conclusion may harm the asker.")
    note: str | None = shown("评语", "The reviewer's words; null where there are none, or the question was erased.")
    marked_at: datetime = shown("评价时间", "When.")
    reply: str | None = shown("我的回应", "Her words; null where she has not replied, or the question was erased.")
    replied_at: datetime | None = shown("回应时间", "When she replied.")


RECORDS: Final[tuple[type[Record], ...]] = (QualityMarkRecord,)
