"""What may be asked, of whom, and how often."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import BaseModel

from app.consultation.rules.answering import TOO_MANY
from app.core.errors import BAD_VALUE, Reason, because, code
from app.core.texts import against_text
from app.places.rules.workdays import CITY_TIME
from app.screening.rules.parties import against_party
from app.vault.rules.voices import Spoken, against_spoken

BODY = (5, 2000)
"""Characters: real questions are short."""
BRIEF_MAX = 80
LAWYERS_MAX = 3
OPEN_MAX = 3
DAILY_MAX = 10

QUOTA_OPEN = code(
    "QUOTA_OPEN",
    zh="您已有 {limit} 个问题正在等待解答，请稍候再提。急事请拨打 12348。",
    en="{limit} questions of yours are still waiting for their answers. In urgent cases call 12348.",
    remedy="Wait for the answers or withdraw a question; offer the 12348 line.",
)
QUOTA_DAY = code(
    "QUOTA_DAY",
    zh="24 小时内最多提 {limit} 个问题，{at} 后可以再提。急事请拨打 12348。",
    en="At most {limit} questions in 24 hours; you can ask again after {at}. In urgent cases call 12348.",
    remedy="Wait until then, in China Standard Time; offer the 12348 line.",
)
LAWYER_NOT_REQUESTABLE = code(
    "LAWYER_NOT_REQUESTABLE",
    zh="这位律师目前不能点名咨询，请另选一位，或由我们安排。",
    en="This lawyer cannot be asked by name now. Choose another, or leave the choice to us.",
    remedy="Take her off the list; `lawyers(filter: {requestable: true})` shows whom one may choose.",
)


class Words(BaseModel):
    """What is said to lawyers, and whom the asker chose."""

    body: str
    brief: str
    party: str | None = None
    lawyers: list[UUID] = []


class Ask(Words):
    """A question as it was put, ids already resolved to codes and keys."""

    category: str
    division: str
    delegation: UUID | None = None
    draft: UUID | None = None
    attachments: list[UUID] = []
    spoken: Spoken = Spoken()

    @property
    def words(self) -> str:
        """What is known of what was said, written or spoken."""
        return said_in_all(self.body, self.spoken.transcript)


class Revision(Words):
    """Other words for a question that was not sent."""

    question: UUID


def said_in_all(body: str, transcript: str | None) -> str:
    return "\n".join(filter(None, (body, transcript)))


def against_asking(ask: Ask, known_category: bool, known_division: bool) -> list[Reason]:
    reasons = [*_against_body(ask.body, ask.spoken.voice is not None), *against_spoken(ask.spoken)]
    if not known_category:
        reasons.append(because(BAD_VALUE, "categoryId"))
    if not known_division:
        reasons.append(because(BAD_VALUE, "divisionCode"))
    return [*reasons, *_against_the_rest(ask)]


def against_revision(said: Revision, spoken: bool) -> list[Reason]:
    return [*_against_body(said.body, spoken), *_against_the_rest(said)]


def _against_body(body: str, spoken: bool) -> Iterator[Reason]:
    """Who speaks need not write as well."""
    return against_text(body, "body", 0 if spoken else BODY[0], BODY[1])


def _against_the_rest(said: Words) -> Iterator[Reason]:
    yield from against_text(said.brief, "brief", 1, BRIEF_MAX)
    if said.party is not None:
        yield from against_party(said.party, "opposingParty")
    if len(said.lawyers) > LAWYERS_MAX:
        yield because(TOO_MANY, "lawyerIds", limit=LAWYERS_MAX)
        return
    for place, lawyer in enumerate(said.lawyers):
        if lawyer in said.lawyers[:place]:
            yield because(BAD_VALUE, f"lawyerIds.{place}")


def against_choice(lawyers: Iterable[UUID], requestable: Collection[UUID], asking: Collection[UUID]) -> list[Reason]:
    """Nobody is asked by name who does not take that, or who asks herself."""
    return [
        because(LAWYER_NOT_REQUESTABLE, f"lawyerIds.{place}")
        for place, lawyer in enumerate(lawyers)
        if lawyer not in requestable or lawyer in asking
    ]


def against_quota(waiting: int, again: datetime | None) -> list[Reason]:
    """`again`: when fewer than the most of a day are left, None where they are now. No minute is named too early."""
    if waiting >= OPEN_MAX:
        return [because(QUOTA_OPEN, limit=OPEN_MAX)]
    if again is not None:
        at = (again + timedelta(minutes=1, microseconds=-1)).astimezone(CITY_TIME)
        return [because(QUOTA_DAY, limit=DAILY_MAX, at=f"{at:%Y-%m-%d %H:%M}")]
    return []
