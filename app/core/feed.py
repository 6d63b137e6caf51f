"""News in order: of a subject for its readers, or for one person.

A cursor is (transaction, number) below the oldest transaction still open: a number alone becomes visible out of order
and would lose what a slower writer commits later.
"""

import base64
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Integer, Text, any_, bindparam, literal_column, select, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from app.core.crowd import Crowd, each
from app.core.db import Session, now
from app.core.errors import BAD_CURSOR, refuse
from app.core.ids import opaque
from app.core.tables import Table, moment


class Feed(Table, table=True):
    """Written here, read by the statement below; `xid` and `id` are the database's own."""

    id: int = Field(primary_key=True, sa_type=BigInteger)
    subject: UUID | None
    person: UUID | None
    kind: str = Field(sa_type=Text)
    ids: dict[str, Any] = Field(sa_type=JSONB)
    at: datetime = moment()


F: Any = Feed.__table__  # type: ignore[attr-defined]


class Cursor(NamedTuple):
    xid: int
    id: int

    def __str__(self) -> str:
        return opaque(f"{self.xid}.{self.id}")


START = Cursor(0, 0)


def cursor(said: str | None) -> Cursor | None:
    """What the client sent back, or None if nothing. Refuses what this house never gave."""
    if said is None:
        return None
    try:
        raw = base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)).decode("ascii")
        xid, _, id = raw.partition(".")
        found = Cursor(int(xid), int(id))
    except ValueError as error:
        raise refuse(BAD_CURSOR, "after") from error
    if str(found) != said or not (0 <= found.xid < 2**63 and 0 <= found.id < 2**63):
        raise refuse(BAD_CURSOR, "after")
    return found


class Line(NamedTuple):
    """One piece of news: for the readers of `subject`, or for `person`. Ids and small numbers only."""

    kind: str
    ids: dict[str, Any]
    subject: UUID | None = None
    person: UUID | None = None


async def show(
    session: Session, kind: str, *, subject: UUID | None = None, people: Iterable[UUID] = (), **ids: Any
) -> None:
    """Put news before the readers of `subject`, or before each of `people`."""
    await _show(session, [Line(kind, ids, subject)] if subject else [Line(kind, ids, person=one) for one in people])


async def show_each(session: Session, kind: str, news: Iterable[tuple[UUID, dict[str, Any]]]) -> None:
    """News of one kind, of each person her own ids, in one statement."""
    await _show(session, [Line(kind, ids, person=person) for person, ids in news])


async def _show(session: Session, news: Sequence[Line]) -> None:
    if news:
        await session.rows(_SHOW, shown(session, news))


SHOW: Final = """
INSERT INTO app.feed (subject, person, kind, ids, at)
SELECT subject, person, kind, CAST(ids AS jsonb), CAST(:at AS timestamptz)
FROM unnest(CAST(:subjects AS uuid[]), CAST(:people AS uuid[]), CAST(:kinds AS text[]), CAST(:said AS text[]))
    AS news (subject, person, kind, ids)"""
_SHOW: Final = text(SHOW)


def shown(session: Session, news: Sequence[Line]) -> dict[str, Any]:
    """The parameters of `SHOW`; whom it concerns is rung for once this has committed."""
    for line in news:
        session.news(line.subject or line.person)  # type: ignore[arg-type]
    return {
        "at": now(session),
        "subjects": [line.subject for line in news],
        "people": [line.person for line in news],
        "kinds": [line.kind for line in news],
        "said": [json.dumps(_said(line.ids)) for line in news],
    }


def _said(ids: dict[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, int) else str(value) for name, value in ids.items()}


_NEWS = """
SELECT xid::text::bigint AS xid, id, kind, ids, at, xid < pg_snapshot_xmin(pg_current_snapshot()) AS ripe FROM app.feed
WHERE {whose} AND (xid, id) > (CAST(CAST(:xid AS text) AS xid8), :id) ORDER BY feed.xid, feed.id LIMIT :limit"""
_OF_SUBJECT = text(_NEWS.format(whose="subject = :whose"))
_OF_PERSON = text(_NEWS.format(whose="person = :whose AND kind = ANY(:kinds)"))


def _of_each(who: Any) -> Any:
    xid = literal_column("feed.xid::text::bigint", BigInteger).label("xid")
    ripe = literal_column("feed.xid < pg_snapshot_xmin(pg_current_snapshot())", Boolean).label("ripe")
    behind = text("(feed.xid, feed.id) > (CAST(who.xid AS xid8), who.after)")
    theirs = select(xid, F.c.id, F.c.kind, F.c.ids, F.c.at, ripe).where(F.c.person == who.id, behind)
    some = theirs.where(F.c.kind == any_(bindparam("kinds", type_=ARRAY(Text))))
    return some.order_by(text("feed.xid, feed.id")).limit(bindparam("limit", type_=Integer))


_OF_EACH = each(_of_each, xid=Text, after=BigInteger)
_LATEST = text("SELECT (pg_snapshot_xmin(pg_current_snapshot())::text::bigint) - 1")

LIMIT = 100


def at(row: Any) -> Cursor:
    """The cursor after this row."""
    return Cursor(row.xid, row.id)


News = tuple[Sequence[Any], bool]
"""Rows (xid, id, kind, ids, at), oldest first, and whether more is committed but not yet in its final order."""


async def of_subject(session: Session, after: Cursor, subject: UUID) -> News:
    """At most 100 rows after the cursor, under the session's own visibility."""
    return await _ripe(session, _OF_SUBJECT, {"whose": subject}, after)


async def of_person(session: Session, after: Cursor, person: UUID, kinds: Sequence[str]) -> News:
    return await _ripe(session, _OF_PERSON, {"whose": person, "kinds": list(kinds)}, after)


async def of_people(crowd: Crowd, people: Sequence[tuple[UUID, Cursor]], kinds: Sequence[str]) -> list[News]:
    """The same of many, of each what is behind her own cursor."""
    after = {"xid": [str(cursor.xid) for _, cursor in people], "after": [cursor.id for _, cursor in people]}
    who = [person for person, _ in people]
    return [_sorted(rows) for rows in await crowd.rows(_OF_EACH, who, after, kinds=list(kinds), limit=LIMIT)]


async def _ripe(session: Session, statement: Any, whose: dict[str, Any], after: Cursor) -> News:
    return _sorted(
        (await session.rows(statement, whose | {"xid": str(after.xid), "id": after.id, "limit": LIMIT})).all()
    )


def _sorted(rows: Sequence[Any]) -> News:
    """Those that come in their final order, and whether there are others."""
    ripe = [row for row in rows if row.ripe]
    return ripe, len(ripe) < len(rows)


_AHEAD = text("SELECT CAST(CAST(:xid AS text) AS xid8) >= pg_snapshot_xmax(pg_current_snapshot())")


async def ahead(session: Session, after: Cursor) -> bool:
    """Whether the cursor is of a time this database does not know: it was restored from an earlier backup."""
    found: bool = (await session.rows(_AHEAD, {"xid": str(after.xid)})).scalar_one()
    return found


async def latest(session: Session) -> Cursor:
    """A cursor after everything visible now: where a client that wants only news begins."""
    return Cursor((await session.rows(_LATEST)).scalar_one(), 2**63 - 1)
