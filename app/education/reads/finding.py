"""How articles are searched: by the same words, sounds and likenesses as the directory."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, Float, Integer, Text, case, cast, func, literal, or_
from sqlalchemy.dialects.postgresql import TSQUERY

from app.core.access import Viewer
from app.core.db import Session
from app.core.keyset import Page, keyset
from app.directory.rules.finding import Sought
from app.education.reads import A, V, published

_FIT: Final = 10**12
"""How well it fits, 0 to 4; how like its title is, two digits; when it was published, in seconds, ten."""


def is_alike(rank: int) -> bool:
    return rank < _FIT


async def search(
    session: Session, viewer: Viewer | None, page: Page, sought: Sought, topic: str | None
) -> Sequence[Any]:
    """With its rank as `at`: what holds all the words; where nothing does, what sounds or looks like them."""
    alike = page.after is not None and is_alike(page.after[0])
    rows = [] if alike else await _found(session, viewer, page, sought, topic, alike=False)
    if rows or (page.after is not None and not alike):
        return rows
    return await _found(session, viewer, page, sought, topic, alike=True)


async def _found(
    session: Session, viewer: Viewer | None, page: Page, sought: Sought, topic: str | None, *, alike: bool
) -> Sequence[Any]:
    rank = _rank(sought, alike)
    wanted = published(viewer).add_columns(rank.label("at")).where(_like(sought) if alike else _bears(sought.terms))
    if topic is not None:
        wanted = wanted.where(V.c.topic == topic)
    return (await session.rows(keyset(wanted, page, rank, A.c.id))).all()


def _bears(terms: str) -> ColumnElement[bool]:
    bears: ColumnElement[bool] = V.c.terms.op("@@", is_comparison=True)(cast(cast(literal(terms), Text), TSQUERY))
    return bears


def _like(sought: Sought) -> ColumnElement[bool]:
    looks = [V.c.label.op("OPERATOR(trigram.%>)", is_comparison=True)(said) for said in {sought.whole, sought.sound}]
    return or_(_bears(sought.alike), *looks)


def _rank(sought: Sought, alike: bool) -> ColumnElement[int]:
    label, name = V.c.label, sought.whole
    cases = [(f"|{name}|", 4), (f"|{name}", 3), (name, 2)]
    fit: Any = literal(0) if alike else case(*((func.strpos(label, part) > 0, fit) for part, fit in cases), else_=1)
    like = func.trigram.word_similarity(literal(sought.sound if alike else name), label)
    digits = cast(fit, BigInteger) * _FIT + cast(func.floor(cast(like, Float) * 99), Integer) * literal(10**10)
    return digits + cast(func.extract("epoch", A.c.published_at), BigInteger)
