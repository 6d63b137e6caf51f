"""What a lawyer answered, part by part."""

from datetime import datetime
from types import SimpleNamespace
from typing import Annotated, Any, Self
from uuid import UUID

import strawberry

from app.consultation.loaders.rating import BestOfQuestion, RatingsOfAnswer
from app.consultation.rules import answering
from app.consultation.rules.versions import Sealed, newest, sealed_versions
from app.consultation.types.rating import Rating
from app.directory.loaders import LawyerById
from app.directory.reads import LawyerRow
from app.directory.types import Lawyer
from app.graph import visible
from app.graph.context import Info
from app.graph.edges import OfRow, column, edge
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

    @classmethod
    def of(cls, said: dict[str, Any]) -> Self:
        return cls(amount=said["amount"], unit=said["unit"], begins=said.get("begins"))


@strawberry.type(description="What an answer says, part by part.", directives=[visible.WITHIN])
class AnswerContent(OfRow):
    row: strawberry.Private[SimpleNamespace]
    conclusion: str = column("The answer in short.")
    basis: list[LegalBasis] = strawberry.field(
        resolver=lambda self: [LegalBasis(law=one["law"], article=one["article"]) for one in self.row.basis],
        description="The articles it rests on.",
    )
    next_steps: list[str] = column("What to do next, in order.")
    evidence: list[str] = column("Evidence to collect and keep.")
    deadlines: list[str] = column("Dates and limits not to miss.")
    text: str = column("The full answer.")
    summary: str = column("The same in plain words, at most 150 characters.")
    outlook: answering.Outlook | None = column("How good the case is; null where left open.")
    forum: answering.Forum | None = column("Where to go first; null where left open.")
    limit: LegalLimit | None = strawberry.field(
        resolver=lambda self: LegalLimit.of(self.row.limit) if self.row.limit else None,
        description="The nearest statutory limit; null where left open.",
    )


@strawberry.type(description="An answer as it stood once.", directives=[visible.WITHIN])
class AnswerVersion:
    sealed: strawberry.Private[Sealed]
    question: strawberry.Private[UUID]
    at: datetime = strawberry.field(description="When it was delivered or changed.")

    @strawberry.field(description="What it said; null when it can no longer be opened.")
    @edge(DataKey, by="question")
    def content(self, key: bytes | None) -> AnswerContent | None:
        return AnswerContent(row=self.sealed.read(key)) if key else None


@strawberry.type(
    description="What one lawyer answered. Read by the asker and by lawyers who have answered themselves.",
    directives=[visible.UNBLINDED],
)
class Answer(OfRow, Node):
    row: strawberry.Private[Any]
    delivered_at: datetime = column("When it was delivered.")
    amended_at: datetime | None = strawberry.field(
        resolver=lambda self: self.row.later_at[-1] if self.row.later_at else None,
        description="When its lawyer last changed it; null if she has not.",
    )
    counts: bool = column(
        "Whether it is one of the promised answers: of 60 characters of substance, or spoken for 15 "
        "seconds with its words, and not suspect unless the asker found it helpful."
    )

    @classmethod
    def of(cls, row: Any) -> "Answer":
        return cls(id=global_id("Answer", row.id), row=row)

    @strawberry.field(description="What it says now; null when it can no longer be opened.")
    @edge(DataKey, by="row.question")
    def content(self, key: bytes | None) -> AnswerContent | None:
        return AnswerContent(row=newest(self.row).read(key)) if key else None

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
    @edge(LawyerById, by="row.lawyer")
    def lawyer(self, row: LawyerRow | None) -> Lawyer | None:
        return Lawyer.of(row) if row else None

    @strawberry.field(
        description="What the asker makes of it, as last said; null until then, and for all but her and its lawyer.",
        directives=[visible.to(Audience.ASKER, Audience.DELEGATE, Audience.AUTHOR)],
    )
    @edge(RatingsOfAnswer, by="row.id")
    def rating(self, rows: list[Any]) -> Rating | None:
        return Rating.of(rows[-1]) if rows else None

    @strawberry.field(description="Whether the asker likes it best.")
    @edge(BestOfQuestion, by="row.question")
    def best(self, best: UUID | None) -> bool:
        return bool(best == self.row.id)


AmendAnswerResult = Annotated[Answer | Refused, strawberry.union("AmendAnswerResult", description=PAYLOAD)]
MarkHelpfulResult = Annotated[Answer | Refused, strawberry.union("MarkHelpfulResult", description=PAYLOAD)]
