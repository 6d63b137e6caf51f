"""A resident's doors."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.consultation import models, reads
from app.consultation.actions import asking as actions
from app.consultation.api.scribe import transcribe
from app.consultation.loaders import QuestionById, opens
from app.consultation.rules.asking import BODY, Ask, said_in_all
from app.consultation.rules.promise import QuestionEventKind
from app.consultation.types.question import (
    Question,
    QuestionEvent,
    QuestionResult,
    QuestionUpdates,
    QuestionUpdatesResult,
    WithdrawResult,
)
from app.core import feed
from app.core.db import now
from app.core.errors import BAD_VALUE, NOT_FOUND, refuse, refuse_if
from app.core.sealing import KeyProvider
from app.core.texts import against_text
from app.directory.rules.taxonomy import CATEGORIES
from app.graph import live
from app.graph.context import Info, viewer
from app.graph.ids import key_of, uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import Anyone, IsResident, SignedIn
from app.graph.stories import Story
from app.guidance import rules as guidance
from app.places.rules import is_division, town_of
from app.vault.actions.keys import Kept
from app.vault.loaders import DataKey
from app.vault.types import ATTACHMENTS, SPOKEN, WRITTEN_DOWN, TranscriptInput, ids_of, spoken

Id = Annotated[
    strawberry.ID, strawberry.argument(description="A question that you asked, or that you take part in as a lawyer.")
]


@strawberry.input(description="A question to the lawyers of the city.")
class AskQuestionInput:
    body: str = strawberry.field(
        default="", description="The question in the asker's words, 5 to 2,000 characters; may be empty beside `voice`."
    )
    category_id: strawberry.ID = strawberry.field(description="What it is about: a category of `categories`.")
    division_code: str = strawberry.field(description="The official code of the asker's town, village or city.")
    brief: str | None = strawberry.field(
        default=None,
        description="What lawyers read before they take part, at most 80 characters; drafted when left out.",
    )
    opposing_party: str | None = strawberry.field(
        default=None,
        description="The opposing party's name, 2 to 60 characters. Nobody reads it: only a keyed digest is kept, with "
        "which lawyers' own clients are compared.",
    )
    lawyer_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list,
        description="Up to three lawyers to ask by name, each `requestable`; seats are kept for them for a while.",
    )
    on_behalf_of: strawberry.ID | None = strawberry.field(
        default=None, description="The delegation by which this is asked for another: hers is the question."
    )
    draft_id: strawberry.ID | None = strawberry.field(
        default=None, description="The draft this was written in; it is wiped, and cannot be sent twice."
    )
    voice: strawberry.ID | None = strawberry.field(default=None, description=SPOKEN)
    transcript: TranscriptInput | None = strawberry.field(default=None, description=WRITTEN_DOWN)
    attachments: list[strawberry.ID] = strawberry.field(default_factory=list, description=ATTACHMENTS)
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this question.")

    def plain(self) -> Ask:
        """Ids resolved to codes and keys; a brief is drafted where none was written."""
        category, division = key_of(self.category_id, "Category", "categoryId"), self.division_code
        known = category in CATEGORIES and is_division(division)
        brief, said = self.brief, spoken(self.voice, self.transcript)
        if brief is None:
            brief = drafted(said_in_all(self.body, said.transcript), category, division) if known else "-"
        return Ask(
            body=self.body,
            category=category,
            division=division,
            brief=brief,
            party=self.opposing_party,
            lawyers=lawyers_of(self.lawyer_ids),
            delegation=uuid_of(self.on_behalf_of, "Delegation", "onBehalfOf") if self.on_behalf_of else None,
            draft=uuid_of(self.draft_id, "Draft", "draftId") if self.draft_id else None,
            attachments=ids_of(self.attachments),
            spoken=said,
        )


@strawberry.input(description="The question that is taken back.")
class WithdrawQuestionInput:
    question_id: strawberry.ID = strawberry.field(description="A question of yours that is not closed.")


def lawyers_of(ids: list[strawberry.ID]) -> list[UUID]:
    return [uuid_of(id, "Lawyer", f"lawyerIds.{place}") for place, id in enumerate(ids)]


def drafted(body: str, category: str, division: str) -> str:
    """A brief from category, town and a closed vocabulary; it shares no run of six characters with the body."""
    tags = guidance.tags_of(body, category)
    return guidance.brief_for(CATEGORIES[category].zh, town_of(division).name, tags, body)


@strawberry.type
class AskingQuery:
    @strawberry.field(
        permission_classes=[IsResident], description="A question by id; null when it is not yours to see."
    )
    async def question(self, info: Info, id: Id) -> Question | None:
        row = await info.context.loader(QuestionById).load(uuid_of(id, "Question"))
        return Question.of(row) if row else None

    @strawberry.field(permission_classes=[IsResident], description="Questions you asked or take part in, newest first.")
    async def questions(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        status: Annotated[
            models.QuestionStatus | None, strawberry.argument(description="Only questions that stand so.")
        ] = None,
    ) -> Connection[Question] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.question_page(session, viewer(info), wanted, status, with_keys=opens(info.context))
        info.context.loader(DataKey).came_with(rows)
        return connect(wanted, rows, lambda row: (row.since, row.id), Question.of)  # type: ignore[no-any-return]

    @strawberry.field(
        permission_classes=[Anyone],
        description="A brief to show the asker before sending: made of category, town and tags, never of the body.",
    )
    def draft_brief(
        self,
        body: Annotated[str, strawberry.argument(description="The question as written so far.")],
        category_id: Annotated[strawberry.ID, strawberry.argument(description="What it is about.")],
        division_code: Annotated[str, strawberry.argument(description="The asker's town, village or city.")],
    ) -> str | None:
        category = key_of(category_id, "Category", "categoryId")
        if category not in CATEGORIES or not is_division(division_code):
            raise refuse(BAD_VALUE, "categoryId" if category not in CATEGORIES else "divisionCode")
        refuse_if(list(against_text(body, "body", 0, BODY[1])))
        return drafted(body, category, division_code)

    @strawberry.field(
        permission_classes=[SignedIn], description="The polling twin of the subscription of the same name."
    )
    async def question_updates(
        self, info: Info, question_id: Id, after: live.Since = None
    ) -> QuestionUpdatesResult | None:
        return await STORY.look(info, question_id, after)


@strawberry.type
class AskingMutation:
    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Ask the lawyers of the city. Its `status` tells whether it was sent, `screening` why it was not.",
    )
    async def ask_question(
        self, info: Info, input: Annotated[AskQuestionInput, strawberry.argument(description="The question.")]
    ) -> QuestionResult | None:
        said = input.plain()
        async with info.context.write() as session:
            keys = info.context.door(KeyProvider)
            kept = await actions.ask(session, viewer(info), keys, said, input.idempotency_key, now(session))
            rows = [kept.row] if kept.row else await reads.questions(session, viewer(info), [kept.id])
        transcribe(info, said.spoken)
        return _read_back(info, rows, kept)

    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Take a question back: lawyers lose it at once. What was answered stays with you.",
    )
    async def withdraw_question(
        self,
        info: Info,
        input: Annotated[WithdrawQuestionInput, strawberry.argument(description="Which question is taken back.")],
    ) -> WithdrawResult | None:
        id = uuid_of(input.question_id, "Question", "questionId")
        async with info.context.write() as session:
            await actions.withdraw(session, viewer(info), id, now(session))
        return await found(info, id)


@strawberry.type
class AskingSubscription:
    @strawberry.subscription(
        permission_classes=[SignedIn],
        description="A question as it stands, then its news. Ends when it is no longer yours to read.",
    )
    async def question_updates(
        self, info: Info, question_id: Id, after: live.Since = None
    ) -> AsyncGenerator[QuestionUpdatesResult, None]:
        async with aclosing(STORY.follow(info, question_id, after)) as frames:
            async for frame in frames:
                yield frame


def _updates(info: Info, frame: live.Frame) -> QuestionUpdates:
    return QuestionUpdates(
        events=[QuestionEvent(kind=QuestionEventKind(e.kind), at=e.at, cursor=str(feed.at(e))) for e in frame.events],
        question=Question.of(frame.found),
        resync=frame.resync,
        cursor=str(frame.cursor),
        server_time=info.context.now,
    )


STORY = Story("Question", "questionId", reads.questions, _updates)


def _read_back(info: Info, rows: Sequence[Any], kept: Kept) -> Question:
    """The node as its viewer could see it when it was written; a repeat of a request is answered the same way."""
    if not rows:
        raise refuse(NOT_FOUND)
    if kept.key:
        info.context.loader(DataKey).prime(kept.id, kept.key)
    return Question.of(rows[0])


async def found(info: Info, id: UUID) -> Question:
    """The node as its viewer may see it now; a repeat of a request is answered the same way."""
    row = await info.context.loader(QuestionById).load(id)
    if row is None:
        raise refuse(NOT_FOUND)
    return Question.of(row)
