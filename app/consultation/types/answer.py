"""What a lawyer answered, part by part."""

from datetime import datetime
from typing import Any

import strawberry

from app.consultation.rules import answering
from app.core.sealing import unseal
from app.directory.loaders import LawyerById
from app.directory.types import Lawyer
from app.graph.context import Info
from app.graph.ids import Node, global_id
from app.vault.loaders import DataKey


@strawberry.type(description="An article of law that an answer rests on.")
class LegalBasis:
    law: str = strawberry.field(description="The law, e.g. 劳动合同法.")
    article: str = strawberry.field(description="The article, e.g. 第八十二条.")


@strawberry.type(description="What an answer says, part by part.")
class AnswerContent:
    conclusion: str = strawberry.field(description="The answer in short.")
    basis: list[LegalBasis] = strawberry.field(description="The articles it rests on.")
    next_steps: list[str] = strawberry.field(description="What to do next, in order.")
    evidence: list[str] = strawberry.field(description="Evidence to collect and keep.")
    deadlines: list[str] = strawberry.field(description="Dates and limits not to miss.")
    text: str = strawberry.field(description="The full answer.")
    summary: str = strawberry.field(description="The same in plain words, at most 150 characters.")

    @classmethod
    def of(cls, content: answering.Content) -> "AnswerContent":
        basis = [LegalBasis(law=b.law, article=b.article) for b in content.basis]
        return cls(**content.model_dump(exclude={"basis"}), basis=basis)


@strawberry.type(description="What one lawyer answered. Read by the asker and by lawyers who have answered themselves.")
class Answer(Node):
    row: strawberry.Private[Any]
    delivered_at: datetime = strawberry.field(description="When it was delivered.")
    counts: bool = strawberry.field(description="Whether it is one of the promised answers.")

    @classmethod
    def of(cls, row: Any) -> "Answer":
        return cls(id=global_id("Answer", row.id), row=row, delivered_at=row.delivered_at, counts=row.counts)

    @strawberry.field(description="What it says; null when it can no longer be opened.")
    async def content(self, info: Info) -> AnswerContent | None:
        key = await info.context.loader(DataKey).load(self.row.question)
        if key is None:
            return None
        said = unseal(key, self.row.content, "answer", "content", self.row.id)
        return AnswerContent.of(answering.Content.model_validate_json(said))

    @strawberry.field(description="Who answered.")
    async def lawyer(self, info: Info) -> Lawyer | None:
        row = await info.context.loader(LawyerById).load(self.row.lawyer)
        return Lawyer.of(row) if row else None
