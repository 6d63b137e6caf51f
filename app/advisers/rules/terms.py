"""Who may be adviser of what, and how long (司法部关于进一步加强和规范村（居）法律顾问工作的意见, 2018)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from pydantic import BaseModel

from app.accounts.rules.village import NOT_A_VILLAGE, is_village
from app.advisers.models import Coverage
from app.core.errors import BAD_VALUE, Reason, because, code
from app.core.texts import against_text
from app.directory.models import RegisterKind, Standing
from app.directory.rules.register import SOURCE, awaits
from app.places.rules import DIVISIONS
from app.places.rules.workdays import today

KINDS: Final = (RegisterKind.LAWYER, RegisterKind.GRASSROOTS_LEGAL_WORKER)
CONTRACT: Final = (2, 60)
LONGEST: Final = timedelta(days=5 * 366)
DAYS_AHEAD: Final = 30
"""A term that ends within so many days is about to, where nobody says otherwise."""
MOST_AHEAD: Final = 366

NOT_AN_ADVISER = code(
    "NOT_AN_ADVISER",
    zh="村（居）法律顾问须为律师或基层法律服务工作者。",
    en="An adviser is a lawyer or a grassroots legal worker.",
    remedy="Choose somebody of one of these kinds from the register.",
)
WORKER_NOT_OFFERED = code(
    "WORKER_NOT_OFFERED",
    zh="该人员未在执业或信息待核验，暂不能聘任。",
    en="This person does not practise, or her record awaits verification.",
    remedy="Verify her record first (changeLegalWorker), or choose somebody else.",
)
BAD_TERM = code(
    "BAD_TERM",
    zh="任期起止无效：结束不得早于开始，不得已经过去，最长五年，且须在五年内开始。",
    en="This is no term: it ends before it begins, is over already, is longer than five years, or begins later than "
    "five years from now.",
    remedy="Correct the first or the last day.",
)
VILLAGE_HAS_ADVISER = code(
    "VILLAGE_HAS_ADVISER",
    zh="该村（社区）在此期间已有法律顾问，请先终止其任期或调整日期。",
    en="This village has an adviser in that time already.",
    remedy="End that term first (endAdviser), or let this one begin after it.",
)
TERM_OVER = code(
    "TERM_OVER",
    zh="该任期已结束。",
    en="This term is over.",
    remedy="Read it again; appoint somebody anew where that is wanted.",
)


class Appointment(BaseModel):
    """As the staff said it."""

    division: str
    worker: UUID
    since: date
    until: date
    contract: str
    source: str
    account: UUID | None


def villages_of(division: str) -> list[str]:
    """The villages and communities that lie in it, itself among them, in the official order."""
    return [code for code in DIVISIONS if code.startswith(division) and is_village(code)]


def against_appointment(said: Appointment, now: datetime) -> list[Reason]:
    found = [] if is_village(said.division) else [because(NOT_A_VILLAGE, "divisionCode")]
    length, ahead = said.until - said.since, said.since - today(now)
    if not timedelta() <= length <= LONGEST or said.until < today(now) or ahead > LONGEST:
        found.append(because(BAD_TERM, "until"))
    found += against_text(said.contract.strip(), "contract", *CONTRACT)
    return [*found, *against_text(said.source.strip(), "source", *SOURCE)]


def against_worker(
    kind: str, standing: str, verified_at: datetime | None, account: bool, now: datetime
) -> Iterator[Reason]:
    if kind not in KINDS:
        yield because(NOT_AN_ADVISER, "legalWorkerId")
    elif standing != Standing.ACTIVE or awaits(verified_at, now):
        yield because(WORKER_NOT_OFFERED, "legalWorkerId")
    elif account and kind == RegisterKind.LAWYER:  # hers is the one of her licence
        yield because(BAD_VALUE, "accountId")


def ending(since: date, until: date, last: date, now: datetime) -> date | Reason:
    """The last day of a term that is ended: one that has not begun never does."""
    if until < max(since, today(now)):
        return because(TERM_OVER, "termId")
    if last > until or last < today(now):
        return because(BAD_VALUE, "lastDay")
    return max(last, since - timedelta(days=1))


def coverage(until: date | None, now: datetime, ahead: int) -> Coverage:
    """Of a village whose adviser's term ends then; None where it has no adviser today."""
    if until is None:
        return Coverage.UNCOVERED
    return Coverage.EXPIRING if until <= today(now) + timedelta(days=ahead) else Coverage.COVERED
