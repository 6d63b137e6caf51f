"""Handing something in, looking at it before anybody sees it, and taking it down."""

from typing import Annotated

import strawberry

from app.contests.actions import certifying
from app.contests.actions import entering as actions
from app.contests.api.looking import shown
from app.contests.models import EntryVerdict
from app.contests.rules.entering import Submission
from app.contests.types import EntryResult
from app.core.db import now
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import uuid_of
from app.graph.permissions import Edits, IsResident


@strawberry.input(description="Something for a contest.")
class SubmitEntryInput:
    activity_id: strawberry.ID = strawberry.field(description="For which contest.")
    picture_id: strawberry.ID = strawberry.field(description="A picture of yours that is READY (`createUpload`).")
    title: str = strawberry.field(
        description="What it shows, at most 40 characters: everybody reads it, so nobody's name, school or number."
    )
    school: str | None = strawberry.field(
        default=None,
        description="The school it comes from, at most 40 characters: it is shown to nobody and not kept, but for a "
        "digest by which no juror of that school judges it.",
    )
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this request.")

    def plain(self) -> Submission:
        activity = uuid_of(self.activity_id, "Activity", "activityId")
        picture = uuid_of(self.picture_id, "File", "pictureId")
        return Submission(activity=activity, picture=picture, title=self.title, school=self.school)


@strawberry.input(description="You take it back.")
class WithdrawEntryInput:
    entry_id: strawberry.ID = strawberry.field(description="Which one.")


@strawberry.input(description="You look at it from now on.")
class TakeEntryInput:
    entry_id: strawberry.ID = strawberry.field(description="Which one.")


@strawberry.input(description="What comes of an entry that you looked at.")
class CheckEntryInput:
    entry_id: strawberry.ID = strawberry.field(description="One that you took.")
    display: bool = strawberry.field(description="Whether everybody may see it.")
    verdict: EntryVerdict | None = strawberry.field(default=None, description="Why not.")


@strawberry.input(description="Nobody is to see it any more.")
class TakeDownEntryInput:
    entry_id: strawberry.ID = strawberry.field(description="Which one, by the id of the entry or of what is shown.")
    verdict: EntryVerdict = strawberry.field(description="Why.")


@strawberry.input(description="The certificate of an entry that won a prize.")
class OrderEntryCertificateInput:
    entry_id: strawberry.ID = strawberry.field(description="Yours, that is AWARDED.")
    name: str = strawberry.field(
        description="The name as it shall stand on it, 2 to 40 characters; it says that you gave it yourself."
    )


@strawberry.type
class EnteringMutation:
    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Hand something in to a contest that is open: one at a time. Somebody looks at it before anybody "
        "sees it, and then under another name. Who is under fourteen needs a guardian's yes.",
    )
    async def submit_entry(
        self, info: Info, input: Annotated[SubmitEntryInput, strawberry.argument(description="What.")]
    ) -> EntryResult | None:
        said, keys = input.plain(), info.context.door(KeyProvider)
        async with info.context.write() as session:
            id = await actions.submit(session, viewer(info), keys, said, input.idempotency_key, now(session))
        return await shown(info, id)

    @strawberry.mutation(
        permission_classes=[IsResident], description="Take back what you handed in: nobody sees it any more, at once."
    )
    async def withdraw_entry(
        self, info: Info, input: Annotated[WithdrawEntryInput, strawberry.argument(description="Which.")]
    ) -> EntryResult | None:
        id = uuid_of(input.entry_id, "ContestEntry", "entryId")
        async with info.context.write() as session:
            await actions.take_back(session, viewer(info), id, now(session))
        return await shown(info, id)

    @strawberry.mutation(
        permission_classes=[Edits],
        description="Look at an entry, in place of whoever did: you read it until you have decided, and it is written "
        "down that you did.",
    )
    async def take_entry(
        self, info: Info, input: Annotated[TakeEntryInput, strawberry.argument(description="Which.")]
    ) -> EntryResult | None:
        id = uuid_of(input.entry_id, "ContestEntry", "entryId")
        async with info.context.write() as session:
            await actions.take(session, viewer(info), id, now(session))
        return await shown(info, id)

    @strawberry.mutation(
        permission_classes=[Edits],
        description="Show an entry to everybody, or say why not; its owner is told.",
    )
    async def check_entry(
        self, info: Info, input: Annotated[CheckEntryInput, strawberry.argument(description="What comes of it.")]
    ) -> EntryResult | None:
        id, keys = uuid_of(input.entry_id, "ContestEntry", "entryId"), info.context.door(KeyProvider)
        async with info.context.write() as session:
            how = (input.display, input.verdict, now(session))
            await actions.decide(session, viewer(info), keys, id, *how)
        return await shown(info, id)

    @strawberry.mutation(
        permission_classes=[Edits],
        description="Take down what is shown: nobody sees it any more, at once, and its owner is told.",
    )
    async def take_down_entry(
        self, info: Info, input: Annotated[TakeDownEntryInput, strawberry.argument(description="Which, and why.")]
    ) -> EntryResult | None:
        id = uuid_of(input.entry_id, {"ContestEntry", "Exhibit"}, "entryId")
        async with info.context.write() as session:
            await actions.take_down(session, viewer(info), id, input.verdict, now(session))
        return await shown(info, id)

    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Order the certificate of an entry of yours that won a prize, once it is announced: a PDF with a "
        "code by which anybody can have it confirmed, there within seconds. Twice is once, with the first name.",
    )
    async def order_entry_certificate(
        self, info: Info, input: Annotated[OrderEntryCertificateInput, strawberry.argument(description="Of which.")]
    ) -> EntryResult | None:
        id, keys = uuid_of(input.entry_id, "ContestEntry", "entryId"), info.context.door(KeyProvider)
        async with info.context.write() as session:
            await certifying.certify(session, viewer(info), keys, id, input.name, now(session))
        return await shown(info, id)
