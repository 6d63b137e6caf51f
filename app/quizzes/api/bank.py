"""The bank of questions: written, reviewed, imported, looked through."""

import asyncio
from typing import Annotated
from uuid import UUID

import strawberry

from app.core.db import now
from app.core.errors import NOT_FOUND, refuse
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, key_of, uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import Edits, IsEditor
from app.graph.weights import Cost
from app.quizzes.actions import bank as actions
from app.quizzes.actions import importing
from app.quizzes.loaders import QuizQuestionById
from app.quizzes.models import BankState, Difficulty, QuestionKind
from app.quizzes.reads import bank as reads
from app.quizzes.rules.bank import Draft
from app.quizzes.types.bank import ImportQuizQuestionsResult, QuizImport, QuizQuestion, QuizQuestionResult

KEY = "8 to 64 characters, the same for repeats of this request."


@strawberry.input
class QuizQuestionWords:
    """What a question says."""

    kind: QuestionKind = strawberry.field(description="How it is answered.")
    topic_id: strawberry.ID = strawberry.field(description="A category of the first level.")
    difficulty: Difficulty = strawberry.field(default=Difficulty.MEDIUM, description="How hard it is.")
    stem: str = strawberry.field(description="What is asked, 4 to 500 characters.")
    options: list[str] = strawberry.field(
        default_factory=list, description="2 to 8, each of at most 120 characters; left out of TRUE_FALSE."
    )
    answer: list[int] = strawberry.field(
        description="Places of the right options from 0; of ORDERING all of them, in the right order."
    )
    explanation: str = strawberry.field(description="Why this is right, 4 to 1,000 characters.")
    law: str = strawberry.field(description="The law it rests on, 2 to 60 characters.")
    article: str = strawberry.field(description="And its article, 2 to 40 characters.")

    def draft(self) -> Draft:
        return Draft(
            kind=self.kind,
            topic=key_of(self.topic_id, "Category", "topicId"),
            difficulty=self.difficulty,
            stem=self.stem,
            options=tuple(self.options),
            answer=tuple(self.answer),
            explanation=self.explanation,
            law=self.law,
            article=self.article,
        )


@strawberry.input(description="A new question.")
class CreateQuizQuestionInput(QuizQuestionWords):
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="What a question of yours says from now on.")
class ChangeQuizQuestionInput(QuizQuestionWords):
    question_id: strawberry.ID = strawberry.field(description="Yours, IN_REVIEW or REJECTED.")
    version: int = strawberry.field(description="Its version as you read it.")


@strawberry.input(description="What you think of somebody else's question.")
class ReviewQuizQuestionInput:
    question_id: strawberry.ID = strawberry.field(description="One that is IN_REVIEW, and not your own.")
    version: int = strawberry.field(description="Its version as you read it.")
    approve: bool = strawberry.field(description="False sends it back to its author.")
    reason: str = strawberry.field(
        default="", description="At most 300 characters; at least 4 where you do not approve."
    )
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="A question that is to be drawn no more.")
class RetireQuizQuestionInput:
    question_id: strawberry.ID = strawberry.field(description="One that is APPROVED.")


@strawberry.input(description="A table of questions.")
class ImportQuizQuestionsInput:
    file: str = strawberry.field(
        description="An XLSX file in base64, at most 600 kB and 500 questions. The first row names the columns: kind "
        "(题型), topic (专题), difficulty (难度), stem (题干), A to H (选项A to 选项H), answer (答案), "
        "explanation (解析), law (法律), article (条文)."
    )
    dry_run: bool = strawberry.field(default=False, description="True writes nothing, and tells what would be.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.type
class BankQuery:
    @strawberry.field(permission_classes=[Edits], description="Questions of the bank, the newest first.")
    async def quiz_questions(
        self,
        info: Info,
        state: Annotated[BankState | None, strawberry.argument(description="Only these.")] = None,
        topic_id: Annotated[strawberry.ID | None, strawberry.argument(description="Only of this category.")] = None,
        difficulty: Annotated[Difficulty | None, strawberry.argument(description="Only as hard.")] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[QuizQuestion] | None:
        wanted = page(first, after, last, before)
        topic = key_of(topic_id, "Category", "topicId") if topic_id is not None else None
        async with info.context.read() as session:
            rows = await reads.question_page(session, viewer(info), wanted, state, topic, difficulty)
        made: Connection[QuizQuestion] = connect(wanted, rows, lambda row: (row.made_at, row.id), QuizQuestion.of)
        return made


@strawberry.type
class BankMutation:
    @strawberry.mutation(
        permission_classes=[IsEditor], description="Write a question. It is drawn once a second person has approved it."
    )
    async def create_quiz_question(
        self, info: Info, input: Annotated[CreateQuizQuestionInput, strawberry.argument(description="Its words.")]
    ) -> QuizQuestionResult | None:
        said, keys = input.draft(), info.context.door(KeyProvider)
        async with info.context.write() as session:
            id = await actions.create(session, viewer(info), keys, said, input.idempotency_key, now(session))
        return await _shown(info, id)

    @strawberry.mutation(
        permission_classes=[IsEditor], description="Put a question of yours right; it is reviewed anew."
    )
    async def change_quiz_question(
        self, info: Info, input: Annotated[ChangeQuizQuestionInput, strawberry.argument(description="Its words.")]
    ) -> QuizQuestionResult | None:
        id, said = _question_of(input.question_id), input.draft()
        async with info.context.write() as session:
            await actions.change(session, viewer(info), id, input.version, said, now(session))
        return await _shown(info, id)

    @strawberry.mutation(
        permission_classes=[Edits], description="Approve or reject a question that somebody else wrote."
    )
    async def review_quiz_question(
        self, info: Info, input: Annotated[ReviewQuizQuestionInput, strawberry.argument(description="Your opinion.")]
    ) -> QuizQuestionResult | None:
        id, keys = _question_of(input.question_id), info.context.door(KeyProvider)
        said = input.version, input.approve, input.reason, input.idempotency_key
        async with info.context.write() as session:
            await actions.review(session, viewer(info), keys, id, *said, now(session))
        return await _shown(info, id)

    @strawberry.mutation(
        permission_classes=[Edits],
        description="Draw a question no more, also in a quiz that is open, as long as that has enough others. Who was "
        "asked it keeps it, and its score.",
    )
    async def retire_quiz_question(
        self, info: Info, input: Annotated[RetireQuizQuestionInput, strawberry.argument(description="Which one.")]
    ) -> QuizQuestionResult | None:
        id = _question_of(input.question_id)
        async with info.context.write() as session:
            await actions.retire(session, viewer(info), id, now(session))
        return await _shown(info, id)

    @strawberry.mutation(
        permission_classes=[IsEditor],
        description="Take a table of questions in. What is right goes in and waits for its review; every row that is "
        "wrong is named with its column.",
        directives=[Cost(weight=100)],
    )
    async def import_quiz_questions(
        self, info: Info, input: Annotated[ImportQuizQuestionsInput, strawberry.argument(description="The table.")]
    ) -> ImportQuizQuestionsResult | None:
        sheet = await asyncio.to_thread(importing.sheet_of, input.file)
        said = input.file, sheet, input.dry_run, input.idempotency_key
        async with info.context.write() as session:
            keys = info.context.door(KeyProvider)
            done = await importing.take_in(session, viewer(info), keys, *said, now(session))
        return QuizImport.of(done, info)


def _question_of(said: str) -> UUID:
    return uuid_of(said, "QuizQuestion", "questionId")


async def _shown(info: Info, id: UUID) -> QuizQuestion:
    row = await info.context.loader(QuizQuestionById).load(id)
    if row is None:
        raise refuse(NOT_FOUND, "questionId")
    return QuizQuestion.of(row)


async def _questions(info: Info, keys: list[str]) -> list[QuizQuestion | None]:
    rows = await info.context.loader(QuizQuestionById).load_many([as_uuid(key) for key in keys])
    return [QuizQuestion.of(row) if row else None for row in rows]


NODES: dict[str, Fetch] = {"QuizQuestion": _questions}
