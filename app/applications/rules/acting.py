"""What is said with a step, and what is asked of it before the application is looked at."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from pydantic import BaseModel

from app.applications.models import ApplicationKind, DeclinedFor, Move, PauseGround, RecusalGround, RefusalGround, Route
from app.core.errors import BAD_VALUE, Reason, because, code
from app.core.texts import against_text

REASON: Final = (4, 3000)
AMOUNT_MAX: Final = 100_000_000
"""Fen."""

INSTITUTION_UNFIT = code(
    "INSTITUTION_UNFIT",
    zh="该机构不受理此类申请，请另行选择。",
    en="This institution does not take such applications, or is not at work.",
    remedy="Legal aid: `directory(kind: LEGAL_AID_CENTRE)`; a notarisation: `directory(kind: NOTARY_OFFICE)`.",
)
OTHER_FORM = code(
    "OTHER_FORM",
    zh="所填申请表与申请类别不符。",
    en="This is the form of another kind of application.",
    remedy="Send the form that the application has.",
)
SAME_CENTRE = code(
    "SAME_CENTRE",
    zh="申请已经在该机构。",
    en="The application is with this institution already.",
    remedy="Choose another one.",
)
NOT_AN_OFFICER = code(
    "NOT_AN_OFFICER",
    zh="请选择本机构的工作人员，且不得为申请人本人或代办人。",
    en="This is no officer of the institution, or she applies for it herself.",
    remedy="Choose from `colleagues`.",
)
MEDIATOR_DECLINED = code(
    "MEDIATOR_DECLINED",
    zh="当事人不接受该调解员，请另行选择。",
    en="One of the two sides does not accept this mediator.",
    remedy="Choose another from `colleagues` (人民调解法第二十三条).",
)
OFFICER_RECUSED = code(
    "OFFICER_RECUSED",
    zh="该工作人员已经回避本案，请另行选择。",
    en="She has stepped back from this case.",
    remedy="Choose another from `colleagues`.",
)
STEPPED_BACK = code(
    "STEPPED_BACK",
    zh="您已经回避此案，请由其他人员接手。",
    en="You have stepped back from this case.",
    remedy="Leave it to a colleague; the supervisor hands it over.",
)
OWN_APPLICATION = code(
    "OWN_APPLICATION",
    zh="您是申请人或代办人，应当回避。",
    en="Nobody handles what she, or whom she acts for, applies for.",
    remedy="Leave it to a colleague.",
)
LAWYER_UNFIT = code(
    "LAWYER_UNFIT",
    zh="只能指派本地执业律师。",
    en="Only a lawyer who practises in the city can be assigned.",
    remedy="Choose from `lawyers`, of the pool LOCAL.",
)
LAWYER_CONFLICTED = code(
    "LAWYER_CONFLICTED",
    zh="该律师与本案存在利益冲突，请另行指派。",
    en="This lawyer has a conflict of interest here.",
    remedy="Choose another lawyer; of whom she is the lawyer, nobody is told.",
)
APPLICATIONS_FULL = code(
    "APPLICATIONS_FULL",
    zh="您已有 {limit} 份申请正在办理，请等待办结或撤回后再提交。",
    en="{limit} applications are open already; wait for their end, or take one back.",
    remedy="Show `applications`.",
)
NO_LONGER_OFFERED = code(
    "NO_LONGER_OFFERED",
    zh="该指派已失效。",
    en="This is no longer yours to answer.",
    remedy="Read `assignments` again.",
)


NOT_YOUR_VISIT = code(
    "NOT_YOUR_VISIT",
    zh="请选择您在该公证处的有效预约。",
    en="This is no appointment of yours with that office that still stands.",
    remedy="Choose one of `appointments` with the application's institution, or call bookAppointment.",
)


class Act(BaseModel):
    """A step as it was asked for; ids already resolved to keys. `form`: what is applied for from then on, as it is
    sealed."""

    move: Move
    application: UUID
    reason: str | None = None
    files: list[UUID] = []
    form: str | None = None
    kind: ApplicationKind | None = None
    """Of the form."""
    institution: UUID | None = None
    officer: UUID | None = None
    lawyer: UUID | None = None
    code: DeclinedFor | PauseGround | RecusalGround | RefusalGround | Route | None = None
    appointment: UUID | None = None
    amount: int | None = None


def against_act(said: Act, needs_reason: bool) -> Iterator[Reason]:
    if needs_reason or said.reason:
        yield from against_text(said.reason or "", "reason", *REASON)
    if said.amount is not None and not 0 <= said.amount <= AMOUNT_MAX:
        yield because(BAD_VALUE, "amountFen")
