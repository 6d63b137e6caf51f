"""Questions with every fate an offer can have, written in bulk past the walls; the triggers do their work."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from app.core.access import Viewer
from app.core.sealing import KeyProvider, new_key
from tests.city import City
from tests.vault.bulk import copy_in, lawyers, some_id

FATES = ("offered", "forgotten", "declined", "live", "lapsed", "released", "answered")
HOUR = timedelta(hours=1)
Reading = dict[UUID, set[UUID]]
"""Person -> what she may read."""


@dataclass
class Truth:
    """Who may read what, worked out here and nowhere in the house."""

    people: list[Viewer]
    questions: Reading = field(default_factory=lambda: defaultdict(set))
    briefs: Reading = field(default_factory=lambda: defaultdict(set))
    answers: Reading = field(default_factory=lambda: defaultdict(set))
    every_question: list[UUID] = field(default_factory=list)
    every_brief: list[UUID] = field(default_factory=list)


async def generate(city: City, random: Random, questions: int, people: int) -> Truth:
    keys, now = city.doors[KeyProvider], await city.now()
    truth = Truth(await lawyers(city, people, random))
    rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    withdrawn: list[UUID] = []
    for number in range(questions):
        question, brief, asked_at = some_id(random), some_id(random), now - HOUR - timedelta(seconds=number % 7)
        asker, *called = random.sample(truth.people, random.randint(1, 6))
        if random.random() < 0.02:  # a lawyer may be called to her own question
            called = [asker, *called][:5]
        gone = random.random() < 0.05
        rows["question id asker category division status asked_at policy body"].append(
            (question, asker.id, "labour.wages", "419001001", "OPEN", asked_at, 1, b"sealed")
        )
        rows["brief id question body"].append((brief, question, b"sealed"))
        for subject in (question, brief):
            rows["key subject kek wrapped"].append((subject, *keys.wrap(new_key(), str(subject))))
        rows["dispatch question brief category division policy asked_at wave board"].append(
            (question, brief, "labour.wages", "419001001", 1, asked_at, 0, "OPEN")
        )
        rows["feed subject kind ids at"].append((question, "QUESTION_ASKED", "{}", asked_at))
        truth.every_question.append(question)
        truth.every_brief.append(brief)
        if gone:
            withdrawn.append(question)
        fates = {person.id: random.choice(FATES) for person in called}
        answers = _called(rows, question, fates, now, random)
        _believe(truth, question, brief, asker.id, fates, answers, gone)
    for table, records in rows.items():
        name, _, columns = table.partition(" ")
        await copy_in(city, name, columns, records)
    await city.sql("UPDATE app.question SET status = 'WITHDRAWN' WHERE id = ANY(:gone)", gone=withdrawn)
    await city.sql("ANALYZE")
    return truth


def _called(
    rows: dict[str, list[tuple[Any, ...]]], question: UUID, fates: dict[UUID, str], now: datetime, random: Random
) -> dict[UUID, UUID]:
    """Offers, seats and answers of those who were called; returns lawyer -> answer."""
    answers: dict[UUID, UUID] = {}
    for place, (lawyer, fate) in enumerate(fates.items(), 1):
        until = now - HOUR / 4 if fate == "forgotten" else now + HOUR * 20
        declined = "BUSY" if fate == "declined" else None
        rows["offer question lawyer firm pool wave offered_at until declined why"].append(
            (question, lawyer, question, "LOCAL", 0, now - HOUR, until, declined, "{}")
        )
        if fate not in ("live", "lapsed", "released", "answered"):
            continue
        lease = now - HOUR / 3 if fate in ("lapsed", "answered") else now + HOUR / 3
        ended = (now - HOUR / 4, "RELEASED") if fate == "released" else (None, None)
        rows[
            "seat id question lawyer firm local place claimed_at lease_until extended counts ended_at ended_why"
        ].append(
            (some_id(random), question, lawyer, question, True, place, now - HOUR / 2, lease, False, False, *ended)
        )
        if fate == "answered":
            answers[lawyer] = some_id(random)
            rows["answer id question lawyer delivered_at counts content"].append(
                (answers[lawyer], question, lawyer, now - HOUR / 3, True, b"sealed")
            )
    return answers


def _believe(
    truth: Truth,
    question: UUID,
    brief: UUID,
    asker: UUID,
    fates: dict[UUID, str],
    answers: dict[UUID, UUID],
    withdrawn: bool,
) -> None:
    truth.questions[asker].add(question)
    truth.briefs[asker].add(brief)
    truth.answers[asker].update(answers.values())
    for lawyer, fate in fates.items():
        if fate == "answered" or (fate == "live" and not withdrawn):
            truth.questions[lawyer].add(question)
        if fate == "answered":
            truth.answers[lawyer].update(answers.values())
        if fate not in ("forgotten", "declined") and not withdrawn:
            truth.briefs[lawyer].add(brief)
