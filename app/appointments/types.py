"""Appointments and what they are made of, as the graph shows them."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

import strawberry

from app.accounts.rules.minors import MINOR_ACCESS_NEEDED
from app.appointments.actions.booking import opened
from app.appointments.loaders import CalendarById, CalendarsAt, MovesOf, WorksAt
from app.appointments.models import CalendarKind, Mode, Origin, Service, State
from app.appointments.rules.desk import away_of
from app.appointments.rules.ics import STATUS
from app.appointments.rules.machine import Mover
from app.appointments.rules.slots import Slot
from app.core.errors import refuse
from app.core.links import LINK, Link, Way
from app.core.sealing import unseal
from app.directory.loaders import ChangesOf, InstitutionById
from app.directory.types.history import RegisterChange
from app.directory.types.register import Institution
from app.graph import visible
from app.graph.context import Info, viewer
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.refusals import PAYLOAD, Refused
from app.graph.visible import Audience
from app.graph.weights import ListSize
from app.places.rules.workdays import CITY_TIME
from app.vault.loaders import DataKey
from app.vault.types import StaffAccess, address, staff_accesses

explain(
    Service,
    "What an institution is visited for.",
    "AppointmentPurpose",
    CONSULTATION="To be advised (法律咨询).",
    LEGAL_AID="A lawyer for nothing, for who cannot pay (法律援助).",
    MEDIATION="People's mediation (人民调解).",
    NOTARY="To have something certified (公证).",
)
explain(
    Mode,
    "How the two meet.",
    "AppointmentMode",
    WINDOW="She comes to the institution.",
    TELEPHONE="She is called.",
    VIDEO="By video.",
    HOME_VISIT="Somebody comes to her; the staff confirm it first.",
)
explain(
    CalendarKind,
    "Whose time it is.",
    "AppointmentCalendarKind",
    STAFF="Somebody's of the staff: one at a time.",
    ROOM="A room's or a window's, with so many places.",
)
explain(
    Origin, "How it came about.", "AppointmentOrigin", BOOKED="She booked it.", WALK_IN="She came and took a number."
)
explain(
    State,
    "Where an appointment stands.",
    "AppointmentState",
    HELD="The slot is kept for her until `holdUntil`, while she fills in the rest.",
    REQUESTED="Booked; the staff are to confirm it. The slot is hers meanwhile.",
    CONFIRMED="It holds.",
    CHECKED_IN="She is there, and waits.",
    DONE="It took place.",
    NO_SHOW="She did not come.",
    EXPIRED="It was not booked in time, or not confirmed.",
    RESCHEDULED="Another took its place.",
    CANCELLED_BY_RESIDENT="She cancelled it.",
    CANCELLED_BY_STAFF="The institution cancelled it, and says why.",
)
explain(
    Mover,
    "Who did it.",
    "AppointmentMover",
    RESIDENT="She whose appointment it is.",
    STAFF="Somebody of the staff.",
    HOUSE="A deadline.",
)
HISTORY = [visible.REGISTER, ListSize(assumed_size=20)]


@strawberry.type(description="A stretch of time, its end not included.", directives=[visible.WITHIN])
class Absence:
    from_: datetime = strawberry.field(name="from", description="From then on.")
    until: datetime = strawberry.field(description="Until then.")


@strawberry.type(
    description="Whose time appointments take: somebody's of the staff, or a room's.", directives=[visible.ANYONE]
)
class AppointmentCalendar(Node):
    row: strawberry.Private[Any]
    kind: CalendarKind = strawberry.field(description="Whose time it is.")
    name: str = strawberry.field(description="How it is called.")
    capacity: int = strawberry.field(description="Places of a room; 1 of a person.")
    services: list[Service] = strawberry.field(description="What it serves.")
    active: bool = strawberry.field(description="Whether it is kept still.")
    version: int = strawberry.field(description="Grows with each change; a change says which one it is about.")

    @classmethod
    def of(cls, row: Any) -> Self:
        said = {name: getattr(row, name) for name in ("name", "capacity", "active", "version")}
        services, kind = [Service(each) for each in row.services], CalendarKind(row.kind)
        return cls(id=global_id("AppointmentCalendar", row.id), row=row, kind=kind, services=services, **said)

    @strawberry.field(
        description="When nobody is there; shown to who works there.",
        directives=[visible.to(Audience.COLLEAGUE), ListSize(assumed_size=10)],
    )
    async def away(self, info: Info) -> list[Absence]:
        if await info.context.loader(WorksAt).load(()) != self.row.institution:
            return []
        return [Absence(from_=gone, until=back) for gone, back in away_of(self.row.away)]

    @strawberry.field(description="Every change, newest first; shown to who keeps the register.", directives=HISTORY)
    async def history(self, info: Info) -> list[RegisterChange]:
        return [RegisterChange.of(row) for row in await info.context.loader(ChangesOf).load(self.row.id)]


@strawberry.type(description="What an institution can be visited for.", directives=[visible.ANYONE])
class AppointmentService(Node):
    row: strawberry.Private[Any]
    service: Service = strawberry.field(description="What for.")
    minutes: int = strawberry.field(description="How long a slot is: 15, 30 or 60.")
    modes: list[Mode] = strawberry.field(description="How the two can meet.")
    confirms: bool = strawberry.field(description="Whether the staff confirm each booking first.")
    active: bool = strawberry.field(description="Whether it is offered still.")
    version: int = strawberry.field(description="Grows with each change; a change says which one it is about.")

    @classmethod
    def of(cls, row: Any) -> Self:
        said = {name: getattr(row, name) for name in ("minutes", "confirms", "active", "version")}
        modes, id = [Mode(each) for each in row.modes], global_id("AppointmentService", row.id)
        return cls(id=id, row=row, service=Service(row.service), modes=modes, **said)

    @strawberry.field(
        description="Whose calendars serve it: to choose somebody or some room by.",
        directives=[ListSize(assumed_size=10)],
    )
    async def calendars(self, info: Info) -> list[AppointmentCalendar]:
        rows = await info.context.loader(CalendarsAt).load(self.row.institution)
        return [AppointmentCalendar.of(row) for row in rows if self.service in row.services]

    @strawberry.field(description="Every change, newest first; shown to who keeps the register.", directives=HISTORY)
    async def history(self, info: Info) -> list[RegisterChange]:
        return [RegisterChange.of(row) for row in await info.context.loader(ChangesOf).load(self.row.id)]


@strawberry.type(description="A time at which one can come.", directives=[visible.ANYONE])
class AppointmentSlot:
    starts_at: datetime = strawberry.field(description="Its beginning, in China Standard Time.")
    ends_at: datetime = strawberry.field(description="Its end.")
    free: int = strawberry.field(description="How many more can come then, 1 at least.")

    @classmethod
    def of(cls, slot: Slot) -> Self:
        return cls(starts_at=slot.starts_at, ends_at=slot.ends_at, free=slot.free)


@strawberry.type(description="Who comes, and for what; as she wrote it.", directives=[visible.WITHIN])
class AppointmentContact:
    name: str = strawberry.field(description="What to call her.")
    phone: str = strawberry.field(description="As +86 and the number; may be empty.")
    topic: str = strawberry.field(description="What it is about; may be empty.")


@strawberry.type(description="A step in what became of it.", directives=[visible.WITHIN])
class AppointmentMove:
    state: State = strawberry.field(description="Where it stood from then on.")
    at: datetime = strawberry.field(description="When.")
    by: Mover = strawberry.field(description="Who did it.")


@strawberry.type(
    description="When somebody comes to an institution, or is called. Read by her, and once it is booked by who works "
    "there, until a week after its end.",
    directives=[visible.to(Audience.SELF, Audience.COLLEAGUE)],
)
class Appointment(Node):
    row: strawberry.Private[Any]
    service: Service = strawberry.field(description="What for.")
    mode: Mode = strawberry.field(description="How the two meet.")
    origin: Origin = strawberry.field(description="Booked, or by a number.")
    state: State = strawberry.field(description="Where it stands.")
    starts_at: datetime = strawberry.field(description="When it begins, in China Standard Time like all that follow.")
    ends_at: datetime = strawberry.field(description="When it ends.")
    made_at: datetime = strawberry.field(description="When the slot was taken.")
    hold_until: datetime | None = strawberry.field(
        description="While it is HELD: until when.", directives=[visible.SELF]
    )
    number: int | None = strawberry.field(description="The number of who walked in; one a day at an institution.")
    called_at: datetime | None = strawberry.field(description="When she was called to a window.")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(
            id=global_id("Appointment", row.id),
            row=row,
            service=Service(row.service),
            mode=Mode(row.mode),
            origin=Origin(row.origin),
            state=State(row.state),
            hold_until=_here(row.hold_until) if row.state == State.HELD else None,
            number=row.number,
            starts_at=_here(row.starts_at),
            ends_at=_here(row.ends_at),
            made_at=_here(row.made_at),
            called_at=_here(row.called_at) if row.called_at else None,
        )

    @strawberry.field(description="Where; null once it stands in the directory no more.")
    async def institution(self, info: Info) -> Institution | None:
        row = await info.context.loader(InstitutionById).load(self.row.institution)
        return Institution.of(row) if row else None

    @strawberry.field(description="Who receives her; null where only a room is booked.")
    async def staff(self, info: Info) -> AppointmentCalendar | None:
        return await _calendar(info, self.row.staff)

    @strawberry.field(description="In which room, or at which window; null where none is needed.")
    async def room(self, info: Info) -> AppointmentCalendar | None:
        return await _calendar(info, self.row.room)

    @strawberry.field(
        description="Who comes and for what: null until it is booked, and once it was kept for long enough. Opening it "
        "is written down. A minor's is refused to the staff (MINOR_ACCESS_NEEDED) until a colleague has approved it."
    )
    async def contact(self, info: Info) -> AppointmentContact | None:
        if not self.row.body:
            return None
        if (key := await info.context.loader(DataKey).load(self.row.id)) is None:
            # What is kept and not hers to open, though she sees that it is there.
            raise refuse(MINOR_ACCESS_NEEDED)
        return AppointmentContact(**opened(key, self.row).model_dump())

    @strawberry.field(description="Why the institution cancelled it; null where it did not.")
    async def reason(self, info: Info) -> str | None:
        if not self.row.reason or (key := await info.context.loader(DataKey).load(self.row.id)) is None:
            return None
        return unseal(key, self.row.reason, "appointment", "reason", self.row.id)

    @strawberry.field(
        description="Where the viewer fetches it for her own calendar (iCalendar, `text/calendar`), for five minutes. "
        "Null while it is only held, and of what took place or did not."
    )
    def calendar_url(self, info: Info) -> str | None:
        if self.state not in STATUS:
            return None
        me = viewer(info)
        link = Link(Way.CALENDAR, self.row.id, me.id, me.sign_in, info.context.now + LINK)
        return address(info, link, "appointments")

    @strawberry.field(description="The one whose place it took; null for a first one.")
    def moved_from_id(self) -> strawberry.ID | None:
        return global_id("Appointment", self.row.moved_from) if self.row.moved_from else None

    @strawberry.field(
        description="What became of it, step by step, oldest first.", directives=[ListSize(assumed_size=5)]
    )
    async def moves(self, info: Info) -> list[AppointmentMove]:
        rows = await info.context.loader(MovesOf).load(self.row.id)
        return [AppointmentMove(state=State(row.state), at=row.at, by=self._by(row.actor)) for row in rows]

    @strawberry.field(
        description="Who of the institution has opened who comes and for what, newest first; shown to her alone.",
        directives=[visible.SELF, ListSize(assumed_size=20)],
    )
    async def accesses(self, info: Info) -> list[StaffAccess]:
        return await staff_accesses(info, self.row.id)

    def _by(self, actor: UUID | None) -> Mover:
        if actor is None:
            return Mover.HOUSE
        return Mover.RESIDENT if actor == self.row.person else Mover.STAFF


def _here(at: datetime) -> datetime:
    """As the city's clocks show it."""
    return at.astimezone(CITY_TIME)


async def _calendar(info: Info, id: UUID | None) -> AppointmentCalendar | None:
    row = await info.context.loader(CalendarById).load(id) if id else None
    return AppointmentCalendar.of(row) if row else None


SetAppointmentServiceResult = Annotated[
    AppointmentService | Refused, strawberry.union("SetAppointmentServiceResult", description=PAYLOAD)
]
AppointmentCalendarResult = Annotated[
    AppointmentCalendar | Refused, strawberry.union("AppointmentCalendarResult", description=PAYLOAD)
]
AppointmentResult = Annotated[Appointment | Refused, strawberry.union("AppointmentResult", description=PAYLOAD)]
