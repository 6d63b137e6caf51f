"""How articles are read: what is published by everybody, what is not by who writes and reviews it."""

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, literal_column, or_, select

from app.accounts.models import AgeBand
from app.accounts.reads import band_said, village_said
from app.accounts.reads.roles import holds
from app.core.access import Viewer
from app.core.db import Session
from app.core.keyset import Page, keyset
from app.education.models import OPEN, Article, ArticleReader, ArticleState, ArticleVersion, TopicChoice
from app.education.rules.choosing import Reader
from app.education.rules.writing import REVIEWERS

A: Any = Article.__table__  # type: ignore[attr-defined]
V: Any = ArticleVersion.__table__  # type: ignore[attr-defined]
R: Any = ArticleReader.__table__  # type: ignore[attr-defined]
T: Any = TopicChoice.__table__  # type: ignore[attr-defined]

_CLOSED: Final = frozenset({"label", "terms"})
"""What finds it is shown to nobody."""
_WORDS: Final = [column for column in V.c if column.name not in _CLOSED]
COLUMNS: Final = [
    *(column for column in _WORDS if column.name != "article"),
    A.c.id.label("article"),
    A.c.published_at.label("listed_at"),
    *(A.c[name] for name in ("made_at", "withdrawn_at", "reads", "helpful", "unclear")),
]
"""A version, and of its article what is the same in all."""
CANDIDATES: Final = 200
"""Of how many, the newest, those are chosen that are recommended."""


def visible_to(viewer: Viewer | None) -> ColumnElement[bool]:
    """What is published and not withdrawn; all to who signed in as an editor or supervisor and is one still."""
    published: ColumnElement[bool] = and_(A.c.published_at.is_not(None), A.c.withdrawn_at.is_(None))
    return or_(published, reviews(viewer))


def versions_visible_to(viewer: Viewer | None) -> ColumnElement[bool]:
    """What is or was published, and is not withdrawn; all to the same."""
    shown: ColumnElement[bool] = V.c.state.in_((ArticleState.PUBLISHED, ArticleState.REPLACED))
    return or_(shown, reviews(viewer))


def reviews(viewer: Viewer | None) -> ColumnElement[bool]:
    """Who signed in as an editor or supervisor and is one still."""
    if viewer is None or viewer.roles.isdisjoint(REVIEWERS):
        return false()
    return holds(viewer, REVIEWERS)


def _shown(viewer: Viewer | None) -> Any:
    """Of each article the version that is published, else the newest that she sees."""
    inner = V.alias()
    first = (inner.c.state == ArticleState.PUBLISHED).desc(), inner.c.number.desc()
    newest = select(inner.c.id).where(inner.c.article == A.c.id).order_by(*first).limit(1).scalar_subquery()
    return select(*COLUMNS).join_from(A, V, V.c.id == newest).where(visible_to(viewer), versions_visible_to(viewer))


async def articles(session: Session, viewer: Viewer | None, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(_shown(viewer).where(A.c.id.in_(list(ids))))).all()


async def desk(session: Session, viewer: Viewer, page: Page, state: ArticleState | None) -> Sequence[Any]:
    """All, the newest first, or those of which a version stands so."""
    wanted = _shown(viewer)
    if state is not None:
        stands = V.alias()
        standing = select(1).where(stands.c.article == A.c.id, stands.c.state == state)
        wanted = wanted.where(standing.offset(literal_column("0")).exists())
    return (await session.rows(keyset(wanted, page, A.c.made_at, A.c.id))).all()


def published(viewer: Viewer | None) -> Any:
    at = V.c.state == ArticleState.PUBLISHED, A.c.published_at.is_not(None)
    return select(*COLUMNS).join_from(A, V, V.c.article == A.c.id).where(*at, visible_to(viewer))


async def published_page(session: Session, viewer: Viewer | None, page: Page, topic: str | None) -> Sequence[Any]:
    """The newest first."""
    wanted = published(viewer)
    if topic is not None:
        wanted = wanted.where(V.c.topic == topic)
    return (await session.rows(keyset(wanted, page, A.c.published_at, A.c.id))).all()


async def candidates(session: Session, viewer: Viewer | None) -> Sequence[Any]:
    """(article, topic, divisions, roles, bands, listed_at, read) of the newest; `read`: by herself."""
    slim = A.c.id.label("article"), V.c.topic, V.c.divisions, V.c.roles, V.c.bands, A.c.published_at.label("listed_at")
    read = select(1).where(R.c.article == A.c.id, R.c.person == viewer.id).exists() if viewer else false()
    wanted = published(viewer).with_only_columns(*slim, read.label("read"))
    return (await session.rows(wanted.order_by(A.c.published_at.desc(), A.c.id.desc()).limit(CANDIDATES))).all()


async def versions(session: Session, viewer: Viewer | None, articles: Iterable[UUID]) -> Sequence[Any]:
    """All that she sees of these, the newest first."""
    wanted = select(*_WORDS).where(V.c.article.in_(list(articles)), versions_visible_to(viewer))
    return (await session.rows(wanted.order_by(V.c.article, V.c.number.desc()))).all()


async def open_version(session: Session, viewer: Viewer, article: UUID) -> Any | None:
    """The one that is not published yet."""
    wanted = select(*_WORDS).where(V.c.article == article, V.c.state.in_(OPEN), versions_visible_to(viewer))
    return (await session.rows(wanted)).one_or_none()


async def readings(session: Session, viewer: Viewer, articles: Iterable[UUID]) -> Sequence[Any]:
    """What she herself read of these, and said of it."""
    return (await session.rows(select(*R.c).where(R.c.person == viewer.id, R.c.article.in_(list(articles))))).all()


async def topics_of(session: Session, viewer: Viewer) -> Any | None:
    """(person, topics, at) that she chose last."""
    return (await session.rows(select(*T.c).where(T.c.person == viewer.id))).one_or_none()


async def reader(session: Session, viewer: Viewer) -> Reader:
    """What she said of herself."""
    said = select(T.c.topics).where(T.c.person == viewer.id), band_said(viewer), village_said(viewer)
    topics, band, village = (await session.rows(select(*(each.scalar_subquery() for each in said)))).one()
    return Reader(frozenset(topics or ()), village, viewer.roles, AgeBand(band) if band else None)


async def authored(session: Session, version: UUID) -> Any | None:
    """(article, authors, state) of a version. For the worker."""
    wanted = select(V.c.article, V.c.authors, V.c.state).where(V.c.id == version)
    return (await session.rows(wanted)).one_or_none()
