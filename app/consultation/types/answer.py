"""What a lawyer answered, part by part."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.consultation.loaders.rating import BestOfQuestion, RatingsOfAnswer
from app.consultation.rules import answering
from app.consultation.rules.versions import Sealed, sealed_versions
from app.consultation.types.rating import Rating
from app.directory.loaders import LawyerById
from app.directory.types import Lawyer
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.refusals import PAYLOAD, Refused
from app.graph.visible import Audience
from app.vault.loaders import DataKey
from app.vault.models import OWNERS
from app.vault.types import File, Voice, files_of, voice_of

explain(
    answering.Outlook,
    "How good the asker's case is, in the lawyer's opinion.",
    STRONG="It is strong.",
    LIKELY="It will probably succeed.",
    UNCERTAIN="It may go either way.",
    WEAK="It will probably fail.",
)
explain(
    answering.Forum,
    "Where to go first.",
    NEGOTIATION="To the other side, to negotiate.",
    MEDIATION="To a mediation committee.",
    LABOUR_INSPECTION="To the labour inspectorate.",
    LABOUR_ARBITRATION="To the labour arbitration commission.",
    ARBITRATION="To an arbitration commission.",
    COURT="To the court.",
    POLICE="To the police.",
    PROSECUTION="To the procuratorate.",
    ADMINISTRATIVE_REVIEW="To the authority that reviews the decision.",
    NOTARY="To a notary.",
    LEGAL_AID="To a legal aid centre.",
    OTHER="Somewhere else; the text says where.",
)
explain(answering.LimitUnit, "What a limit is counted in.", DAY="Days.", MONTH="Months.", YEAR="Years.")


@strawberry.type(description="An article of law that an answer rests on.", directives=[visible.WITHIN])
class LegalBasis:
    law: str = strawberry.field(description="The law, e.g. 劳动合同法.")
    article: str = strawberry.field(description="The article, e.g. 第八十二条.")


@strawberry.type(
    description="The nearest statutory limit, e.g. one year from the end of the employment.",
    directives=[visible.WITHIN],
)
class LegalLimit:
    amount: int = strawberry.field(description="How many units.")
    unit: answering.LimitUnit = strawberry.field(description="Days, months or years.")
    begins: str | None = strawberry.field(description="From when it runs, in the lawyer's words.")


@strawberry.type(description="What an answer says, part by part.", directives=[visible.WITHIN])
class AnswerContent:
    conclusion: str = strawberry.field(description="The answer in short.")
    basis: list[LegalBasis] = strawberry.field(description="The articles it rests on.")
    next_steps: list[str] = strawberry.field(description="What to do next, in order.")
    evidence: list[str] = strawberry.field(description="Evidence to collect and keep.")
    deadlines: list[str] = strawberry.field(description="Dates and limits not to miss.")
    text: str = strawberry.field(description="The full answer.")
    summary: str = strawberry.field(description="The same in plain words, at most 150 characters.")
    outlook: answering.Outlook | None = strawberry.field(description="How good the case is; null where left open.")
    forum: answering.Forum | None = strawberry.field(description="Where to go first; null where left open.")
    limit: LegalLimit | None = strawberry.field(description="The nearest statutory limit; null where left open.")

    @classmethod
    def of(cls, content: answering.Content) -> "AnswerContent":
        limit = content.limit
        return cls(
            conclusion=content.conclusion,
            basis=[LegalBasis(law=b.law, article=b.article) for b in content.basis],
            next_steps=content.next_steps,
            evidence=content.evidence,
            deadlines=content.deadlines,
            text=content.text,
            summary=content.summary,
            outlook=content.outlook,
            forum=content.forum,
            limit=LegalLimit(amount=limit.amount, unit=limit.unit, begins=limit.begins) if limit else None,
        )


@strawberry.type(description="An answer as it stood once.", directives=[visible.WITHIN])
class AnswerVersion:
    sealed: strawberry.Private[Sealed]
    question: strawberry.Private[UUID]
    at: datetime = strawberry.field(description="When it was delivered or changed.")

    @strawberry.field(description="What it said; null when it can no longer be opened.")
    async def content(self, info: Info) -> AnswerContent | None:
        key = await info.context.loader(DataKey).load(self.question)
        return AnswerContent.of(self.sealed.opened(key)) if key else None


@strawberry.type(
    description="What one lawyer answered. Read by the asker and by lawyers who have answered themselves.",
    directives=[visible.UNBLINDED],
)
class Answer(Node):
    row: strawberry.Private[Any]
    delivered_at: datetime = strawberry.field(description="When it was delivered.")
    amended_at: datetime | None = strawberry.field(description="When its lawyer last changed it; null if she has not.")
    counts: bool = strawberry.field(
        description="Whether it is one of the promised answers: of 60 characters of substance, or spoken for 15 "
        "seconds with its words, and not suspect unless the asker found it helpful."
    )

    @classmethod
    def of(cls, row: Any) -> "Answer":
        return cls(
            id=global_id("Answer", row.id),
            row=row,
            delivered_at=row.delivered_at,
            amended_at=row.later_at[-1] if row.later_at else None,
            counts=row.counts,
        )

    @strawberry.field(description="What it says now; null when it can no longer be opened.")
    async def content(self, info: Info) -> AnswerContent | None:
        key = await info.context.loader(DataKey).load(self.row.question)
        return AnswerContent.of(sealed_versions(self.row)[-1].opened(key)) if key else None

    @strawberry.field(description="The answer as it was delivered and each time it was changed, oldest first.")
    def versions(self) -> list[AnswerVersion]:
        return [AnswerVersion(sealed=one, question=self.row.question, at=one.at) for one in sealed_versions(self.row)]

    @strawberry.field(
        description="Whether it is too like another answer to count by itself; told to the asker and its author alone.",
        directives=[visible.to(Audience.ASKER, Audience.DELEGATE, Audience.AUTHOR)],
    )
    def suspect(self, info: Info) -> bool | None:
        me = info.context.viewer
        suspect: bool = self.row.suspect
        return suspect if self.row.basis in OWNERS or (me and me.id == self.row.lawyer) else None

    @strawberry.field(description="The full answer as it is spoken; null where it is only written.")
    async def voice(self, info: Info) -> Voice | None:
        return await voice_of(info, self.row.id)

    @strawberry.field(description="The files that go with it: the first version's, then those added later.")
    async def attachments(self, info: Info) -> list[File]:
        return await files_of(info, self.row.id)

    @strawberry.field(description="Who answered.")
    async def lawyer(self, info: Info) -> Lawyer | None:
        row = await info.context.loader(LawyerById).load(self.row.lawyer)
        return Lawyer.of(row) if row else None

    @strawberry.field(
        description="What the asker makes of it, as last said; null until then, and for all but her and its lawyer.",
        directives=[visible.to(Audience.ASKER, Audience.DELEGATE, Audience.AUTHOR)],
    )
    async def rating(self, info: Info) -> Rating | None:
        rows = await info.context.loader(RatingsOfAnswer).load(self.row.id)
        return Rating.of(rows[-1]) if rows else None

    @strawberry.field(description="Whether the asker likes it best.")
    async def best(self, info: Info) -> bool:
        best = await info.context.loader(BestOfQuestion).load(self.row.question)
        return bool(best == self.row.id)


AmendAnswerResult = Annotated[Answer | Refused, strawberry.union("AmendAnswerResult", description=PAYLOAD)]
MarkHelpfulResult = Annotated[Answer | Refused, strawberry.union("MarkHelpfulResult", description=PAYLOAD)]
