"""Erasing a question, and what was erased."""

from typing import Annotated

import strawberry

from app.consultation.actions import erasing as actions
from app.consultation.loaders.erasing import ErasureById
from app.consultation.reads import erasing as reads
from app.consultation.types.erasing import EraseQuestionResult, Erasure
from app.core.db import now
from app.core.errors import NOT_FOUND, refuse
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import IsResident


@strawberry.input(description="The question that is to be destroyed.")
class EraseQuestionInput:
    question_id: strawberry.ID = strawberry.field(
        description="A question that she asked herself, wherever it stands; what is open is withdrawn first."
    )
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this request.")


@strawberry.type
class ErasingQuery:
    @strawberry.field(
        permission_classes=[IsResident],
        description="What the viewer erased, or was erased for her, newest first; each until the backups have lost it.",
    )
    async def erasures(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Erasure] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.erasure_page(session, viewer(info), wanted)
        return connect(wanted, rows, lambda row: (row.since, row.id), Erasure.of)  # type: ignore[no-any-return]


@strawberry.type
class ErasingMutation:
    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Destroy a question with all that was said about it: its keys, its texts, and whose it was. It "
        "cannot be undone. Lawyers lose it in the same instant, and she gets a signed receipt.",
    )
    async def erase_question(
        self,
        info: Info,
        input: Annotated[EraseQuestionInput, strawberry.argument(description="Which question is erased.")],
    ) -> EraseQuestionResult | None:
        question = uuid_of(input.question_id, "Question", "questionId")
        async with info.context.write() as session:
            keys = info.context.door(KeyProvider)
            id = await actions.erase(session, viewer(info), keys, question, input.idempotency_key, now(session))
        row = await info.context.loader(ErasureById).load(id)
        if row is None:  # repeated after the backups have lost it
            raise refuse(NOT_FOUND, "questionId")
        return Erasure.of(row)


async def _erasures(info: Info, keys: list[str]) -> list[Erasure | None]:
    rows = await info.context.loader(ErasureById).load_many([as_uuid(key) for key in keys])
    return [Erasure.of(row) if row else None for row in rows]


NODES: dict[str, Fetch] = {"Erasure": _erasures}
