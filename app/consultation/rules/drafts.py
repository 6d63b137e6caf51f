"""What a resident is writing before she asks: anything may be missing, only what could never be sent is refused."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from pydantic import BaseModel

from app.consultation.rules.answering import TOO_MANY
from app.consultation.rules.asking import BODY, BRIEF_MAX, LAWYERS_MAX
from app.core.errors import BAD_VALUE, Reason, because, code
from app.core.texts import against_text
from app.directory.rules.taxonomy import CATEGORIES
from app.places.rules import is_division
from app.screening.rules.parties import NAME_MAX
from app.vault.rules.files import against_ids

LIVE_MAX: Final = 20

DRAFTS_FULL = code(
    "DRAFTS_FULL",
    zh="最多保留 {limit} 份草稿，请先删除一份。",
    en="At most {limit} drafts are kept; discard one first.",
    remedy="Show `drafts` and let the person discard what she no longer needs.",
)
DRAFT_SENT = code(
    "DRAFT_SENT",
    zh="这份草稿已经作为问题提交。",
    en="This draft was sent as a question already.",
    remedy="Show the question; begin a new draft for another one.",
)
DRAFT_GONE = code(
    "DRAFT_GONE",
    zh="这份草稿已删除，或 30 天没有保存而被清除。",
    en="This draft was discarded, or wiped 30 days after the last save.",
    remedy="Save what is on the screen as a new draft.",
)


class Written(BaseModel):
    """A draft as it is sealed: one JSON document under its own key. Ids are resolved to codes and keys."""

    body: str = ""
    category: str | None = None
    division: str | None = None
    brief: str | None = None
    party: str | None = None
    lawyers: list[UUID] = []
    delegation: UUID | None = None
    attachments: list[UUID] = []
    voice: UUID | None = None

    @property
    def files(self) -> list[UUID]:
        return [*self.attachments, self.voice] if self.voice else self.attachments


def against_draft(said: Written) -> list[Reason]:
    return list(_against(said))


def _against(said: Written) -> Iterator[Reason]:
    yield from against_text(said.body, "body", 0, BODY[1])
    yield from against_text(said.brief or "", "brief", 0, BRIEF_MAX)
    yield from against_text(said.party or "", "opposingParty", 0, NAME_MAX)
    if said.category is not None and said.category not in CATEGORIES:
        yield because(BAD_VALUE, "categoryId")
    if said.division is not None and not is_division(said.division):
        yield because(BAD_VALUE, "divisionCode")
    if len(said.lawyers) > LAWYERS_MAX:
        yield because(TOO_MANY, "lawyerIds", limit=LAWYERS_MAX)
    yield from against_ids(said.attachments, "attachments")
