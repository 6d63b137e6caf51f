"""An article is written, looked at by a second person, published, corrected and withdrawn."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ARRAY, Text, bindparam, func, update
from sqlalchemy.dialects.postgresql import insert

from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.outbox import Event, emit, emit_each
from app.core.sealing import KeyProvider
from app.education import reads
from app.education.actions.donating import cited
from app.education.events import ArticleDue, ArticleReviewed, ArticleWithdrawn
from app.education.models import Article, ArticleState, ArticleVersion
from app.education.reads import V
from app.education.rules import writing as rules
from app.education.rules.finding import labelled, terms_of
from app.education.rules.writing import Written
from app.vault.actions.pictures import show_publicly

COVER = "content.coverId"


async def create(session: Session, viewer: Viewer, keys: KeyProvider, said: Written, key: str, now: datetime) -> UUID:
    """The new article's id; its first version is a draft."""
    said, id = rules.tidied(said), new_id()
    refuse_if(rules.against_written(said))
    if known := await once(session, keys.secret("idempotency"), key, said, "createArticle", id):
        return known
    await session.rows(insert(Article).inline().values(id=id, made_at=now))
    await _write_first(session, viewer, keys, id, 1, said, "", None, now)
    return id


class _Correction(BaseModel):
    article: UUID
    said: Written
    correction: str


async def correct(
    session: Session,
    viewer: Viewer,
    keys: KeyProvider,
    article: UUID,
    said: Written,
    correction: str,
    key: str,
    now: datetime,
) -> UUID:
    """A draft of what shall take the place of what is published. `correction`: what is put right, for readers."""
    said = rules.tidied(said)
    refuse_if([*rules.against_written(said), *rules.against_why(correction, "correction")])
    entered = _Correction(article=article, said=said, correction=correction)
    if known := await once(session, keys.secret("idempotency"), key, entered, "correctArticle", article):
        return known
    known_versions = await _versions(session, viewer, article)
    newest = known_versions[0]
    if not any(row.state == ArticleState.PUBLISHED for row in known_versions):
        raise refuse(rules.ARTICLE_BUSY, "articleId")
    await _write_first(
        session, viewer, keys, article, newest.number + 1, said, correction.strip(), newest.cover, now, _told(newest)
    )
    return article


async def _write_first(
    session: Session,
    viewer: Viewer,
    keys: KeyProvider,
    article: UUID,
    number: int,
    said: Written,
    correction: str,
    cover: UUID | None,
    now: datetime,
    before: Iterable[UUID] = (),
) -> None:
    await cited(session, viewer, said, before)
    row = _columns(said) | {"cover": await _cover(session, viewer, keys, said, cover, now), "written_at": now}
    row |= {"id": new_id(), "article": article, "number": number, "state": ArticleState.DRAFT, "revision": 1}
    row |= {"authors": [viewer.id], "correction": correction, "reviewer_called": "", "verdict": "", "ended_why": ""}
    made = insert(ArticleVersion).inline().values(row).on_conflict_do_nothing()
    if not (await session.rows(made)).rowcount:  # one of it is open already
        raise refuse(rules.ARTICLE_BUSY, "articleId")


async def edit(
    session: Session, viewer: Viewer, keys: KeyProvider, article: UUID, revision: int, said: Written, now: datetime
) -> None:
    """The draft is as it is said from now on, and she one of its authors. Refuses ARTICLE_CHANGED and ARTICLE_BUSY."""
    said = rules.tidied(said)
    refuse_if(rules.against_written(said))
    found = await _open(session, viewer, article, ArticleState.DRAFT)
    if found.revision != revision:
        raise refuse(rules.ARTICLE_CHANGED, "revision")
    await cited(session, viewer, said, _told(found))
    authors = found.authors if viewer.id in found.authors else [*found.authors, viewer.id]
    row = _columns(said) | {"cover": await _cover(session, viewer, keys, said, found.cover, now), "written_at": now}
    row |= {"revision": revision + 1, "authors": authors}
    as_read = V.c.id == found.id, V.c.state == ArticleState.DRAFT, V.c.revision == revision
    if not (await session.rows(update(ArticleVersion).where(*as_read).values(row))).rowcount:
        raise refuse(rules.ARTICLE_CHANGED, "revision")


async def submit(session: Session, viewer: Viewer, article: UUID) -> None:
    """Somebody else may look at it from now on."""
    found = await _open(session, viewer, article, ArticleState.DRAFT)
    await _go(session, found, state=ArticleState.IN_REVIEW)


async def reopen(session: Session, viewer: Viewer, article: UUID) -> None:
    """What was submitted, or waits for its day, is a draft again."""
    found = await _open(session, viewer, article, ArticleState.IN_REVIEW, ArticleState.SCHEDULED)
    await _go(session, found, state=ArticleState.DRAFT, reviewer=None, reviewer_called="", publish_at=None)


async def review(
    session: Session,
    viewer: Viewer,
    article: UUID,
    approve: bool,
    reason: str,
    called: str,
    publish_at: datetime | None,
    revision: int | None,
    now: datetime,
) -> None:
    """Approved, it is published at that moment, or at once; else it is a draft again, with the reason. `called`: by
    which name readers are told who looked at it. `revision`: as she read it, if she says. Refuses OWN_ARTICLE to who
    wrote any of it."""
    refuse_if(
        [
            *rules.against_why(reason),
            *rules.against_called(called),
            *(rules.against_moment(publish_at, now) if approve else ()),
        ]
    )
    found = await _open(session, viewer, article, ArticleState.IN_REVIEW)
    if viewer.id in found.authors:
        raise refuse(rules.OWN_ARTICLE, "articleId")
    if revision is not None and revision != found.revision:
        raise refuse(rules.ARTICLE_CHANGED, "revision")
    if not approve:
        await _go(session, found, state=ArticleState.DRAFT, verdict=reason.strip())
        await emit(session, ArticleReviewed(version=found.id, review=new_id()))
        return
    at = publish_at or now
    looked = {"reviewer": viewer.id, "reviewer_called": called.strip(), "verdict": reason.strip(), "publish_at": at}
    await _go(session, found, state=ArticleState.SCHEDULED, **looked)
    told: list[tuple[datetime, Event]] = [(at, ArticleDue(version=found.id))]
    if publish_at is not None:  # of what is published at once its authors hear just that
        told.append((now, ArticleReviewed(version=found.id, review=new_id())))
    await emit_each(session, told)


async def withdraw(session: Session, viewer: Viewer, article: UUID, reason: str, now: datetime) -> None:
    """Nobody but the staff sees it any more, nor what came before it."""
    refuse_if(rules.against_why(reason))
    rows = await _versions(session, viewer, article)
    shown = next((row for row in rows if row.state == ArticleState.PUBLISHED), None)
    if shown is None:
        raise refuse(rules.ARTICLE_BUSY, "articleId")
    await _go(session, shown, state=ArticleState.WITHDRAWN, ended_at=now, ended_why=reason.strip())
    await emit(session, ArticleWithdrawn(version=shown.id))


async def _versions(session: Session, viewer: Viewer, article: UUID) -> Any:
    rows = await reads.versions(session, viewer, [article])
    if not rows:
        raise refuse(NOT_FOUND, "articleId")
    return rows


async def _open(session: Session, viewer: Viewer, article: UUID, *states: ArticleState) -> Any:
    found = await reads.open_version(session, viewer, article)
    if found is None:
        await _versions(session, viewer, article)
    if found is None or found.state not in states:
        raise refuse(rules.ARTICLE_BUSY, "articleId")
    return found


async def _go(session: Session, found: Any, **values: Any) -> None:
    """Of many at once one takes the step."""
    as_read = V.c.id == found.id, V.c.state == found.state, V.c.revision == found.revision
    if not (await session.rows(update(ArticleVersion).where(*as_read).values(**values))).rowcount:
        raise refuse(rules.ARTICLE_BUSY, "articleId")


async def _cover(
    session: Session, viewer: Viewer, keys: KeyProvider, said: Written, before: UUID | None, now: datetime
) -> UUID | None:
    if said.cover is not None:
        return await show_publicly(session, viewer, keys, said.cover, COVER, now)
    return before if said.keep_cover else None


def _told(row: Any) -> list[UUID]:
    """Cases given away that a version tells."""
    return [UUID(one["donation"]) for one in row.cases if one.get("donation")]


def _columns(said: Written) -> dict[str, Any]:
    row = said.model_dump(mode="json", exclude={"cover", "keep_cover"})
    pieces = bindparam(None, terms_of(said), ARRAY(Text), unique=True)
    return row | {"label": labelled(said), "terms": func.array_to_tsvector(pieces)}
