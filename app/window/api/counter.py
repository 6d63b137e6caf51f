"""Somebody applies at a counter, and claims it later."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from app.applications.api.nodes import shown
from app.applications.rules.forms import dumped, faults
from app.applications.types.forms import FormInput
from app.applications.types.results import ApplicationResult
from app.core.db import now
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import IsResident, ServesAtWindow, WorksSomewhere
from app.places.rules.workdays import today
from app.window import reads
from app.window.actions import counter as actions
from app.window.actions.visiting import count_try
from app.window.loaders import StatementById
from app.window.models import ConfirmedBy, StatementSource
from app.window.rules.counter import Recorded, Statement
from app.window.types.counter import CounterStatement, CounterStatementResult

KEY = "8 to 64 characters, the same for repeats of this request."


@strawberry.input(description="What she says, and what she applies for. Exactly one of the forms is said.")
class RecordAtWindowInput(FormInput):
    statement: str = strawberry.field(description="Her words as you wrote them down, 10 to 3,000 characters.")
    source: StatementSource = strawberry.field(default=StatementSource.IN_PERSON, description="From whom it comes.")
    by_post: bool = strawberry.field(default=False, description="Whether it came by post.")
    received_at: datetime | None = strawberry.field(
        default=None, description="Of a detained person: when it came, in the last 30 days; now, if left out."
    )
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="You saw that it was read back to her, and that she said yes.")
class ConfirmAtWindowInput:
    statement_id: strawberry.ID = strawberry.field(description="What a colleague of your window wrote down.")
    how: ConfirmedBy = strawberry.field(description="How she said so.")


@strawberry.input(description="Where it goes.")
class ApplyAtWindowInput:
    statement_id: strawberry.ID = strawberry.field(
        description="What you wrote down; of what a detained person sent, also what another of your window did."
    )
    institution_id: strawberry.ID = strawberry.field(description="Which takes it: the one that has jurisdiction.")
    on_behalf_of: strawberry.ID | None = strawberry.field(
        default=None,
        description="The delegation that she gave you by a code on her own telephone (`requestDelegation`): then "
        "nobody else need confirm, and it is hers at once. The delegation ends with it.",
    )
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="What stands on the receipt from the window.")
class ClaimApplicationInput:
    code: str = strawberry.field(description="Twelve letters and digits; dashes and blanks do not matter.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.type
class CounterQuery:
    @strawberry.field(
        permission_classes=[WorksSomewhere],
        description="What was written down at your window and is open still, the newest first.",
    )
    async def counter_statements(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[CounterStatement] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows, moment = await reads.statement_page(session, viewer(info), wanted), now(session)
        found: Connection[CounterStatement] = connect(
            wanted, rows, lambda row: (row.recorded_at, row.id), lambda row: CounterStatement.of(row, moment)
        )
        return found


@strawberry.type
class CounterMutation:
    @strawberry.mutation(
        permission_classes=[ServesAtWindow],
        description="Write down what somebody applies for who stands before you, or what a detained person sent: the "
        "same forms and the same refusals as online.",
    )
    async def record_at_window(
        self, info: Info, input: Annotated[RecordAtWindowInput, strawberry.argument(description="What she says.")]
    ) -> CounterStatementResult | None:
        form = input.form()
        async with info.context.write() as session:
            moment = now(session)
            refuse_if(faults(form, complete=True, today=today(moment), at=form.AT))
            said = Recorded(
                kind=form.KIND,
                source=input.source,
                by_post=input.by_post,
                received_at=input.received_at,
                said=Statement(form=dumped(form), words=input.statement),
            )
            keys, key = info.context.door(KeyProvider), input.idempotency_key
            id = await actions.record(session, viewer(info), keys, said, key, moment)
        return await _shown(info, id)

    @strawberry.mutation(
        permission_classes=[WorksSomewhere],
        description="Confirm, as a second of the same window, that it was read back to her and that she said yes.",
    )
    async def confirm_at_window(
        self, info: Info, input: Annotated[ConfirmAtWindowInput, strawberry.argument(description="How she said so.")]
    ) -> CounterStatementResult | None:
        id = uuid_of(input.statement_id, "CounterStatement", "statementId")
        async with info.context.write() as session:
            await actions.confirm(session, viewer(info), id, input.how)
        return await _shown(info, id)

    @strawberry.mutation(
        permission_classes=[ServesAtWindow],
        description="Make an application of what you wrote down, for who has confirmed it; or forward what a detained "
        "person sent to the centre that has jurisdiction. Its first step says WINDOW.",
    )
    async def apply_at_window(
        self, info: Info, input: Annotated[ApplyAtWindowInput, strawberry.argument(description="Where it goes.")]
    ) -> CounterStatementResult | None:
        id = uuid_of(input.statement_id, "CounterStatement", "statementId")
        where = uuid_of(input.institution_id, "Institution", "institutionId")
        delegation = uuid_of(input.on_behalf_of, "Delegation", "onBehalfOf") if input.on_behalf_of else None
        async with info.context.write() as session:
            keys, key = info.context.door(KeyProvider), input.idempotency_key
            await actions.apply(session, viewer(info), keys, id, where, delegation, key, now(session))
        return await _shown(info, id)

    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Take over what you applied for at a window, with the code on the receipt: once; tries count.",
    )
    async def claim_application(
        self, info: Info, input: Annotated[ClaimApplicationInput, strawberry.argument(description="The code.")]
    ) -> ApplicationResult | None:
        me, keys = viewer(info), info.context.door(KeyProvider)
        counted = actions.claim_tries(keys, me, info.context.address)
        async with info.context.write() as session:  # counted and kept before it is known whether it is in vain
            await count_try(session, counted, now(session))
        async with info.context.write() as session:
            id = await actions.claim_with(session, me, keys, input.code, input.idempotency_key, counted)
        return await shown(info, id)


async def _shown(info: Info, id: UUID) -> CounterStatement:
    row = await info.context.loader(StatementById).load(id)
    if row is None:
        raise refuse(NOT_FOUND, "statementId")
    return CounterStatement.of(row, info.context.now)


async def _statements(info: Info, keys: list[str]) -> list[CounterStatement | None]:
    rows = await info.context.loader(StatementById).load_many([as_uuid(key) for key in keys])
    return [CounterStatement.of(row, info.context.now) if row else None for row in rows]


NODES: dict[str, Fetch] = {"CounterStatement": _statements}
