"""What is asked of a list of papers."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from pydantic import BaseModel

from app.core.errors import BAD_VALUE, Reason, because, code
from app.window.models import PaperKind

COPIES: Final = (1, 99)
MOST: Final = 26
"""Lines of one receipt: each kind, original and copy."""

NO_PAPERS = code(
    "NO_PAPERS",
    zh="请列明材料种类和份数。",
    en="Say at least one kind of paper, and how many.",
    remedy="List what went over the counter.",
)
PAPER_TWICE = code(
    "PAPER_TWICE",
    zh="同一种材料请合并为一行。",
    en="The same kind is listed twice.",
    remedy="Add up the copies of a kind; originals and copies are two lines.",
)
NOTHING_MISSING = code(
    "NOTHING_MISSING",
    zh="该申请目前没有要求补充材料。",
    en="Nothing is to be supplied just now.",
    remedy="Take the papers without `settles`: who handles the application is told of them.",
)
VISIT_OVER = code(
    "VISIT_OVER",
    zh="该次到访已结束，请申请人重新生成取件码。",
    en="This visit is over.",
    remedy="She makes a new code; a visit is open until the end of its day, for who opened it.",
)


class Paper(BaseModel):
    kind: PaperKind
    original: bool
    copies: int

    @property
    def line(self) -> list[Any]:
        """As it is kept."""
        return [self.kind, self.original, self.copies]


def against_papers(said: Sequence[Paper]) -> Iterator[Reason]:
    if not said:
        yield because(NO_PAPERS, "papers")
    elif len({(one.kind, one.original) for one in said}) < len(said):
        yield because(PAPER_TWICE, "papers")
    if any(not COPIES[0] <= one.copies <= COPIES[1] for one in said):
        yield because(BAD_VALUE, "papers.copies")
