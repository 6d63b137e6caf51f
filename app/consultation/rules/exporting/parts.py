"""What stands in records of askers and of lawyers alike."""

from datetime import datetime
from typing import Final

from app.consultation.rules.answering import Content
from app.core.portable import Record, shown
from app.directory.rules.taxonomy import CATEGORIES

OUTLOOKS: Final = {"STRONG": "有力", "LIKELY": "较有可能", "UNCERTAIN": "难以判断", "WEAK": "较弱"}


def category(code: str) -> str:
    """What a category is called in Chinese; the code itself where it is none any more."""
    return CATEGORIES[code].zh if code in CATEGORIES else code


class ArticleRecord(Record):
    """An article of law."""

    law: str = shown("法律", "The law.")
    article: str = shown("条文", "The article.")


class VersionRecord(Record):
    """An answer as it stood once."""

    at: datetime = shown("时间", "When it was delivered, changed or saved.")
    conclusion: str = shown("结论", "The answer in short.")
    basis: list[ArticleRecord] = shown("法律依据", "The articles it rests on.")
    next_steps: list[str] = shown("下一步", "What to do next, in order.")
    evidence: list[str] = shown("证据", "Evidence to collect and keep.")
    deadlines: list[str] = shown("期限", "Dates and limits not to miss.")
    text: str = shown("全文", "The full answer.")
    summary: str = shown("通俗说明", "The same in plain words.")
    outlook: str | None = shown("把握", "How good the case is.", OUTLOOKS)
    forum: str | None = shown("途径", "Where to go first, by code.")
    limit: str | None = shown("时效", "The nearest statutory limit: a number, DAY, MONTH or YEAR, and from when.")


def version(at: datetime, content: Content) -> VersionRecord:
    limit = content.limit
    said = content.model_dump(include={"conclusion", "next_steps", "evidence", "deadlines", "text", "summary"})
    return VersionRecord(
        **said,
        at=at,
        basis=[ArticleRecord(law=one.law, article=one.article) for one in content.basis],
        outlook=content.outlook,
        forum=content.forum,
        limit=" ".join(filter(None, (str(limit.amount), limit.unit, limit.begins))) if limit else None,
    )


class RatingRecord(Record):
    """What an asker made of an answer."""

    round: int = shown("轮次", "How often the question had been opened again by then.")
    stars: int = shown("星级", "1 to 5.")
    understood: bool | None = shown("看懂了", "Whether the answer was understood.")
    next_step: bool | None = shown("知道下一步", "Whether she knows what to do next.")
    solved: bool | None = shown("解决了", "Whether it solved the case.")
    comment: str | None = shown("评语", "The words.")
    rated_at: datetime = shown("评价时间", "When it was first said.")
    changed_at: datetime = shown("修改时间", "When it was last said.")
