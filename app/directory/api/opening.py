"""When institutions are open, and which days are holidays: the register's keepers say both."""

from datetime import date
from typing import Annotated

import strawberry

from app.core.db import now
from app.core.errors import BAD_VALUE, NOT_FOUND, refuse
from app.directory.actions import calendar as calendar_actions
from app.directory.actions import register as actions
from app.directory.loaders import InstitutionById
from app.directory.reads import opening as reads
from app.directory.rules.calendar import YEARS, Told
from app.directory.rules.hours import Hours, OpenDay, Stretch
from app.directory.types.opening import CalendarYear, SetCalendarYearResult
from app.directory.types.register import Institution, InstitutionResult
from app.graph.context import Info, viewer
from app.graph.ids import uuid_of
from app.graph.permissions import Anyone, KeepsRegister
from app.graph.weights import Cost
from app.places.rules.workdays import DayKind

WHY = "Why, 4 to 300 characters: it stays in the history."


@strawberry.input(description="A stretch of a day by the city's time.")
class OpenStretchInput:
    opens: str = strawberry.field(description="HH:MM.")
    closes: str = strawberry.field(description="HH:MM, up to 24:00; what goes on after midnight is the next day's.")


def _stretches(open: list[OpenStretchInput]) -> list[Stretch]:
    return [(one.opens, one.closes) for one in open]


@strawberry.input(description="When it is open on such a day.")
class DayHoursInput:
    day: OpenDay = strawberry.field(description="Of the week, or a holiday, or worked instead.")
    open: list[OpenStretchInput] = strawberry.field(description="At most 6, apart; none where it is shut all day.")


@strawberry.input(description="When it is open on a date, whatever day that is.")
class DateHoursInput:
    day: date = strawberry.field(description="By the city's calendar.")
    open: list[OpenStretchInput] = strawberry.field(description="At most 6, apart; none where it is shut all day.")


@strawberry.input(description="When an institution is open.")
class OpeningHoursInput:
    days: list[DayHoursInput] = strawberry.field(
        description="Each once. On those that are left out it is shut; a day worked instead is as a Monday then."
    )
    dates: list[DateHoursInput] = strawberry.field(
        default_factory=list, description="What is different on a date; each once, at most 100."
    )

    def plain(self) -> Hours:
        days = {one.day: _stretches(one.open) for one in self.days}
        dates = {one.day: _stretches(one.open) for one in self.dates}
        for field, said, kept in (("days", self.days, days), ("dates", self.dates, dates)):
            if len(kept) < len(said):
                raise refuse(BAD_VALUE, f"hours.{field}")
        return Hours(days=days, dates=dates)


@strawberry.input(description="When an institution is open from now on.")
class SetOpeningHoursInput:
    institution_id: strawberry.ID = strawberry.field(description="Which one.")
    version: int = strawberry.field(description="The record's version as you read it.")
    hours: OpeningHoursInput | None = strawberry.field(default=None, description="Left out where nobody knows.")
    reason: str = strawberry.field(description=WHY)


@strawberry.input(description="A day that is not as its weekday says, or not as the library has it.")
class CalendarDayInput:
    day: date = strawberry.field(description="Of that year, each once.")
    kind: DayKind = strawberry.field(description="What it is; only a Saturday or Sunday is worked instead.")


@strawberry.input(description="All that the staff say of a year from now on.")
class SetCalendarYearInput:
    year: int = strawberry.field(description="2000 to 2100.")
    version: int = strawberry.field(description="As you read it; 0 where nothing was entered yet.")
    days: list[CalendarDayInput] = strawberry.field(
        description="At most 120; they come before what the library knows, and all else stays as it has it."
    )
    complete: bool = strawberry.field(description="Whether this is all that was announced: then the year is known.")
    source: str = strawberry.field(description="The announcement, 2 to 100 characters.")
    reason: str = strawberry.field(description=WHY)

    def plain(self) -> Told:
        return Told(self.year, [(one.day, one.kind) for one in self.days], self.complete, self.source)


@strawberry.type
class OpeningQuery:
    @strawberry.field(
        permission_classes=[Anyone],
        description="The holidays of a year and the days worked instead.",
        directives=[Cost(weight=1)],
    )
    async def calendar_year(
        self, info: Info, year: Annotated[int, strawberry.argument(description="2000 to 2100.")]
    ) -> CalendarYear | None:
        if year not in YEARS:
            raise refuse(BAD_VALUE, "year")
        return await _year(info, year)


@strawberry.type
class OpeningMutation:
    @strawberry.mutation(
        permission_classes=[KeepsRegister],
        description="Say when an institution is open, or that nobody knows. Its history keeps what it was.",
    )
    async def set_opening_hours(
        self, info: Info, input: Annotated[SetOpeningHoursInput, strawberry.argument(description="When.")]
    ) -> InstitutionResult | None:
        id = uuid_of(input.institution_id, "Institution", "institutionId")
        said = input.hours.plain() if input.hours else None
        async with info.context.write() as session:
            await actions.set_hours(session, viewer(info), id, input.version, said, input.reason, now(session))
        row = await info.context.loader(InstitutionById).load(id)
        if row is None:
            raise refuse(NOT_FOUND, "institutionId")
        return Institution.of(row)

    @strawberry.mutation(
        permission_classes=[KeepsRegister],
        description="Say which days of a year are holidays and which are worked instead: before the library knows the "
        "year, or otherwise than it does. The history keeps what was said.",
    )
    async def set_calendar_year(
        self, info: Info, input: Annotated[SetCalendarYearInput, strawberry.argument(description="The days.")]
    ) -> SetCalendarYearResult | None:
        async with info.context.write() as session:
            said = (input.version, input.plain(), input.reason, now(session))
            await calendar_actions.set_year(session, viewer(info), *said)
        return await _year(info, input.year)


async def _year(info: Info, year: int) -> CalendarYear:
    async with info.context.read() as session:
        return CalendarYear.of(year, await reads.year(session, year), await reads.calendar(session))
