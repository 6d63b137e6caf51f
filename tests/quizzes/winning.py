"""What is said about prizes, by who wins one and by who hands it out."""

from typing import Any

from app.core.access import Viewer
from app.core.ids import new_id
from tests.city import REFUSED, City
from tests.quizzes.bank import does
from tests.quizzes.taking import Quiz

PRIZES = "query ($id: ID!) { activity(id: $id) { quiz { version prizes { name stock taken } } } }"
MY_PRIZE = """query ($id: ID!) { activity(id: $id) {
  myPrize { id prize place state wonAt claimUntil endedAt code codeQr activity { id } } } }"""
RECEIPT = f"{{ __typename {REFUSED} ... on PrizeHandedOut {{ prize at activity {{ title }} }} }}"
BOARD = f"{{ __typename {REFUSED} ... on Leaderboard {{ entries {{ place alias score }} }} }}"
FIRST, SECOND = {"name": "民法典一套", "stock": 1}, {"name": "普法文创袋", "stock": 2}


async def prizes(city: City, quiz: Quiz) -> list[tuple[str, int, int]]:
    shown = (await city.one(None, PRIZES, id=quiz.id))["quiz"]["prizes"]
    return [(one["name"], one["stock"], one["taken"]) for one in shown]


async def my_prize(quiz: Quiz, who: Viewer | None) -> Any:
    return (await quiz.city.one(who, MY_PRIZE, id=quiz.id))["myPrize"]


async def claim(city: City, who: Viewer | None, code: str, key: str | None = None) -> Any:
    return await does(city, who, "claimPrize", RECEIPT, code=code, idempotencyKey=key or str(new_id()))


async def told(city: City, who: Viewer) -> list[str]:
    return sorted(row.kind for row in await city.sql("SELECT kind FROM app.notice WHERE person = :me", me=who.id))


async def void(city: City, who: Viewer | None, activity: str, alias: str, place: int, **said: Any) -> Any:
    wanted = {"activityId": activity, "alias": alias, "place": place, "reason": "多人共用一份答案，经核实作废。"}
    return await does(city, who, "voidAttempt", BOARD, **(wanted | said))
