"""The check of answers: for reviewers, for lawyers whose answers were marked, for supervisors, and in figures."""

from datetime import date
from typing import Annotated

import strawberry

from app.consultation.rules.record import against_days
from app.core.db import now
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import Counts, IsLawyer, IsSupervisor
from app.places.rules.workdays import today
from app.quality import reads
from app.quality.actions import marking, naming
from app.quality.actions.marking import Marked, Reply
from app.quality.loaders import CheckById, MarkById
from app.quality.models import Soundness
from app.quality.rules import Mark, month_of
from app.quality.types import (
    CompleteQualityCheckResult,
    PassQualityCheckResult,
    QualityCheck,
    QualityFigures,
    QualityMark,
    QualityReviewer,
    QualityReviewers,
    QualityReviewersResult,
    ReplyToQualityMarkResult,
)

KEY = "8 to 64 characters, the same for repeats of this request."


@strawberry.input(description="What you make of one answer.")
class QualityMarkInput:
    letter: str = strawberry.field(description="Which answer.")
    conclusion: Soundness = strawberry.field(description="Whether the conclusion is right in law.")
    law: bool = strawberry.field(description="Whether the law is cited correctly.")
    steps: bool = strawberry.field(description="Whether the next steps are clear.")
    plain: bool = strawberry.field(description="Whether it is in plain words.")
    deadlines: bool | None = strawberry.field(
        default=None, description="Whether the deadlines are named; leave it out where there are none."
    )
    harm: bool = strawberry.field(
        default=False,
        description="Whether the asker may come to harm by it (a deadline missed, the wrong authority): only of a "
        "conclusion that is wrong (NO). She is told that an answer should be looked at again, and not which.",
    )
    note: str | None = strawberry.field(
        default=None,
        description="1 to 500 characters for its lawyer alone, without a way to reach you: she does not know you.",
    )


@strawberry.input(description="A check whose answers you have read.")
class CompleteQualityCheckInput:
    check_id: strawberry.ID = strawberry.field(description="One that is OPEN and yours.")
    marks: list[QualityMarkInput] = strawberry.field(description="One for each answer, at most 20.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="A check that you do not do.")
class PassQualityCheckInput:
    check_id: strawberry.ID = strawberry.field(description="One that is OPEN and yours.")


@strawberry.input(description="What you say to a mark.")
class ReplyToQualityMarkInput:
    mark_id: strawberry.ID = strawberry.field(description="Of an answer of yours.")
    text: str = strawberry.field(description="1 to 500 characters; read by who marked it, and kept with the mark.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="A lawyer who is to check the quality of others' answers.")
class NameQualityReviewerInput:
    lawyer_id: strawberry.ID = strawberry.field(description="In practice, and for ten years at least.")


@strawberry.input(description="A reviewer whom you do without.")
class ReleaseQualityReviewerInput:
    lawyer_id: strawberry.ID = strawberry.field(description="Who.")


@strawberry.type
class QualityQuery:
    @strawberry.field(
        permission_classes=[IsLawyer],
        description="Consultations that were given to you to check their answers, the newest first: those that are "
        "open, and those that you have done.",
    )
    async def quality_checks(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[QualityCheck] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.check_page(session, viewer(info), wanted)
        found: Connection[QualityCheck] = connect(wanted, rows, lambda row: (row.given_at, row.id), QualityCheck.of)
        return found

    @strawberry.field(
        permission_classes=[IsLawyer], description="What checks made of answers of yours, the newest first."
    )
    async def my_quality_marks(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[QualityMark] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.mark_page(session, viewer(info), wanted)
        found: Connection[QualityMark] = connect(wanted, rows, lambda row: (row.since, row.id), QualityMark.of)
        return found

    @strawberry.field(permission_classes=[IsSupervisor], description="Who checks the quality of answers now.")
    async def quality_reviewers(self, info: Info) -> QualityReviewers | None:
        return await _reviewers(info)

    @strawberry.field(
        permission_classes=[Counts],
        description="What the checks of a month came to; null until the night after its last day.",
    )
    async def quality_figures(
        self, info: Info, month: Annotated[date, strawberry.argument(description="Any day of it, at most today.")]
    ) -> QualityFigures | None:
        async with info.context.read() as session:
            refuse_if(against_days(month, month, now(session)))
            first, last = month_of(month)
            row = await reads.figures(session, first, last) if today(now(session)) > last else None
        return QualityFigures.of(first, row) if row else None


@strawberry.type
class QualityMutation:
    @strawberry.mutation(
        permission_classes=[IsLawyer],
        description="Mark all answers of a check, at once and for good. Each lawyer sees her own.",
    )
    async def complete_quality_check(
        self, info: Info, input: Annotated[CompleteQualityCheckInput, strawberry.argument(description="The marks.")]
    ) -> CompleteQualityCheckResult | None:
        id = uuid_of(input.check_id, "QualityCheck", "checkId")
        names = ("letter", "conclusion", "law", "steps", "plain", "deadlines", "harm", "note")
        said = Marked(check=id, marks=[Mark(**{name: getattr(one, name) for name in names}) for one in input.marks])
        async with info.context.write() as session:
            keys = info.context.door(KeyProvider)
            await marking.complete(session, viewer(info), keys, said, input.idempotency_key)
        row = await info.context.loader(CheckById).load(id)
        if row is None:
            raise refuse(NOT_FOUND, "checkId")
        return QualityCheck.of(row)

    @strawberry.mutation(
        permission_classes=[IsLawyer],
        description="Pass a check on, because you know who asked or are in conflict: you read it no more, and another "
        "gets it. Nobody is told why.",
    )
    async def pass_quality_check(
        self, info: Info, input: Annotated[PassQualityCheckInput, strawberry.argument(description="Which one.")]
    ) -> PassQualityCheckResult | None:
        id = uuid_of(input.check_id, "QualityCheck", "checkId")
        async with info.context.write() as session:
            await marking.give_back(session, viewer(info), id, now(session))
            (row,) = await reads.checks(session, viewer(info), [id])  # a moment later it may be another's
        return QualityCheck.of(row)

    @strawberry.mutation(
        permission_classes=[IsLawyer], description="Say something to a mark of an answer of yours: once, and for good."
    )
    async def reply_to_quality_mark(
        self, info: Info, input: Annotated[ReplyToQualityMarkInput, strawberry.argument(description="Your words.")]
    ) -> ReplyToQualityMarkResult | None:
        said = Reply(mark=uuid_of(input.mark_id, "QualityMark", "markId"), text=input.text)
        async with info.context.write() as session:
            keys = info.context.door(KeyProvider)
            await marking.reply(session, viewer(info), keys, said, input.idempotency_key, now(session))
        row = await info.context.loader(MarkById).load(said.mark)
        if row is None:
            raise refuse(NOT_FOUND, "markId")
        return QualityMark.of(row)

    @strawberry.mutation(
        permission_classes=[IsSupervisor],
        description="Name a senior lawyer who checks others' answers. Of a question that she, or a colleague of her "
        "firm, took part in she is given nothing.",
    )
    async def name_quality_reviewer(
        self, info: Info, input: Annotated[NameQualityReviewerInput, strawberry.argument(description="Who.")]
    ) -> QualityReviewersResult | None:
        lawyer = uuid_of(input.lawyer_id, "Lawyer", "lawyerId")
        async with info.context.write() as session:
            await naming.name(session, viewer(info), lawyer, now(session))
        return await _reviewers(info)

    @strawberry.mutation(
        permission_classes=[IsSupervisor],
        description="Do without a reviewer: she reads nothing any more, and what she has not done goes to another.",
    )
    async def release_quality_reviewer(
        self, info: Info, input: Annotated[ReleaseQualityReviewerInput, strawberry.argument(description="Who.")]
    ) -> QualityReviewersResult | None:
        lawyer = uuid_of(input.lawyer_id, "Lawyer", "lawyerId")
        async with info.context.write() as session:
            await naming.let_go(session, viewer(info), lawyer, now(session))
        return await _reviewers(info)


async def _reviewers(info: Info) -> QualityReviewers:
    async with info.context.read() as session:
        rows = await reads.reviewers(session, viewer(info))
    return QualityReviewers(reviewers=[QualityReviewer.of(row) for row in rows])


async def _checks(info: Info, keys: list[str]) -> list[QualityCheck | None]:
    rows = await info.context.loader(CheckById).load_many([as_uuid(key) for key in keys])
    return [QualityCheck.of(row) if row else None for row in rows]


async def _marks(info: Info, keys: list[str]) -> list[QualityMark | None]:
    rows = await info.context.loader(MarkById).load_many([as_uuid(key) for key in keys])
    return [QualityMark.of(row) if row else None for row in rows]


NODES: dict[str, Fetch] = {"QualityCheck": _checks, "QualityMark": _marks}
