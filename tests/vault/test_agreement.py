"""However one asks who may read, the answer is the same: by the house's own expression, by the walls alone, by the keys
that are released, by the feed, by the page that is driven from `reader`, and by a truth worked out apart."""

from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from app.consultation import reads
from app.core.access import Viewer
from app.core.db import Session
from app.core.keyset import Page
from app.core.sealing import KeyProvider
from app.vault.actions.keys import release
from app.vault.reads import visible_to
from tests.city import City
from tests.vault.generated import Truth, generate

pytestmark = pytest.mark.anyio

SIZES = [pytest.param(3_000, 100, marks=pytest.mark.short), pytest.param(10_000, 200, marks=pytest.mark.full)]


async def ids(session: Session, statement: Any) -> set[UUID]:
    return set((await session.rows(statement)).scalars())


async def pages(session: Session, viewer: Viewer) -> list[UUID]:
    """Every question of hers, page by page."""
    found: list[UUID] = []
    after = None
    while rows := (await reads.question_page(session, viewer, Page(100, False, after, None), None))[:100]:
        found += [row.id for row in rows]
        after = (rows[-1].since, rows[-1].id)
    return found


async def keys_of(city: City, session: Session, viewer: Viewer, subjects: list[UUID]) -> set[UUID]:
    """What `release` gives, asked a thousand at a time."""
    given: set[UUID] = set()
    for start in range(0, len(subjects), 1000):
        part = subjects[start : start + 1000]
        given |= (await release(session, city.doors[KeyProvider], viewer, part)).keys()
    return given


async def agree(city: City, truth: Truth, viewer: Viewer, random: Random) -> int:
    """Asserts for one person; returns how many questions and briefs she reads."""
    questions, briefs, answers = (known[viewer.id] for known in (truth.questions, truth.briefs, truth.answers))
    async with city.super.acting(viewer.id) as past_the_walls:
        assert await ids(past_the_walls, select(reads.Q.c.id).where(visible_to(viewer, reads.Q.c.id))) == questions
        assert await ids(past_the_walls, select(reads.B.c.id).where(visible_to(viewer, reads.B.c.id))) == briefs
    async with city.db.acting(viewer.id) as walled:
        assert await ids(walled, text("SELECT id FROM app.question")) == questions
        assert await ids(walled, text("SELECT id FROM app.brief")) == briefs
        assert await ids(walled, text("SELECT subject FROM app.key")) == questions | briefs
        assert await ids(walled, text("SELECT subject FROM app.feed")) == questions
        assert await ids(walled, text("SELECT id FROM app.answer")) == answers
        page = await pages(walled, viewer)
        assert len(page) == len(questions)
        assert set(page) == questions
        assert {row.id for row in await reads.answers_of(walled, viewer, questions)} == answers
        others = random.sample(truth.every_question, 100) + random.sample(truth.every_brief, 100)
        asked_for = [*(questions | briefs | set(others))]
        assert await keys_of(city, walled, viewer, asked_for) == questions | briefs
    return len(questions) + len(briefs)


@pytest.mark.parametrize(("questions", "people"), SIZES)
async def test_all_ways_of_asking_who_may_read_agree(city: City, questions: int, people: int) -> None:
    random = Random(7)
    truth = await generate(city, random, questions, people)
    readings = sum([await agree(city, truth, viewer, random) for viewer in truth.people])
    assert readings > questions * 4
