"""A resident's mini program: finds the category, shows the brief, asks, and waits for what is promised."""

import asyncio
from dataclasses import dataclass
from itertools import cycle, islice
from random import Random
from typing import Any
from uuid import uuid4

from app.places.rules import DIVISIONS, DivisionKind
from scripts.playing import people, spoken
from scripts.playing.afterwards import Afterwards
from scripts.playing.allowing import allow
from scripts.playing.board import PROMISED, Asked, Board, moment
from scripts.playing.consents import agree
from scripts.playing.screen import PROMISE, Screen
from scripts.playing.texts import Text
from scripts.playing.wire import REFUSED, Failed, Line, Wire, codes

CATEGORIES = "{ categories { id code name children { id code name } } }"
SUGGEST = "query ($body: String!) { suggestCategories(body: $body) { probability category { id code } } }"
DRAFT = """query ($body: String!, $category: ID!, $division: String!) {
  draftBrief(body: $body, categoryId: $category, divisionCode: $division) }"""
ASK = f"""mutation ($input: AskQuestionInput!) {{
  askQuestion(input: $input) {{ __typename ... on Question {{ id status brief askedAt {PROMISE} }} {REFUSED} }} }}"""
QUOTA = {"QUOTA_OPEN", "QUOTA_DAY"}
UNREADY = {"CONSENT_NEEDED", "AGE_NEEDED"}
PATIENCE = 4
"""Promised times after which a resident no longer waits: three repeated waves have gone by."""
OVERLOOKED = "（示例 {}：暂时没有律师看）"
"""The mark of a brief that no lawyer looks at in time."""
BRIEF_CUT = 60
"""Characters; with the mark a brief may have 80."""
VILLAGES = [code for code, one in DIVISIONS.items() if one.kind in (DivisionKind.VILLAGE, DivisionKind.COMMUNITY)]


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


@dataclass(eq=False)
class Errand:
    """What one resident will ask; `planned` where no lawyer looks at it before its promise is broken."""

    number: int
    text: Text
    planned: bool = False

    def __post_init__(self) -> None:
        self.chance = Random(self.number)


@dataclass
class Residents:
    """All of them, taking turns: each may have three open questions."""

    line: Line
    board: Board
    catalogue: Catalogue

    def __post_init__(self) -> None:
        tokens = self.line.address.residents
        phones = people.resident_phones(len(tokens))
        known = zip(tokens, phones, strict=True)
        self._turns = cycle(Wire(self.line, token, people.openid_of(phone)) for token, phone in known)

    async def ask(self, errand: Errand) -> Screen | None:
        """The question on the device of the first resident who might ask it; None where its words were not passed on.

        Raises Failed where nobody may.
        """
        written = await self._write(errand, next(self._turns))
        for wire in islice(self._turns, len(self.line.address.residents)):
            said = await self._send(wire, errand, written)
            if UNREADY.intersection(codes(said)):  # here for the first time
                await agree(wire)
                said = await self._send(wire, errand, written)
            if not codes(said):
                return self._asked(said, wire, errand)
            if not QUOTA.issuperset(codes(said)):
                raise Failed(f"A question was refused: {said['reasons'][0]['message']}")
        raise Failed("Every resident of the demo city has asked as much as one may; start the house with --fresh.")

    async def _send(self, wire: Wire, errand: Errand, written: dict[str, str]) -> dict[str, Any]:
        """A recording is one device's own, and so it is sent with each try."""
        how: dict[str, Any] = await spoken.said(wire, errand.text) if errand.text.recording else {}
        said: dict[str, Any] = await wire.ask(ASK, input=written | how | {"idempotencyKey": str(uuid4())})
        return said

    async def live(self, screen: Screen, errand: Errand) -> None:
        """Follow the question until it has what was promised and its asker is satisfied."""
        asked = screen.asked
        afterwards = Afterwards(screen, errand.chance)
        async with asyncio.TaskGroup() as device:
            following = device.create_task(screen.follow())
            device.create_task(allow(screen.wire))
            await self._wait(screen, afterwards)
            if not asked.given_up:
                await afterwards.live()
            following.cancel()
        asked.over_at = self.board.now()

    async def ask_and_live(self, errand: Errand) -> None:
        if screen := await self.ask(errand):
            await self.live(screen, errand)

    async def _wait(self, screen: Screen, afterwards: Afterwards) -> None:
        """For the promised answers, or until nobody would wait any longer."""
        asked = screen.asked
        try:
            async with asyncio.timeout(PATIENCE * PROMISED.total_seconds() / asked.pace):
                await screen.until(lambda: asked.told_broken or not asked.is_open)
                if asked.planned:
                    self.board.overlooked[asked.brief].set()
                if asked.is_open:
                    await afterwards.be_called()
                await screen.until(lambda: not asked.is_open)
        except TimeoutError:
            asked.given_up = True

    def _asked(self, said: dict[str, Any], wire: Wire, errand: Errand) -> Screen | None:
        if said["status"] != "OPEN":
            self.board.not_sent += 1
            return None
        due_at = moment(said["promise"]["firstAnswer"]["dueAt"])
        asked = Asked(said["id"], said["brief"], moment(said["askedAt"]), due_at, planned=errand.planned)
        asked.spoken = errand.text.recording is not None
        self.board.questions[asked.id] = asked
        return Screen(asked, wire, self.board)

    async def _write(self, errand: Errand, wire: Wire) -> dict[str, str]:
        body = errand.text.body
        guesses = await wire.ask(SUGGEST, body=body)
        category = self.catalogue.choose(errand.text.category, guesses)
        told = {"category": category, "division": errand.chance.choice(VILLAGES)}
        if errand.text.recording:  # nothing is known of it before it is heard but what it is about, and where
            return {"categoryId": told["category"], "divisionCode": told["division"]}
        brief = await wire.ask(DRAFT, body=body, **told)
        if errand.planned:
            brief = f"{brief[:BRIEF_CUT]}{OVERLOOKED.format(errand.number)}"
            self.board.overlook(brief)
        return {"body": body, "categoryId": told["category"], "divisionCode": told["division"], "brief": brief}
