"""What is asked of supervisors, as the asker sees it, and the supervisor who took it."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from app.consultation import models
from app.consultation.loaders import LogOfQuestion, PolicyByVersion
from app.consultation.loaders.petitions import PetitionsOfQuestion
from app.consultation.rules import promise as clock
from app.consultation.rules.following import counting
from app.consultation.rules.lateness import LateReason, late_reason, why
from app.consultation.rules.petitions import HOTLINE, Appeal, Callback, Choice, choices
from app.core.sealing import unseal
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.refusals import PAYLOAD, Refused
from app.graph.visible import Audience
from app.vault.loaders import AccessesOf, DataKey

explain(
    models.PetitionKind,
    "What is asked of a supervisor.",
    CALLBACK="To be called.",
    APPEAL="To look at a blocked question again.",
)
explain(
    models.PetitionState,
    "Where a petition stands.",
    OPEN="No supervisor has it yet.",
    TAKEN="A supervisor has it and may open it.",
    DONE="It is done; nobody but the asker can open it any more.",
)
explain(
    models.Outcome,
    "How a supervisor ended what she saw to.",
    DONE="It was seen to.",
    NOT_REACHED="Nobody answered the telephone; another callback can be asked for.",
    UPHELD="The appeal was right: the question can be sent again.",
    DISMISSED="The block stands.",
    ERASED="The asker erased what it was about; no supervisor says this.",
)
explain(
    LateReason,
    "Why the promised answers were not there in time: by which loss fewer lawyers were left than were promised. It "
    "follows from the log until then, and never changes.",
    NOBODY_REACHED="No lawyer was called, or none could be.",
    TOO_FEW_CAME="Lawyers were called, and fewer took a seat than were promised.",
    SEATS_GIVEN_UP="Enough took a seat, and some gave it back or let its time run out.",
    DID_NOT_COUNT="Enough stayed, and some of their answers did not count.",
    ASKED_BACK="Enough were at it, and had asked the asker back first.",
    STILL_WRITING="Enough were at it, and had not finished.",
)
explain(
    Choice,
    "What the asker can do after a broken promise.",
    WAIT="Wait: lawyers are still looked for.",
    CALLBACK="Ask to be called, by `requestCallback`.",
    HOTLINE="Call the legal service line.",
)


@strawberry.type(description="What a petition says; what its kind does not have is null.", directives=[visible.WITHIN])
class PetitionDetails:
    phone: str | None = strawberry.field(description="Callback: the telephone, as +86 and the number.")
    window_from: datetime | None = strawberry.field(description="Callback: call from then on.")
    window_to: datetime | None = strawberry.field(description="Callback: call before then.")
    note: str | None = strawberry.field(description="Callback: what the asker wants the caller to know.")
    text: str | None = strawberry.field(description="Appeal: why the block is wrong.")
    question: str | None = strawberry.field(
        description="Appeal: the question's words, where the asker lets the supervisor read them."
    )

    @classmethod
    def of(cls, kind: str, said: str) -> "PetitionDetails":
        nothing = dict.fromkeys(("phone", "window_from", "window_to", "note", "text", "question"))
        shape = Callback if kind == models.PetitionKind.CALLBACK else Appeal
        return cls(**nothing | shape.model_validate_json(said).model_dump())


@strawberry.type(description="An opening of a petition by somebody else than the asker.", directives=[visible.WITHIN])
class PetitionAccess:
    at: datetime = strawberry.field(description="When the key was given; once a quarter of an hour at most.")
    basis: str = strawberry.field(description="On what ground: staff (the supervisor who took it) or delegate.")


@strawberry.type(
    description="What a resident asks of the city's supervisors. Read by her, her delegate, and the one supervisor who "
    "took it until it is done.",
    directives=[visible.to(Audience.ASKER, Audience.DELEGATE, Audience.TAKER)],
)
class Petition(Node):
    row: strawberry.Private[Any]
    kind: models.PetitionKind = strawberry.field(description="What is asked.")
    made_at: datetime = strawberry.field(description="When it was asked.")
    due_at: datetime = strawberry.field(description="Until when it is to be done.")
    state: models.PetitionState = strawberry.field(description="Where it stands.")
    outcome: models.Outcome | None = strawberry.field(description="What came of it, null until it is done.")

    @classmethod
    def of(cls, row: Any) -> "Petition":
        return cls(
            id=global_id("Petition", row.id),
            row=row,
            kind=models.PetitionKind(row.kind),
            made_at=row.made_at,
            due_at=row.due_at,
            state=models.PetitionState(row.state),
            outcome=models.Outcome(row.outcome) if row.outcome else None,
        )

    @strawberry.field(description="What it says; opening it is written down for the asker to see.")
    async def details(self, info: Info) -> PetitionDetails | None:
        key = await info.context.loader(DataKey).load(self.row.id)
        if key is None:
            return None
        return PetitionDetails.of(self.row.kind, unseal(key, self.row.body, "petition", "body", self.row.id))

    @strawberry.field(
        description="Who else has opened it, newest first; shown to the asker alone.",
        directives=[visible.to(Audience.ASKER)],
    )
    async def accesses(self, info: Info) -> list[PetitionAccess]:
        rows = await info.context.loader(AccessesOf).load(self.row.id)
        return [PetitionAccess(at=row.at, basis=row.basis) for row in rows]


async def newest(info: Info, question: Any, kind: models.PetitionKind) -> Petition | None:
    """The last one of this kind about the question, as far as the viewer may see one."""
    rows = await info.context.loader(PetitionsOfQuestion).load(question.id)
    return next((Petition.of(row) for row in rows if row.kind == kind), None)


@strawberry.type(
    description="A promise that was not kept, said plainly, and what the asker can do.", directives=[visible.WITHIN]
)
class Breach:
    row: strawberry.Private[Any]
    searching: strawberry.Private[bool]
    broken_at: datetime = strawberry.field(description="When the promised time ran out.")
    late_reason: LateReason | None = strawberry.field(description="Why the answers were not there in time.")
    hotline: str = strawberry.field(description="The legal service line, reached by any telephone.", default=HOTLINE)

    @strawberry.field(description="The reason in words for the asker.")
    def why(self, info: Info) -> str | None:
        return why(self.late_reason, info.context.language) if self.late_reason else None

    @strawberry.field(description="What the asker can do now.")
    async def choices(self, info: Info) -> list[Choice]:
        last = await newest(info, self.row, models.PetitionKind.CALLBACK)
        called = last is not None and last.state is not models.PetitionState.DONE
        is_open = self.row.status == models.QuestionStatus.OPEN
        return choices(searching=self.searching and is_open, is_open=is_open, called=called)

    @strawberry.field(
        description="The last callback that was asked for; null for everybody but the asker.",
        directives=[visible.OWNERS],
    )
    async def callback(self, info: Info) -> Petition | None:
        return await newest(info, self.row, models.PetitionKind.CALLBACK)


async def breach_of(info: Info, question: Any) -> Breach | None:
    """None while the promise was not broken."""
    rows = await info.context.loader(LogOfQuestion).load(question.id)
    broken = [row.at for row in rows if row.kind == clock.QuestionEventKind.PROMISE_BROKEN]
    if not broken:
        return None
    policy = await info.context.loader(PolicyByVersion).load(question.policy)
    # Of one that is opened again the clock stands for good, and the search goes on.
    return Breach(
        row=question,
        searching=counting(rows) < policy.promised,
        broken_at=min(broken),
        late_reason=late_reason(rows, policy),
    )


RequestCallbackResult = Annotated[Petition | Refused, strawberry.union("RequestCallbackResult", description=PAYLOAD)]
AppealBlockResult = Annotated[Petition | Refused, strawberry.union("AppealBlockResult", description=PAYLOAD)]
