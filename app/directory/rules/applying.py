"""What a lawyer says of herself who would like to be admitted, and what is asked of it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel

from app.core.errors import BAD_VALUE, Reason, because, code
from app.core.texts import against_text, unstorable
from app.directory.rules.licence import HOME, licence_of
from app.directory.rules.searching import LANGUAGE_MAX
from app.directory.rules.taxonomy import SPECIALTIES
from app.places.rules import is_division
from app.places.rules.workdays import CITY_TIME

NAME: Final = (2, 30)
FIRM: Final = (4, 60)
INTRODUCTION_MAX: Final = 300
MOST_SPECIALTIES: Final = 6
MOST_LANGUAGES: Final = 6
A_DAY: Final = 3
"""Applications that one person makes within a day, those she took back included: each is told to administrators."""
DAY: Final = timedelta(days=1)
AGAIN: Final = timedelta(days=1)
"""After it the worker looks again at what a legal hold kept."""

BAD_LICENCE = code(
    "BAD_LICENCE",
    zh="律师执业证号无效，应为 17 位数字。",
    en="This is no number of a lawyer's licence: it has 17 digits.",
    remedy="Send the number as it stands in the licence.",
)
LICENCE_ELSEWHERE = code(
    "LICENCE_ELSEWHERE",
    zh="执业证号不属于本省，而所在乡镇（街道）在本市，请核对。",
    en="The licence was issued in another province, but the firm is said to be in this city.",
    remedy="Leave divisionCode out where the firm is not in this city, or correct the number.",
)
LICENCE_KNOWN = code(
    "LICENCE_KNOWN",
    zh="该执业证号已在律师名录中。",
    en="This licence is in the directory already.",
    remedy="Sign in with the account it belongs to, or ask the bureau of justice.",
)
LICENCE_APPLIED = code(
    "LICENCE_APPLIED",
    zh="该执业证号已有申请正在审核。",
    en="There is an open application with this licence already.",
    remedy="Wait for its decision; if you did not make it, tell the bureau of justice.",
)
APPLIED_ALREADY = code(
    "APPLIED_ALREADY",
    zh="您已有一份申请正在审核。",
    en="An application of yours is open already.",
    remedy="Wait for its decision, or take it back by withdrawLawyerApplication.",
)
APPLIED_OFTEN = code(
    "APPLIED_OFTEN",
    zh="一天最多申请 {limit} 次，请明天再试。",
    en="At most {limit} applications a day. Please try again tomorrow.",
    remedy="Apply again a day after the first of them.",
)
LAWYER_ALREADY = code(
    "LAWYER_ALREADY",
    zh="您已在律师名录中。",
    en="You are in the directory of lawyers already.",
    remedy="Nothing more is needed; ask the bureau of justice to change your entry.",
)
NOT_A_PICTURE = code(
    "NOT_A_PICTURE",
    zh="请上传执业证的照片。",
    en="The licence must be sent as pictures.",
    remedy="Send files of the kind PICTURE, at least one.",
)
APPLICATION_DECIDED = code(
    "APPLICATION_DECIDED",
    zh="该申请已处理完毕。",
    en="This application is no longer open.",
    remedy="Read it again to see what became of it.",
)
CHECK_FIRST = code(
    "CHECK_FIRST",
    zh="请先打开该申请进行核对。",
    en="Check this application first.",
    remedy="Call checkLawyerApplication, look at the licence, then decide.",
)


class Application(BaseModel):
    """As she wrote it. `division` is where her firm is, None outside the city."""

    name: str
    licence: str
    firm: str
    specialties: list[str]
    division: str | None
    languages: list[str]
    introduction: str

    def tidied(self) -> "Application":
        """Without blanks around words, the number in plain digits."""
        licence = licence_of(self.licence)
        plain = {"name": self.name.strip(), "firm": self.firm.strip(), "introduction": self.introduction.strip()}
        plain["licence"] = licence.number if licence else self.licence
        return self.model_copy(update=plain | {"languages": [language.strip() for language in self.languages]})


def against_application(said: Application, now: datetime) -> list[Reason]:
    return [
        *against_text(said.name, "name", *NAME),
        *_against_licence(said, now),
        *against_text(said.firm, "firm", *FIRM),
        *_against_choice(said),
        *against_text(said.introduction, "introduction", 0, INTRODUCTION_MAX),
    ]


def _against_licence(said: Application, now: datetime) -> Iterator[Reason]:
    licence = licence_of(said.licence)
    if licence is None or licence.year > now.astimezone(CITY_TIME).year:
        yield because(BAD_LICENCE, "licence")
    elif said.division is not None and licence.province != HOME:
        yield because(LICENCE_ELSEWHERE, "divisionCode")


def _against_choice(said: Application) -> Iterator[Reason]:
    chosen = set(said.specialties)
    if not 0 < len(chosen) == len(said.specialties) <= MOST_SPECIALTIES or not chosen <= set(SPECIALTIES):
        yield because(BAD_VALUE, "specialties")
    if said.division is not None and not is_division(said.division):
        yield because(BAD_VALUE, "divisionCode")
    names = [language.strip() for language in said.languages]
    bad = any(not 0 < len(name) <= LANGUAGE_MAX or unstorable(name) for name in names)
    if bad or not 0 < len(names) == len(set(names)) <= MOST_LANGUAGES:
        yield because(BAD_VALUE, "languages")
