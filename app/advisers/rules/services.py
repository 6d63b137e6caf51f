"""What an adviser may log, and by what it is shown that she was there."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from pydantic import BaseModel

from app.accounts.rules.village import is_village
from app.advisers.models import ServiceKind
from app.core.errors import BAD_VALUE, Code, Reason, because, code
from app.places.rules.coordinates import Spot, against_spot
from app.places.rules.workdays import today

NEAR: Final = 500
"""Metres from the village's point or from an institution in it."""
OLDEST: Final = timedelta(hours=72)
"""So long after it is over it may be logged: where there is no network, a telephone sends it later."""
PEOPLE: Final = (1, 10_000)
LIFE: Final = timedelta(minutes=30)
"""Of a code."""
CODES_A_DAY: Final = 5

NOT_YOUR_VILLAGE = code(
    "NOT_YOUR_VILLAGE",
    zh="您不是该村（社区）的法律顾问。",
    en="You are not the adviser of this village.",
    remedy="Choose a village of `myAdviserTerms`.",
)
OUTSIDE_TERM = code(
    "OUTSIDE_TERM",
    zh="该时间不在您的任期内。",
    en="This time is not in your term.",
    remedy="Correct the time; what was done before or after a term is not logged.",
)
IN_THE_FUTURE = code(
    "IN_THE_FUTURE",
    zh="时间不能晚于现在。",
    en="This lies in the future.",
    remedy="Log what has taken place.",
)
TOO_OLD = code(
    "TOO_OLD",
    zh="须在活动后 {hours} 小时内登记。",
    en="This must be logged within {hours} hours.",
    remedy="Log it sooner the next time.",
)
TOO_FAR = code(
    "TOO_FAR",
    zh="您距该村（社区）{metres} 米，超过 {limit} 米；也可使用村民的六位验证码登记。",
    en="You are {metres} metres from the village, more than {limit}.",
    remedy="Log it on the spot, or ask somebody of the village for the six digits that `createVisitCode` gives.",
)
NO_VILLAGE_POINT = code(
    "NO_VILLAGE_POINT",
    zh="该村（社区）的位置尚未确认，请使用村民的六位验证码登记。",
    en="Nobody has confirmed where this village is.",
    remedy="Ask somebody of the village for the digits of `createVisitCode`; the staff confirm it by placeDivision.",
)
NO_PROOF = code(
    "NO_PROOF",
    zh="请提供所在位置或村民的六位验证码，二者只填一项。",
    en="Give exactly one of the coordinates and a code.",
    remedy="Send where the telephone is, or the digits that somebody of the village told you.",
)
VISIT_CODE_WRONG = code(
    "VISIT_CODE_WRONG",
    zh="验证码不正确。",
    en="The code is not right.",
    remedy="Let it be read out again. Tries are counted, and in vain they take ever longer.",
)
VISIT_CODE_EXPIRED = code(
    "VISIT_CODE_EXPIRED",
    zh="验证码已过期，请村民重新生成。",
    en="The code has expired.",
    remedy="Ask for a new one; it is good for half an hour.",
)
VISIT_CODE_USED = code(
    "VISIT_CODE_USED",
    zh="验证码已使用，一个验证码只能登记一次。",
    en="The code was used already.",
    remedy="Ask for a new one for each entry.",
)
VISIT_CODE_OWN = code(
    "VISIT_CODE_OWN",
    zh="不能使用自己生成的验证码。",
    en="This is your own code.",
    remedy="Ask somebody of the village for hers.",
)
NO_VILLAGE_SAID = code(
    "NO_VILLAGE_SAID",
    zh="请先选择您所在的村或社区。",
    en="You have not said which village or community is yours.",
    remedy="Call setMyVillage first.",
)
CODES_FULL = code(
    "CODES_FULL",
    zh="一天最多生成 {limit} 个验证码。",
    en="At most {limit} codes a day.",
    remedy="Use one that is still good, or come again tomorrow.",
)


class Said(BaseModel):
    """What she did, as she said it; the place in WGS-84."""

    division: str
    kind: ServiceKind
    at: datetime
    people: int
    spot: Spot | None
    code: str | None


@dataclass(frozen=True)
class Term:
    """One of hers in that village."""

    id: UUID
    since: date
    until: date


def against_service(said: Said, now: datetime) -> Iterator[Reason]:
    if not is_village(said.division):
        yield because(NOT_YOUR_VILLAGE, "divisionCode")
    if said.at > now:
        yield because(IN_THE_FUTURE, "at")
    elif said.at < now - OLDEST:
        yield because(TOO_OLD, "at", hours=int(OLDEST.total_seconds() // 3600))
    if not PEOPLE[0] <= said.people <= PEOPLE[1]:
        yield because(BAD_VALUE, "people")
    if (said.spot is None) == (said.code is None):
        yield because(NO_PROOF)
    if said.spot is not None:
        yield from against_spot(said.spot, "coordinates")
    if said.code is not None and not (len(said.code) == 6 and said.code.isascii() and said.code.isdigit()):
        yield because(VISIT_CODE_WRONG, "code")


def term_at(terms: list[Term], at: datetime) -> Term | Code:
    """Of hers in that village the one it lies in, or why there is none."""
    if not terms:
        return NOT_YOUR_VILLAGE
    day = today(at)
    return next((term for term in terms if term.since <= day <= term.until), OUTSIDE_TERM)


def against_distance(metres: int | None) -> Iterator[Reason]:
    """None where nobody has confirmed a place in the village."""
    if metres is None:
        yield because(NO_VILLAGE_POINT, "coordinates")
    elif metres > NEAR:
        yield because(TOO_FAR, "coordinates", metres=metres, limit=NEAR)


def against_code(own: bool, used: bool, expires_at: datetime, now: datetime) -> Iterator[Reason]:
    """The first fault alone."""
    if own:
        yield because(VISIT_CODE_OWN, "code")
    elif used:
        yield because(VISIT_CODE_USED, "code")
    elif expires_at <= now:
        yield because(VISIT_CODE_EXPIRED, "code")


def digits_of(secret: bytes, id: UUID) -> str:
    """The six digits of a code: the same whenever its maker asks for them again."""
    return f"{int.from_bytes(hmac.digest(secret, f'digits|{id}'.encode(), sha256)) % 10**6:06}"
