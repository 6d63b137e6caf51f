"""What somebody said at a counter, as it was written down."""

from datetime import datetime
from typing import Annotated, Any, Self

import strawberry

from app.applications.models import FOREVER, ApplicationKind, ApplicationState
from app.applications.rules.forms import read
from app.core.sealing import KeyProvider
from app.graph import visible
from app.graph.context import Info, viewer
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.refusals import PAYLOAD, Refused
from app.graph.visible import Audience
from app.vault.loaders import DataKey
from app.window.actions.counter import claim, opened
from app.window.loaders import StateOf
from app.window.models import ConfirmedBy, StatementSource
from app.window.rules import masking

explain(
    StatementSource,
    "From whom an application comes that is written down at a window.",
    IN_PERSON="She stands there herself.",
    DETENTION_HOUSE="A detained person's, by way of the detention house (看守所).",
    PROCURATORATE="A detained person's, by way of the procuratorate (人民检察院).",
    CASE_ORGAN="A detained person's, by way of the organ that handles the case (办案机关).",
)
explain(
    ConfirmedBy,
    "How she said at the counter that it is so, once it was read back to her.",
    "StatementConfirmation",
    SIGNATURE="She signed.",
    FINGERPRINT="She put her fingerprint.",
)


@strawberry.type(
    description="What somebody said at a window, as it was written down: for who wrote it, those at the same window "
    "and their supervisors, until the day is over. It becomes an application like any other.",
    directives=[visible.to(Audience.TAKER, Audience.COLLEAGUE)],
)
class CounterStatement(Node):
    row: strawberry.Private[Any]
    kind: ApplicationKind = strawberry.field(description="What is applied for.")
    source: StatementSource = strawberry.field(description="From whom it comes.")
    by_post: bool = strawberry.field(description="Whether it came by post.")
    recorded_at: datetime = strawberry.field(description="When it was written down.")
    received_at: datetime = strawberry.field(description="When it came.")
    forward_by: datetime | None = strawberry.field(
        description="Of what a detained person sent: until when it is with the centre that has jurisdiction, 24 hours "
        "after it came (法律援助法第三十九条); null of others."
    )
    overdue: bool = strawberry.field(description="Whether that is over, and it was not forwarded in time.")
    confirmed: ConfirmedBy | None = strawberry.field(description="How she confirmed it; null while she has not.")
    receipt: str | None = strawberry.field(description="The application's number; null while it is none.")

    @classmethod
    def of(cls, row: Any, now: datetime) -> Self:
        return cls(
            id=global_id("CounterStatement", row.id),
            row=row,
            kind=ApplicationKind(row.kind),
            source=StatementSource(row.source),
            by_post=row.by_post,
            recorded_at=row.recorded_at,
            received_at=row.received_at,
            forward_by=row.due_at if row.due_at < FOREVER else None,
            overdue=(row.applied_at or now) > row.due_at,
            confirmed=ConfirmedBy(row.confirmed) if row.confirmed else None,
            receipt=row.receipt,
        )

    @strawberry.field(description="Her words, to be read back to her; null once the day is over.")
    async def statement(self, info: Info) -> str | None:
        key = await info.context.loader(DataKey).load(self.row.id) if self.row.body else None
        return opened(key, self.row).words if key else None

    @strawberry.field(description="Her name, masked.")
    async def name(self, info: Info) -> str | None:
        key = await info.context.loader(DataKey).load(self.row.id) if self.row.body else None
        return masking.name(read(self.row.kind, opened(key, self.row).form).party().name or "") if key else None

    @strawberry.field(description="Where the application stands; null while it is none.")
    async def state(self, info: Info) -> ApplicationState | None:
        state = await info.context.loader(StateOf).load(self.row.id) if self.row.application else None
        return ApplicationState(state) if state else None

    @strawberry.field(
        description="Twelve letters and digits, by which she claims it with an account of her own within ninety "
        "days; null where her telephone is known, and to others than who wrote it down.",
        directives=[visible.to(Audience.TAKER)],
    )
    def claim_code(self, info: Info) -> str | None:
        if self.row.claim is None or self.row.clerk != viewer(info).id:
            return None
        return claim(info.context.door(KeyProvider), self.row.id)


CounterStatementResult = Annotated[
    CounterStatement | Refused, strawberry.union("CounterStatementResult", description=PAYLOAD)
]
