"""From a draft to a closed question: what an asker does between."""

from typing import Annotated
from uuid import UUID

import strawberry

from app.consultation.actions import asking
from app.consultation.actions import drafts as drafting
from app.consultation.actions import life as actions
from app.consultation.api.asking import drafted, found, lawyers_of
from app.consultation.loaders import QuestionById
from app.consultation.loaders.life import DraftById
from app.consultation.reads import life as reads
from app.consultation.rules.asking import Revision
from app.consultation.rules.drafts import Written
from app.consultation.types.life import DiscardDraftResult, Draft, SaveDraftResult, opened
from app.consultation.types.question import ResolveQuestionResult, ReviseQuestionResult
from app.core.db import now
from app.core.errors import NOT_FOUND, refuse
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, key_of, uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import IsResident
from app.vault.types import ids_of


@strawberry.input(
    description="A draft as it is on the screen now. What is left out is empty: a save replaces all that was kept."
)
class SaveDraftInput:
    draft_id: strawberry.ID | None = strawberry.field(
        default=None, description="The draft; left out for a new one, of which at most 20 are kept."
    )
    body: str = strawberry.field(default="", description="The question so far, at most 2,000 characters.")
    category_id: strawberry.ID | None = strawberry.field(default=None, description="What it is about.")
    division_code: str | None = strawberry.field(default=None, description="The asker's town, village or city.")
    brief: str | None = strawberry.field(default=None, description="The brief so far, at most 80 characters.")
    opposing_party: str | None = strawberry.field(
        default=None, description="The opposing party's name, at most 60 characters."
    )
    lawyer_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Lawyers she means to ask by name, at most 3."
    )
    on_behalf_of: strawberry.ID | None = strawberry.field(default=None, description="The delegation she asks by.")
    voice: strawberry.ID | None = strawberry.field(default=None, description="The recording in which she means to ask.")
    attachments: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Files she sent; what a draft remembers is kept as long as the draft."
    )
    revision: int = strawberry.field(
        description="Counted up by the client with every save. One not greater than what is kept changes nothing, "
        "and what is kept comes back: a late packet, or another device, overwrites nothing."
    )
    idempotency_key: str = strawberry.field(
        description="8 to 64 characters, the same for every save of one draft, whatever was written since: it is what "
        "finds the draft while its id is not known yet."
    )

    def plain(self) -> Written:
        delegation = self.on_behalf_of
        return Written(
            body=self.body,
            category=key_of(self.category_id, "Category", "categoryId") if self.category_id else None,
            division=self.division_code,
            brief=self.brief,
            party=self.opposing_party,
            lawyers=lawyers_of(self.lawyer_ids),
            delegation=uuid_of(delegation, "Delegation", "onBehalfOf") if delegation else None,
            attachments=ids_of(self.attachments),
            voice=uuid_of(self.voice, "File", "voice") if self.voice else None,
        )


@strawberry.input(description="Other words for a question that was not sent.")
class ReviseQuestionInput:
    question_id: strawberry.ID = strawberry.field(description="A question of hers that NEEDS_EDIT.")
    body: str = strawberry.field(
        description="The question in other words, 5 to 2,000 characters; may be empty where it is spoken. Wrong words "
        "in a transcript are put right with `correctTranscript` first."
    )
    brief: str | None = strawberry.field(
        default=None, description="What lawyers read first, at most 80 characters; drafted anew when left out."
    )
    opposing_party: str | None = strawberry.field(
        default=None, description="As in `askQuestion`: of a question that was not sent nothing but its words was kept."
    )
    lawyer_ids: list[strawberry.ID] = strawberry.field(default_factory=list, description="As in `askQuestion`.")
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this request.")


@strawberry.input(description="The draft to wipe.")
class DiscardDraftInput:
    draft_id: strawberry.ID = strawberry.field(description="A draft of yours.")


@strawberry.input(description="The question that is answered well enough.")
class ResolveQuestionInput:
    question_id: strawberry.ID = strawberry.field(description="A question of yours that has an answer.")


@strawberry.type
class LifeQuery:
    @strawberry.field(
        permission_classes=[IsResident], description="What you are writing on any of your devices, last saved first."
    )
    async def drafts(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Draft] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.draft_page(session, viewer(info), wanted)
        found = {row.id: draft for row, draft in zip(rows, await opened(info, rows), strict=True)}
        return connect(wanted, rows, lambda row: (row.saved_at, row.id), lambda row: found[row.id])  # type: ignore[no-any-return]


@strawberry.type
class LifeMutation:
    @strawberry.mutation(
        permission_classes=[IsResident], description="Keep what is written so far; anything may still be missing."
    )
    async def save_draft(
        self, info: Info, input: Annotated[SaveDraftInput, strawberry.argument(description="The draft.")]
    ) -> SaveDraftResult | None:
        draft = uuid_of(input.draft_id, "Draft", "draftId") if input.draft_id else None
        async with info.context.write() as session:
            keys, said = info.context.door(KeyProvider), input.plain()
            key, revision = input.idempotency_key, input.revision
            id = await drafting.save(session, viewer(info), keys, draft, said, revision, key, now(session))
        return await _draft(info, id)

    @strawberry.mutation(permission_classes=[IsResident], description="Wipe a draft at once.")
    async def discard_draft(
        self, info: Info, input: Annotated[DiscardDraftInput, strawberry.argument(description="Which draft is wiped.")]
    ) -> DiscardDraftResult | None:
        id = uuid_of(input.draft_id, "Draft", "draftId")
        async with info.context.write() as session:
            keys = info.context.door(KeyProvider)
            await drafting.DRAFTS.discard(session, viewer(info), keys, id, now(session))
        return await _draft(info, id)

    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Change the words of a question that was not sent. If they can be sent now, they are.",
    )
    async def revise_question(
        self, info: Info, input: Annotated[ReviseQuestionInput, strawberry.argument(description="The new words.")]
    ) -> ReviseQuestionResult | None:
        id = uuid_of(input.question_id, "Question", "questionId")
        brief = input.brief
        if brief is None:
            row = await info.context.loader(QuestionById).load(id)
            if row is None:
                raise refuse(NOT_FOUND, "questionId")
            brief = drafted(input.body, row.category, row.division)
        lawyers = lawyers_of(input.lawyer_ids)
        said = Revision(question=id, body=input.body, brief=brief, party=input.opposing_party, lawyers=lawyers)
        async with info.context.write() as session:
            keys = info.context.door(KeyProvider)
            await asking.revise(session, viewer(info), keys, said, input.idempotency_key, now(session))
        return await found(info, id)

    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Say that a question is answered. Lawyers who are still writing stop; a follow-up within 30 days "
        "opens it again.",
    )
    async def resolve_question(
        self,
        info: Info,
        input: Annotated[ResolveQuestionInput, strawberry.argument(description="Which question is answered.")],
    ) -> ResolveQuestionResult | None:
        id = uuid_of(input.question_id, "Question", "questionId")
        async with info.context.write() as session:
            await actions.resolve(session, viewer(info), id, now(session))
        return await found(info, id)


async def _draft(info: Info, id: UUID) -> Draft:
    """As it is kept now, sent and wiped ones too."""
    async with info.context.read() as session:
        rows = await reads.drafts(session, viewer(info), [id], live=False)
    (draft,) = await opened(info, rows)
    return draft


async def _drafts(info: Info, keys: list[str]) -> list[Draft | None]:
    rows = await info.context.loader(DraftById).load_many([as_uuid(key) for key in keys])
    found = {draft.row.id: draft for draft in await opened(info, [row for row in rows if row])}
    return [found[row.id] if row else None for row in rows]


NODES: dict[str, Fetch] = {"Draft": _drafts}
