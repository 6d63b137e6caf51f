"""What an asker does once the promised answers are there, or once she was told that they are late."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any
from uuid import uuid4

from scripts.playing import people, texts
from scripts.playing.board import FollowUp
from scripts.playing.human import about
from scripts.playing.screen import FOLLOW_UP, Screen
from scripts.playing.wire import REFUSED

BREACH = "query ($question: ID!) { question(id: $question) { breach { brokenAt hotline choices } } }"
CALL_ME = f"""mutation ($input: RequestCallbackInput!) {{
  requestCallback(input: $input) {{ __typename ... on Petition {{ id state dueAt }} {REFUSED} }} }}"""
ASK_BACK = f"""mutation ($input: AskFollowUpInput!) {{
  askFollowUp(input: $input) {{ __typename ... on FollowUp {{ {FOLLOW_UP} }} {REFUSED} }} }}"""
THREAD = """query ($question: ID!) {
  question(id: $question) { thread { id messages(first: 10) { nodes { id kind body lawyer { name } } } } } }"""
READ = f"""mutation ($thread: ID!, $message: ID!) {{
  markThreadRead(input: {{threadId: $thread, upTo: $message}}) {{
    __typename ... on Thread {{ unread }} {REFUSED} }} }}"""
RATE = f"""mutation ($input: RateAnswerInput!) {{
  rateAnswer(input: $input) {{ __typename ... on Rating {{ stars }} {REFUSED} }} }}"""
BEST = f"""mutation ($input: ChooseBestAnswerInput!) {{
  chooseBestAnswer(input: $input) {{ __typename ... on Answer {{ id best }} {REFUSED} }} }}"""
RESOLVE = f"""mutation ($question: ID!) {{
  resolveQuestion(input: {{questionId: $question}}) {{ __typename ... on Question {{ status }} {REFUSED} }} }}"""

HOW_OFTEN = {0: 0.4, 1: 0.45, 2: 0.15}
"""How many follow-ups an asker has."""
STARS = {5: 0.58, 4: 0.32, 3: 0.05, 2: 0.05}
SAYS_WHY = 0.4
CALLED_WITHIN = timedelta(hours=2)

# Seconds of the city's policy.
TO_READ, TO_DECIDE, TO_RATE, SPREAD = 90.0, 30.0, 15.0, 0.4
REPLY_AWAITED = 5400.0


@dataclass
class Afterwards:
    screen: Screen
    chance: Random

    def __post_init__(self) -> None:
        (self._times,) = self.chance.choices(list(HOW_OFTEN), list(HOW_OFTEN.values()))

    async def be_called(self) -> None:
        """The promise is broken: of what the house offers she takes the callback, and goes on waiting."""
        asked = self.screen.asked
        await self._think(TO_DECIDE)
        said = await self.screen.wire.ask(BREACH, question=asked.id)
        if not asked.is_open or "CALLBACK" not in said["breach"]["choices"]:
            return
        now = self.screen.board.now()
        window = {"windowFrom": now.isoformat(), "windowTo": (now + CALLED_WITHIN).isoformat()}
        phone = people.resident_phones(1)[0]
        await self._do(CALL_ME, {"questionId": asked.id, "phone": phone} | window)
        asked.callback = True

    async def live(self) -> None:
        """Ask back until satisfied, give thanks, rate, choose, resolve. Unless nobody replies: then it stays open."""
        for _ in range(self._times):
            if not await self._ask_back():
                return
        await self._think(TO_READ)
        if self._times:
            # Plain thanks are known to the house: no clock runs on them.
            await self._do(ASK_BACK, self._about_it | {"body": self.chance.choice(texts.THANKS)})
        await self._rate()
        said = await self.screen.do(RESOLVE, question=self.screen.asked.id)
        self.screen.asked.resolved = said["status"] == "RESOLVED"

    async def _ask_back(self) -> bool:
        """Whether there was a reply."""
        asked, screen = self.screen.asked, self.screen
        await self._think(TO_READ)
        to = self.chance.choice(list(asked.answered_by.values())) if self.chance.random() < 0.5 else None
        said = await self._do(
            ASK_BACK, self._about_it | {"body": self.chance.choice(texts.FOLLOW_UPS), "toLawyerId": to}
        )
        id = said["id"]
        asked.follow_ups.setdefault(id, FollowUp.of(said))
        try:
            async with asyncio.timeout(REPLY_AWAITED / asked.pace):
                await screen.until(lambda: not asked.follow_ups[id].waits)
        except TimeoutError:
            return False
        thread = (await screen.wire.ask(THREAD, question=asked.id))["thread"]
        await screen.do(READ, thread=thread["id"], message=thread["messages"]["nodes"][0]["id"])
        return True

    async def _rate(self) -> None:
        """Each answer, and the one with most stars as the best."""
        asked = self.screen.asked
        for answer in list(asked.answered_by):
            await self._think(TO_RATE)
            (stars,) = self.chance.choices(list(STARS), list(STARS.values()))
            content: dict[str, Any] = {"understood": stars > 2, "knowsNextStep": stars > 3, "solved": stars > 4}
            if self.chance.random() < SAYS_WHY or stars < 3:
                content["comment"] = texts.COMMENTS[stars]
            said = await self._do(RATE, {"answerId": answer, "stars": stars} | content)
            asked.stars[answer] = said["stars"]
        best = max(asked.stars, key=lambda answer: asked.stars[answer])
        await self._do(BEST, self._about_it | {"answerId": best})

    @property
    def _about_it(self) -> dict[str, Any]:
        return {"questionId": self.screen.asked.id}

    async def _do(self, document: str, content: dict[str, Any]) -> dict[str, Any]:
        return await self.screen.do(document, input=content | {"idempotencyKey": str(uuid4())})

    async def _think(self, median: float) -> None:
        await self.screen.pause(about(self.chance, median, SPREAD))
