"""Answered questions, and what their askers say of the answers."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.consultation.actions import life
from app.core.access import Viewer
from app.core.ids import new_id
from app.graph.ids import uuid_of
from tests.city import REFUSED, City

SAYS = "id stars understood knowsNextStep solved comment round ratedAt changedAt fixedAt"
RATE = f"""mutation ($input: RateAnswerInput!) {{
  rateAnswer(input: $input) {{ __typename ... on Rating {{ {SAYS} }} {REFUSED} }} }}"""
CHOOSE = f"""mutation ($input: ChooseBestAnswerInput!) {{
  chooseBestAnswer(input: $input) {{ __typename ... on Answer {{ id best }} {REFUSED} }} }}"""
ANSWERS = f"""query ($id: ID!) {{ question(id: $id) {{ answers {{ id best rating {{ {SAYS} }} }} }} }}"""


@dataclass(frozen=True)
class Answered:
    """A question with an answer of each of these lawyers, in their order."""

    city: City
    asker: Viewer
    question: str
    lawyers: list[Viewer]
    answers: list[str]

    @property
    def id(self) -> UUID:
        return uuid_of(self.question, "Question")

    async def resolve(self) -> None:
        async with self.city.db.acting(self.asker.id) as session:
            await life.resolve(session, self.asker, self.id, session.info["now"])
        await self.city.settle()

    async def reopen(self) -> None:
        async with self.city.db.acting(self.asker.id) as session:
            await life.reopen(session, self.asker, self.id, session.info["now"])
        await self.city.settle()

    async def read(self, viewer: Viewer | None = None) -> list[Any]:
        found = await self.city.one(viewer or self.asker, ANSWERS, id=self.question)
        answers: list[Any] = found["answers"]
        return answers


async def answered(city: City, lawyers: list[Viewer], asker: Viewer | None = None) -> Answered:
    asker = asker or await city.resident()
    question = await city.asked(asker)
    await city.settle()
    answers = [(await city.answer(lawyer, (await city.claim(lawyer))["id"]))["id"] for lawyer in lawyers]
    await city.settle()
    return Answered(city, asker, question, lawyers, answers)


async def rate(city: City, asker: Viewer, answer: str, stars: int = 5, key: str | None = None, **more: Any) -> Any:
    said = {"answerId": answer, "stars": stars, "idempotencyKey": key or str(new_id())}
    return await city.one(asker, RATE, input=said | more)


async def choose(city: City, asker: Viewer, question: str, answer: str, key: str | None = None) -> Any:
    said = {"questionId": question, "answerId": answer, "idempotencyKey": key or str(new_id())}
    return await city.one(asker, CHOOSE, input=said)


async def told(city: City, person: Viewer, kind: str) -> int:
    """How many notices of that kind she was given."""
    rows = await city.sql("SELECT id FROM app.notice WHERE person = :p AND kind = :k", p=person.id, k=kind)
    return len(rows)
