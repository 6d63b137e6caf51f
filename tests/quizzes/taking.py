"""Taking a quiz, as people do it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.core.access import Role, Viewer
from app.core.ids import new_id
from app.graph.ids import uuid_of
from tests.activities.hall import draft, move
from tests.city import REFUSED, City, codes
from tests.quizzes.bank import approved, does

ATTEMPT = """id number state startedAt deadline total closedAt answered score seconds items {
  item kind stem options chosen sequence right correct explanation law article }"""
TAKEN = f"{{ __typename {REFUSED} ... on QuizAttempt {{ {ATTEMPT} }} ... on AttemptClosed {{"
TAKEN = f"{TAKEN} reasons {{ code field message }} attempt {{ {ATTEMPT} }} }} }}"
BEGUN = f"{{ __typename {REFUSED} ... on QuizAttempt {{ {ATTEMPT} }} }}"
SAVED = f"""{{ __typename {REFUSED} ... on SavedAnswer {{ item chosen sequence }}
  ... on AttemptClosed {{ reasons {{ code field message }} attempt {{ state score items {{ chosen }} }} }} }}"""
SET = f"{{ __typename {REFUSED} ... on Activity {{ state quiz {{ draws poolSize seconds groups version }} }} }}"
BOARD = """query ($id: ID!) { leaderboard(activityId: $id) {
  entries { place alias score seconds } groups { place name entrants averageScore } } }"""
MINE = """query ($id: ID!) { myLeaderboardPlace(activityId: $id) { place alias group score }
  myAttempts(activityId: $id) { nodes { number state score items { item } } } }"""
FOLLOW = f"""subscription ($id: ID!) {{ leaderboardUpdates(activityId: $id) {{
  __typename {REFUSED} ... on Leaderboard {{ entries {{ place score }} }} }} }}"""


@dataclass
class Quiz:
    """One that is open, and how its questions are answered rightly."""

    city: City
    id: str
    editor: Viewer
    second: Viewer
    answers: dict[str, list[str]]
    """By what is asked: the right options in words, in order."""

    async def start(self, who: Viewer, **said: Any) -> Any:
        wanted = {"activityId": self.id, "idempotencyKey": str(new_id())} | said
        return await does(self.city, who, "startAttempt", BEGUN, **wanted)

    async def save(self, who: Viewer, attempt: str, item: int, chosen: list[int], sequence: int = 1) -> Any:
        said = {"attemptId": attempt, "item": item, "chosen": chosen, "sequence": sequence}
        return await does(self.city, who, "saveAnswer", SAVED, **said)

    async def submit(self, who: Viewer, attempt: str) -> Any:
        return await does(self.city, who, "submitAttempt", TAKEN, attemptId=attempt)

    def right(self, item: Any) -> list[int]:
        """Places as she sees them; only of an ordering in an order."""
        places = [item["options"].index(word) for word in self.answers[item["stem"]]]
        return places if item["kind"] == "ORDERING" else sorted(places)

    def wrong(self, item: Any) -> list[int]:
        right = self.right(item)
        return right[::-1] if item["kind"] == "ORDERING" else [place for place in range(2) if [place] != right][:1]

    async def takes(self, who: Viewer, right: int, seconds: float = 10, **said: Any) -> Any:
        """A whole attempt with so many right answers, closed after so many seconds."""
        begun = await self.start(who, **said)
        assert begun["__typename"] == "QuizAttempt", begun
        for item in begun["items"]:
            chosen = self.right(item) if item["item"] <= right else self.wrong(item)
            assert (await self.save(who, begun["id"], item["item"], chosen))["__typename"] == "SavedAnswer"
        await self.city.turn_seconds(seconds)
        return await self.submit(who, begun["id"])

    async def board(self, who: Viewer | None = None) -> Any:
        return await self.city.one(who, BOARD, id=self.id)


async def answers_of(city: City) -> dict[str, list[str]]:
    rows = await city.sql("SELECT stem, options, answer FROM app.quiz_question")
    return {row.stem: [row.options[place] for place in row.answer] for row in rows}


async def set_up(city: City, editor: Viewer, activity: str, questions: list[str], version: int = 0, **said: Any) -> Any:
    wanted = {"activityId": activity, "version": version, "questionIds": questions, "draws": 4, "seconds": 600}
    return await does(city, editor, "setQuizRound", SET, **(wanted | said))


async def open_quiz(
    city: City, questions: int = 8, days: float = 2, institution: str | None = None, **said: Any
) -> Quiz:
    """One that was set up, passed by another, and has opened."""
    editor, second = await city.person(Role.EDITOR), await city.person(Role.EDITOR)
    bank = await approved(city, editor, second, questions)
    now = await city.now()
    of: dict[str, Any] = {"closesAt": now + timedelta(days=days), "institutionId": institution}
    made = await draft(city, editor, "QUIZ", title="宪法知识竞赛", **of)
    assert not codes(made), made
    done = await set_up(city, editor, made["id"], bank, **said)
    assert done["__typename"] == "Activity", done
    assert not codes(await move(city, editor, made["id"], "SUBMIT"))
    assert not codes(await move(city, second, made["id"], "PASS"))
    await city.settle()
    await city.pass_time(timedelta(hours=1))
    return Quiz(city, made["id"], editor, second, await answers_of(city))


async def recount(city: City, quiz: Quiz) -> None:
    """What every closed attempt and every board says is what a recount of the saved answers makes of it."""
    key = {row.id: list(row.answer) for row in await city.sql("SELECT id, answer FROM app.quiz_question")}
    said: dict[Any, dict[int, list[int]]] = {}
    for row in await city.sql("SELECT attempt, item, choice FROM app.quiz_answer"):
        said.setdefault(row.attempt, {})[row.item] = list(row.choice)
    best: dict[Any, tuple[int, int]] = {}
    for row in await city.sql("SELECT * FROM app.quiz_attempt WHERE state <> 'STARTED' ORDER BY n"):
        hers = said.get(row.id, {})
        points = sum(hers.get(n) == key[id] for n, id in enumerate(row.questions, 1))
        assert (row.score, row.answered) == (points, sum(map(bool, hers.values())))
        if row.state != "VOIDED":
            best[row.person] = max(best.get(row.person, (-1, 0)), (points, -row.duration))
    round = uuid_of(quiz.id, "Activity")
    told = await city.sql("SELECT * FROM app.quiz_entrant WHERE round = :r AND best IS NOT NULL", r=round)
    assert {row.person: (row.score, -row.duration) for row in told} == best
    board = (await quiz.board())["entries"]
    ranked = sorted(best.values(), reverse=True)[:50]
    assert [(one["score"], -round_ms(one["seconds"])) for one in board] == ranked


def round_ms(seconds: float) -> int:
    return round(seconds * 1000)
