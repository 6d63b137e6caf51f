"""A question on its asker's screen: what her stream brings is there at once."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from scripts.playing.board import Asked, Board
from scripts.playing.wire import REFUSED, Failed, Wire, codes

PROMISE = "promise { firstAnswer { dueAt reachedAt late } lastAnswer { dueAt reachedAt late } }"
FOLLOW_UP = "id state askedAt clock { dueAt reachedAt late }"
UPDATES = f"""subscription ($question: ID!, $after: String) {{
  questionUpdates(questionId: $question, after: $after) {{
    ... on QuestionUpdates {{
      cursor serverTime events {{ kind at }}
      question {{
        status waitingOn lawyersWriting {PROMISE}
        answers {{
          id counts deliveredAt lawyer {{ id name firm {{ name }} }}
          content {{ conclusion basis {{ law article }} nextSteps evidence deadlines text summary }} }}
        followUps {{ {FOLLOW_UP} }} }} }}
    {REFUSED} }} }}"""


@dataclass(eq=False)
class Screen:
    asked: Asked
    wire: Wire
    board: Board
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def follow(self) -> None:
        """Until cancelled. Raises Failed where the house is gone."""
        async with aclosing(self.wire.follow(UPDATES, question=self.asked.id)) as frames:
            async for frame in frames:
                self.board.note_time(frame["serverTime"])
                self.asked.take(frame)
                async with self._news:
                    self._news.notify_all()

    async def until(self, shown: Callable[[], bool]) -> None:
        async with self._news:
            await self._news.wait_for(shown)

    async def pause(self, seconds: float) -> None:
        """Of the city's policy."""
        await asyncio.sleep(seconds / self.asked.pace)

    async def do(self, document: str, **variables: Any) -> dict[str, Any]:
        """What came of it. Nothing that an asker does here may be refused: raises Failed."""
        said: dict[str, Any] = await self.wire.ask(document, **variables)
        if codes(said):
            raise Failed(f"An asker was refused: {said['reasons'][0]['message']}")
        return said
