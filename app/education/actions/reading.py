"""What readers do: they read, say what they make of it, and choose what they want to read about."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.education import reads
from app.education.models import ArticleReaction, ArticleReader, TopicChoice
from app.education.reads import R, T
from app.education.rules.writing import against_topics


async def read(session: Session, viewer: Viewer, article: UUID, now: datetime) -> None:
    """She has it before her. Twice counts once."""
    await _published(session, viewer, article)
    row: dict[str, Any] = {"article": article, "person": viewer.id, "read_at": now}
    row |= {"reaction": None, "reacted_at": None}
    await session.rows(insert(ArticleReader).inline().values(row).on_conflict_do_nothing())


async def react(
    session: Session, viewer: Viewer, article: UUID, reaction: ArticleReaction | None, now: datetime
) -> None:
    """What she makes of it from now on; None takes it back. Who says something of it has read it."""
    await _published(session, viewer, article)
    said: dict[str, Any] = {"reaction": reaction, "reacted_at": now}
    made = insert(ArticleReader).inline().values(said | {"article": article, "person": viewer.id, "read_at": now})
    changed = R.c.reaction.is_distinct_from(reaction)
    await session.rows(
        made.on_conflict_do_update(index_elements=["article", "person"], set_=said, where=changed),
    )


async def choose(session: Session, viewer: Viewer, topics: list[str], now: datetime) -> None:
    """What she wants to read about; nothing takes it back."""
    refuse_if(against_topics(topics))
    said: dict[str, Any] = {"topics": sorted(topics), "at": now}
    chosen = insert(TopicChoice).inline().values(said | {"person": viewer.id})
    changed = T.c.topics.is_distinct_from(said["topics"])
    await session.rows(chosen.on_conflict_do_update(index_elements=["person"], set_=said, where=changed))


async def _published(session: Session, viewer: Viewer, article: UUID) -> None:
    rows = await reads.articles(session, viewer, [article])
    if not rows or rows[0].listed_at is None or rows[0].withdrawn_at is not None:
        raise refuse(NOT_FOUND, "articleId")


async def publish(session: Session, version: UUID) -> bool:
    """For the worker: whether it is published now. Twice, or before its time, changes nothing."""
    done = await session.rows(text("SELECT door.publish_article(:version)"), {"version": version})
    return bool(done.scalar_one())


async def give_up(session: Session, person: UUID) -> None:
    """For the worker: what somebody read and chose who closes her account."""
    await session.rows(text("SELECT door.give_up_education(:person)"), {"person": person})
