"""A lawyer's app: a stream of offers, of which some are taken up, read, written on and answered in time."""

import asyncio
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import uuid4

from scripts.playing import advice, spoken
from scripts.playing.allowing import allow
from scripts.playing.board import Board, moment, pace
from scripts.playing.human import Watch, about
from scripts.playing.replies import Replies
from scripts.playing.wire import REFUSED, Failed, Wire, codes

OFFER = "id state askedAt dueAt category { code name parent { code } } town { name }"
UPDATES = f"""subscription ($after: String) {{
  offerUpdates(after: $after) {{
    ... on OfferUpdates {{
      cursor serverTime events {{ kind at }} offers {{ {OFFER} }} seats {{ id leaseUntil question {{ id }} }} }}
    {REFUSED} }} }}"""
BRIEF = "query ($offer: ID!) { node(id: $offer) { ... on Offer { brief reasons { rank of score } } } }"
CLAIM = f"""mutation ($offer: ID!, $key: String!) {{
  claimOffer(input: {{offerId: $offer, idempotencyKey: $key}}) {{
    __typename ... on Seat {{ id claimedAt leaseUntil question {{ id body voice {{ file {{ url }} }} }} }}
    {REFUSED} }} }}"""
EXTEND = f"""mutation ($seat: ID!) {{
  extendLease(input: {{seatId: $seat}}) {{ __typename ... on Seat {{ leaseUntil }} {REFUSED} }} }}"""
SAVE = f"""mutation ($seat: ID!, $content: AnswerContentInput!) {{
  saveAnswerDraft(input: {{seatId: $seat, content: $content}}) {{ __typename ... on Seat {{ id }} {REFUSED} }} }}"""
SUBMIT = f"""mutation ($seat: ID!, $content: AnswerContentInput!, $key: String!) {{
  submitAnswer(input: {{seatId: $seat, content: $content, idempotencyKey: $key}}) {{
    __typename ... on Answer {{ id counts }} {REFUSED} }} }}"""

# Seconds of the city's policy.
TO_CLAIM, TO_WRITE = 60.0, 150.0
ABANDONED = 0.08
RESERVE_LOOKED_AT = 20.0
"""While the last seats are kept for local lawyers she tries again after so long."""
EXTENDED_AT = 0.8
"""The part of a lease after which a lawyer who is not done asks for more time."""


@dataclass(eq=False)
class Interest:
    """An offer this lawyer would take: how it stands, and whether she is at it."""

    state: str = ""
    busy: bool = False
    done: bool = False


@dataclass(eq=False)
class Lawyer:
    number: int
    wire: Wire
    board: Board
    responsive: float
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._chance = Random(self.number)
        self._known: dict[str, Interest | None] = {}
        self._replies = Replies(self.wire, self._chance)

    async def work(self) -> None:
        """Until cancelled. Raises Failed where the house is gone."""
        async with asyncio.TaskGroup() as desk, aclosing(self.wire.follow(UPDATES)) as frames:
            async for frame in frames:
                self.board.note_time(frame["serverTime"])
                self.board.hold(self.number, frame["seats"])
                for offer in frame["offers"]:
                    self._look_at(offer, desk)
                if not self.ready.is_set():
                    self.board.lawyers += 1
                    self.ready.set()

    def _look_at(self, offer: dict[str, Any], desk: asyncio.TaskGroup) -> None:
        asked_at = moment(offer["askedAt"])
        if offer["id"] not in self._known:
            # What was asked before the demo began is left to others.
            fresh = self.board.began is not None and asked_at >= self.board.began
            self.board.offers[asked_at] += fresh
            takes = fresh and self._chance.random() < self.responsive
            self._known[offer["id"]] = Interest() if takes else None
        interest = self._known[offer["id"]]
        if interest is None:
            return
        interest.state = offer["state"]
        if interest.state == "OPEN" and not interest.busy and not interest.done:
            interest.busy = True
            desk.create_task(self._try(offer, interest, pace(asked_at, moment(offer["dueAt"])), desk))

    async def _try(self, offer: dict[str, Any], interest: Interest, speed: float, desk: asyncio.TaskGroup) -> None:
        """A request that fails for good ends her work on this offer and nobody else's."""
        with suppress(Failed):
            question = await self._take(offer, interest, speed)
            if question and self._replies.took_part(question, speed):
                desk.create_task(self._replies.listen())
                await allow(self.wire)

    async def _take(self, offer: dict[str, Any], interest: Interest, speed: float) -> str | None:
        """Read the brief, and claim a seat if there still is one. Whose telephone stays in the pocket reads nothing.

        Returns the question if she has answered it.
        """
        watch = Watch(speed)
        node = await self.wire.ask(BRIEF, offer=offer["id"])
        if await self.board.may_look_at(node["brief"] if node else None):
            watch = Watch(speed)
        ready = about(self._chance, TO_CLAIM, 0.6)
        while True:
            await watch.wait_until(ready)
            if interest.state != "OPEN":
                break
            seat, refused = await self._claim(offer)
            if not refused:
                interest.done = True
                if voice := seat["question"]["voice"]:
                    self.board.heard += await spoken.heard(self.wire, voice)
                return str(seat["question"]["id"]) if await self._write(seat, offer, speed) else None
            if "SEATS_RESERVED" not in refused:
                # Seats that are full open again when one is freed; every other refusal is for good.
                interest.done = "SEATS_FULL" not in refused
                break
            ready += RESERVE_LOOKED_AT
        interest.busy = False
        return None

    async def _claim(self, offer: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        seat = await self.wire.ask(CLAIM, offer=offer["id"], key=str(uuid4()))
        self.board.refusals.update(codes(seat))
        return seat, codes(seat)

    async def _write(self, seat: dict[str, Any], offer: dict[str, Any], speed: float) -> bool:
        """Write, save half-way, ask for more time where it gets short, deliver; too late, claim again and deliver.

        Whether she has delivered.
        """
        if self._chance.random() < ABANDONED:
            self.board.abandoned += 1
            return False
        category = offer["category"]
        # A seat is on one question and one lawyer's.
        content = advice.answer((category["parent"] or category)["code"], Random(seat["id"]))
        watch = Watch(speed)
        lease = (moment(seat["leaseUntil"]) - moment(seat["claimedAt"])).total_seconds() * speed
        takes = about(self._chance, TO_WRITE, 0.5)
        steps: list[tuple[float, str, dict[str, Any]]] = [(takes / 2, SAVE, {"content": content | {"summary": ""}})]
        if takes > lease * EXTENDED_AT:
            steps.append((lease * EXTENDED_AT, EXTEND, {}))
        for at, document, said in sorted(steps, key=lambda step: step[0]):
            await watch.wait_until(at)
            self.board.refusals.update(codes(await self.wire.ask(document, seat=seat["id"], **said)))
        await watch.wait_until(takes)
        refused = await self._submit(seat, content)
        if refused == ["LEASE_ENDED"]:
            seat, refused = await self._claim(offer)
            if not refused:
                refused = await self._submit(seat, content)
        return not refused

    async def _submit(self, seat: dict[str, Any], content: dict[str, Any]) -> list[str]:
        refused = codes(await self.wire.ask(SUBMIT, seat=seat["id"], content=content, key=str(uuid4())))
        self.board.refusals.update(refused)
        return refused
