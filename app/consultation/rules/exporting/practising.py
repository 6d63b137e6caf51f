"""What this room puts into a copy of all that is kept about a lawyer: what she answered and how she was called, without
the words of those who asked."""

from datetime import datetime
from typing import Any
from uuid import UUID

from app.consultation.rules.exporting.parts import RatingRecord, VersionRecord
from app.core.portable import Record, shown


class WrittenAnswerRecord(Record):
    """What she, a lawyer, answered. What was asked is another's, and is not here."""

    kind, title = "writtenAnswer", "我的解答"

    id: UUID = shown("编号", "Its id.")
    question: UUID = shown("所属咨询", "The question's id.")
    delivered_at: datetime = shown("送达时间", "When it was delivered.")
    counts: bool = shown("计入承诺", "Whether it is one of the promised answers.")
    suspect: bool = shown("疑似雷同", "Whether it was too like another answer to count by itself.")
    best: bool = shown("最佳解答", "Whether its asker likes it best.")
    versions: list[VersionRecord] = shown("各版本", "As it was delivered, and each time it was changed.")
    ratings: list[RatingRecord] = shown("收到的评价", "As the asker gave it to her to read.")
    corrected: str | None = shown("更正的类别", "To what category she corrected the question's, if she did; a code.")


class AnswerDraftRecord(Record):
    """What she, a lawyer, was writing and has not delivered, or wrote before she did."""

    kind, title = "answerDraft", "解答草稿"

    question: UUID = shown("所属咨询", "The question's id.")
    version: VersionRecord = shown("内容", "As it was last saved.")


class SeatRecord(Record):
    """A seat that she, a lawyer, took."""

    kind, title = "seat", "席位"

    id: UUID = shown("编号", "Its id.")
    question: UUID = shown("所属咨询", "The question's id.")
    place: int = shown("位次", "1 to 5.")
    local: bool = shown("本地席位", "Whether it was kept for lawyers of the city.")
    claimed_at: datetime = shown("认领时间", "When she took it.")
    lease_until: datetime = shown("保留至", "Until when it was lent.")
    extended: bool = shown("已延长", "Whether she took two minutes more.")
    delivered_at: datetime | None = shown("送达时间", "When she answered.")
    counts: bool = shown("计入承诺", "Whether that answer counts.")
    ended_at: datetime | None = shown("结束时间", "When it ended without an answer.")
    ended_why: str | None = shown("结束原因", "Why, by code.")


class OfferRecord(Record):
    """A question that was offered to her, a lawyer, and by what figures she was chosen."""

    kind, title = "offer", "咨询邀请"

    question: UUID = shown("所属咨询", "The question's id.")
    category: str = shown("类别", "What it is about, in Chinese.")
    offered_at: datetime = shown("邀请时间", "When she was last called.")
    wave: int = shown("轮次", "In which wave.")
    pool: str = shown("区域", "As one of which pool.")
    until: datetime | None = shown("有效至", "Until when its brief is hers to read; null where that is not decided.")
    declined: str | None = shown("谢绝原因", "Why she declined, by code.")
    invited: str | None = shown("点名原因", "Why a seat was kept for her, by code.")
    why: dict[str, Any] = shown("依据", "The figures by which she stood where she stood.")


class ClientsRecord(Record):
    """Her list of clients: how many names it holds. The names themselves nobody has."""

    kind, title = "clients", "当事人名单"

    names: int = shown("名单人数", "How many, as keyed digests.")
    updated_at: datetime | None = shown("更新时间", "When it last changed.")
