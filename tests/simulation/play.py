"""Plays a setting: virtual time, the product's own graph, relay and tables, and lawyers who act by the fixture.

The next thing is an arrival, an act of a lawyer, or what the outbox holds due; the clock is turned to it, it is done,
and the relay sweeps until nothing is due.
"""

import heapq
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import orjson

from app.core.ids import new_id
from app.graph.ids import global_id, parse_id
from tests import city as words
from tests.city import City, codes
from tests.simulation import figures
from tests.simulation.figures import Figures
from tests.simulation.fixture import Behaviour, Intent, Setting
from tests.simulation.people import Asking, People, settle_in
from tests.simulation.watch import Watch
from tests.words import own_words

Act = Callable[[], Awaitable[None]]

PATIENCE = timedelta(hours=1)
"""How long after the last question the city is watched for promises that are kept late."""

# Asking for little: what people read on the way does not change who gets a seat.
REFUSED = "... on Refused { reasons { code } }"
ASK = f"mutation ($input: AskQuestionInput!) {{ askQuestion(input: $input) {{ ... on Question {{ id }} {REFUSED} }} }}"
CLAIM = f"""mutation ($offer: ID!, $key: String!) {{
  claimOffer(input: {{offerId: $offer, idempotencyKey: $key}}) {{ ... on Seat {{ id leaseUntil }} {REFUSED} }} }}"""
EXTEND = f"mutation ($seat: ID!) {{ extendLease(input: {{seatId: $seat}}) {{ ... on Seat {{ extended }} {REFUSED} }} }}"
SUBMIT = f"""mutation ($seat: ID!, $content: AnswerContentInput!, $key: String!) {{
  submitAnswer(input: {{seatId: $seat, content: $content, idempotencyKey: $key}}) {{
    ... on Answer {{ counts deliveredAt }} {REFUSED} }} }}"""


async def play(city: City, setting: Setting, terms: dict[str, Any] | None = None) -> Figures:
    """Run a setting in a fresh city, under the house's policy, or with some of its terms replaced."""
    async with Watch.over(city) as watch:
        policy = await _policy(city, terms or {})
        people = await settle_in(city, setting)
        return await Play(city, watch, setting, people, timedelta(seconds=policy["reserved_for"])).run()


async def _policy(city: City, terms: dict[str, Any]) -> dict[str, Any]:
    """The newest policy's terms, which is a new version if some are replaced."""
    (row,) = await city.sql("SELECT version, terms FROM app.dispatch_policy ORDER BY version DESC LIMIT 1")
    if terms:
        said = {"version": row.version + 1, "terms": orjson.dumps(row.terms | terms).decode()}
        await city.sql("INSERT INTO app.dispatch_policy SELECT :version, app.clock(), CAST(:terms AS jsonb)", **said)
    return {**row.terms, **terms}


class Play:
    def __init__(self, city: City, watch: Watch, setting: Setting, people: People, reserved_for: timedelta) -> None:
        self.city, self.watch, self.setting, self.people = city, watch, setting, people
        self.reserved_for = reserved_for
        self.behaviour = Behaviour(setting.responsive)
        self.asked: dict[UUID, tuple[Asking, datetime]] = {}
        self.answers: dict[UUID, list[datetime]] = defaultdict(list)
        self.refused: Counter[str] = Counter()
        self.claims = 0
        self._acts: list[tuple[datetime, int, Act]] = []
        self._planned = 0

    async def run(self) -> Figures:
        began = time.monotonic()
        for asking in self.people.askings:
            self._plan(asking.at, partial(self._ask, asking))
        until = self._acts[-1][0] + PATIENCE
        while (at := await self._next()) <= until and not self._over():
            await self.watch.turn_to(at)
            while self._acts and self._acts[0][0] <= self.watch.now:
                await heapq.heappop(self._acts)[2]()
            while await self.watch.due() <= self.watch.now:
                await self.city.relay.sweep()
            for lawyer, question in await self.watch.offered():
                self._consider(lawyer, question)
        outcomes = await figures.read(self.city, [(asking, id) for id, (asking, _) in self.asked.items()])
        self._agree(outcomes)
        took = time.monotonic() - began
        return Figures(self.setting.responsive, self.setting.seed, outcomes, self.claims, self.refused, took)

    # Time ------------------------------------------------------------------------------------------------------

    def _plan(self, seconds: float, act: Act) -> None:
        """From now."""
        self._planned += 1
        heapq.heappush(self._acts, (self.watch.now + timedelta(seconds=seconds), self._planned, act))

    async def _next(self) -> datetime:
        due = await self.watch.due()
        return min(due, self._acts[0][0]) if self._acts else due

    def _over(self) -> bool:
        """Nobody has anything more to do, and every question has what was promised."""
        return not self._acts and all(len(self.answers[question]) >= 3 for question in self.asked)

    # What people do --------------------------------------------------------------------------------------------

    async def _ask(self, asking: Asking) -> None:
        said = words.question(asking.body, asking.category) | {"divisionCode": asking.division}
        made = await self.city.one(asking.asker, ASK, input=said)
        self.asked[UUID(parse_id(made["id"])[1])] = asking, self.watch.now

    def _consider(self, lawyer: UUID, question: UUID) -> None:
        number, _ = self.people.lawyers[lawyer]
        intent = self.behaviour.intent(self.setting.seed, self.asked[question][0].number, number)
        if intent.claims_after is not None:
            self._plan(intent.claims_after, partial(self._take_up, lawyer, question, intent))

    async def _take_up(self, lawyer: UUID, question: UUID, intent: Intent, *, again: bool = False) -> None:
        seat = await self._claim(lawyer, question)
        if "id" in seat:
            if not intent.abandons:
                self._write(lawyer, question, seat, intent)
        elif codes(seat) == ["SEATS_RESERVED"] and not again:
            _, asked_at = self.asked[question]
            left = (asked_at + self.reserved_for - self.watch.now).total_seconds()
            self._plan(left + intent.comes_back_after, partial(self._take_up, lawyer, question, intent, again=True))

    async def _claim(self, lawyer: UUID, question: UUID) -> Any:
        self.claims += 1
        offer = global_id("Offer", f"{question}.{lawyer}")
        seat = await self._do(lawyer, CLAIM, offer=offer, key=str(new_id()))
        self.refused.update(codes(seat))
        return seat

    def _write(self, lawyer: UUID, question: UUID, seat: Any, intent: Intent) -> None:
        lease = (datetime.fromisoformat(seat["leaseUntil"]) - self.watch.now).total_seconds()
        if intent.writes_for >= lease:
            self._plan(lease - self.behaviour.extends_before_end, partial(self._extend, lawyer, seat["id"]))
        self._plan(intent.writes_for, partial(self._deliver, lawyer, question, seat["id"]))

    async def _extend(self, lawyer: UUID, seat: str) -> None:
        assert (await self._do(lawyer, EXTEND, seat=seat)).get("extended")

    async def _deliver(self, lawyer: UUID, question: UUID, seat: str, *, again: bool = False) -> None:
        content = words.CONTENT | {"text": own_words(seat)}
        answer = await self._do(lawyer, SUBMIT, seat=seat, content=content, key=str(new_id()))
        if codes(answer) == ["LEASE_ENDED"] and not again:
            self.refused.update(codes(answer))
            another = await self._claim(lawyer, question)
            if "id" in another:
                await self._deliver(lawyer, question, another["id"], again=True)
            return
        assert answer["counts"], answer
        self.answers[question].append(datetime.fromisoformat(answer["deliveredAt"]))

    async def _do(self, lawyer: UUID, document: str, **variables: Any) -> Any:
        return await self.city.one(self.people.lawyers[lawyer][1], document, **variables)

    # Is it true? -----------------------------------------------------------------------------------------------

    def _agree(self, outcomes: list[figures.Outcome]) -> None:
        """The product's promise says what the lawyers' own answers said."""
        for outcome, (question, (_, asked_at)) in zip(outcomes, self.asked.items(), strict=True):
            came = sorted((at - asked_at).total_seconds() for at in self.answers[question])
            first, third = (came[n] if len(came) > n else None for n in (0, 2))
            said = (outcome.answers, outcome.first, outcome.third)
            assert said == (len(came), first, third), f"question {outcome.number}: {said} is not what happened"
