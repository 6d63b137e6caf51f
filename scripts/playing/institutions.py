"""Institutions of the demo city: invented, marked (示例), with numbers that no exchange gives out, around each town's
reference point."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any, Final
from uuid import UUID, uuid5

from app.directory.models import Precision, RegisterKind, Service
from app.directory.rules.hours import Hours, OpenDay, Stretch, whole
from app.directory.rules.placing import Placed
from app.directory.rules.register import Office
from app.places.rules import DIVISIONS
from app.places.rules.coordinates import Spot
from app.places.rules.divisions import reference_point
from scripts.playing.people import NAMESPACE, TOWNS, FirmSketch

SOURCE: Final = "示例数据"
NEAR: Final = 0.012
"""Degrees, about a kilometre: how far from a town's point."""
_WORK: Final[list[Stretch]] = [("09:00", "12:00"), ("14:00", "17:30")]
_MORNING: Final[list[Stretch]] = [("09:00", "12:00")]
_WEEK: Final = tuple(OpenDay)[:5]
OFFICE: Final = whole(Hours(days={day: _WORK for day in _WEEK}))
WINDOW: Final = whole(
    Hours(days={day: _WORK for day in _WEEK} | {OpenDay.SATURDAY: _MORNING, OpenDay.HOLIDAY: [("10:00", "12:00")]})
)
_ID: Final = "身份证"
_DOES: Final[dict[RegisterKind, dict[Service, list[str]]]] = {
    RegisterKind.JUDICIAL_OFFICE: {
        Service.CONSULTATION: [],
        Service.MEDIATION: [_ID, "与纠纷有关的材料"],
        Service.COMMUNITY_CORRECTION: [_ID],
        Service.RESETTLEMENT: [_ID],
        Service.LEGAL_EDUCATION: [],
    },
    RegisterKind.SERVICE_WINDOW: {Service.CONSULTATION: [], Service.LEGAL_AID: [_ID, "与案件有关的材料"]},
    RegisterKind.MEDIATION_COMMITTEE: {Service.MEDIATION: [_ID]},
    RegisterKind.LEGAL_AID_CENTRE: {Service.CONSULTATION: [], Service.LEGAL_AID: [_ID, "与案件有关的材料"]},
    RegisterKind.NOTARY_OFFICE: {Service.NOTARISATION: [_ID, "户口簿", "与公证事项有关的材料"]},
    RegisterKind.ARBITRATION: {Service.ARBITRATION: [_ID, "仲裁协议", "证据材料"]},
    RegisterKind.FORENSIC: {Service.FORENSIC_EXAMINATION: ["委托书", _ID]},
    RegisterKind.LAW_FIRM: {Service.CONSULTATION: [], Service.REPRESENTATION: [_ID, "证据材料"]},
}
_OPEN_LONGER: Final = (RegisterKind.SERVICE_WINDOW, RegisterKind.LEGAL_AID_CENTRE)


@dataclass(frozen=True)
class InstitutionSketch:
    id: UUID
    office: Office
    place: Placed


def institutions(firms: Sequence[FirmSketch], verified_at: datetime) -> list[InstitutionSketch]:
    """The city's own; of the firms those that are in it. The same at every start."""
    named = [*_in_towns(), *_of_the_city(), *((RegisterKind.LAW_FIRM, one.name, one.division) for one in firms)]
    here = [one for one in named if one[2]]
    return [_sketch(number, *one, verified_at) for number, one in enumerate(here)]


def _in_towns() -> Iterator[tuple[RegisterKind, str, str]]:
    for town in TOWNS:
        name = DIVISIONS[town].name
        yield RegisterKind.JUDICIAL_OFFICE, f"示例{name}司法所", town
        yield RegisterKind.SERVICE_WINDOW, f"示例{name}公共法律服务站", town
        yield RegisterKind.MEDIATION_COMMITTEE, f"示例{name}人民调解委员会", town


def _of_the_city() -> Iterator[tuple[RegisterKind, str, str]]:
    first, second, third, fourth, fifth = (TOWNS * 5)[:5]
    yield RegisterKind.LEGAL_AID_CENTRE, "示例市法律援助中心", first
    yield RegisterKind.NOTARY_OFFICE, "示例第一公证处", second
    yield RegisterKind.NOTARY_OFFICE, "示例第二公证处", third
    yield RegisterKind.ARBITRATION, "示例仲裁委员会", fourth
    yield RegisterKind.FORENSIC, "示例司法鉴定中心", fifth


def _sketch(number: int, kind: RegisterKind, name: str, town: str, verified_at: datetime) -> InstitutionSketch:
    id = uuid5(NAMESPACE, f"{kind} {name}")
    chance = Random(id.int)
    middle = reference_point(town)
    spot = Spot(middle.longitude + chance.uniform(-NEAR, NEAR), middle.latitude + chance.uniform(-NEAR, NEAR))
    said: dict[str, Any] = {"kind": kind, "number": f"示例-{kind}-{number}".replace("_", "-"), "name": name}
    said |= {"division": town, "phones": [f"0391-0{number:06}"], "address": f"示例路{number + 1}号"}
    said |= {"source": SOURCE, "verified_at": verified_at, "example": True, "services": _DOES[kind]}
    said |= {"accessible": chance.random() < 0.7, "hours": WINDOW if kind in _OPEN_LONGER else OFFICE}
    said["languages"] = ["普通话", "河南话", *(["手语"] if kind is RegisterKind.LEGAL_AID_CENTRE else [])]
    return InstitutionSketch(id, Office(**said), Placed(spot, SOURCE, Precision.STREET))
