"""What somebody does who applies, for herself or for another by her consent."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import date
from typing import Annotated
from uuid import UUID

import strawberry

from app.applications import reads
from app.applications.actions import applying as actions
from app.applications.actions import drafts
from app.applications.actions.applying import Applied
from app.applications.api.nodes import ENCLOSED, KEY, ReasonedInput, StepInput, aid, done, id_of, reasoned, shown
from app.applications.models import Move
from app.applications.rules.acting import Act
from app.applications.rules.forms import Form, dumped, faults
from app.applications.rules.telling import PAPER
from app.applications.types.application import ServiceApplication
from app.applications.types.drafts import ApplicationDraft, ApplicationDraftResult
from app.applications.types.forms import FormInput
from app.applications.types.legal_aid import AidResult
from app.applications.types.results import (
    NAMES,
    ApplicationEvent,
    ApplicationResult,
    ApplicationUpdates,
    ApplicationUpdatesResult,
    shown_as,
)
from app.core import feed
from app.core.db import now
from app.core.errors import Reason, refuse_if
from app.core.sealing import KeyProvider
from app.graph import live
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import IsResident, SignedIn
from app.graph.stories import Story
from app.places.rules.workdays import today
from app.vault.types import ids_of

Id = Annotated[strawberry.ID, strawberry.argument(description="An application's id.")]


@strawberry.input(
    description="A draft as it is on the screen now: a save replaces all that was kept. Anything may be missing; which "
    "form it is, stays."
)
class SaveApplicationDraftInput(FormInput):
    draft_id: strawberry.ID | None = strawberry.field(
        default=None, description="The draft; left out for a new one, of which at most 10 are kept."
    )
    revision: int = strawberry.field(
        description="Counted up by the client with every save. One not greater than what is kept changes nothing, and "
        "what is kept comes back: a late packet, or another device, overwrites nothing."
    )
    idempotency_key: str = strawberry.field(
        description="8 to 64 characters, the same for every save of one draft, whatever was written since: it is what "
        "finds the draft while its id is not known yet."
    )


@strawberry.input(description="The draft to wipe.")
class DiscardApplicationDraftInput:
    draft_id: strawberry.ID = strawberry.field(description="A draft of yours.")


@strawberry.input(description="What one applies for, by exactly one form, and where.")
class SubmitApplicationInput(FormInput):
    institution_id: strawberry.ID = strawberry.field(
        description="For legal aid a legal-aid centre; the nearest will do."
    )
    on_behalf_of: strawberry.ID | None = strawberry.field(
        default=None, description="The delegation by which you apply for somebody else."
    )
    draft_id: strawberry.ID | None = strawberry.field(default=None, description="The draft it was; it is wiped.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(
    description="What was missing. A form is the whole form as it is right now; where none is sent, it stays as it was."
)
class SupplementApplicationInput(StepInput, FormInput):
    note: str | None = strawberry.field(default=None, description="A word with it, 4 to 3,000 characters.")
    attachments: list[strawberry.ID] = strawberry.field(default_factory=list, description=ENCLOSED)


@strawberry.input(description="Which application is taken back.")
class WithdrawApplicationInput(StepInput): ...


@strawberry.input(description="Why another lawyer is wanted.")
class RequestLawyerChangeInput(ReasonedInput): ...


@strawberry.input(description="What one has against the decision.")
class ObjectToDecisionInput(ReasonedInput): ...


@strawberry.type
class ApplyingQuery:
    @strawberry.field(
        permission_classes=[IsResident], description="What you applied for, or somebody for you, newest first."
    )
    async def applications(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[ServiceApplication] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.application_page(session, viewer(info), wanted)
        return connect(wanted, rows, lambda row: (row.since, row.id), shown_as)  # type: ignore[no-any-return]

    @strawberry.field(permission_classes=[SignedIn], description="An application; null where it is not yours to see.")
    async def application(self, info: Info, id: Id) -> ServiceApplication | None:
        application = uuid_of(id, NAMES)
        async with info.context.read() as session:
            rows = await reads.applications(session, viewer(info), [application])
        return shown_as(rows[0]) if rows else None

    @strawberry.field(permission_classes=[IsResident], description="What you are writing, the last saved first.")
    async def application_drafts(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[ApplicationDraft] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.draft_page(session, viewer(info), wanted)
        return connect(wanted, rows, lambda row: (row.saved_at, row.id), ApplicationDraft.of)  # type: ignore[no-any-return]

    @strawberry.field(
        permission_classes=[SignedIn], description="The polling twin of the subscription of the same name."
    )
    async def application_updates(
        self, info: Info, application_id: Id, after: live.Since = None
    ) -> ApplicationUpdatesResult | None:
        return await STORY.look(info, application_id, after)


@strawberry.type
class ApplyingMutation:
    @strawberry.mutation(
        permission_classes=[IsResident], description="Keep what is written so far; anything may still be missing."
    )
    async def save_application_draft(
        self, info: Info, input: Annotated[SaveApplicationDraftInput, strawberry.argument(description="The draft.")]
    ) -> ApplicationDraftResult | None:
        draft = uuid_of(input.draft_id, "ApplicationDraft", "draftId") if input.draft_id else None
        form = input.form()
        async with info.context.write() as session:
            moment = now(session)
            refuse_if(_against(form, today(moment), complete=False))
            keys, how = info.context.door(KeyProvider), (input.revision, input.idempotency_key, moment)
            id = await drafts.save(session, viewer(info), keys, draft, form, *how)
        return await _draft(info, id)

    @strawberry.mutation(permission_classes=[IsResident], description="Wipe a draft at once.")
    async def discard_application_draft(
        self, info: Info, input: Annotated[DiscardApplicationDraftInput, strawberry.argument(description="Which one.")]
    ) -> ApplicationDraftResult | None:
        id = uuid_of(input.draft_id, "ApplicationDraft", "draftId")
        async with info.context.write() as session:
            keys = info.context.door(KeyProvider)
            await drafts.DRAFTS.discard(session, viewer(info), keys, id, now(session))
        return await _draft(info, id)

    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Apply. It has a number at once, and the time of the law runs: legal aid is decided within seven "
        "days.",
    )
    async def submit_application(
        self, info: Info, input: Annotated[SubmitApplicationInput, strawberry.argument(description="What for.")]
    ) -> ApplicationResult | None:
        form = input.form()
        where = uuid_of(input.institution_id, "Institution", "institutionId")
        delegation = uuid_of(input.on_behalf_of, "Delegation", "onBehalfOf") if input.on_behalf_of else None
        draft = uuid_of(input.draft_id, "ApplicationDraft", "draftId") if input.draft_id else None
        async with info.context.write() as session:
            moment = now(session)
            refuse_if(_against(form, today(moment), complete=True))
            applied = Applied(
                kind=form.KIND,
                institution=where,
                delegation=delegation,
                draft=draft,
                form=dumped(form),
                files=form.files(),
            )
            keys, key = info.context.door(KeyProvider), input.idempotency_key
            id = await actions.submit(session, viewer(info), keys, applied, key, moment)
        return await shown(info, id)

    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Supply what was missing; the review goes on from where it stood still.",
    )
    async def supplement_application(
        self, info: Info, input: Annotated[SupplementApplicationInput, strawberry.argument(description="What.")]
    ) -> ApplicationResult | None:
        form = input.form_if_any()
        if form is not None:
            refuse_if(_against(form, today(info.context.now), complete=True))
        files = [*ids_of(input.attachments), *(form.files() if form else [])]
        act = Act(move=Move.SUPPLEMENT, application=id_of(input.application_id), reason=input.note, files=files)
        if form is not None:
            act.form, act.kind = dumped(form), form.KIND
        return await done(info, input, act)

    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Take an application back; aid that a lawyer is giving already ends (`TERMINATED`).",
    )
    async def withdraw_application(
        self, info: Info, input: Annotated[WithdrawApplicationInput, strawberry.argument(description="Which one.")]
    ) -> ApplicationResult | None:
        act = Act(move=Move.WITHDRAW, application=id_of(input.application_id))
        return await done(info, input, act)

    @strawberry.mutation(permission_classes=[IsResident], description="Ask for another lawyer (法律援助法第五十五条).")
    async def request_lawyer_change(
        self, info: Info, input: Annotated[RequestLawyerChangeInput, strawberry.argument(description="Why.")]
    ) -> AidResult | None:
        return aid(await reasoned(info, input, Act(move=Move.ASK_CHANGE, application=id_of(input.application_id))))

    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Object to a refusal, or to the end of aid (法律援助法第四十九条): decided within five days.",
    )
    async def object_to_decision(
        self, info: Info, input: Annotated[ObjectToDecisionInput, strawberry.argument(description="Why.")]
    ) -> AidResult | None:
        return aid(await reasoned(info, input, Act(move=Move.OBJECT, application=id_of(input.application_id))))


@strawberry.type
class ApplyingSubscription:
    @strawberry.subscription(
        permission_classes=[SignedIn],
        description="An application as it stands, then its news. Ends when it is no longer yours to read.",
    )
    async def application_updates(
        self, info: Info, application_id: Id, after: live.Since = None
    ) -> AsyncGenerator[ApplicationUpdatesResult, None]:
        async with aclosing(STORY.follow(info, application_id, after)) as frames:
            async for frame in frames:
                yield frame


def _against(form: Form, today: date, *, complete: bool) -> list[Reason]:
    return faults(form, complete=complete, today=today, at=form.AT)


def _updates(info: Info, frame: live.Frame) -> ApplicationUpdates:
    return ApplicationUpdates(
        made=[UUID(e.ids["paper"]) for e in frame.events if e.kind == PAPER],
        events=[
            ApplicationEvent(move=Move(e.kind), at=e.at, cursor=str(feed.at(e)))
            for e in frame.events
            if e.kind != PAPER
        ],
        application=shown_as(frame.found),
        resync=frame.resync,
        cursor=str(frame.cursor),
        server_time=info.context.now,
    )


STORY = Story(NAMES, "applicationId", reads.applications, _updates)


async def _draft(info: Info, id: UUID) -> ApplicationDraft:
    """As it is kept now, sent and wiped ones too."""
    async with info.context.read() as session:
        (row,) = await reads.drafts(session, viewer(info), [id], live=False)
    return ApplicationDraft.of(row)


async def _drafts(info: Info, keys: list[str]) -> list[ApplicationDraft | None]:
    if (asking := info.context.viewer) is None:
        return [None] * len(keys)
    async with info.context.read() as session:
        found = {str(row.id): row for row in await reads.drafts(session, asking, [as_uuid(key) for key in keys])}
    return [ApplicationDraft.of(found[key]) if key in found else None for key in keys]


NODES: dict[str, Fetch] = {"ApplicationDraft": _drafts}
