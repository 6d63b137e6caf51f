"""A check as its reviewer sees it, a mark as its lawyer does, and the figures."""

from datetime import date, datetime
from types import SimpleNamespace
from typing import Annotated, Any, Self

import strawberry

from app.consultation.rules.rating import wilson
from app.consultation.types.answer import Answer, AnswerContent
from app.directory.loaders import LawyerById
from app.directory.types import Lawyer
from app.graph import visible
from app.graph.context import Info
from app.graph.edges import OfRow, column
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.refusals import PAYLOAD, Refused
from app.graph.visible import Audience
from app.guidance.types.categories import Category
from app.quality.actions.marking import words
from app.quality.loaders import AnswerById, MarksOfCheck, ReadingOfCheck
from app.quality.models import CheckState, Soundness
from app.quality.reads import Reading, Said
from app.quality.rules import TELLING, letter
from app.vault.loaders import DataKey

explain(
    CheckState,
    "Where a check stands.",
    OPEN="Its answers wait to be marked.",
    DONE="They are marked.",
    ENDED="It may not go on, or nobody is left who could do it.",
)
explain(
    Soundness,
    "Whether a conclusion is right in law.",
    YES="It is.",
    PARTLY="In part, or it leaves out what matters.",
    NO="It is wrong.",
)


@strawberry.type(description="One lawyer's answer; who she is is not told.", directives=[visible.WITHIN])
class CheckedAnswer:
    letter: str = strawberry.field(description="What she is called here: A, B, C.")
    said: strawberry.Private[Said]
    transcript: str | None = strawberry.field(description="The words of what is spoken; null where it is only written.")

    @strawberry.field(description="What it said when it was drawn.")
    def content(self) -> AnswerContent | None:
        content: SimpleNamespace | None = self.said.content
        return AnswerContent(row=content) if content else None


@strawberry.type(
    description="What was asked and answered, with nobody's name: telephones, numbers of papers and cards, accounts "
    "and addresses are named and not shown. Files and what was said later are no part of it.",
    directives=[visible.WITHIN],
)
class QualityReading:
    reading: strawberry.Private[Reading]
    body: str = strawberry.field(description="What was asked, as it was written; may be empty.")
    transcript: str | None = strawberry.field(description="The words of what was spoken; null where there are none.")

    @strawberry.field(description="What it is about.")
    def category(self) -> Category | None:
        return Category.of(self.reading.category)

    @strawberry.field(description="The answers, in no order that tells who came first.")
    def answers(self) -> list[CheckedAnswer]:
        said = enumerate(self.reading.answers)
        return [CheckedAnswer(letter=letter(place), said=one, transcript=one.words) for place, one in said]


@strawberry.type(
    description="What a check made of one answer. Its lawyer is not told who marked it, and who marked it not whose "
    "it is.",
    directives=[visible.to(Audience.AUTHOR, Audience.REVIEWER)],
)
class QualityMark(OfRow, Node):
    row: strawberry.Private[Any]
    conclusion: Soundness = strawberry.field(
        resolver=lambda self: Soundness(self.row.conclusion), description="Whether the conclusion is right in law."
    )
    law: bool = column("Whether the law is cited correctly.")
    steps: bool = column("Whether the next steps are clear.")
    plain: bool = column("Whether it is in plain words.")
    deadlines: bool | None = column("Whether the deadlines are named; null where there are none.")
    harm: bool = column("Whether the asker may come to harm by the wrong conclusion; she is told to have it looked at.")
    marked_at: datetime = column("When.")
    replied_at: datetime | None = column("When its lawyer replied; null until then.")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(id=global_id("QualityMark", row.id), row=row)

    @strawberry.field(description="The reviewer's words; null where there are none, or the question was erased.")
    async def note(self, info: Info) -> str | None:
        return words(await info.context.loader(DataKey).load(self.row.id), self.row, "note") if self.row.note else None

    @strawberry.field(description="The lawyer's words; null where there are none, or the question was erased.")
    async def reply(self, info: Info) -> str | None:
        key = await info.context.loader(DataKey).load(self.row.id) if self.row.reply else None
        return words(key, self.row, "reply")

    @strawberry.field(description="The answer; null for who marked it.", directives=[visible.to(Audience.AUTHOR)])
    async def answer(self, info: Info) -> Answer | None:
        row = await info.context.loader(AnswerById).load(self.row.answer)
        return Answer.of(row) if row else None


@strawberry.type(
    description="A consultation that was drawn, by its asker's consent, for a check of its answers.",
    directives=[visible.to(Audience.REVIEWER)],
)
class QualityCheck(OfRow, Node):
    row: strawberry.Private[Any]
    state: CheckState = strawberry.field(
        resolver=lambda self: CheckState(self.row.state), description="Where it stands."
    )
    given_at: datetime = column("When it was given to you.")
    due_at: datetime = column("Until when it is yours; then another gets it.")
    done_at: datetime | None = column("When you marked it; null until then.")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(id=global_id("QualityCheck", row.id), row=row)

    @strawberry.field(
        description="What is to be read; the asker sees that you did. Null once it is done or over, and from the "
        "moment in which she takes her consent back, opens or erases the question, or closes her account."
    )
    async def reading(self, info: Info) -> QualityReading | None:
        if self.row.state != CheckState.OPEN:
            return None
        found = await info.context.loader(ReadingOfCheck).load(self.row.id)
        return QualityReading(reading=found, body=found.body, transcript=found.words) if found else None

    @strawberry.field(description="What you made of the answers, in the order of their letters; empty until then.")
    async def marks(self, info: Info) -> list[QualityMark]:
        if self.row.state != CheckState.DONE:
            return []
        return [QualityMark.of(row) for row in await info.context.loader(MarksOfCheck).load(self.row.id)]


@strawberry.type(description="A lawyer who checks the quality of others' answers.", directives=[visible.WITHIN])
class QualityReviewer:
    row: strawberry.Private[Any]
    named_at: datetime = strawberry.field(description="Since when.")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(row=row, named_at=row.named_at)

    @strawberry.field(description="Who she is.")
    async def lawyer(self, info: Info) -> Lawyer | None:
        row = await info.context.loader(LawyerById).load(self.row.lawyer)
        return Lawyer.of(row) if row else None


@strawberry.type(
    description="What the checks of a month came to, never a share without its numbers. Of fewer than five answers "
    "nothing is told.",
    directives=[visible.to(Audience.SUPERVISOR, Audience.ANALYST)],
)
class QualityFigures:
    month: date = strawberry.field(description="Its first day, in the city.")
    eligible: int | None = strawberry.field(
        description="Consultations that could be drawn: resolved, and their askers agreed. Null below five."
    )
    drawn: int | None = strawberry.field(description="Of these, how many were drawn. Null below five.")
    checked: int | None = strawberry.field(description="How many checks were done. Null below five.")
    answers: int | None = strawberry.field(description="How many answers were marked in them. Null below five.")
    faultless: int | None = strawberry.field(
        description="Of these, those whose conclusion is right, that cite the law correctly, have clear next steps and "
        "plain words, and name the deadlines where there are any."
    )
    share: float | None = strawberry.field(description="The faultless among the marked, 0 to 1.")
    low: float | None = strawberry.field(description="The lower end of the share's 95 % interval (Wilson).")
    high: float | None = strawberry.field(description="The upper end of the share's 95 % interval (Wilson).")

    @classmethod
    def of(cls, month: date, row: Any) -> Self:
        told = row.checked >= TELLING and row.answers >= TELLING
        interval = wilson(row.faultless, row.answers) if told else None
        eligible, drawn, checked = (n if n >= TELLING else None for n in (row.eligible, row.drawn, row.checked))
        return cls(
            month=month,
            eligible=eligible,
            drawn=drawn,
            checked=checked,
            answers=row.answers if told else None,
            faultless=row.faultless if told else None,
            share=row.faultless / row.answers if told else None,
            low=interval.low if interval else None,
            high=interval.high if interval else None,
        )


CompleteQualityCheckResult = Annotated[
    QualityCheck | Refused, strawberry.union("CompleteQualityCheckResult", description=PAYLOAD)
]
ReplyToQualityMarkResult = Annotated[
    QualityMark | Refused, strawberry.union("ReplyToQualityMarkResult", description=PAYLOAD)
]


@strawberry.type(description="Who checks the quality of answers now.", directives=[visible.to(Audience.SUPERVISOR)])
class QualityReviewers:
    reviewers: list[QualityReviewer] = strawberry.field(description="Who has waited longest for a check first.")


QualityReviewersResult = Annotated[
    QualityReviewers | Refused, strawberry.union("QualityReviewersResult", description=PAYLOAD)
]
PassQualityCheckResult = Annotated[
    QualityCheck | Refused, strawberry.union("PassQualityCheckResult", description=PAYLOAD)
]
