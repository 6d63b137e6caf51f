"""Slots against minute-by-minute counting, the machine against any sequence, missed ones against the calendar."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from app.appointments.models import CalendarKind, Mode, State
from app.appointments.rules.booking import on_site
from app.appointments.rules.machine import LIVE, TABLE, Mover, may, sources
from app.appointments.rules.policy import Policy, window_only_until
from app.appointments.rules.slots import Calendar, Seat, Taken, seats, slots
from app.places.rules.coordinates import Spot

NINE = datetime(2026, 11, 30, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
POLICY = Policy.model_validate(
    {"lead": 7200, "horizon": 2592000, "span": 2678400, "hold": 300, "hold_most": 1800, "live": 2, "cancel": 7200}
    | {"early": 1800, "grace": 900, "missed": 2, "missed_within": 7776000, "window_only": 2592000}
    | {"reminders": [86400, 7200], "on_site_metres": 300, "kept": 7776000}
)
spans = st.tuples(st.integers(0, 300), st.integers(1, 120)).map(
    lambda pair: (NINE + pair[0] * MINUTE, NINE + (pair[0] + pair[1]) * MINUTE)
)


def calendar(number: int, staff: bool, capacity: int, away: list[Any]) -> Calendar:
    kind = CalendarKind.STAFF if staff else CalendarKind.ROOM
    return Calendar(UUID(int=number), kind, 1 if staff else capacity, tuple(away))


@st.composite
def days(draw: Any) -> Any:
    kinds = draw(st.lists(st.tuples(st.booleans(), st.integers(1, 3), st.lists(spans, max_size=2)), max_size=4))
    calendars = [calendar(number, *said) for number, said in enumerate(kinds)]
    taken: list[Taken] = []
    for begins, ends in draw(st.lists(spans, max_size=6)):
        mode = draw(st.sampled_from(Mode))
        if free := seats(calendars, mode, taken, begins, ends):
            seat: Seat = draw(st.sampled_from(free))
            taken.append(Taken(seat.staff, seat.room, seat.place, begins, ends))
    edges = sorted(draw(st.lists(st.integers(0, 420), min_size=2, max_size=6, unique=True)))
    open = [(NINE + a * MINUTE, NINE + b * MINUTE) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    return calendars, taken, open, draw(st.sampled_from((15, 30, 60))), draw(st.sampled_from(Mode))


@given(days())
def test_a_slot_is_free_as_far_as_every_minute_of_it_is(day: Any) -> None:
    calendars, taken, open, length, mode = day
    found = slots(open, length, calendars, mode, taken, NINE, NINE + 600 * MINUTE)
    starts = [at for begins, ends in open for at in every(begins, ends, length)]
    by_staff = any(one.kind is CalendarKind.STAFF for one in calendars)
    in_rooms = any(one.kind is CalendarKind.ROOM for one in calendars) and (mode is Mode.WINDOW or not by_staff)
    for at in starts:
        minutes = [at + number * MINUTE for number in range(length)]
        staff = sum(free(one, None, minutes, taken) for one in calendars if one.kind is CalendarKind.STAFF)
        rooms = sum(
            free(one, place, minutes, taken)
            for one in calendars
            if one.kind is CalendarKind.ROOM
            for place in range(1, one.capacity + 1)
        )
        expected = min(staff, rooms) if by_staff and in_rooms else staff if by_staff else rooms
        assert sum(slot.free for slot in found if slot.starts_at == at) == expected
    assert [slot.starts_at for slot in found] == [at for at in starts if any(slot.starts_at == at for slot in found)]
    assert all(slot.free and slot.ends_at - slot.starts_at == length * MINUTE for slot in found)


def every(begins: datetime, ends: datetime, length: int) -> list[datetime]:
    count = int((ends - begins) / MINUTE) // length
    return [begins + number * length * MINUTE for number in range(count)]


def free(one: Calendar, place: int | None, minutes: list[datetime], taken: list[Taken]) -> bool:
    for minute in minutes:
        if any(gone <= minute < back for gone, back in one.away):
            return False
        for other in taken:
            hers = other.staff == one.id if place is None else (other.room, other.place) == (one.id, place)
            if hers and other.starts_at <= minute < other.ends_at:
                return False
    return True


@given(days())
def test_whoever_takes_what_is_free_meets_nobody(day: Any) -> None:
    """However often one takes a seat of those that are free, no two at one time have the same."""
    calendars, taken, _, length, mode = day
    at, end, more = NINE + 60 * MINUTE, NINE + (60 + length) * MINUTE, list(taken)
    while left := seats(calendars, mode, more, at, end):
        more.append(Taken(left[0].staff, left[0].room, left[0].place, at, end))
    held = [Seat(one.staff, one.room, one.place) for one in more if one.starts_at < end and at < one.ends_at]
    fresh = held[len([one for one in taken if one.starts_at < end and at < one.ends_at]) :]
    assert len({seat.staff for seat in fresh if seat.staff}) == len([seat for seat in fresh if seat.staff])
    places = [(seat.room, seat.place) for seat in fresh if seat.room]
    assert len(set(places)) == len(places)


class Life(RuleBasedStateMachine):
    """Whoever tries whatever: what is over stays over, and only a slot that is live is taken."""

    appointments = Bundle("appointments")

    def __init__(self) -> None:
        super().__init__()
        self.states: dict[int, list[State]] = {}

    @initialize(target=appointments)
    def begin(self) -> int:
        self.states[0] = [State.HELD]
        return 0

    @rule(target=appointments)
    def hold(self) -> int:
        number = len(self.states)
        self.states[number] = [State.HELD]
        return number

    @rule(which=appointments, to=st.sampled_from(State), mover=st.sampled_from(Mover))
    def lead(self, which: int, to: State, mover: Mover) -> None:
        if may(self.states[which][-1], to, mover):
            self.states[which].append(to)

    @invariant()
    def goes_forward(self) -> None:
        for states in self.states.values():
            assert len(states) <= 6
            assert states[0] is State.HELD
            over = [place for place, state in enumerate(states) if state not in LIVE]
            tail = states[over[0] :] if over else []
            assert len(tail) <= 1 or tail == [State.NO_SHOW, State.DONE]
            if State.CHECKED_IN in states:
                assert State.CONFIRMED in states[: states.index(State.CHECKED_IN)]
            if State.CANCELLED_BY_STAFF in states:
                assert len(states) > 2  # of a slot that is only held the staff know nothing


TestLife = Life.TestCase


def test_every_state_is_reached_and_every_end_is_one() -> None:
    reached, ahead = {State.HELD}, [State.HELD]
    while ahead:
        for to in TABLE.get(ahead.pop(), {}):
            if to not in reached:
                reached.add(to)
                ahead.append(to)
    assert reached == set(State)
    assert all(begins in LIVE | {State.NO_SHOW} for begins in TABLE)
    assert sources(State.CHECKED_IN, Mover.STAFF) == [State.CONFIRMED]


DAY = timedelta(days=1)


@given(st.lists(st.integers(0, 400), max_size=6, unique=True), st.integers(0, 430))
def test_two_missed_in_ninety_days_leave_windows_for_thirty(missed: list[int], today: int) -> None:
    past = [NINE + day * DAY for day in missed if day <= today]
    now = NINE + today * DAY
    until = window_only_until(past, now, POLICY)
    days = sorted(day for day in missed if day <= today)
    ends = [day + 30 for day in days if any(day - 90 < other < day for other in days)]
    latest = max(ends, default=-1)
    assert until == (NINE + latest * DAY if latest > today else None)


def test_who_is_near_enough_is_there() -> None:
    there = (112.6, 35.07)
    assert on_site(Spot(112.6, 35.07), there, 300)
    assert on_site(Spot(112.6, 35.0726), there, 300)
    assert not on_site(Spot(112.6, 35.0728), there, 300)
    assert not on_site(Spot(112.6034, 35.07), there, 300)
    assert not on_site(None, there, 300)
    assert not on_site(Spot(112.6, 35.07), None, 300)
