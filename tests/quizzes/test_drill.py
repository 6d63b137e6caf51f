"""Many take one quiz on one machine, and their connections are cut at random: no saved answer is lost, every attempt is
closed by its deadline, scores are what a recount makes of them. `QUIZ_TAKERS=2000` makes it the large one."""

import asyncio
import json
import os
import random
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import insert

from app.accounts.models import Person
from app.core.access import Role, Viewer
from app.core.db import NOBODY
from app.core.ids import new_id
from app.graph.ids import uuid_of
from tests.city import City
from tests.quizzes.bank import mutation
from tests.quizzes.taking import BEGUN, SAVED, TAKEN, Quiz, open_quiz, recount
from tests.sockets import served, token

pytestmark = [pytest.mark.anyio, pytest.mark.full]

TAKERS = int(os.environ.get("QUIZ_TAKERS", "30"))
AT_ONCE = 50
"""Who are on the line together; the others come as these go."""


@dataclass
class Taker:
    """Somebody on a bad line. `told`: of each item the choice and the sequence that she was told to be kept."""

    quiz: Quiz
    url: str
    token: str
    dice: random.Random
    cuts: int = 0
    waits: list[float] = field(default_factory=list)
    attempt: str = ""
    told: dict[int, tuple[int, list[int]]] = field(default_factory=dict)

    async def says(self, what: str, shown: str, **said: Any) -> Any:
        """Sent again and again until an answer comes; a third of the time the line is cut before it does."""
        body = json.dumps({"query": mutation(what, shown), "variables": {"input": said}}).encode()
        while True:
            began = time.monotonic()
            try:
                async with asyncio.timeout(self.dice.uniform(0.001, 0.1) if self.dice.random() < 0.33 else None):
                    reply = await self._sent(body)
            except OSError:  # a TimeoutError is one
                self.cuts += 1
                continue
            if done := (reply.get("data") or {}).get(what):
                self.waits.append(time.monotonic() - began)
                return done
            assert reply["errors"][0]["extensions"]["code"] == "BUSY", reply

    async def _sent(self, body: bytes) -> Any:
        """On a socket of its own, which is torn down whatever happens: a client of a library takes longer than the
        house does."""
        place = urlsplit(self.url)
        lines = [f"POST {place.path} HTTP/1.1", f"Host: {place.netloc}", "Connection: close"]
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        lines += [f"Authorization: Bearer {self.token}"]
        reader, writer = await asyncio.open_connection(place.hostname, place.port)
        try:
            writer.write("\r\n".join((*lines, "", "")).encode() + body)
            head, _, answer = (await reader.read()).partition(b"\r\n\r\n")
        finally:
            writer.transport.abort()
        if not head.startswith(b"HTTP/1.1 200"):
            raise ConnectionError(head)
        return json.loads(answer)

    async def takes_it(self) -> None:
        key = str(new_id())
        begun = await self.says("startAttempt", BEGUN, activityId=self.quiz.id, idempotencyKey=key)
        self.attempt = begun["id"]
        turn = 0
        for item in self.dice.sample(begun["items"], len(begun["items"])):
            for _ in range(self.dice.randint(1, 2)):  # some think better of it
                turn += 1
                right = self.dice.random() < 0.6
                chosen = self.quiz.right(item) if right else self.quiz.wrong(item)
                said = {"attemptId": self.attempt, "item": item["item"], "chosen": chosen, "sequence": turn}
                saved = await self.says("saveAnswer", SAVED, **said)
                assert saved["__typename"] == "SavedAnswer", saved
                self.told[item["item"]] = (saved["sequence"], saved["chosen"])
        if self.dice.random() < 0.5:
            done = await self.says("submitAttempt", TAKEN, attemptId=self.attempt)
            assert done["__typename"] == "QuizAttempt", done


async def crowd(city: City, count: int) -> list[Viewer]:
    people = [Viewer(new_id(), new_id(), frozenset({Role.RESIDENT})) for _ in range(count)]
    rows = [{"id": one.id, "standing": "ACTIVE", "created_at": datetime.now(UTC)} for one in people]
    async with city.owner.acting(NOBODY) as session:
        await session.rows(insert(Person).inline(), rows)
    await city.signed_in(*people)
    return people


async def test_no_saved_answer_is_lost(city: City, capsys: pytest.CaptureFixture[str]) -> None:
    quiz = await open_quiz(city, questions=12, draws=3, seconds=4 * 3600)
    began = time.monotonic()
    async with served(city) as url:
        takers = [
            Taker(quiz, url, token(city, who, 7200), random.Random(n))
            for n, who in enumerate(await crowd(city, TAKERS))
        ]
        line = asyncio.Semaphore(AT_ONCE)

        async def comes(taker: Taker) -> None:
            async with line:
                await taker.takes_it()

        await asyncio.gather(*map(comes, takers))
    took = time.monotonic() - began
    ((left,),) = await city.sql("SELECT count(*) FROM app.quiz_attempt WHERE state = 'STARTED'")
    await city.turn_seconds(4 * 3600 + 31)
    closing = time.monotonic()
    await city.settle()
    closing = time.monotonic() - closing
    rows = {row.id: row for row in await city.sql("SELECT * FROM app.quiz_attempt")}
    assert len(rows) == TAKERS
    assert {row.state for row in rows.values()} == {"SUBMITTED", "AUTO_SUBMITTED"}
    assert all(row.duration <= 4 * 3600 * 1000 for row in rows.values())
    kept = {(row.attempt, row.item): row.turn for row in await city.sql("SELECT * FROM app.quiz_answer")}
    told = {(uuid_of(one.attempt, "QuizAttempt"), item): turn for one in takers for item, (turn, _) in one.told.items()}
    assert kept == told
    await recount(city, quiz)
    waits = sorted(wait for one in takers for wait in one.waits)
    with capsys.disabled():
        print(
            f"\n{TAKERS} takers, {len(waits)} requests answered, {sum(one.cuts for one in takers)} cut; {len(told)}"
            f" answers told to be kept, {len(kept)} kept; p50 {waits[len(waits) // 2] * 1000:.0f} ms, p95"
            f" {waits[len(waits) * 95 // 100] * 1000:.0f} ms; {took:.0f} s;"
            f" {left} closed by the deadline in {closing:.1f} s"
        )
