"""Keeping the days that must not be missed."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.core.db import now
from app.core.errors import NOT_FOUND, refuse
from app.core.sealing import KeyProvider
from app.dates import actions, reads
from app.dates.actions import Wanted
from app.dates.models import OwnDate
from app.dates.rules import ONE_OF_THREE, Said
from app.dates.types import KeptDate, KeptDateResult
from app.directory.reads.opening import calendar
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, global_id, uuid_of
from app.graph.permissions import IsResident
from app.graph.weights import ListSize
from app.places.rules.workdays import Calendar


@strawberry.input(description="A period of the law, reckoned anew by the house.")
class KeptLimitInput:
    code: str = strawberry.field(description="As `statutoryLimits` gives it.")
    since: date = strawberry.field(description="From when it runs, as its `begins` tells.")


@strawberry.input(description="The period that a lawyer named in an answer.")
class KeptAnswerInput:
    answer_id: strawberry.ID = strawberry.field(
        description="An answer that you may see, whose `content.limit` is not null."
    )
    since: date = strawberry.field(description="From when it runs, as the lawyer says in `content.limit.begins`.")


@strawberry.input(description="A day of your own.")
class OwnDateInput:
    kind: OwnDate = strawberry.field(description="What it is for.")
    day: date = strawberry.field(description="The last day for it, today or later.")


@strawberry.input(description="A day that you must not miss: exactly one of `limit`, `answer` and `own`.")
class KeepDateInput:
    limit: KeptLimitInput | None = strawberry.field(default=None, description="A period of the law.")
    answer: KeptAnswerInput | None = strawberry.field(default=None, description="One that a lawyer named.")
    own: OwnDateInput | None = strawberry.field(default=None, description="A day of your own.")
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this request.")

    def plain(self) -> Wanted:
        if sum(one is not None for one in (self.limit, self.answer, self.own)) != 1:
            raise refuse(ONE_OF_THREE)
        if self.limit:
            return Wanted(day=self.limit.since, limit=self.limit.code)
        if self.answer:
            return Wanted(day=self.answer.since, answer=uuid_of(self.answer.answer_id, "Answer", "answer.answerId"))
        assert self.own is not None
        return Wanted(day=self.own.day, kind=self.own.kind)


@strawberry.input(description="Another beginning of a period, or another day.")
class ChangeDateInput:
    date_id: strawberry.ID = strawberry.field(description="One of yours.")
    day: date = strawberry.field(description="From when the period runs; of a day of your own, that day.")


@strawberry.input(description="A date that you no longer need.")
class DropDateInput:
    date_id: strawberry.ID = strawberry.field(description="One of yours.")


@strawberry.type
class DatesQuery:
    @strawberry.field(
        permission_classes=[IsResident],
        description="The days that you must not miss, the nearest first; those of the last year that are over come "
        "before them. At most 50.",
        directives=[ListSize(assumed_size=50)],
    )
    async def my_dates(self, info: Info) -> list[KeptDate] | None:
        me, keys = viewer(info), info.context.door(KeyProvider)
        async with info.context.read() as session:
            found = await actions.opened(session, me, keys, await reads.dates(session, me))
            days = await calendar(session)
        return _of(info, found, days)


@strawberry.type
class DatesMutation:
    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Keep a day that you must not miss, and be reminded of it. What it is about is sealed, and "
        "no notice tells it.",
    )
    async def keep_date(
        self, info: Info, input: Annotated[KeepDateInput, strawberry.argument(description="Which.")]
    ) -> KeptDateResult | None:
        wanted, keys = input.plain(), info.context.door(KeyProvider)
        async with info.context.write() as session:
            id = await actions.keep(session, viewer(info), keys, wanted, input.idempotency_key, now(session))
        return await _found(info, id)

    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Another beginning of a period, or another day: what was to be told of the earlier one is not.",
    )
    async def change_date(
        self, info: Info, input: Annotated[ChangeDateInput, strawberry.argument(description="Which, and when.")]
    ) -> KeptDateResult | None:
        id, keys = _id(input.date_id), info.context.door(KeyProvider)
        async with info.context.write() as session:
            await actions.change(session, viewer(info), keys, id, input.day, now(session))
        return await _found(info, id)

    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Give a date up: nobody is reminded of it any more, and it is erased. Gives it as it was.",
    )
    async def drop_date(
        self, info: Info, input: Annotated[DropDateInput, strawberry.argument(description="Which one.")]
    ) -> KeptDateResult | None:
        id = _id(input.date_id)
        async with info.context.write() as session:
            gone = await actions.drop(session, viewer(info), info.context.door(KeyProvider), id)
            days = await calendar(session)
        return _of(info, [gone], days)[0]


async def _found(info: Info, id: UUID) -> KeptDate:
    (found,) = await _nodes(info, [str(id)])
    if found is None:  # a repeat of what was dropped since
        raise refuse(NOT_FOUND)
    return found


async def _nodes(info: Info, keys: list[str]) -> list[KeptDate | None]:
    me, provider = info.context.viewer, info.context.door(KeyProvider)
    if me is None:
        return [None] * len(keys)
    async with info.context.read() as session:
        rows = await reads.dates(session, me, map(as_uuid, keys))
        found, days = await actions.opened(session, me, provider, rows), await calendar(session)
    shown = {one.id: one for one in _of(info, found, days)}
    return [shown.get(global_id("KeptDate", key)) for key in keys]


def _of(info: Info, found: Iterable[tuple[Any, Said]], days: Calendar) -> list[KeptDate]:
    return [KeptDate.of(row, said, info.context.now, days, info.context.language) for row, said in found]


def _id(said: str) -> UUID:
    return uuid_of(said, "KeptDate", "dateId")


NODES: dict[str, Fetch] = {"KeptDate": _nodes}
