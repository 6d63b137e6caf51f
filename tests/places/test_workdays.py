"""Working days of 2026, as the State Council announced them (国务院办公厅关于2026年部分节假日安排的通知)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.places.rules.workdays import CITY_TIME, add_workdays, is_workday

DAY = timedelta(days=1)
HOLIDAYS = [
    (date(2026, 1, 1), 3, [date(2026, 1, 4)]),
    (date(2026, 2, 15), 9, [date(2026, 2, 14), date(2026, 2, 28)]),
    (date(2026, 4, 4), 3, []),
    (date(2026, 5, 1), 5, [date(2026, 5, 9)]),
    (date(2026, 6, 19), 3, []),
    (date(2026, 9, 25), 3, []),
    (date(2026, 10, 1), 7, [date(2026, 9, 20), date(2026, 10, 10)]),
]
"""First day, how many, and the weekend days worked instead."""


def at(day: str, clock: str = "10:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=CITY_TIME)


@pytest.mark.parametrize(("first", "length", "instead"), HOLIDAYS)
def test_holidays_rest_and_weekends_are_worked_instead(first: date, length: int, instead: list[date]) -> None:
    assert not any(is_workday(first + DAY * number) for number in range(length))
    assert all(is_workday(day) for day in instead)
    assert all(day.weekday() >= 5 for day in instead)


def test_every_other_day_of_the_year_is_what_its_weekday_says() -> None:
    special = {first + DAY * n for first, length, _ in HOLIDAYS for n in range(length)}
    special |= {day for *_, instead in HOLIDAYS for day in instead}
    year = [date(2026, 1, 1) + DAY * number for number in range(365)]
    assert [day for day in year if day not in special and is_workday(day) != (day.weekday() < 5)] == []


def test_a_year_nobody_has_announced_yet_has_mondays_to_fridays() -> None:
    assert is_workday(date(2031, 10, 1))  # a Wednesday
    assert not is_workday(date(2031, 10, 4))
    assert not is_workday(date(1999, 5, 1))


@pytest.mark.parametrize(
    ("moment", "days", "end"),
    [
        (at("2026-03-03"), 2, at("2026-03-06", "00:00")),  # Tuesday: Wednesday and Thursday
        (at("2026-03-03", "23:59"), 2, at("2026-03-06", "00:00")),
        (at("2026-03-03", "00:00"), 2, at("2026-03-06", "00:00")),
        (at("2026-03-06"), 2, at("2026-03-11", "00:00")),  # over a weekend
        (at("2026-03-07"), 1, at("2026-03-10", "00:00")),  # a Saturday is not counted
        (at("2026-02-13"), 2, at("2026-02-25", "00:00")),  # Saturday 14 February is worked, then nine days rest
        (at("2026-09-30"), 2, at("2026-10-10", "00:00")),
        (at("2026-10-08"), 2, at("2026-10-11", "00:00")),  # Friday, and the Saturday worked instead
        (at("2026-12-31"), 2, at("2027-01-05", "00:00")),  # a Friday and a Monday that no calendar knows yet
    ],
)
def test_so_many_whole_days_after_the_day_of_the_event(moment: datetime, days: int, end: datetime) -> None:
    assert add_workdays(moment, days) == end
    assert add_workdays(moment.astimezone(UTC), days) == end


def test_the_citys_midnight_decides_which_day_it_is() -> None:
    assert add_workdays(datetime(2026, 3, 3, 15, 59, tzinfo=UTC), 1) == at("2026-03-05", "00:00")
    assert add_workdays(datetime(2026, 3, 3, 16, 0, tzinfo=UTC), 1) == at("2026-03-06", "00:00")


def test_later_never_ends_earlier() -> None:
    hours = [at("2026-01-01", "00:00") + timedelta(hours=number) for number in range(0, 24 * 365, 7)]
    ends = [add_workdays(hour, 2) for hour in hours]
    assert ends == sorted(ends)
    assert all(end - hour > 2 * DAY for hour, end in zip(hours, ends, strict=True))


@pytest.mark.parametrize(("moment", "days"), [(at("2026-03-03"), 0), (datetime(2026, 3, 3), 2)])  # noqa: DTZ001
def test_what_cannot_be_counted_is_an_error(moment: datetime, days: int) -> None:
    with pytest.raises(ValueError, match="time zone"):
        add_workdays(moment, days)
