"""Articles: versions that a second person has looked at, who read them, and what people want to read about."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import SmallInteger, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR
from sqlmodel import Field

from app.core.tables import Table, moment, words


class ArticleState(StrEnum):
    """Where a version stands. REPLACED: a later one took its place; both stay to be seen."""

    DRAFT = "DRAFT"
    IN_REVIEW = "IN_REVIEW"
    SCHEDULED = "SCHEDULED"
    PUBLISHED = "PUBLISHED"
    REPLACED = "REPLACED"
    WITHDRAWN = "WITHDRAWN"


OPEN = (ArticleState.DRAFT, ArticleState.IN_REVIEW, ArticleState.SCHEDULED)
"""Of an article there is one such version at most, and one that is published."""


class ArticleReaction(StrEnum):
    """What a reader says of it."""

    HELPFUL = "HELPFUL"
    UNCLEAR = "UNCLEAR"


class Article(Table, table=True):
    """What all versions are of; counts are written by triggers alone."""

    id: UUID = Field(primary_key=True)
    made_at: datetime = moment()
    published_at: datetime | None = moment()
    """When it was first published."""
    withdrawn_at: datetime | None = moment()
    reads: int
    helpful: int
    unclear: int


class ArticleVersion(Table, table=True):
    """What is written, by whom, and who has looked at it: never one of its authors, which the table holds. Words change
    while it is a draft alone."""

    __tablename__ = "article_version"

    id: UUID = Field(primary_key=True)
    article: UUID = Field(foreign_key="app.article.id")
    number: int = Field(sa_type=SmallInteger)
    state: str = Field(sa_type=Text)
    revision: int
    """Of the draft, so that two who write at once see it."""
    authors: list[UUID] = Field(sa_type=ARRAY(Uuid))
    byline: str = Field(sa_type=Text)
    topic: str = Field(sa_type=Text)
    title: str = Field(sa_type=Text)
    summary: str = Field(sa_type=Text)
    body: str = Field(sa_type=Text)
    """Markdown."""
    cover: UUID | None = Field(foreign_key="app.public_picture.id")
    statutes: list[Any] = Field(sa_type=JSONB)
    """`rules.writing.Statute`."""
    cases: list[Any] = Field(sa_type=JSONB)
    """`rules.writing.Case`."""
    divisions: list[str] = words()
    roles: list[str] = words()
    bands: list[str] = words()
    correction: str = Field(sa_type=Text)
    """What is put right by it; empty of the first."""
    label: str = Field(sa_type=Text)
    terms: Any = Field(sa_type=TSVECTOR, nullable=False)
    written_at: datetime = moment()
    reviewer: UUID | None
    reviewer_called: str = Field(sa_type=Text)
    verdict: str = Field(sa_type=Text)
    """Why it was approved, or sent back the last time."""
    publish_at: datetime | None = moment()
    published_at: datetime | None = moment()
    ended_at: datetime | None = moment()
    """When it was replaced or withdrawn."""
    ended_why: str = Field(sa_type=Text)


class ArticleReader(Table, table=True):
    """That somebody read an article, and what she said of it. Nobody but she sees it; triggers count."""

    __tablename__ = "article_reader"

    article: UUID = Field(primary_key=True)
    person: UUID = Field(primary_key=True)
    read_at: datetime = moment()
    reaction: str | None = Field(sa_type=Text)
    reacted_at: datetime | None = moment()


class TopicChoice(Table, table=True):
    """What somebody wants to read about: codes of the taxonomy, first level. What she chose before is not kept."""

    __tablename__ = "topic_choice"

    person: UUID = Field(primary_key=True)
    topics: list[str] = words()
    at: datetime = moment()


class CampaignState(StrEnum):
    SCHEDULED = "SCHEDULED"
    SENDING = "SENDING"
    SENT = "SENT"
    CANCELLED = "CANCELLED"


class Campaign(Table, table=True):
    """An article for some people, by what they said of themselves; nobody's name is in it."""

    id: UUID = Field(primary_key=True)
    article: UUID = Field(foreign_key="app.article.id")
    topics: list[str] = words()
    divisions: list[str] = words()
    roles: list[str] = words()
    bands: list[str] = words()
    consent: int
    """The version of the notice they said yes to."""
    send_at: datetime = moment()
    state: str = Field(sa_type=Text)
    estimate: int
    made_by: UUID
    made_at: datetime = moment()
    reached: UUID | None
    """In the order of ids, up to whom it was looked at."""
    sent: int
    ended_at: datetime | None = moment()


class ArticlePush(Table, table=True):
    """That somebody was told of an article; an exclusion constraint holds that no seven days have three. Who has its id
    can stop them all: nobody but she is shown it."""

    __tablename__ = "article_push"

    id: UUID = Field(primary_key=True)
    campaign: UUID = Field(foreign_key="app.campaign.id")
    person: UUID
    slot: int = Field(sa_type=SmallInteger)
    at: datetime = moment()
    until: datetime = moment()
    stopped_at: datetime | None = moment()


class DonationState(StrEnum):
    OFFERED = "OFFERED"
    TAKEN = "TAKEN"
    PUBLISHED = "PUBLISHED"
    REVOKED = "REVOKED"


class CaseDonation(Table, table=True):
    """A consultation without names, given away by whom it happened to: sealed under a key of its own, which she and the
    editor who took it are given. Empty once she has taken it back."""

    __tablename__ = "case_donation"

    id: UUID = Field(primary_key=True)
    topic: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    body: bytes
    donated_at: datetime = moment()
    taker: UUID | None


class DonationSource(Table, table=True):
    """Whose it is and of which question: hers alone to see."""

    __tablename__ = "donation_source"

    donation: UUID = Field(primary_key=True, foreign_key="app.case_donation.id")
    asker: UUID
    question: UUID
