"""What an article is made of, and when it may be written, looked at, published and taken back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from pydantic import BaseModel

from app.accounts.models import AgeBand
from app.core.access import Role
from app.core.errors import BAD_VALUE, Reason, because, code
from app.core.texts import against_text
from app.directory.rules.taxonomy import CATEGORIES
from app.places.rules import is_division

TITLE: Final = (4, 60)
SUMMARY: Final = (10, 200)
BODY: Final = (50, 20_000)
BYLINE: Final = (2, 30)
LAW: Final = (2, 60)
ARTICLE: Final = (1, 30)
CASE_TITLE: Final = (2, 60)
CASE_TEXT: Final = (20, 3_000)
SOURCE: Final = (2, 100)
REASON: Final = (4, 300)
STATUTES_MAX: Final = 30
CASES_MAX: Final = 5
DIVISIONS_MAX: Final = 20
AHEAD: Final = timedelta(days=366)
WRITERS: Final = frozenset({Role.EDITOR})
REVIEWERS: Final = frozenset({Role.EDITOR, Role.SUPERVISOR})
"""Who sees what is not published."""
TOPICS: Final = tuple(code for code, category in CATEGORIES.items() if category.parent is None)

ARTICLE_BUSY = code(
    "ARTICLE_BUSY",
    zh="这篇文章现在不能这样操作。",
    en="The article does not stand where this can be done.",
    remedy="Read it again: a draft is written and submitted, what was submitted is reviewed, what is published is "
    "corrected or withdrawn.",
)
ARTICLE_CHANGED = code(
    "ARTICLE_CHANGED",
    zh="草稿已被他人修改，请刷新后再试。",
    en="Somebody else changed the draft meanwhile.",
    remedy="Read the draft again and send the change, or what you say of it, with its new revision.",
)
OWN_ARTICLE = code(
    "OWN_ARTICLE",
    zh="作者不能审核自己写的文章，请由另一人审核。",
    en="Whoever wrote it does not review it: somebody else has to.",
    remedy="Ask another editor or a supervisor.",
)
PUBLISH_TOO_LATE = code(
    "PUBLISH_TOO_LATE",
    zh="发布时间须在现在之后、一年之内。",
    en="It is published later than now, and within a year.",
    remedy="Send a moment in the future, or none to publish at once.",
)


class Statute(BaseModel):
    """`law` by its full name, `article` as the law numbers it."""

    law: str
    article: str


class Case(BaseModel):
    """A case that makes it plain, without anybody's name."""

    title: str
    text: str
    source: str
    donation: UUID | None = None
    """That which it tells, of who gave it away."""


class Written(BaseModel):
    """All that an editor says of a version. Where an audience is not said, it is for everybody."""

    topic: str
    title: str
    summary: str
    body: str
    byline: str
    cover: UUID | None = None
    """A picture that was sent; `keep_cover` where it stays as it is."""
    keep_cover: bool = False
    statutes: list[Statute] = []
    cases: list[Case] = []
    divisions: list[str] = []
    roles: list[Role] = []
    bands: list[AgeBand] = []


def tidied(said: Written) -> Written:
    plain = {name: getattr(said, name).strip() for name in ("title", "summary", "byline")}
    return said.model_copy(update=plain)


def against_written(said: Written) -> list[Reason]:
    """Of a tidied one; fields by the names of the graph, where it is all in `content`."""
    reasons = [
        *([because(BAD_VALUE, "topic")] if said.topic not in TOPICS else []),
        *against_text(said.title, "title", *TITLE),
        *against_text(said.summary, "summary", *SUMMARY),
        *against_text(said.body, "markdown", *BODY),
        *against_text(said.byline, "byline", *BYLINE),
        *_against_statutes(said.statutes),
        *_against_cases(said.cases),
        *_against_audience(said),
    ]
    return [replace(reason, field=f"content.{reason.field}") for reason in reasons]


def _against_statutes(said: list[Statute]) -> Iterator[Reason]:
    if len(said) > STATUTES_MAX:
        yield because(BAD_VALUE, "statutes")
    for place, one in enumerate(said[:STATUTES_MAX]):
        yield from against_text(one.law, f"statutes.{place}.law", *LAW)
        yield from against_text(one.article, f"statutes.{place}.article", *ARTICLE)


def _against_cases(said: list[Case]) -> Iterator[Reason]:
    if len(said) > CASES_MAX:
        yield because(BAD_VALUE, "cases")
    for place, one in enumerate(said[:CASES_MAX]):
        yield from against_text(one.title, f"cases.{place}.title", *CASE_TITLE)
        yield from against_text(one.text, f"cases.{place}.text", *CASE_TEXT)
        yield from against_text(one.source, f"cases.{place}.source", *SOURCE)


def _against_audience(said: Written) -> Iterator[Reason]:
    if len(said.divisions) > DIVISIONS_MAX or not all(map(is_division, said.divisions)):
        yield because(BAD_VALUE, "divisionCodes")
    for name, listed in (("divisionCodes", said.divisions), ("roles", said.roles), ("ageBands", said.bands)):
        if len(set(listed)) < len(listed):
            yield because(BAD_VALUE, name)


def against_why(reason: str, field: str = "reason") -> list[Reason]:
    return list(against_text(reason, field, *REASON))


def against_called(called: str) -> list[Reason]:
    return list(against_text(called, "calledAs", *BYLINE))


def against_moment(at: datetime | None, now: datetime) -> list[Reason]:
    if at is None or now < at <= now + AHEAD:
        return []
    return [because(PUBLISH_TOO_LATE, "publishAt")]


def against_topics(said: list[str]) -> list[Reason]:
    wrong = len(set(said)) < len(said) or not set(said) <= set(TOPICS)
    return [because(BAD_VALUE, "topics")] if wrong else []
