"""What may be handed in, by whom, and under which name everybody sees it. Pure."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel

from app.accounts.rules.consenting import Readiness, against_asking
from app.activities.models import ActivityKind, ActivityState
from app.contests.models import EntryState, EntryVerdict
from app.core.errors import Reason, because, code
from app.core.texts import against_text
from app.screening.rules.contacts import personal_details
from app.screening.rules.unlawful import UNLAWFUL_CONTENT, Verdict, screen

_DATA: Final = Path(__file__).parent.parent / "data"
_NAMES: Final = tomllib.loads((_DATA / "pseudonyms.toml").read_text("utf-8"))
TITLE: Final = (1, 40)
SCHOOL: Final = (2, 40)
_A_SCHOOL: Final = re.compile(
    r"小学|中学|初中|高中|学校|学院|大学|幼儿园|年级|[一二三四五六七八九十0-9０-９]\s*[)）]?\s*班|班级"
)

NO_CONTEST = code(
    "NO_CONTEST",
    zh="该活动不征集作品。",
    en="Nothing is handed in there.",
    remedy="Choose an activity whose kind is CONTEST.",
)
CONTEST_CLOSED = code(
    "CONTEST_CLOSED",
    zh="征集尚未开始或已经截止。",
    en="Nothing is taken in now.",
    remedy="Look at opensAt, closesAt and state of the activity.",
)
ENTERED_ALREADY = code(
    "ENTERED_ALREADY",
    zh="您已提交过作品；如需更换，请先撤回。",
    en="You have handed something in already; take it back first.",
    remedy="Call withdrawEntry for the one of `myEntries`.",
)
TITLE_TELLS = code(
    "TITLE_TELLS",
    zh="标题会向所有人公开，请不要写姓名、学校、班级、电话等个人信息。",
    en="Everybody reads the title: leave out names, schools, classes, numbers and the like.",
    remedy="Let the title say what the picture shows.",
)
ENTRY_STATE = code(
    "ENTRY_STATE",
    zh="作品当前的状态不允许这样操作。",
    en="The entry stands otherwise: this cannot be done with it now.",
    remedy="Read it again; its `state` says what has become of it.",
)
OWN_ENTRY = code(
    "OWN_ENTRY",
    zh="这是您自己的作品。",
    en="This is your own entry.",
    remedy="Leave it to somebody else.",
)
NOT_CHECKER = code(
    "NOT_CHECKER",
    zh="请先领取审核；作品由领取人决定。",
    en="Somebody else is looking at it, or nobody yet.",
    remedy="Call takeEntry first.",
)
VERDICT_NEEDED = code(
    "VERDICT_NEEDED",
    zh="请说明不展示的原因；展示时无需原因。",
    en="Say why it is not shown; for what is shown there is nothing to say.",
    remedy="Send `verdict` if and only if `display` is false.",
)


class Submission(BaseModel):
    """What was handed in: a picture of the file room, and a title for everybody."""

    activity: UUID
    picture: UUID
    title: str
    school: str | None


def against_entering(row: Any, ready: Readiness) -> Iterator[Reason]:
    """Under fourteen with a guardian's yes alone (PIPL 31)."""
    if row.kind != ActivityKind.CONTEST:
        yield because(NO_CONTEST)
    elif row.state != ActivityState.OPEN:
        yield because(CONTEST_CLOSED)
    else:
        yield from against_asking(ready, "", in_danger=False)


def against_submission(said: Submission) -> Iterator[Reason]:
    wrong = list(against_text(said.title, "title", *TITLE))
    if not wrong and (personal_details(said.title) or _A_SCHOOL.search(said.title)):
        wrong = [because(TITLE_TELLS, "title")]
    if not wrong and screen(said.title).verdict is Verdict.BLOCK:
        wrong = [because(UNLAWFUL_CONTENT, "title")]
    yield from wrong
    if said.school is not None:
        yield from against_text(said.school, "school", *SCHOOL)


def against_taking(row: Any, mine: bool) -> Iterator[Reason]:
    if mine:
        yield because(OWN_ENTRY, "entryId")
    elif row.state not in (EntryState.SUBMITTED, EntryState.CHECKING):
        yield because(ENTRY_STATE, "entryId")


def against_deciding(row: Any, display: bool, verdict: EntryVerdict | None, checker: bool) -> Iterator[Reason]:
    if row.state not in (EntryState.SUBMITTED, EntryState.CHECKING):
        yield because(ENTRY_STATE, "entryId")
    elif row.state == EntryState.SUBMITTED or not checker:
        yield because(NOT_CHECKER, "entryId")
    if display == (verdict is not None) or verdict is EntryVerdict.WISH:
        yield because(VERDICT_NEEDED, "verdict")


def pseudonym_of(entry: UUID) -> str:
    """Made of chance alone: nothing of who she is goes in."""
    chance = entry.int & 0xFFFFFF
    first, second = _NAMES["first"], _NAMES["second"]
    return f"{first[chance % 16]}{second[chance // 16 % 16]}{chance // 256 % 10_000:04}"


def same_school(said: str) -> str:
    """As it is compared: a school is one however it is spaced, and in whichever width its brackets and digits are."""
    return "".join(unicodedata.normalize("NFKC", said).split()).casefold()
