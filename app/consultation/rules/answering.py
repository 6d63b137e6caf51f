"""What makes an answer, and whether it counts."""

from collections.abc import Iterator

from pydantic import BaseModel

from app.core.errors import Reason, because, code
from app.core.texts import against_text

TEXT = (60, 5000)
SUMMARY_MAX = 150
CONCLUSION_MAX = 500
ITEMS_MAX = 20
ITEM_MAX = 300

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


class Basis(BaseModel):
    """An article that the answer rests on, e.g. 劳动合同法 第八十二条."""

    law: str
    article: str


class Content(BaseModel):
    """An answer as it is sealed: one JSON document under the question's key."""

    conclusion: str
    basis: list[Basis]
    next_steps: list[str]
    evidence: list[str]
    deadlines: list[str]
    text: str
    summary: str


def against_content(content: Content) -> list[Reason]:
    """Why this cannot be delivered; drafts are held to the upper limits alone."""
    return [
        *against_text(content.conclusion, "content.conclusion", 1, CONCLUSION_MAX),
        *against_text(content.text, "content.text", *TEXT),
        *against_text(content.summary, "content.summary", 1, SUMMARY_MAX),
        *_against_lists(content),
    ]


def against_draft(content: Content) -> list[Reason]:
    return [
        *against_text(content.conclusion, "content.conclusion", 0, CONCLUSION_MAX),
        *against_text(content.text, "content.text", 0, TEXT[1]),
        *against_text(content.summary, "content.summary", 0, SUMMARY_MAX),
        *_against_lists(content),
    ]


def _against_lists(content: Content) -> Iterator[Reason]:
    lists = {
        "content.nextSteps": content.next_steps,
        "content.evidence": content.evidence,
        "content.deadlines": content.deadlines,
        "content.basis": [f"{basis.law}{basis.article}" for basis in content.basis],
    }
    for field, items in lists.items():
        if len(items) > ITEMS_MAX:
            yield because(TOO_MANY, field, limit=ITEMS_MAX)
        for item in items[:ITEMS_MAX]:
            yield from against_text(item, field, 1, ITEM_MAX)


def counts(content: Content) -> bool:
    """Whether the answer is one of the promised three: a text of substance (product rule: 60 characters or more)."""
    return len(content.text.strip()) >= TEXT[0]
