"""Who works at the demo city's institutions, and what these can be visited for. Invented, and says so (示例)."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid5

from app.accounts.models import Duty
from app.accounts.rules.offices import OFFICE
from app.appointments.models import CalendarKind, Mode, Service
from app.appointments.rules.desk import Desk, Offer
from app.core.access import Role
from app.directory.models import RegisterKind
from app.places.rules import DIVISIONS
from scripts.playing.people import NAMESPACE, TOWNS

WHY: Final = "示例安排，可供预约"


@dataclass(frozen=True)
class Workplace:
    kind: RegisterKind
    name: str

    @property
    def id(self) -> UUID:
        return uuid5(NAMESPACE, f"{self.kind} {self.name}")


@dataclass(frozen=True)
class StaffSketch:
    phone: str
    duty: Duty
    called: str
    at: Workplace

    @property
    def role(self) -> Role:
        return OFFICE[self.duty]

    def __str__(self) -> str:
        return f"{self.called} {self.duty}, {self.at.name}"


AID: Final = Workplace(RegisterKind.LEGAL_AID_CENTRE, "示例市法律援助中心")
NOTARIES: Final = Workplace(RegisterKind.NOTARY_OFFICE, "示例第一公证处")
COMMITTEE: Final = Workplace(RegisterKind.MEDIATION_COMMITTEE, f"示例{DIVISIONS[TOWNS[0]].name}人民调解委员会")
STAFF: Final = (
    StaffSketch("19999999980", Duty.OFFICER, "张法援", AID),
    StaffSketch("19999999981", Duty.SUPERVISOR, "李主任", AID),
    StaffSketch("19999999982", Duty.WINDOW_STAFF, "王窗口", AID),
    StaffSketch("19999999983", Duty.SUPERVISOR, "赵主任", NOTARIES),
    StaffSketch("19999999984", Duty.NOTARY, "陈公证", NOTARIES),
    StaffSketch("19999999985", Duty.SUPERVISOR, "周主任", COMMITTEE),
    StaffSketch("19999999986", Duty.MEDIATOR, "吴调解", COMMITTEE),
)
_VISITS: Final = [Mode.WINDOW, Mode.TELEPHONE]
OFFERED: Final = {
    AID: (
        Offer(service=Service.CONSULTATION, minutes=30, modes=_VISITS),
        Offer(service=Service.LEGAL_AID, minutes=30, modes=[*_VISITS, Mode.HOME_VISIT]),
    ),
    NOTARIES: (Offer(service=Service.NOTARY, minutes=60, modes=[Mode.WINDOW]),),
    COMMITTEE: (Offer(service=Service.MEDIATION, minutes=60, modes=[Mode.WINDOW], confirms=True),),
}


def room(at: Workplace) -> Desk:
    """Where people are received."""
    served = [offer.service for offer in OFFERED[at]]
    return Desk(kind=CalendarKind.ROOM, name="接待窗口", capacity=2, services=served)


def who_opens(at: Workplace) -> StaffSketch:
    return next(one for one in STAFF if one.at == at and one.duty in (Duty.OFFICER, Duty.SUPERVISOR))


def theirs(at: Workplace, one: StaffSketch) -> Desk:
    """Somebody's own time: what needs a visit at home, or a call, is hers."""
    served = [offer.service for offer in OFFERED[at]]
    return Desk(kind=CalendarKind.STAFF, name=one.called, services=served)
