"""A resident's mini program: finds the category, shows the brief, asks, and reads each answer as it comes."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from itertools import cycle, islice
from random import Random
from typing import Any
from uuid import uuid4

from app.places.rules import DIVISIONS, Kind
from scripts.playing.board import PROMISED, Asked, Board, moment
from scripts.playing.texts import Text
from scripts.playing.wire import REFUSED, Failed, Line, Wire, codes

CATEGORIES = "{ categories { id code name children { id code name } } }"
SUGGEST = "query ($body: String!) { suggestCategories(body: $body) { probability category { id code } } }"
DRAFT = """query ($body: String!, $category: ID!, $division: String!) {
  draftBrief(body: $body, categoryId: $category, divisionCode: $division) }"""
PROMISE = "promise { firstAnswer { dueAt reachedAt late } lastAnswer { dueAt reachedAt late } }"
ASK = f"""mutation ($input: AskQuestionInput!) {{
  askQuestion(input: $input) {{ __typename ... on Question {{ id brief askedAt {PROMISE} }} {REFUSED} }} }}"""
UPDATES = f"""subscription ($question: ID!, $after: String) {{
  questionUpdates(questionId: $question, after: $after) {{
    ... on QuestionUpdates {{
      cursor serverTime events {{ kind at }}
      question {{
        lawyersWriting {PROMISE}
        answers {{
          id counts deliveredAt lawyer {{ name firm {{ name }} }}
          content {{ conclusion basis {{ law article }} nextSteps evidence deadlines text summary }} }} }} }}
    {REFUSED} }} }}"""

QUOTA = {"QUOTA_OPEN", "QUOTA_DAY"}
PATIENCE = 4
"""Promised times after which a resident no longer waits: three repeated waves have gone by."""
VILLAGES = [code for code, one in DIVISIONS.items() if one.kind in (Kind.VILLAGE, Kind.COMMUNITY)]


class Catalogue:
    """The taxonomy, as a device loads it once."""

    def __init__(self, categories: list[dict[str, Any]]) -> None:
        listed = [one for first in categories for one in (first, *first["children"])]
        self._ids = {one["code"]: str(one["id"]) for one in listed}
        self._names = {one["name"]: str(one["code"]) for one in categories}

    @classmethod
    async def load(cls, line: Line) -> "Catalogue":
        return cls(await Wire(line).ask(CATEGORIES))

    def code_of(self, label: str) -> str | None:
        """The category meant by a code, by a name of the first level, or by one that begins so (合同纠纷: 合同)."""
        if label in self._ids:
            return label
        return next((code for name, code in self._names.items() if label.startswith(name)), None)

    def choose(self, label: str, guesses: list[dict[str, Any]]) -> str:
        """What the resident taps: the first guess that agrees with the label; without a label, the first of all."""
        wanted = self.code_of(label)
        for guess in guesses:
            code = guess["category"]["code"]
            if wanted is None or code == wanted or code.startswith(f"{wanted}."):
                return str(guess["category"]["id"])
        return self._ids[wanted or "other"]


@dataclass
class Residents:
    """All of them, taking turns: each may have three open questions."""

    line: Line
    board: Board
    catalogue: Catalogue
    chance: Random

    def __post_init__(self) -> None:
        self._turns = cycle(Wire(self.line, token) for token in self.line.address.residents)

    async def ask(self, text: Text) -> tuple[Asked, Wire]:
        """The question, and the device of the first resident who might ask it. Raises Failed where nobody may."""
        written = await self._write(text, next(self._turns))
        for wire in islice(self._turns, len(self.line.address.residents)):
            said = await wire.ask(ASK, input=written | {"idempotencyKey": str(uuid4())})
            if not codes(said):
                due_at = moment(said["promise"]["firstAnswer"]["dueAt"])
                asked = Asked(said["id"], said["brief"], moment(said["askedAt"]), due_at)
                self.board.questions[asked.id] = asked
                return asked, wire
            if not QUOTA.issuperset(codes(said)):
                raise Failed(f"A question was refused: {said['reasons'][0]['message']}")
        raise Failed("Every resident of the demo city has asked as much as one may; start the house with --fresh.")

    async def wait(self, asked: Asked, wire: Wire) -> None:
        """Follow the question until it has what was promised, or nobody would wait any longer."""
        patience = PATIENCE * PROMISED.total_seconds() / asked.pace
        try:
            async with asyncio.timeout(patience), aclosing(wire.follow(UPDATES, question=asked.id)) as frames:
                async for frame in frames:
                    self.board.note_time(frame["serverTime"])
                    asked.take(frame)
                    if not asked.is_open:
                        return
        except TimeoutError:
            pass
        asked.given_up = True

    async def ask_and_wait(self, text: Text) -> None:
        await self.wait(*await self.ask(text))

    async def _write(self, text: Text, wire: Wire) -> dict[str, str]:
        guesses = await wire.ask(SUGGEST, body=text.body)
        told = {"category": self.catalogue.choose(text.category, guesses), "division": self.chance.choice(VILLAGES)}
        brief = await wire.ask(DRAFT, body=text.body, **told)
        return {"body": text.body, "categoryId": told["category"], "divisionCode": told["division"], "brief": brief}
