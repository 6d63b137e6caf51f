"""A code is made at home, opened at a window, and papers go over the counter."""

from typing import Annotated
from uuid import UUID

import strawberry

from app.applications.types.results import NAMES
from app.core.db import now
from app.core.errors import NOT_FOUND, refuse
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, parse_id, uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import IsResident, ServesAtWindow, SignedIn
from app.window import reads
from app.window.actions import pickup
from app.window.actions import visiting as actions
from app.window.actions.visiting import Act
from app.window.loaders import VisitById
from app.window.models import ActKind, PaperKind, WindowSubject
from app.window.rules.papers import Paper
from app.window.types import CreatePickupCodeResult, PickupCode, WindowVisit, WindowVisitResult

KEY = "8 to 64 characters, the same for repeats of this request."


@strawberry.input(description="What you are going to a window about.")
class CreatePickupCodeInput:
    subject_id: strawberry.ID = strawberry.field(description="An application or an appointment of yours.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="The code of who stands before you.")
class OpenAtWindowInput:
    code: str = strawberry.field(description="The eight digits, or what the QR code says.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="A kind of paper, and how many.")
class WindowPaperInput:
    kind: PaperKind = strawberry.field(description="Of what kind.")
    original: bool = strawberry.field(default=False, description="True for originals.")
    copies: int = strawberry.field(default=1, description="1 to 99.")


@strawberry.input(description="What she brought.")
class ReceivePapersInput:
    visit_id: strawberry.ID = strawberry.field(description="A visit that you opened today.")
    papers: list[WindowPaperInput] = strawberry.field(description="Each kind once, originals and copies apart.")
    settles: bool = strawberry.field(
        default=False,
        description="True where they are all that she was asked to supply: the review goes on at once, as if she had "
        "sent them (`SUPPLEMENT`, by the channel WINDOW).",
    )
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="What she was given.")
class HandOutPapersInput:
    visit_id: strawberry.ID = strawberry.field(description="A visit that you opened today.")
    papers: list[WindowPaperInput] = strawberry.field(description="Each kind once, originals and copies apart.")
    collected: bool = strawberry.field(
        default=False, description="True where it is the result itself: a certificate, a decision, an agreement."
    )
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.type
class VisitingQuery:
    @strawberry.field(
        permission_classes=[SignedIn],
        description="Of an application or an appointment that is yours, or that you handle: when somebody opened it at "
        "a window. Without an id: whom you received at yours today. Newest first.",
    )
    async def window_visits(
        self,
        info: Info,
        subject_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="An application or an appointment.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[WindowVisit] | None:
        wanted, me = page(first, after, last, before), viewer(info)
        about = _subject(subject_id)[1] if subject_id is not None else None
        async with info.context.read() as session:
            if about is None:
                rows = await reads.page_today(session, me, wanted)
            else:
                rows = await reads.page_of(session, me, about, wanted)
        found: Connection[WindowVisit] = connect(wanted, rows, lambda row: (row.opened_at, row.id), WindowVisit.of)
        return found


@strawberry.type
class VisitingMutation:
    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Make eight digits by which a window knows what you come about, and what you said of it: your "
        "name and numbers masked, and what you were asked to supply. Good for 24 hours, and once; 20 a day.",
    )
    async def create_pickup_code(
        self, info: Info, input: Annotated[CreatePickupCodeInput, strawberry.argument(description="What about.")]
    ) -> CreatePickupCodeResult | None:
        about, subject = _subject(input.subject_id)
        me, keys, key = viewer(info), info.context.door(KeyProvider), input.idempotency_key
        async with info.context.write() as session:
            id = await pickup.make(session, me, keys, about, subject, key, now(session))
            (row,) = await reads.visits(session, me, [id])
        return PickupCode.of(row)

    @strawberry.mutation(
        permission_classes=[ServesAtWindow],
        description="Open the code of who stands before you: she is told, and it is yours until the end of the day. Of "
        "your own institution, or of any at a service window.",
    )
    async def open_at_window(
        self, info: Info, input: Annotated[OpenAtWindowInput, strawberry.argument(description="The code.")]
    ) -> WindowVisitResult | None:
        me, keys, key = viewer(info), info.context.door(KeyProvider), input.idempotency_key
        counted = actions.tries(keys, me, info.context.address)
        async with info.context.write() as session:  # counted and kept before it is known whether it is in vain
            await actions.count_try(session, counted, now(session))
        async with info.context.write() as session:
            id = await actions.open_visit(session, me, keys, input.code, key, now(session), counted)
        return await _shown(info, id)

    @strawberry.mutation(
        permission_classes=[ServesAtWindow],
        description="Take papers, and give a receipt (`receiptPaper`): whose they are is told, and who handles the "
        "application.",
    )
    async def receive_papers(
        self, info: Info, input: Annotated[ReceivePapersInput, strawberry.argument(description="Which papers.")]
    ) -> WindowVisitResult | None:
        return await _acted(
            info, ActKind.RECEIVED, input.visit_id, input.papers, input.idempotency_key, settles=input.settles
        )

    @strawberry.mutation(
        permission_classes=[ServesAtWindow],
        description="Hand papers out on the way, or what she came to collect: a notarised certificate that is "
        "collected closes the case online.",
    )
    async def hand_out_papers(
        self, info: Info, input: Annotated[HandOutPapersInput, strawberry.argument(description="Which papers.")]
    ) -> WindowVisitResult | None:
        kind = ActKind.COLLECTED if input.collected else ActKind.HANDED_OUT
        return await _acted(info, kind, input.visit_id, input.papers, input.idempotency_key)


def _subject(said: str) -> tuple[WindowSubject, UUID]:
    subject = uuid_of(said, {*NAMES, "Appointment"}, "subjectId")
    return WindowSubject.APPOINTMENT if parse_id(said)[0] == "Appointment" else WindowSubject.APPLICATION, subject


async def _acted(
    info: Info, kind: ActKind, visit: str, papers: list[WindowPaperInput], key: str, *, settles: bool = False
) -> WindowVisit:
    said = [Paper(kind=one.kind, original=one.original, copies=one.copies) for one in papers]
    act = Act(visit=uuid_of(visit, "WindowVisit", "visitId"), kind=kind, papers=said, settles=settles)
    async with info.context.write() as session:
        id = await actions.act(session, viewer(info), info.context.door(KeyProvider), act, key, now(session))
    return await _shown(info, id)


async def _shown(info: Info, id: UUID) -> WindowVisit:
    row = await info.context.loader(VisitById).load(id)
    if row is None:
        raise refuse(NOT_FOUND, "visitId")
    return WindowVisit.of(row)


async def _visits(info: Info, keys: list[str]) -> list[WindowVisit | None]:
    rows = await info.context.loader(VisitById).load_many([as_uuid(key) for key in keys])
    return [WindowVisit.of(row) if row else None for row in rows]


NODES: dict[str, Fetch] = {"WindowVisit": _visits}
