"""What this room puts into a copy of all that is kept about somebody: the quizzes she took."""

from datetime import datetime
from typing import Final
from uuid import UUID

from app.core.portable import Record, shown

STATES: Final = {"STARTED": "进行中", "SUBMITTED": "已提交", "AUTO_SUBMITTED": "到时自动提交"}


class QuizAnswerRecord(Record):
    """A question, and what she said."""

    question: str = shown("题目", "What was asked.")
    chosen: list[str] = shown("所选", "What she chose, in her order where order counts.")
    saved_at: datetime | None = shown("保存时间", "When it was saved; null where she said nothing.")


class QuizAttemptRecord(Record):
    """A quiz that she took."""

    kind, title = "quiz_attempt", "知识竞赛"

    id: UUID = shown("编号", "Its id.")
    activity: UUID = shown("活动", "The activity's id.")
    alias: str = shown("榜上代号", "Her pseudonym on the board.")
    number: int = shown("第几次", "Which of her attempts it is.")
    state: str = shown("状态", "Where it stands.", STATES)
    started_at: datetime = shown("开始时间", "When it began.")
    closed_at: datetime | None = shown("结束时间", "When it was closed.")
    score: int | None = shown("答对题数", "How many were right.")
    answers: list[QuizAnswerRecord] = shown("作答", "What she was asked, in that order.")


RECORDS: Final[tuple[type[Record], ...]] = (QuizAttemptRecord,)
