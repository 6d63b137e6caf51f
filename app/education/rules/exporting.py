"""What this room puts into a copy of all that is kept about somebody: what she read, and wants to read about."""

from datetime import datetime
from typing import Final
from uuid import UUID

from app.core.portable import Record, shown

DONATIONS: Final = {"OFFERED": "待采用", "TAKEN": "编辑中", "PUBLISHED": "已发布", "REVOKED": "已撤回"}
WHYS: Final = {
    "TOPIC_CHOSEN": "您选择的主题",
    "TOWN": "您所在的乡镇",
    "ROLE": "您的身份",
    "AGE_BAND": "您的年龄段",
    "NEWEST": "最新发布",
}
REACTIONS: Final = {"HELPFUL": "有帮助", "UNCLEAR": "没看懂"}


class ArticleReaderRecord(Record):
    """That she read an article."""

    kind, title = "article_reader", "阅读的普法文章"

    article: UUID = shown("文章", "The article's id.")
    read_at: datetime = shown("阅读时间", "When she read it first.")
    reaction: str | None = shown("评价", "What she made of it.", REACTIONS)
    reacted_at: datetime | None = shown("评价时间", "When she said it last.")


class TopicChoiceRecord(Record):
    """What she wants to read about."""

    kind, title = "topic_choice", "关注的普法主题"

    topics: list[str] = shown("主题", "Codes of the first level of `categories`.")
    at: datetime = shown("选择时间", "When she chose them.")


class ArticlePushRecord(Record):
    """That she was told of an article."""

    kind, title = "article_push", "普法推送"

    article: UUID = shown("文章", "The article's id.")
    at: datetime = shown("推送时间", "When she was told.")
    why: list[str] = shown("推送理由", "Why.", WHYS)
    stopped_at: datetime | None = shown("停止时间", "When she stopped all pushes by it.")


class CaseDonationRecord(Record):
    """A consultation that she gave away without names."""

    kind, title = "case_donation", "捐出的案例"

    id: UUID = shown("编号", "Its id.")
    state: str = shown("状态", "Where it stands.", DONATIONS)
    donated_at: datetime = shown("捐出时间", "When she gave it.")
    text: str | None = shown("内容", "The text that she agreed to; null once she took it back.")


RECORDS: Final[tuple[type[Record], ...]] = (
    ArticleReaderRecord,
    TopicChoiceRecord,
    ArticlePushRecord,
    CaseDonationRecord,
)
