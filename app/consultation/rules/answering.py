"""What makes an answer, and whether it counts."""

import re
from collections.abc import Iterator
from enum import StrEnum

from pydantic import BaseModel

from app.core.errors import BAD_VALUE, Reason, because, code
from app.core.texts import against_text
from app.screening.rules.contacts import against_solicitation

TEXT = (60, 5000)
SPOKEN_SECONDS = 15
SPOKEN_WORDS = 30
"""Characters of substance: two a second, half of how fast people talk. A hum of 15 seconds is no answer."""
SUMMARY_MAX = 150
CONCLUSION_MAX = 500
ITEMS_MAX = 20
ITEM_MAX = 300
BEGINS_MAX = 100
VERSIONS_MAX = 20

TOO_MANY = code("TOO_MANY", zh="最多 {limit} 项。", en="At most {limit} items.", remedy="Send fewer.")
LEASE_ENDED = code(
    "LEASE_ENDED",
    zh="席位的时间已到，草稿已保留。若仍有空席可重新接单。",
    en="Your seat's time is over. The draft is kept; claim again while seats are free.",
    remedy="Claim the offer again; the draft is still there.",
)
EXTENDED_ALREADY = code(
    "EXTENDED_ALREADY", zh="只能延长一次。", en="A seat is extended once.", remedy="Deliver or release it."
)
TOO_MANY_VERSIONS = code(
    "TOO_MANY_VERSIONS",
    zh="一份解答最多保留 {limit} 个版本。",
    en="An answer has at most {limit} versions.",
    remedy="Say the rest in the thread of the question.",
)


class Outlook(StrEnum):
    """How good the asker's case is."""

    STRONG = "STRONG"
    LIKELY = "LIKELY"
    UNCERTAIN = "UNCERTAIN"
    WEAK = "WEAK"


class Forum(StrEnum):
    """Where to go first."""

    NEGOTIATION = "NEGOTIATION"
    MEDIATION = "MEDIATION"
    LABOUR_INSPECTION = "LABOUR_INSPECTION"
    LABOUR_ARBITRATION = "LABOUR_ARBITRATION"
    ARBITRATION = "ARBITRATION"
    COURT = "COURT"
    POLICE = "POLICE"
    PROSECUTION = "PROSECUTION"
    ADMINISTRATIVE_REVIEW = "ADMINISTRATIVE_REVIEW"
    NOTARY = "NOTARY"
    LEGAL_AID = "LEGAL_AID"
    OTHER = "OTHER"


class LimitUnit(StrEnum):
    DAY = "DAY"
    MONTH = "MONTH"
    YEAR = "YEAR"


LONGEST = {LimitUnit.DAY: 7300, LimitUnit.MONTH: 240, LimitUnit.YEAR: 20}
"""No limit of the law that runs is longer than twenty years (民法典 第一百八十八条)."""


class Limit(BaseModel):
    """The nearest statutory limit: one year from the end of the employment (劳动争议调解仲裁法 第二十七条)."""

    amount: int
    unit: LimitUnit
    begins: str | None = None


class Basis(BaseModel):
    """An article that the answer rests on, e.g. 劳动合同法 第八十二条."""

    law: str
    article: str


class Content(BaseModel):
    """An answer as it is sealed: one JSON document under the question's key. What older ones lack is None."""

    conclusion: str
    basis: list[Basis]
    next_steps: list[str]
    evidence: list[str]
    deadlines: list[str]
    text: str
    summary: str
    outlook: Outlook | None = None
    forum: Forum | None = None
    limit: Limit | None = None


def against_content(content: Content, spoken: bool = False) -> list[Reason]:
    """Why this cannot be delivered; drafts are held to the upper limits alone. What is `spoken` in full need be written
    only in short: the conclusion and the summary are what the asker can look up again.

    Whoever tells the asker how to reach her, or asks for a mandate, goes past the firm and the platform
    (律师法 第四十条: no private mandates, no private fees).
    """
    return [
        *against_text(content.conclusion, "content.conclusion", 1, CONCLUSION_MAX),
        *against_text(content.text, "content.text", 0 if spoken else TEXT[0], TEXT[1]),
        *against_text(content.summary, "content.summary", 1, SUMMARY_MAX),
        *_against_lists(content),
        *_against_limit(content),
        *(reason for field, text in _texts(content) for reason in against_solicitation(text, field)),
    ]


def against_draft(content: Content) -> list[Reason]:
    return [
        *against_text(content.conclusion, "content.conclusion", 0, CONCLUSION_MAX),
        *against_text(content.text, "content.text", 0, TEXT[1]),
        *against_text(content.summary, "content.summary", 0, SUMMARY_MAX),
        *_against_lists(content),
        *_against_limit(content),
    ]


def _lists(content: Content) -> dict[str, list[str]]:
    return {
        "content.nextSteps": content.next_steps,
        "content.evidence": content.evidence,
        "content.deadlines": content.deadlines,
        "content.basis": [f"{basis.law}{basis.article}" for basis in content.basis],
    }


def _texts(content: Content) -> Iterator[tuple[str, str]]:
    """Every text of it, with its field."""
    yield "content.conclusion", content.conclusion
    yield "content.text", content.text
    yield "content.summary", content.summary
    for field, items in _lists(content).items():
        yield from ((field, item) for item in items)
    if content.limit and content.limit.begins:
        yield "content.limit.begins", content.limit.begins


def _against_lists(content: Content) -> Iterator[Reason]:
    for field, items in _lists(content).items():
        if len(items) > ITEMS_MAX:
            yield because(TOO_MANY, field, limit=ITEMS_MAX)
        for item in items[:ITEMS_MAX]:
            yield from against_text(item, field, 1, ITEM_MAX)


def _against_limit(content: Content) -> Iterator[Reason]:
    if (limit := content.limit) is None:
        return
    if not 1 <= limit.amount <= LONGEST[limit.unit]:
        yield because(BAD_VALUE, "content.limit.amount")
    yield from against_text(limit.begins or "", "content.limit.begins", 0, BEGINS_MAX)


_CLAUSES = re.compile(r"[\W_]+")
_REPEATED = re.compile(r"(.{1,12}?)\1+")


def substance(text: str) -> int:
    """How many characters of it say something: no blanks or punctuation, and what is said again counts once."""
    clauses = {_REPEATED.sub(r"\1", clause) for clause in _CLAUSES.split(text)}
    return sum(map(len, clauses))


def counts(content: Content, suspect: bool, seconds: float = 0, transcript: str | None = None) -> bool:
    """Whether the answer is one of the promised three: not too like another, and 60 characters of substance, or so many
    `seconds` spoken that its words, which must be there, say as much as slow speech does."""
    said = seconds >= SPOKEN_SECONDS and substance(transcript or "") >= SPOKEN_WORDS
    return not suspect and (substance(content.text) >= TEXT[0] or said)
