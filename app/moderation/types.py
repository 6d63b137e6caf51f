"""Reports and measures as the graph shows them."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

import strawberry

from app.accounts.rules.minors import MINOR_ACCESS_NEEDED
from app.core.errors import refuse
from app.directory.loaders import LawyerById
from app.directory.types import Lawyer
from app.graph import visible
from app.graph.context import Info, viewer
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.refusals import PAYLOAD, Refused
from app.graph.visible import Audience
from app.guidance.types.categories import Category
from app.moderation import reads, rules
from app.moderation.actions.exporting import opened, reasons, reply, words
from app.moderation.loaders import ReportOfMeasure
from app.moderation.models import OPEN, MeasureKind, ReportReason, ReportState, Side
from app.vault.loaders import DataKey

explain(
    ReportReason,
    "Why something is reported.",
    SOLICITATION="The lawyer wants a mandate or money for herself (律师法 第四十条).",
    CARELESS_ADVICE="What she advises is wrong, or careless.",
    INSULT_OR_ILLEGAL="It insults somebody, or the law forbids it.",
    BREACH_OF_CONFIDENCE="Something is told that had to be kept secret (律师法 第三十八条).",
    OTHER="Something else; `words` says what.",
)
explain(
    ReportState,
    "Where a report stands.",
    WAITING="No moderator has it; it can be withdrawn.",
    TAKEN="One moderator has it and may read what was disclosed.",
    DISMISSED="Nothing follows; `reply` says why.",
    MEASURE="A measure was taken about whom it complains of.",
    WITHDRAWN="Who made it took it back.",
    ERASED="What was disclosed was destroyed before it was decided: the question was erased, or one of the two sides "
    "closed her account.",
)
explain(
    MeasureKind,
    "What may follow from a report, in this order.",
    REMINDER="She is reminded of her duties (提醒).",
    WARNING="She is warned (警告).",
)
explain(
    Side,
    "Who said something. More a moderator is not told.",
    "ReportSide",
    ASKER="The asker, or who asks for her.",
    LAWYER="A lawyer who sits on the question, or answered it.",
)

SEEN = visible.to(Audience.SELF, Audience.TAKER)


@strawberry.type(
    description="Something that was disclosed: a copy, without telephones, numbers of papers and bank cards, addresses "
    "and lawyers' names.",
    directives=[visible.WITHIN],
)
class DisclosedMessage:
    by: Side = strawberry.field(description="Who said it.")
    kind: str = strawberry.field(description="ANSWER, or the kind of `Message`.")
    at: datetime = strawberry.field(description="When it was said.")
    text: str = strawberry.field(description="The words; of an answer all its versions.")
    complained_of: bool = strawberry.field(description="Whether it is this that the report complains of.")


@strawberry.type(
    description="A measure of the last two years, by kind and date alone.",
    directives=[visible.WITHIN],
)
class EarlierMeasure:
    kind: MeasureKind = strawberry.field(description="What was decided.")
    at: datetime = strawberry.field(description="When.")


@strawberry.type(
    description="Somebody who takes part in a question complains of what the other side said, and discloses so much of "
    "it as she chooses. Moderators see that it is there; what it says is read by her, and by the one moderator who has "
    "taken it. Nobody sees one who has a part in the question.",
    directives=[visible.to(Audience.SELF, Audience.MODERATOR)],
)
class Report(Node):
    row: strawberry.Private[Any]
    reason: ReportReason = strawberry.field(description="Why.")
    state: ReportState = strawberry.field(description="Where it stands.")
    made_at: datetime = strawberry.field(description="When it was made.")
    due_at: datetime = strawberry.field(description="Until when it is to be decided: the end of the fifth working day.")
    overdue: bool = strawberry.field(description="Whether it was not decided by then. Late stays late.")
    taken_until: datetime | None = strawberry.field(
        description="Until when the viewer has it as a moderator; null where she has not.",
        directives=[visible.to(Audience.TAKER)],
    )
    decided_at: datetime | None = strawberry.field(description="When it was decided, null until then.")

    @classmethod
    def of(cls, row: Any, viewer: UUID, now: datetime) -> Self:
        held = row.state == ReportState.TAKEN and row.taken_until > now
        state = ReportState.WAITING if row.state == ReportState.TAKEN and not held else ReportState(row.state)
        late = row.decided_at or (now if row.state in OPEN else None)
        return cls(
            id=global_id("Report", row.id),
            row=row,
            reason=ReportReason(row.reason),
            state=state,
            made_at=row.made_at,
            due_at=row.due_at,
            overdue=late is not None and late > row.due_at,
            taken_until=row.taken_until if held and row.taker == viewer else None,
            decided_at=row.decided_at,
        )

    @strawberry.field(description="What the question is about.")
    def category(self) -> Category | None:
        return Category.of(self.row.category)

    @strawberry.field(description="What its maker says herself, if anything.", directives=[SEEN])
    async def words(self, info: Info) -> str | None:
        said = await self._opened(info)
        return said.words if said else None

    @strawberry.field(
        description="What was disclosed, oldest first; null where it is not the viewer's to read (who made the report "
        "reads it for as long as she reads the question), or destroyed: a month after the time to appeal, with the "
        "question, or with the account of one of the two sides. A moderator's reading is written down for the asker "
        "to see; where a minor takes part, it is refused (MINOR_ACCESS_NEEDED) until another has approved it.",
        directives=[SEEN],
    )
    async def disclosed(self, info: Info) -> list[DisclosedMessage] | None:
        said = await self._opened(info)
        if said is None and self.row.content and self.taken_until is not None:
            raise refuse(MINOR_ACCESS_NEEDED)
        return [DisclosedMessage(**one.model_dump()) for one in said.copies] if said and self.row.still else None

    @strawberry.field(description="The lawyer complained of; null where it is the asker.", directives=[SEEN])
    async def lawyer(self, info: Info) -> Lawyer | None:
        said = await self._opened(info)
        row = await info.context.loader(LawyerById).load(said.lawyer) if said and said.lawyer else None
        return Lawyer.of(row) if row else None

    @strawberry.field(
        description="What was decided about the same person in the last two years, newest first; null for everybody "
        "but the moderator who has it.",
        directives=[visible.to(Audience.TAKER)],
    )
    async def earlier_measures(self, info: Info) -> list[EarlierMeasure] | None:
        if self.taken_until is None:
            return None
        async with info.context.read() as session:
            return [EarlierMeasure(kind=kind, at=at) for kind, at in await reads.earlier(session, self.row.id)]

    @strawberry.field(
        description="Why it was dismissed; null otherwise, and once what was disclosed is destroyed.",
        directives=[visible.SELF],
    )
    async def reply(self, info: Info) -> str | None:
        return reply(self.row, await info.context.loader(DataKey).load(self.row.id)) if self.row.reply else None

    async def _opened(self, info: Info) -> rules.Disclosed | None:
        if not self.row.content:
            return None
        return opened(self.row, await info.context.loader(DataKey).load(self.row.id))


@strawberry.type(
    description="What a moderator decided about somebody after a report; forgotten after two years. She sees it whom "
    "it is about; once she appeals, supervisors who have no part in it see that there is one, and the one who "
    "has taken it reads it.",
    directives=[visible.to(Audience.SELF, Audience.SUPERVISOR)],
)
class Measure(Node):
    row: strawberry.Private[Any]
    kind: MeasureKind = strawberry.field(description="What was decided.")
    reason: ReportReason = strawberry.field(description="What was complained of.")
    at: datetime = strawberry.field(description="When.")
    about_id: strawberry.ID | None = strawberry.field(
        description="The answer or message it is about, in `node`; null once the question is erased.",
        directives=[visible.SELF],
    )
    appeal_until: datetime = strawberry.field(description="Until when she may appeal: the fifth working day's end.")
    appealed_at: datetime | None = strawberry.field(description="When she did, null until then.")
    appeal_due_at: datetime | None = strawberry.field(description="Until when her appeal is to be decided.")
    lifted: bool | None = strawberry.field(
        description="What came of the appeal: whether it counts no more. Null while that is not decided.",
        directives=[SEEN],
    )

    @classmethod
    def of(cls, row: Any, viewer: UUID) -> Self:
        about = global_id("Answer" if row.of_answer else "Message", row.about) if row.about else None
        return cls(
            id=global_id("Measure", row.id),
            row=row,
            kind=MeasureKind(row.kind),
            reason=ReportReason(row.reason),
            at=row.at,
            about_id=about if row.person == viewer else None,
            appeal_until=row.appeal_until,
            appealed_at=row.appealed_at,
            appeal_due_at=row.appeal_due,
            lifted=row.lifted,
        )

    @strawberry.field(description="Why, in the moderator's words.", directives=[SEEN])
    async def explanation(self, info: Info) -> str | None:
        said = reasons(self.row, await info.context.loader(DataKey).load(self.row.id))
        return said.reasons if said else None

    @strawberry.field(
        description="Why no lower step would do, where one was left out; null otherwise.", directives=[SEEN]
    )
    async def ground(self, info: Info) -> str | None:
        said = reasons(self.row, await info.context.loader(DataKey).load(self.row.id))
        return said.ground if said else None

    @strawberry.field(description="Why she appeals.", directives=[SEEN])
    async def appeal(self, info: Info) -> str | None:
        return words(self.row, "appeal", await info.context.loader(DataKey).load(self.row.id))

    @strawberry.field(description="Why it was lifted, or stands.", directives=[visible.SELF])
    async def answer(self, info: Info) -> str | None:
        return words(self.row, "answer", await info.context.loader(DataKey).load(self.row.id))

    @strawberry.field(
        description="What was disclosed in the report, to the supervisor who has taken the appeal; null to everybody "
        "else, and where a minor takes part.",
        directives=[visible.to(Audience.TAKER)],
    )
    async def disclosed(self, info: Info) -> list[DisclosedMessage] | None:
        if self.row.judge != viewer(info).id or self.row.judged_at is not None:
            return None
        row = await info.context.loader(ReportOfMeasure).load(self.row.report)
        said = opened(row, await info.context.loader(DataKey).load(self.row.report)) if row else None
        return [DisclosedMessage(**one.model_dump()) for one in said.copies] if said else None


@strawberry.type(
    description="How many reports were made in a period, and what came of them by now. Supervisors see these numbers "
    "and no report.",
    directives=[visible.to(Audience.SUPERVISOR)],
)
class ModerationCounts:
    received: int = strawberry.field(description="All that were made then.")
    waiting: int = strawberry.field(description="Not decided yet.")
    overdue: int = strawberry.field(description="Not decided, or decided too late.")
    withdrawn: int = strawberry.field(description="Taken back by who made them.")
    dismissed: int = strawberry.field(description="Those from which nothing followed.")
    measures: int = strawberry.field(description="Followed by a measure.")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(**row._asdict())


ReportMessageResult = Annotated[Report | Refused, strawberry.union("ReportMessageResult", description=PAYLOAD)]
WithdrawReportResult = Annotated[Report | Refused, strawberry.union("WithdrawReportResult", description=PAYLOAD)]
TakeReportResult = Annotated[Report | Refused, strawberry.union("TakeReportResult", description=PAYLOAD)]
ReturnReportResult = Annotated[Report | Refused, strawberry.union("ReturnReportResult", description=PAYLOAD)]
DecideReportResult = Annotated[Report | Refused, strawberry.union("DecideReportResult", description=PAYLOAD)]
AppealMeasureResult = Annotated[Measure | Refused, strawberry.union("AppealMeasureResult", description=PAYLOAD)]
TakeMeasureAppealResult = Annotated[Measure | Refused, strawberry.union("TakeMeasureAppealResult", description=PAYLOAD)]
DecideMeasureAppealResult = Annotated[
    Measure | Refused, strawberry.union("DecideMeasureAppealResult", description=PAYLOAD)
]
