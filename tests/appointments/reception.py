"""An institution that receives people: its officer, its window staff, a window, and how residents speak to it."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from app.core.access import Role, Viewer
from app.core.ids import new_id
from app.graph.ids import global_id
from app.places.rules.workdays import CITY_TIME, is_workday, today
from tests.city import REFUSED, City
from tests.directory.desk import SPOT, enter_institution, open_institution, place_institution, set_post

WHY = "按窗口排班调整"
APPOINTMENT = f"""{{ __typename {REFUSED} ... on Appointment {{ id service mode origin state startsAt endsAt holdUntil
  number calledAt reason movedFromId institution {{ id }} staff {{ id name }} room {{ id name }}
  contact {{ name phone topic }} moves {{ state by }} }} }}"""
BRIEFLY = f"{{ __typename {REFUSED} ... on Appointment {{ id number }} }}"
CALENDAR = f"""{{ __typename {REFUSED} ... on AppointmentCalendar {{ id kind name capacity services active version
  away {{ from until }} history {{ version fields {{ field }} }} }} }}"""
SERVICE = f"""{{ __typename {REFUSED} ... on AppointmentService {{ id service minutes modes confirms active version
  calendars {{ id name }} history {{ version reason }} }} }}"""
SLOTS = """query Slots($at: ID!, $service: AppointmentPurpose!, $from: DateTime!, $to: DateTime!,
    $mode: AppointmentMode) {
  appointmentSlots(institutionId: $at, service: $service, from: $from, to: $to, mode: $mode) {
    startsAt endsAt free } }"""


def mutation(field: str, selection: str = APPOINTMENT) -> str:
    kind = field[0].upper() + field[1:]
    return f"mutation ($input: {kind}Input!) {{ {field}(input: $input) {selection} }}"


@dataclass
class Reception:
    """`window`: the calendar of a room with one place, half hours of legal aid."""

    city: City
    institution: str
    officer: Viewer
    clerk: Viewer
    window: str
    shown: str = APPOINTMENT
    """What is asked back of each appointment."""

    async def do(self, who: Viewer | None, field: str, selection: str = "", /, **said: Any) -> Any:
        return await self.city.one(who, mutation(field, selection or self.shown), input=said)

    async def slots(self, who: Viewer | None = None, days: float = 14, after: float = 0, **other: Any) -> list[Any]:
        """Of so many days, from so many days from now on."""
        now = await self.city.now() + timedelta(days=after)
        said: dict[str, Any] = {"at": self.institution, "service": "LEGAL_AID", "from": now.isoformat()}
        said |= {"to": (now + timedelta(days=days)).isoformat()} | other
        found: list[Any] = await self.city.one(who, SLOTS, **said)
        return found

    async def hold(self, who: Viewer, starts_at: str, **other: Any) -> Any:
        said: dict[str, Any] = {"institutionId": self.institution, "service": "LEGAL_AID", "mode": "WINDOW"}
        said |= {"startsAt": starts_at, "idempotencyKey": str(new_id())}
        return await self.do(who, "holdSlot", **said | other)

    async def book(self, who: Viewer, held: str, **other: Any) -> Any:
        said = {"appointmentId": held, "name": "王小姐", "topic": "想问工资的事", "idempotencyKey": str(new_id())}
        return await self.do(who, "bookAppointment", **said | other)

    async def booked(self, who: Viewer, starts_at: str, **other: Any) -> Any:
        held = await self.hold(who, starts_at, **other)
        assert held["__typename"] == "Appointment", held
        made = await self.book(who, held["id"], phone="13800000011")
        assert made["__typename"] == "Appointment", made
        return made

    async def seen(self, who: Viewer | None, id: str) -> Any:
        """The appointment as this one sees it; None where she does not."""
        return await self.city.one(
            who, f"query ($id: ID!) {{ node(id: $id) {APPOINTMENT.replace(REFUSED, '')} }}", id=id
        )

    async def until(self, moment: str, before: timedelta = timedelta()) -> None:
        """Let time pass until then, and what is due happen."""
        await self.city.pass_time(datetime.fromisoformat(moment) - before - await self.city.now())

    async def serve(self, **other: Any) -> Any:
        said: dict[str, Any] = {"service": "LEGAL_AID", "minutes": 30, "modes": ["WINDOW", "TELEPHONE"], "version": 0}
        return await self.do(self.officer, "setAppointmentService", SERVICE, **said | {"reason": WHY} | other)

    async def open(self, **other: Any) -> Any:
        said: dict[str, Any] = {"kind": "ROOM", "name": "1号窗口", "services": ["LEGAL_AID"], "reason": WHY}
        said |= {"idempotencyKey": str(new_id())} | other
        return await self.do(self.officer, "openAppointmentCalendar", CALENDAR, **said)


async def rest(city: City) -> None:
    """Let time pass until an evening before a free day: the first slot is more than a day away whenever tests run."""
    now = await city.now()
    day = today(now)
    while is_workday(day + timedelta(days=1)):
        day += timedelta(days=1)
    await city.pass_time(max(timedelta(), datetime.combine(day, time(18), CITY_TIME) - now))


async def reception(city: City, number: str = "示例-G-0001", **window: Any) -> Reception:
    """Open on workdays from nine to twelve and from two to half past five, and closed for more than a day now."""
    await rest(city)
    admin = await city.person(Role.ADMIN)
    entered = await enter_institution(city, admin, number=number)
    id: str = entered["id"]
    placed = await place_institution(city, admin, id, entered["version"])
    assert (await open_institution(city, admin, id, placed["version"]))["__typename"] == "Institution"
    officer, clerk = await city.person(Role.OFFICER), await city.person(Role.WINDOW_STAFF)
    await set_post(city, admin, officer, id)
    await set_post(city, admin, clerk, id, duty="WINDOW_STAFF", called="李窗口")
    made = Reception(city, id, officer, clerk, "")
    assert (await made.serve())["__typename"] == "AppointmentService"
    opened = await made.open(**window)
    assert opened["__typename"] == "AppointmentCalendar", opened
    made.window = opened["id"]
    return made


def post(person: Viewer) -> str:
    return global_id("Post", person.id)


HERE: dict[str, Any] = {**SPOT}
"""Where the institution is."""
AWAY = HERE | {"latitude": HERE["latitude"] + 0.01}
"""A kilometre from there."""
