"""When institutions are open, and the calendar that says which days are holidays."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Self, TypeVar

import strawberry

from app.directory.loaders import ChangesOf, TheCalendar
from app.directory.rules import hours as rules
from app.directory.rules.calendar import special
from app.directory.rules.hours import Hours, OpenDay
from app.directory.types.history import RegisterChange
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.refusals import PAYLOAD, Refused
from app.graph.weights import Cost, ListSize
from app.places.rules.workdays import CITY_TIME, Calendar, DayKind

explain(
    OpenDay,
    "A day of a week, or one that is different everywhere.",
    MONDAY="A Monday that is no holiday.",
    TUESDAY="A Tuesday that is no holiday.",
    WEDNESDAY="A Wednesday that is no holiday.",
    THURSDAY="A Thursday that is no holiday.",
    FRIDAY="A Friday that is no holiday.",
    SATURDAY="A Saturday that is neither a holiday nor worked instead of one.",
    SUNDAY="A Sunday that is neither a holiday nor worked instead of one.",
    HOLIDAY="A public holiday with the days off around it (法定节假日).",
    MAKE_UP="A Saturday or Sunday that is worked instead of a day off (调休上班).",
)
explain(
    DayKind,
    "What the State Council's calendar makes of a day.",
    ORDINARY="As its weekday says.",
    HOLIDAY="A public holiday, or a day off around one.",
    MAKE_UP="A Saturday or Sunday that is worked instead.",
)


@strawberry.type(description="A stretch of a day by the city's time.", directives=[visible.WITHIN])
class OpenStretch:
    opens: str = strawberry.field(description="HH:MM.")
    closes: str = strawberry.field(description="HH:MM, up to 24:00: from then on it is shut.")

    @classmethod
    def all(cls, open: list[tuple[str, str]]) -> list[Self]:
        return [cls(opens=begin, closes=end) for begin, end in open]


@strawberry.type(description="When it is open on such a day.", directives=[visible.WITHIN])
class DayHours:
    day: OpenDay = strawberry.field(description="Of the week, or a holiday, or worked instead.")
    open: list[OpenStretch] = strawberry.field(
        description="In order; empty where it is shut all day.", directives=[Cost(weight=0)]
    )


@strawberry.type(description="When it is open on a date, whatever day that is.", directives=[visible.WITHIN])
class DateHours:
    day: date = strawberry.field(description="By the city's calendar.")
    open: list[OpenStretch] = strawberry.field(
        description="In order; empty where it is shut all day.", directives=[Cost(weight=0)]
    )


@strawberry.type(description="When an institution is open, by the city's time.", directives=[visible.WITHIN])
class OpeningHours:
    days: list[DayHours] = strawberry.field(
        description="Of each of the nine.", directives=[Cost(weight=0), ListSize(assumed_size=9)]
    )
    dates: list[DateHours] = strawberry.field(
        description="What is different on which date, in order.", directives=[Cost(weight=0)]
    )

    @classmethod
    def of(cls, hours: Hours) -> Self:
        return cls(
            days=[DayHours(day=day, open=OpenStretch.all(hours.days[day])) for day in OpenDay],
            dates=[DateHours(day=day, open=OpenStretch.all(open)) for day, open in hours.dates.items()],
        )

    @strawberry.field(
        description="The last day whose holidays are known. Later ones are not announced yet: there every day is taken "
        "as its weekday says. Null where not even those of this year are known."
    )
    async def holidays_known_until(self, info: Info) -> date | None:
        calendar = await info.context.loader(TheCalendar).load(())
        return calendar.known_until(info.context.now.astimezone(CITY_TIME).date())


@strawberry.type
class Opens:
    """What an institution says of its door."""

    row: strawberry.Private[Any]

    @strawberry.field(
        description="When it is open; null where nobody has said it.", directives=[ListSize(assumed_size=1)]
    )
    def opening_hours(self) -> OpeningHours | None:
        hours = hours_in(self.row)
        return OpeningHours.of(hours) if hours else None

    @strawberry.field(description="Whether it is open at this moment; null where nobody has said its hours.")
    async def open_now(self, info: Info) -> bool | None:
        return await _by_calendar(self.row, info, rules.open_at)

    @strawberry.field(
        description="When it next opens; null while it is open, where it does not within 60 days, and where nobody has "
        "said its hours."
    )
    async def opens_at(self, info: Info) -> datetime | None:
        return await _by_calendar(self.row, info, rules.opens_at)

    @strawberry.field(
        description="When it next opens or shuts; null where it does neither within 60 days, and where nobody has said "
        "its hours."
    )
    async def changes_at(self, info: Info) -> datetime | None:
        return await _by_calendar(self.row, info, rules.next_change)


def hours_in(row: Any) -> Hours | None:
    return Hours.model_validate(row.hours) if row.hours else None


V = TypeVar("V")


async def _by_calendar(row: Any, info: Info, rule: Callable[[Hours, datetime, Calendar], V]) -> V | None:
    hours = hours_in(row)
    if hours is None:
        return None
    return rule(hours, info.context.now, await info.context.loader(TheCalendar).load(()))


@strawberry.type(description="A day that is not as its weekday says.", directives=[visible.WITHIN])
class CalendarDay:
    day: date = strawberry.field(description="Of the year.")
    kind: DayKind = strawberry.field(description="Whether it is off, or worked instead.")


@strawberry.type(
    description="The holidays of a year, and the days worked instead, as the State Council announces them every autumn "
    "for the year to come; what the staff entered comes before what a library knows.",
    directives=[visible.ANYONE],
)
class CalendarYear:
    row: strawberry.Private[Any]
    calendar: strawberry.Private[Calendar]
    year: int = strawberry.field(description="Of the Gregorian calendar.")

    @classmethod
    def of(cls, year: int, row: Any, calendar: Calendar) -> Self:
        return cls(row=row, calendar=calendar, year=year)

    @strawberry.field(description="Whether it was announced and is here; else every day is as its weekday says.")
    def known(self) -> bool:
        return self.calendar.knows(self.year)

    @strawberry.field(
        description="In order; empty where nothing is known.", directives=[Cost(weight=0), ListSize(assumed_size=40)]
    )
    def days(self) -> list[CalendarDay]:
        return [CalendarDay(day=day, kind=kind) for day, kind in special(self.calendar, self.year)]

    @strawberry.field(description="Where what the staff entered is from; null where they entered nothing.")
    def source(self) -> str | None:
        return self.row.source if self.row else None

    @strawberry.field(
        description="Of what the staff entered; 0 where they entered nothing. A change says which one it is about."
    )
    def version(self) -> int:
        return self.row.version if self.row else 0

    @strawberry.field(
        description="Every change by the staff, newest first; shown to who keeps the register.",
        directives=[visible.REGISTER, ListSize(assumed_size=20)],
    )
    async def history(self, info: Info) -> list[RegisterChange]:
        if self.row is None:
            return []
        rows = await info.context.loader(ChangesOf).load(self.row.id)
        return [RegisterChange.of(row) for row in rows]


SetCalendarYearResult = Annotated[
    CalendarYear | Refused, strawberry.union("SetCalendarYearResult", description=PAYLOAD)
]
