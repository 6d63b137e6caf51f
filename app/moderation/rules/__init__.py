"""What may be reported and disclosed, and which measure may follow. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from pydantic import BaseModel

from app.consultation.rules.agreement import stance, wording
from app.consultation.rules.answering import Content
from app.core.errors import Language, Reason, because, code
from app.core.texts import against_text
from app.moderation.models import MeasureKind, Side

WORDS: Final = (1, 500)
ALSO: Final = 9
"""Messages that she may disclose beside the one she complains of."""
REASONS: Final = (5, 1000)
DUE_DAYS: Final = 5
"""Working days in which a report is decided."""
APPEAL_DAYS: Final = 5
"""Working days in which somebody may appeal against a measure."""
LEASE: Final = timedelta(hours=24)
"""For so long one moderator has a report; the table allows no other time."""
AGAIN: Final = timedelta(hours=24)
"""An overdue report is called overdue again after so long."""

REPORTED_ALREADY = code(
    "REPORTED_ALREADY",
    zh="您已举报过这条内容，正在处理中。",
    en="You have reported this already; it is being looked at.",
    remedy="Show the report that is open (myReports).",
)
OWN_SIDE = code(
    "OWN_SIDE",
    zh="只能举报对方的内容。",
    en="Only what the other side said can be reported.",
    remedy="Name an answer or message of the lawyer's, or, as a lawyer, of the asker's.",
)
OTHERS_WORDS = code(
    "OTHERS_WORDS",
    zh="只能披露您自己和被举报人在同一咨询中的内容。",
    en="You can disclose only what you and the person you complain of said about the same question.",
    remedy="Take what others said off the list.",
)
TOO_MANY_DISCLOSED = code(
    "TOO_MANY_DISCLOSED",
    zh="最多另外披露 {limit} 条内容。",
    en="Disclose at most {limit} more.",
    remedy="Choose those that show what happened.",
)
REPORT_TAKEN = code(
    "REPORT_TAKEN",
    zh="该举报已由审核员受理。",
    en="A moderator has this report.",
    remedy="As its reporter wait for the decision; as a moderator take another one.",
)
REPORT_NOT_TAKEN = code(
    "REPORT_NOT_TAKEN",
    zh="请先领取该举报；领取后 24 小时内有效。",
    en="Take the report first; it is yours for 24 hours.",
    remedy="Call takeReport, read what was disclosed, then decide.",
)
REPORT_OVER = code("REPORT_OVER", zh="该举报已办结。", en="This report is over.", remedy="Read the list again.")
APPEAL_OVER = code(
    "APPEAL_OVER",
    zh="申诉期已过，或者已经提出过申诉，或者申诉已经办结。",
    en="The time to appeal is over, or the appeal was made or decided already.",
    remedy="Show the measure as it stands now.",
)
APPEAL_TAKEN = code(
    "APPEAL_TAKEN",
    zh="该申诉已由另一名督办人员受理。",
    en="Another supervisor has this appeal.",
    remedy="Take another one of measureAppeals.",
)
APPEAL_NOT_TAKEN = code(
    "APPEAL_NOT_TAKEN",
    zh="请先领取该申诉；领取后 24 小时内有效。",
    en="Take the appeal first; it is yours for 24 hours.",
    remedy="Call takeMeasureAppeal, read the measure and the appeal, then decide.",
)
GROUND_NEEDED = code(
    "GROUND_NEEDED",
    zh="措施应逐级采取；越级须写明依据。",
    en="Measures follow one another; to leave one out a ground must be stated.",
    remedy="Choose the next step, or say in `ground` why it would not do.",
)


class Copy(BaseModel):
    """One thing that was disclosed, as it is sealed."""

    by: Side
    kind: str
    at: datetime
    text: str
    complained_of: bool


class Disclosed(BaseModel):
    """`lawyer`: who is complained of, where it is a lawyer."""

    words: str | None
    lawyer: UUID | None
    copies: list[Copy]


class Reasons(BaseModel):
    """Why a measure was taken, and why at once so high a one."""

    reasons: str
    ground: str | None


def against_report(also: Sequence[object], words: str | None) -> list[Reason]:
    reasons = [because(TOO_MANY_DISCLOSED, "alsoIds", limit=ALSO)] if len(also) > ALSO else []
    return reasons if words is None else [*reasons, *against_text(words, "words", *WORDS)]


def told(content: Content) -> str:
    """An answer as one text, also what it says by a choice: whether advice is careless may lie in the limit alone."""
    basis = [f"{one.law}{one.article}" for one in content.basis]
    parts = [content.conclusion, content.text, *basis, *content.next_steps, *content.evidence, *content.deadlines]
    chosen = [wording(field, said, Language.ZH) for field, said in stance(content, UUID(int=0)).items()]
    begins = content.limit and content.limit.begins
    return "\n".join(part for part in [*parts, content.summary, *chosen, begins] if part)


def against_decision(reasons: str, ground: str | None) -> list[Reason]:
    said = list(against_text(reasons, "reasons", *REASONS))
    return said if ground is None else [*said, *against_text(ground, "ground", *REASONS)]


def next_step(earlier: Iterable[MeasureKind]) -> MeasureKind:
    """The step after the highest of two years; the last one again where there is none after it."""
    ladder = list(MeasureKind)
    taken = max((ladder.index(kind) for kind in earlier), default=-1)
    return ladder[min(taken + 1, len(ladder) - 1)]


def against_measure(kind: MeasureKind, earlier: Iterable[MeasureKind], ground: str | None) -> list[Reason]:
    ladder = list(MeasureKind)
    if ladder.index(kind) > ladder.index(next_step(earlier)) and ground is None:
        return [because(GROUND_NEEDED, "ground")]
    return []
