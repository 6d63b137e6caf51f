"""An appointment as calendars take it in (iCalendar, RFC 5545). Nothing of what was said with it stands there."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from app.appointments.models import State
from app.appointments.rules.exporting import MODES, SERVICES
from app.places.rules.workdays import CITY_TIME

STATUS: Final = {
    State.REQUESTED: "TENTATIVE",
    State.CONFIRMED: "CONFIRMED",
    State.CHECKED_IN: "CONFIRMED",
    State.RESCHEDULED: "CANCELLED",
    State.CANCELLED_BY_RESIDENT: "CANCELLED",
    State.CANCELLED_BY_STAFF: "CANCELLED",
}
"""Of what is written at all: a calendar that has it learns that it is cancelled."""
_BEFORE: Final = timedelta(hours=2)


def uid(id: UUID) -> str:
    """The same each time, so that a calendar changes what it has (section 3.8.4.7)."""
    return f"appointment-{id}"


def written(row: Any, name: str, address: str, spot: tuple[float, float] | None, at: datetime) -> bytes:
    """A file with one event, in China Standard Time. `name`, `address` and `spot` (longitude, latitude; WGS-84) are the
    institution's; `at` is when it is written."""
    from icalendar import Alarm, Calendar, Event  # noqa: PLC0415 (81 modules, for a file that few ask for)

    status = STATUS[State(row.state)]
    event = Event()
    event.add("uid", uid(row.id))
    event.add("dtstamp", at)
    event.add("dtstart", row.starts_at.astimezone(CITY_TIME))
    event.add("dtend", row.ends_at.astimezone(CITY_TIME))
    event.add("summary", f"{SERVICES[row.service]}预约（{MODES[row.mode]}）：{name}")
    event.add("status", status)
    event.add("sequence", 1 if status == "CANCELLED" else 0)
    if address:
        event.add("location", address)
    if spot:
        event.add("geo", (spot[1], spot[0]))
    if status != "CANCELLED":
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", "预约即将开始")
        alarm.add("trigger", -_BEFORE)
        event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", "-//Public legal service//Appointments//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if status == "CANCELLED" else "PUBLISH")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    file: bytes = calendar.to_ical()
    return file
