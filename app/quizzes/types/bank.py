"""The bank as those see it who keep it."""

from datetime import datetime
from typing import Annotated, Any, Self

import strawberry

from app.graph import visible
from app.graph.context import Info
from app.graph.ids import Node, global_id
from app.graph.refusals import PAYLOAD, Reason, Refused
from app.graph.weights import ListSize
from app.guidance.types.categories import Category
from app.quizzes.actions.importing import Imported
from app.quizzes.models import BankState, Difficulty, QuestionKind


@strawberry.type(
    description="A question of the bank, with its right answer. Who takes a quiz is shown a `QuizItem` instead.",
    directives=[visible.EDITING],
)
class QuizQuestion(Node):
    row: strawberry.Private[Any]
    kind: QuestionKind = strawberry.field(description="How it is answered.")
    difficulty: Difficulty = strawberry.field(description="How hard it is.")
    stem: str = strawberry.field(description="What is asked.")
    options: list[str] = strawberry.field(description="What can be chosen or brought into order.")
    answer: list[int] = strawberry.field(description="Places of the right options from 0; of ORDERING in that order.")
    explanation: str = strawberry.field(description="Why this is right; shown once an attempt is closed.")
    law: str = strawberry.field(description="The law it rests on.")
    article: str = strawberry.field(description="And its article.")
    state: BankState = strawberry.field(description="Where it stands.")
    reason: str = strawberry.field(description="What the reviewer said; may be empty.")
    made_at: datetime = strawberry.field(description="When it was written.")
    changed_at: datetime = strawberry.field(description="When it last changed.")
    reviewed_at: datetime | None = strawberry.field(description="When it was reviewed.")
    version: int = strawberry.field(description="Grows with each change; a change says which one it is about.")

    @classmethod
    def of(cls, row: Any) -> Self:
        names = ("stem", "explanation", "law", "article", "reason", "made_at", "changed_at", "reviewed_at", "version")
        return cls(
            id=global_id("QuizQuestion", row.id),
            row=row,
            kind=QuestionKind(row.kind),
            difficulty=Difficulty(row.difficulty),
            options=list(row.options),
            answer=list(row.answer),
            state=BankState(row.state),
            **{name: getattr(row, name) for name in names},
        )

    @strawberry.field(description="What it is about: a category of the first level.")
    def topic(self) -> Category | None:
        return Category.of(self.row.topic)

    @strawberry.field(description="Whose words it is: the id of her `PersonFile`.")
    def author_id(self) -> strawberry.ID:
        return global_id("PersonFile", self.row.author)

    @strawberry.field(description="Who reviewed it, another than its author: the id of her `PersonFile`.")
    def reviewer_id(self) -> strawberry.ID | None:
        return global_id("PersonFile", self.row.reviewer) if self.row.reviewer else None


@strawberry.type(description="A row of a table that did not go in, and why.", directives=[visible.WITHIN])
class QuizImportRow:
    row: int = strawberry.field(description="As the spreadsheet program counts: the titles are row 1.")
    reasons: list[Reason] = strawberry.field(
        description="All that is wrong with it; `field` names the column.", directives=[ListSize(assumed_size=2)]
    )


@strawberry.type(description="What came of a table of questions.", directives=[visible.to(visible.Audience.EDITOR)])
class QuizImport:
    added: int = strawberry.field(description="Questions that wait for their review now; of a trial, that would.")
    rows: list[QuizImportRow] = strawberry.field(
        description="Rows that did not go in, in their order.", directives=[ListSize(assumed_size=50)]
    )

    @classmethod
    def of(cls, found: Imported, info: Info) -> Self:
        said = info.context.language
        rows = [
            QuizImportRow(
                row=number,
                reasons=[Reason(code=r.code.name, message=r.code.message(said, r.values), field=r.field) for r in why],
            )
            for number, why in found.rows
        ]
        return cls(added=found.added, rows=rows)


QuizQuestionResult = Annotated[QuizQuestion | Refused, strawberry.union("QuizQuestionResult", description=PAYLOAD)]
ImportQuizQuestionsResult = Annotated[
    QuizImport | Refused, strawberry.union("ImportQuizQuestionsResult", description=PAYLOAD)
]
