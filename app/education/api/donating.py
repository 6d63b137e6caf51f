"""Giving a case away, taking it back, and taking it on as an editor."""

from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.core.db import now
from app.core.errors import NOT_FOUND, refuse
from app.core.sealing import KeyProvider
from app.education.actions import donating as actions
from app.education.actions.donating import Given
from app.education.loaders import DonationById
from app.education.reads import donating as reads
from app.education.rules.redacting import digest_of
from app.education.types.donating import (
    DonateCaseResult,
    DonatedCase,
    DonationPreview,
    DonationPreviewResult,
    RevokeDonationResult,
    TakeDonatedCaseResult,
)
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import IsEditor, IsResident

STRIKES = "Words that she wants out besides, 30 at most, each of 1 to 40 characters."


@strawberry.input(description="A consultation of yours that you give away, without names.")
class DonateCaseInput:
    question_id: strawberry.ID = strawberry.field(description="One of yours that has ended.")
    strikes: list[str] = strawberry.field(default_factory=list, description=STRIKES)
    digest: str = strawberry.field(description="Of the text that you were shown (`donationPreview`) and agree to.")
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this request.")


@strawberry.input(description="A case that you gave away and want back.")
class RevokeDonationInput:
    donation_id: strawberry.ID = strawberry.field(description="One that is not published.")


@strawberry.input(description="A case that you want to tell in an article.")
class TakeDonatedCaseInput:
    donation_id: strawberry.ID = strawberry.field(description="One that is OFFERED.")


@strawberry.type
class DonatingQuery:
    @strawberry.field(
        permission_classes=[IsResident],
        description="What would be given away of a consultation of yours: the question and what its best answer came "
        "to, without names, numbers and places. Read it before you agree; lawyers are never named.",
    )
    async def donation_preview(
        self,
        info: Info,
        question_id: Annotated[strawberry.ID, strawberry.argument(description="One of yours that has ended.")],
        strikes: Annotated[list[str] | None, strawberry.argument(description=STRIKES)] = None,
    ) -> DonationPreviewResult | None:
        question, keys = uuid_of(question_id, "Question", "questionId"), info.context.door(KeyProvider)
        async with info.context.read() as session:
            told, _ = await actions.preview(session, viewer(info), keys, question, strikes or [])
        return DonationPreview(text=told, digest=digest_of(told))

    @strawberry.field(
        permission_classes=[IsResident], description="Cases that you gave away, the newest first; 100 at most."
    )
    async def my_donations(self, info: Info) -> list[DonatedCase] | None:
        async with info.context.read() as session:
            rows = await reads.hers(session, viewer(info))
        return [DonatedCase.of(row) for row in rows]

    @strawberry.field(
        permission_classes=[IsEditor],
        description="Cases that are offered, of which no word is shown, and those that you took; the newest first.",
    )
    async def donated_cases(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[DonatedCase] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.donation_page(session, viewer(info), wanted)
        found: Connection[DonatedCase] = connect(wanted, rows, lambda row: (row.donated_at, row.id), DonatedCase.of)
        return found


@strawberry.type
class DonatingMutation:
    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Give a consultation of yours away, for an article: exactly the text that you were shown. Until it "
        "is published you can take it back (`revokeDonation`).",
    )
    async def donate_case(
        self, info: Info, input: Annotated[DonateCaseInput, strawberry.argument(description="Which, and how.")]
    ) -> DonateCaseResult | None:
        question = uuid_of(input.question_id, "Question", "questionId")
        said = Given(question=question, strikes=input.strikes, digest=input.digest)
        keys = info.context.door(KeyProvider)
        async with info.context.write() as session:
            id = await actions.give(session, viewer(info), keys, said, input.idempotency_key, now(session))
        return await _shown(info, id)

    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Take back a case that is not published: its key is destroyed, and no draft tells it any more.",
    )
    async def revoke_donation(
        self, info: Info, input: Annotated[RevokeDonationInput, strawberry.argument(description="Which one.")]
    ) -> RevokeDonationResult | None:
        id = uuid_of(input.donation_id, "DonatedCase", "donationId")
        async with info.context.write() as session:
            await actions.revoke(session, viewer(info), id)
        return await _shown(info, id)

    @strawberry.mutation(
        permission_classes=[IsEditor], description="Take a case on: you read it, and no other editor does."
    )
    async def take_donated_case(
        self, info: Info, input: Annotated[TakeDonatedCaseInput, strawberry.argument(description="Which one.")]
    ) -> TakeDonatedCaseResult | None:
        id = uuid_of(input.donation_id, "DonatedCase", "donationId")
        async with info.context.write() as session:
            await actions.take(session, viewer(info), id)
        return await _shown(info, id)


async def _shown(info: Info, id: UUID) -> DonatedCase:
    row: Any = await info.context.loader(DonationById).load(id)
    if row is None:
        raise refuse(NOT_FOUND, "donationId")
    return DonatedCase.of(row)


async def _donations(info: Info, keys: list[str]) -> list[DonatedCase | None]:
    rows = await info.context.loader(DonationById).load_many([as_uuid(key) for key in keys])
    return [DonatedCase.of(row) if row else None for row in rows]


NODES: dict[str, Fetch] = {"DonatedCase": _donations}
