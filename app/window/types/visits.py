"""A visit at a window: what the window sees, and what it did."""

from datetime import datetime
from typing import Annotated, Any, Self

import strawberry

from app.applications.models import FOREVER, ApplicationKind, ApplicationState, Clock
from app.appointments.models import Mode, Service, State
from app.directory.loaders import InstitutionById
from app.directory.types.register import Institution
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.refusals import PAYLOAD, Refused
from app.graph.visible import Audience
from app.graph.weights import ListSize
from app.papers.loaders import PapersOf
from app.papers.types import Paper
from app.vault.loaders import DataKey
from app.vault.types import StaffAccess, staff_accesses
from app.window import models
from app.window.actions.pickup import slip_of
from app.window.loaders import ActsOf, StandingOf
from app.window.models import ActKind, PaperKind

explain(
    models.WindowSubject,
    "What somebody comes to a window about.",
    APPLICATION="An application.",
    APPOINTMENT="An appointment, or a number she took.",
)
explain(
    ActKind,
    "What was done with papers at a window.",
    "WindowActKind",
    RECEIVED="The window took them.",
    HANDED_OUT="The window handed them out on the way: a notice, a decision, a list.",
    COLLECTED="She collected what it was about.",
)
explain(
    PaperKind,
    "Of what kind a paper is.",
    "WindowPaperKind",
    ID_DOCUMENT="身份证件.",
    HOUSEHOLD_REGISTER="户口簿.",
    APPLICATION_FORM="申请表.",
    HARDSHIP_STATEMENT="经济困难状况说明.",
    AUTHORITY="授权委托书.",
    CASE_DOCUMENT="Papers of a case: a judgment, a notice of a court (案件材料).",
    EVIDENCE="证据材料.",
    PHOTO="照片.",
    NOTICE="通知书.",
    DECISION="决定书.",
    CERTIFICATE="公证书.",
    AGREEMENT="协议书.",
    OTHER="Another one.",
)
READS = visible.to(Audience.ASKER, Audience.DELEGATE, Audience.TAKER)
"""Whose it is, and who opened it, until the end of the day."""


@strawberry.type(
    description="Who came, as far as the window sees it: names and numbers are masked.", directives=[visible.WITHIN]
)
class WindowPerson:
    name: str = strawberry.field(description="Her first character, the others hidden; empty where none was said.")
    id_number: str = strawberry.field(description="The last four characters of her paper's number.")
    phone: str = strawberry.field(description="The last four digits of her telephone.")
    asked: str | None = strawberry.field(
        description="What the institution asked her to supply, in its words; null where it asked for nothing."
    )


@strawberry.type(description="Where the application stands that somebody came about.", directives=[visible.WITHIN])
class WindowApplication:
    kind: ApplicationKind = strawberry.field(description="For what.")
    receipt: str = strawberry.field(description="Its number.")
    state: ApplicationState = strawberry.field(description="Where it stands.")
    clock: Clock | None = strawberry.field(description="What runs; null where nothing does.")
    due_at: datetime | None = strawberry.field(description="Until when.")


@strawberry.type(description="Where the appointment stands that somebody came about.", directives=[visible.WITHIN])
class WindowAppointment:
    state: State = strawberry.field(description="Where it stands.")
    service: Service = strawberry.field(description="What for.")
    mode: Mode = strawberry.field(description="How the two meet.")
    starts_at: datetime = strawberry.field(description="When.")
    number: int | None = strawberry.field(description="Of who walked in: her number.")


@strawberry.type(description="A kind of paper, and how many.", directives=[visible.WITHIN])
class WindowPaper:
    kind: PaperKind = strawberry.field(description="Of what kind.")
    original: bool = strawberry.field(description="Whether it is the original; else copies.")
    copies: int = strawberry.field(description="How many.")


@strawberry.type(
    description="Papers that went over the counter. Nobody can change it or take it out.", directives=[visible.WITHIN]
)
class WindowAct:
    row: strawberry.Private[Any]
    kind: ActKind = strawberry.field(description="What was done with them.")
    receipt: str = strawberry.field(description="The number of the receipt.")
    at: datetime = strawberry.field(description="When.")
    papers: list[WindowPaper] = strawberry.field(description="Which papers.", directives=[ListSize(assumed_size=5)])

    @classmethod
    def of(cls, row: Any) -> Self:
        papers = [WindowPaper(kind=PaperKind(kind), original=first, copies=n) for kind, first, n in row.papers]
        return cls(row=row, kind=ActKind(row.kind), receipt=row.receipt, at=row.at, papers=papers)

    @strawberry.field(
        description="Of RECEIVED: the receipt as a PDF, made within seconds; whose the visit is keeps it, the window "
        "sees it until the end of the day.",
        directives=[READS],
    )
    async def receipt_paper(self, info: Info) -> Paper | None:
        rows = await info.context.loader(PapersOf).load(self.row.id) if self.kind is ActKind.RECEIVED else []
        return Paper.of(rows[0]) if rows else None


@strawberry.type(
    description="Somebody at a window, about an application or an appointment. The window sees the slip that she made "
    "with her code, where it stands, and nothing else of it, until the end of the day. Who handles what it is about "
    "sees that she was there, and which papers she brought.",
    directives=[visible.to(Audience.ASKER, Audience.DELEGATE, Audience.TAKER, Audience.HANDLER, Audience.COLLEAGUE)],
)
class WindowVisit(Node):
    row: strawberry.Private[Any]
    about: models.WindowSubject = strawberry.field(description="What she came about.")
    opened_at: datetime | None = strawberry.field(description="When it was opened; null for a code that was not.")
    open_until: datetime | None = strawberry.field(description="The end of that day: so long the window sees it.")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(
            id=global_id("WindowVisit", row.id),
            row=row,
            about=models.WindowSubject(row.about),
            opened_at=row.opened_at,
            open_until=row.until if row.opened_at else None,
        )

    @strawberry.field(description="Whose window it is; null once that no longer stands in the register.")
    async def institution(self, info: Info) -> Institution | None:
        row = await info.context.loader(InstitutionById).load(self.row.institution) if self.row.institution else None
        return Institution.of(row) if row else None

    @strawberry.field(
        description="Who came: opening it is written down for her to see. Null once the day is over, for everybody.",
        directives=[READS],
    )
    async def person(self, info: Info) -> WindowPerson | None:
        key = await info.context.loader(DataKey).load(self.row.id) if self.row.slip else None
        return WindowPerson(**slip_of(key, self.row).model_dump()) if key else None

    @strawberry.field(description="Of an application: where it stands now.", directives=[READS])
    async def application(self, info: Info) -> WindowApplication | None:
        row = await info.context.loader(StandingOf).load(self.row.id)
        if row is None or row.receipt is None:
            return None
        return WindowApplication(
            kind=ApplicationKind(row.kind),
            receipt=row.receipt,
            state=ApplicationState(row.state),
            clock=Clock(row.clock) if row.clock else None,
            due_at=row.due_at if row.due_at < FOREVER else None,
        )

    @strawberry.field(
        description="Of an appointment: where it stands now.", directives=[visible.to(Audience.ASKER, Audience.TAKER)]
    )
    async def appointment(self, info: Info) -> WindowAppointment | None:
        row = await info.context.loader(StandingOf).load(self.row.id)
        if row is None or row.service is None:
            return None
        return WindowAppointment(
            state=State(row.state),
            service=Service(row.service),
            mode=Mode(row.mode),
            starts_at=row.starts_at,
            number=row.number,
        )

    @strawberry.field(description="What went over the counter, in its order.", directives=[ListSize(assumed_size=5)])
    async def acts(self, info: Info) -> list[WindowAct]:
        return [WindowAct.of(row) for row in await info.context.loader(ActsOf).load(self.row.id)]

    @strawberry.field(
        description="When the window read the slip, newest first; shown to whose it is alone.",
        directives=[visible.to(Audience.ASKER), ListSize(assumed_size=5)],
    )
    async def accesses(self, info: Info) -> list[StaffAccess]:
        return await staff_accesses(info, self.row.id)


WindowVisitResult = Annotated[WindowVisit | Refused, strawberry.union("WindowVisitResult", description=PAYLOAD)]
