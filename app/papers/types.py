"""A paper as its readers see it, and as everybody may know of it."""

from datetime import date, datetime
from typing import Annotated, Any, Self

import strawberry

from app.directory.loaders import InstitutionById
from app.directory.types.register import Institution
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.refusals import Refused
from app.graph.visible import Audience
from app.papers.models import PaperKind, PaperStanding, PaperState
from app.papers.rules.codes import printed
from app.papers.rules.proving import name_of
from app.vault.loaders import FileById
from app.vault.types import File

explain(
    PaperKind,
    "What kind of paper the house makes.",
    APPLICATION_FORM="申请表: all that was said in the form, to be read over and signed.",
    APPLICATION_RECEIPT="申请回执: that it came, when and under which number.",
    ACCEPTANCE_NOTICE="受理通知书: that the institution has taken it on, and what follows.",
    SUPPLEMENT_LIST="补充材料通知书: everything that is missing, told once, and until when.",
    DECISION="决定书: what was decided, why, and what can be done against it.",
    MEDIATION_REGISTRATION="人民调解受理登记表: that a committee mediates between whom, about what.",
    RIGHTS_NOTICE="人民调解权利义务告知书: what a mediation is, and which rights and duties both sides have in it.",
    MEDIATION_AGREEMENT="人民调解协议书: what both sides agreed to, to be signed by them and the mediator.",
    PAPERS_RECEIPT="材料接收回执: which papers a window took in.",
    QUIZ_CERTIFICATE="法律知识竞赛合格证书: that somebody passed a quiz, by the name that she gave herself.",
    CONTEST_CERTIFICATE="作品征集获奖证书: that an entry won a prize, by the name that whose it is gave herself.",
)
explain(
    PaperState,
    "How far a paper has come.",
    PENDING="It is being made; it is there within seconds.",
    FAILED="It could not be made so far; it is tried again every five minutes.",
    READY="Its file can be fetched.",
    GONE="Destroyed with what it was made from; who has it on paper can still have it confirmed.",
)
explain(
    PaperStanding,
    "What became of what a paper says.",
    VALID="It stands.",
    REPLACED="A later one took its place.",
    WITHDRAWN="It was taken back.",
)


@strawberry.type(
    description="A paper that the house made of a step, as a PDF (PDF/A-2b) in Chinese to be printed.",
    directives=[
        visible.to(
            Audience.ASKER,
            Audience.DELEGATE,
            Audience.HANDLER,
            Audience.ASSIGNED,
            Audience.PARTY,
            Audience.TAKER,
            Audience.SELF,
        ),
    ],
)
class Paper(Node):
    row: strawberry.Private[Any]
    kind: PaperKind = strawberry.field(description="What kind.")
    code: str = strawberry.field(description="Stands on it, beside a QR code: with it anybody can have it confirmed.")
    day: date = strawberry.field(description="The day it bears.")
    state: PaperState = strawberry.field(description="How far it has come.")
    standing: PaperStanding = strawberry.field(description="Whether it still stands.")
    standing_at: datetime | None = strawberry.field(description="Since when it does not; null while it does.")
    ordered_at: datetime = strawberry.field(description="When the step was made that it tells of.")
    made_at: datetime | None = strawberry.field(description="When its file was there; null before.")
    pages: int | None = strawberry.field(description="How many; null before it is READY.")
    sha256: str | None = strawberry.field(description="Of its file, in hexadecimal digits; null before it is READY.")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(
            id=global_id("Paper", row.id),
            row=row,
            kind=PaperKind(row.kind),
            code=printed(row.code),
            day=row.dated,
            state=PaperState(row.state),
            standing=PaperStanding(row.standing),
            standing_at=row.standing_at,
            ordered_at=row.ordered_at,
            made_at=row.made_at,
            pages=row.pages,
            sha256=row.sha256.hex() if row.sha256 else None,
        )

    @strawberry.field(description="What kind it is, in the language of Accept-Language.")
    def name(self, info: Info) -> str:
        return name_of(self.kind, info.context.language)

    @strawberry.field(description="The PDF, with its link; null unless it is READY.")
    async def file(self, info: Info) -> File | None:
        row = await info.context.loader(FileById).load(self.row.id) if self.state is PaperState.READY else None
        return File.of(row) if row else None


@strawberry.type(
    description="A paper that is genuine. Whom and what it is about is said to nobody here.",
    directives=[visible.ANYONE],
)
class VerifiedDocument:
    row: strawberry.Private[Any]
    kind: PaperKind = strawberry.field(description="What kind of paper it is.")
    institution_name: str = strawberry.field(description="Which institution it is of.")
    day: date = strawberry.field(description="The day it bears.")
    standing: PaperStanding = strawberry.field(description="Whether it still stands.")
    standing_at: datetime | None = strawberry.field(description="Since when it does not; null while it does.")
    sha256: str = strawberry.field(description="Of its file, in hexadecimal digits: a file with another was changed.")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(
            row=row,
            kind=PaperKind(row.kind),
            institution_name=row.name,
            day=row.dated,
            standing=PaperStanding(row.standing),
            standing_at=row.standing_at,
            sha256=row.sha256.hex(),
        )

    @strawberry.field(description="What kind it is, in the language of Accept-Language.")
    def name(self, info: Info) -> str:
        return name_of(self.kind, info.context.language)

    @strawberry.field(description="The institution as it stands in the register today; null where it no longer does.")
    async def institution(self, info: Info) -> Institution | None:
        row = await info.context.loader(InstitutionById).load(self.row.institution)
        return Institution.of(row) if row else None


VerifyDocumentResult = Annotated[
    VerifiedDocument | Refused,
    strawberry.union("VerifyDocumentResult", description="That it is genuine, or why nothing confirms it."),
]
