"""What supervisors see to: a list, and taking, returning and ending what is on it."""

from functools import partial
from typing import Annotated
from uuid import UUID

import strawberry

from app.consultation.models import Outcome
from app.core.db import now
from app.core.errors import NOT_FOUND, refuse
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import IsSupervisor
from app.oversight import actions, reads
from app.oversight.loaders import TaskById
from app.oversight.models import TaskKind
from app.oversight.types import CompleteTaskResult, ReturnTaskResult, TakeTaskResult, Task


@strawberry.input(description="The task that you take upon yourself.")
class TakeTaskInput:
    task_id: strawberry.ID = strawberry.field(description="A task that nobody has taken.")


@strawberry.input(description="The task that you give back.")
class ReturnTaskInput:
    task_id: strawberry.ID = strawberry.field(description="A task that you have taken.")


@strawberry.input(description="How a task ended.")
class CompleteTaskInput:
    task_id: strawberry.ID = strawberry.field(description="A task that the viewer has taken.")
    outcome: Outcome = strawberry.field(description="UPHELD or DISMISSED for appeals, DONE or NOT_REACHED otherwise.")
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this request.")


@strawberry.type
class OversightQuery:
    @strawberry.field(
        permission_classes=[IsSupervisor],
        description="What is to be seen to, the most urgent first; or what was done, the newest first.",
    )
    async def tasks(
        self,
        info: Info,
        kind: Annotated[TaskKind | None, strawberry.argument(description="Only tasks of this kind.")] = None,
        open: Annotated[bool, strawberry.argument(description="False for those that are done.")] = True,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Task] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.task_page(session, viewer(info), wanted, kind, open)
        node = partial(Task.of, viewer=viewer(info).id, now=info.context.now)
        return connect(wanted, rows, lambda row: (row.due_at, row.id), node)  # type: ignore[no-any-return]


@strawberry.type
class OversightMutation:
    @strawberry.mutation(
        permission_classes=[IsSupervisor],
        description="Take a task, so that no other supervisor does. Only then can its petition be opened.",
    )
    async def take_task(
        self, info: Info, input: Annotated[TakeTaskInput, strawberry.argument(description="Which task you take.")]
    ) -> TakeTaskResult | None:
        task = uuid_of(input.task_id, "Task", "taskId")
        async with info.context.write() as session:
            await actions.take(session, viewer(info), task, now(session))
        return await _found(info, task)

    @strawberry.mutation(
        permission_classes=[IsSupervisor], description="Give a task back, for another supervisor to take."
    )
    async def return_task(
        self,
        info: Info,
        input: Annotated[ReturnTaskInput, strawberry.argument(description="Which task you give back.")],
    ) -> ReturnTaskResult | None:
        task = uuid_of(input.task_id, "Task", "taskId")
        async with info.context.write() as session:
            await actions.give_back(session, viewer(info), task)
        return await _found(info, task)

    @strawberry.mutation(
        permission_classes=[IsSupervisor],
        description="End a task one has taken. An appeal that is upheld lets the question be sent again; a callback "
        "that reached nobody is over, and the resident may ask for another.",
    )
    async def complete_task(
        self, info: Info, input: Annotated[CompleteTaskInput, strawberry.argument(description="Which, and how.")]
    ) -> CompleteTaskResult | None:
        task = uuid_of(input.task_id, "Task", "taskId")
        async with info.context.write() as session:
            keys, key = info.context.door(KeyProvider), input.idempotency_key
            await actions.complete(session, viewer(info), keys, task, input.outcome, key, now(session))
        return await _found(info, task)


async def _found(info: Info, task: UUID) -> Task:
    row = await info.context.loader(TaskById).load(task)
    if row is None:
        raise refuse(NOT_FOUND, "taskId")
    return Task.of(row, viewer(info).id, info.context.now)


async def _tasks(info: Info, keys: list[str]) -> list[Task | None]:
    rows = await info.context.loader(TaskById).load_many([as_uuid(key) for key in keys])
    return [Task.of(row, viewer(info).id, info.context.now) if row else None for row in rows]


NODES: dict[str, Fetch] = {"Task": _tasks}
