"""What this room puts into a copy of all that is kept about somebody: the quizzes she took, and what she won."""

from datetime import datetime
from typing import Final
from uuid import UUID

from app.core.portable import Record, shown

STATES: Final = {"STARTED": "进行中", "SUBMITTED": "已提交", "AUTO_SUBMITTED": "到时自动提交", "VOIDED": "已作废"}
AWARDS: Final = {"WON": "待领取", "CLAIMED": "已领取", "LAPSED": "已失效"}


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


class QuizAwardRecord(Record):
    """A prize that she won. Its code opens it, and is not in the copy."""

    kind, title = "quiz_award", "知识竞赛奖品"

    id: UUID = shown("编号", "Its id.")
    activity: UUID = shown("活动", "The activity's id.")
    prize: str = shown("奖品", "What it is.")
    place: int = shown("名次", "Her place on the board.")
    state: str = shown("状态", "What became of it.", AWARDS)
    won_at: datetime = shown("获奖时间", "When prizes were given.")
    claim_until: datetime = shown("领取期限", "Until when it could be fetched.")
    ended_at: datetime | None = shown("领取或失效时间", "When it was handed out, or lapsed.")


RECORDS: Final[tuple[type[Record], ...]] = (QuizAttemptRecord, QuizAwardRecord)
