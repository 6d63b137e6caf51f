"""What came of it, read from the product: the promise through the graph, offers and answers from their tables."""

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from app.graph.ids import global_id
from tests.city import City
from tests.simulation.people import Asking

PROMISE = """query ($id: ID!) { question(id: $id) { askedAt promise { answersDelivered
  firstAnswer { dueAt reachedAt late } lastAnswer { dueAt reachedAt late } } } }"""

OFFERS = """SELECT d.question, count(o.lawyer) AS offers FROM app.dispatch d
  LEFT JOIN app.offer o ON o.question = d.question GROUP BY d.question"""


@dataclass(frozen=True)
class Outcome:
    """How one question fared, in seconds from asking; None where it never came."""

    number: int
    category: str
    first: float | None
    third: float | None
    first_kept: bool
    third_kept: bool
    answers: int
    offers: int


@dataclass
class Figures:
    """One run. Shares are 0 to 1, times seconds."""

    responsive: float
    seed: int
    outcomes: list[Outcome]
    claims: int
    refused: Counter[str] = field(default_factory=Counter)
    took: float = 0.0

    @property
    def first_kept(self) -> float:
        return statistics.fmean(one.first_kept for one in self.outcomes)

    @property
    def third_kept(self) -> float:
        return statistics.fmean(one.third_kept for one in self.outcomes)

    @property
    def kept_later(self) -> int:
        """Questions whose third answer came after the promised time, by waves that were repeated."""
        return sum(not one.third_kept and one.third is not None for one in self.outcomes)

    @property
    def never_kept(self) -> int:
        return sum(one.third is None for one in self.outcomes)

    @property
    def offers(self) -> float:
        return statistics.fmean(one.offers for one in self.outcomes)

    @property
    def answers(self) -> float:
        return statistics.fmean(one.answers for one in self.outcomes)

    def summary(self) -> dict[str, object]:
        """Plain numbers, for JSON and for the table."""
        first, third = [one.first for one in self.outcomes], [one.third for one in self.outcomes]
        offers = [one.offers for one in self.outcomes]
        return {
            "responsive": self.responsive,
            "seed": self.seed,
            "questions": len(self.outcomes),
            "firstKept": self.first_kept,
            "thirdKept": self.third_kept,
            "firstMedian": quantile(first, 0.5),
            "firstP95": quantile(first, 0.95),
            "thirdMedian": quantile(third, 0.5),
            "thirdP95": quantile(third, 0.95),
            "offers": self.offers,
            "offersMin": min(offers),
            "offersMax": max(offers),
            "answers": self.answers,
            "claimsEach": self.claims / len(self.outcomes),
            "refused": dict(sorted(self.refused.items())),
            "keptLater": self.kept_later,
            "neverKept": self.never_kept,
            "realSeconds": round(self.took, 1),
        }


def quantile(values: Iterable[float | None], share: float) -> float | None:
    """The nearest-rank quantile; None when it falls on what never came."""
    known = sorted(float("inf") if value is None else value for value in values)
    found = known[min(len(known) - 1, int(share * len(known)))]
    return None if found == float("inf") else found


async def read(city: City, asked: Sequence[tuple[Asking, UUID]]) -> list[Outcome]:
    """Every question as its asker sees it now."""
    offers = {row.question: row.offers for row in await city.sql(OFFERS)}
    return [await _outcome(city, asking, id, offers) for asking, id in asked]


async def _outcome(city: City, asking: Asking, id: UUID, offers: dict[UUID, int]) -> Outcome:
    seen = await city.one(asking.asker, PROMISE, id=global_id("Question", id))
    asked, promise = datetime.fromisoformat(seen["askedAt"]), seen["promise"]

    def after(mark: dict[str, str | None]) -> float | None:
        reached = mark["reachedAt"]
        return (datetime.fromisoformat(reached) - asked).total_seconds() if reached else None

    first, last = promise["firstAnswer"], promise["lastAnswer"]
    return Outcome(
        number=asking.number,
        category=asking.category,
        first=after(first),
        third=after(last),
        first_kept=not first["late"],
        third_kept=not last["late"],
        answers=promise["answersDelivered"],
        offers=offers[id],
    )
