"""What a lawyer's app does once she has answered: it listens for notices, and she replies to follow-ups."""

import asyncio
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import uuid4

from scripts.playing import texts
from scripts.playing.human import Watch, about
from scripts.playing.wire import REFUSED, Failed, Wire

NOTICES = f"""subscription ($after: String) {{
  noticeUpdates(after: $after) {{
    ... on NoticeUpdates {{ cursor serverTime unread notices {{ id kind title text aboutId at }} }} {REFUSED} }} }}"""
READ = f"""mutation ($notice: ID!) {{
  markNoticesRead(input: {{ids: [$notice]}}) {{ __typename ... on NoticesRead {{ unread }} {REFUSED} }} }}"""
FOLLOW_UPS = """query ($question: ID!) {
  node(id: $question) { ... on Question { followUps { id state message { body } clock { dueAt } } } } }"""
REPLY = f"""mutation ($input: AnswerFollowUpInput!) {{
  answerFollowUp(input: $input) {{ __typename ... on Message {{ id sentAt }} {REFUSED} }} }}"""

# Seconds of the city's policy.
TO_REPLY, SPREAD, LONGEST = 300.0, 0.6, 1500.0
OPENED_AT = 0.7
"""The part of that time after which she opens the follow-up; the rest she writes."""


@dataclass(eq=False)
class Replies:
    wire: Wire
    chance: Random
    _speeds: dict[str, float] = field(default_factory=dict)
    """How fast the policy of each question that she answered is. Notices of others are of another day."""
    _told: set[str] = field(default_factory=set)
    _begun: set[str] = field(default_factory=set)

    def took_part(self, question: str, speed: float) -> bool:
        """Notes what she answered; whether it is the first of all, so that she listens from now on."""
        self._speeds[question] = speed
        return len(self._speeds) == 1

    async def listen(self) -> None:
        """Until cancelled. What came before she listened is among the unread. Raises Failed where the house is gone."""
        async with asyncio.TaskGroup() as desk, aclosing(self.wire.follow(NOTICES)) as frames:
            async for frame in frames:
                for notice in frame["notices"]:
                    mine = notice["kind"] == "FOLLOW_UP" and notice["aboutId"] in self._speeds
                    if mine and notice["id"] not in self._told:
                        self._told.add(notice["id"])
                        desk.create_task(self._reply(notice))

    async def _reply(self, notice: dict[str, Any]) -> None:
        """A request that fails for good leaves this follow-up to the others, and ends nothing else."""
        question = notice["aboutId"]
        watch, takes = Watch(self._speeds[question]), min(about(self.chance, TO_REPLY, SPREAD), LONGEST)
        with suppress(Failed):
            await watch.wait_until(takes * OPENED_AT)
            await self.wire.ask(READ, notice=notice["id"])
            said = await self.wire.ask(FOLLOW_UPS, question=question)
            waiting = [one["id"] for one in said["followUps"] if one["state"] == "WAITING"] if said else []
            for id in [one for one in waiting if one not in self._begun]:
                self._begun.add(id)
                await watch.wait_until(takes)
                content = {"body": self.chance.choice(texts.REPLIES), "idempotencyKey": str(uuid4())}
                await self.wire.ask(REPLY, input={"followUpId": id} | content)
