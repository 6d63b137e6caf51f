"""Institutions and legal workers as the register shows them."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

import strawberry

from app.core.errors import Language
from app.directory.loaders import ChangesOf, InstitutionById, LawyerById, LawyerByLicence
from app.directory.models import WORKERS, Precision, RegisterKind, Standing
from app.directory.rules.finding import Sought, spans
from app.directory.rules.kinds import TITLES
from app.directory.rules.register import awaits
from app.directory.rules.sharing import path_of
from app.directory.rules.taxonomy import CATEGORIES
from app.directory.types import Lawyer, Specialty
from app.directory.types.history import RegisterChange
from app.directory.types.opening import Opens
from app.directory.types.placing import OpenLocation, spot_of
from app.directory.types.services import OfferedService
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.pictures import QrFormat
from app.graph.refusals import PAYLOAD, Refused
from app.graph.weights import ListSize
from app.outside.storage import Address
from app.places.rules.coordinates import System
from app.places.types import Coordinates, Division

explain(
    RegisterKind,
    "What stands in the register: an institution, or somebody by her exact title.",
    LAW_FIRM="律师事务所, of lawyers in practice.",
    LEGAL_AID_CENTRE="法律援助中心: lawyers for nothing, for who cannot pay.",
    NOTARY_OFFICE="公证处: certifies acts, papers and facts.",
    MEDIATION_COMMITTEE="人民调解委员会 of a village, community, town or enterprise.",
    JUDICIAL_OFFICE="A judicial office of a town or subdistrict (司法所).",
    SERVICE_WINDOW="A window of the public legal service (公共法律服务窗口).",
    ARBITRATION="仲裁机构: decides what the parties agreed to put before it.",
    FORENSIC="A forensic institution (司法鉴定机构).",
    LAWYER="律师, with a licence to practise.",
    GRASSROOTS_LEGAL_WORKER="A grassroots legal worker (基层法律服务工作者): no lawyer.",
    NOTARY="公证员 of a notary office.",
    MEDIATOR="A people's mediator (人民调解员).",
    LEGAL_AID_OFFICER="Who works at a legal-aid centre (法律援助机构工作人员).",
    WINDOW_STAFF="Who works at a window of the public legal service (公共法律服务窗口工作人员).",
)


@strawberry.type(description="A part of a text.", directives=[visible.WITHIN])
class TextSpan:
    start: int = strawberry.field(description="How many characters (Unicode code points) come before it.")
    length: int = strawberry.field(description="How many it has.")


@strawberry.type(description="Where in a field the words of the search stand.", directives=[visible.WITHIN])
class Highlight:
    field: str = strawberry.field(description="The field of the record: name, aliases or workplace.")
    text: str = strawberry.field(description="What it says; of several aliases the one that is meant.")
    spans: list[TextSpan] = strawberry.field(description="In order and apart, at least one.")


@strawberry.interface(description="A record of the register: an institution, or somebody who works in the law.")
class RegisterRecord(Node):
    row: strawberry.Private[Any]
    kind: RegisterKind = strawberry.field(description="What it is.")
    name: str = strawberry.field(description="Its registered name; of a person hers, as in the licence.")
    number: str = strawberry.field(description="The number of its licence or registration.")
    province: str = strawberry.field(description="The province that registered it, two digits of GB/T 2260.")
    phones: list[str] = strawberry.field(description="Numbers to call; may be empty.")
    standing: Standing = strawberry.field(description="Whether it works at all.")
    source: str = strawberry.field(description="Where the record comes from.")
    verified_at: datetime | None = strawberry.field(description="When it was last found to be right; null if never.")
    example: bool = strawberry.field(description="Whether it is made up, to show how things look.")
    version: int = strawberry.field(description="Grows with each change; a change says which one it is about.")
    division: Division | None = strawberry.field(description="Where in the city it is; null outside.")

    sought: strawberry.Private[Sought | None] = None
    """What it was found by."""

    @classmethod
    def of(cls, row: Any, sought: Sought | None = None) -> Self:
        return cls(
            id=global_id(cls.__name__, row.id),
            row=row,
            sought=sought,
            kind=RegisterKind(row.kind),
            name=row.name,
            number=row.number,
            province=row.province,
            phones=list(row.phones),
            standing=Standing(row.standing),
            source=row.source,
            verified_at=row.verified_at,
            example=row.example,
            version=row.version,
            division=Division.of(row.division),
        )

    @strawberry.field(description="The exact title of its kind, in the language of Accept-Language (zh-CN or en).")
    def title(self, info: Info) -> str:
        title = TITLES[self.kind]
        return title.en if info.context.language is Language.EN else title.zh

    @strawberry.field(description="Whether nobody has looked for twelve months whether it is still right (待核验).")
    def awaiting_verification(self, info: Info) -> bool:
        return awaits(self.row.verified_at, info.context.now)

    @strawberry.field(description="Whether to send anybody there: it works, and was verified within twelve months.")
    def offered(self, info: Info) -> bool:
        return self.standing == Standing.ACTIVE and not awaits(self.row.verified_at, info.context.now)

    @strawberry.field(description="What it is good at, of the first level of `categories`; may be empty.")
    def specialties(self) -> list[Specialty]:
        return [Specialty(code=code) for code in self.row.specialties if code in CATEGORIES]

    @strawberry.field(
        description="Where the words of the search that found it stand, as written or by their sound; empty without "
        "one, and may be where it is merely like them."
    )
    def highlights(self) -> list[Highlight]:
        return _highlights(self.row, self.sought) if self.sought else []

    @strawberry.field(
        description="Every change, newest first; shown to who keeps the register.",
        directives=[visible.REGISTER, ListSize(assumed_size=20)],
    )
    async def history(self, info: Info) -> list[RegisterChange]:
        rows = await info.context.loader(ChangesOf).load(self.row.id)
        return [RegisterChange.of(row) for row in rows]


def _highlights(row: Any, sought: Sought) -> list[Highlight]:
    person = RegisterKind(row.kind) in WORKERS
    texts = [("name", row.name)]
    texts += [("workplace", row.workplace)] if person else [("aliases", alias) for alias in row.aliases]
    found = [(field, text, spans(text, sought, person=person and field == "name")) for field, text in texts]
    return [
        Highlight(field=field, text=text, spans=[TextSpan(start=at.start, length=at.length) for at in where])
        for field, text, where in found
        if where
    ]


@strawberry.type(description="An institution of the law.", directives=[visible.ANYONE])
class Institution(Opens, RegisterRecord):
    @strawberry.field(description="Other names it goes by.")
    def aliases(self) -> list[str]:
        return list(self.row.aliases)

    @strawberry.field(description="Where it is, in words; may be empty.")
    def address(self) -> str:
        return str(self.row.address)

    @strawberry.field(description="Whether one gets in without a step (无障碍出入口); null where nobody has looked.")
    def accessible(self) -> bool | None:
        return self.row.accessible  # type: ignore[no-any-return]

    @strawberry.field(description="Languages and dialects spoken there; may be empty.")
    def languages(self) -> list[str]:
        return list(self.row.languages)

    @strawberry.field(description="What it does for who comes to its door; may be empty.")
    def services(self) -> list[OfferedService]:
        return OfferedService.all(self.row.services)

    @strawberry.field(description="Where it is, in degrees; null if nobody knows.")
    def coordinates(
        self,
        system: Annotated[System, strawberry.argument(description="What to count them in.")] = System.GCJ02,
    ) -> Coordinates | None:
        spot = spot_of(self.row)
        return Coordinates.of(spot, system) if spot else None

    @strawberry.field(description="Who says that it is there; empty where there are no coordinates.")
    def place_source(self) -> str:
        return str(self.row.place_source)

    @strawberry.field(description="How exactly its coordinates are known; null where there are none.")
    def place_precision(self) -> Precision | None:
        return Precision(self.row.place_precision) if self.row.place_precision else None

    @strawberry.field(description="What to call `wx.openLocation` with; null where there are no coordinates.")
    def open_location(self, info: Info) -> OpenLocation | None:
        return OpenLocation.of(self.row, self.share_url(info))

    @strawberry.field(
        description="A page about it that anybody may open and hand on; null where nobody is to be sent there "
        "(`offered`)."
    )
    def share_url(self, info: Info) -> str | None:
        return f"{info.context.door(Address).url}{path_of(self.row.id)}" if self.offered(info) else None

    @strawberry.field(description="A picture of the QR code of `shareUrl`, of the same lifetime.")
    def qr_url(
        self,
        info: Info,
        format: Annotated[QrFormat, strawberry.argument(description="SVG for print, PNG for all else.")] = QrFormat.PNG,
    ) -> str | None:
        return f"{page}/qr.{format.value}" if (page := self.share_url(info)) else None


@strawberry.type(description="Who works in the law, whether or not she answers here.", directives=[visible.ANYONE])
class LegalWorker(RegisterRecord):
    @strawberry.field(description="The name of where she works; may be empty.")
    def workplace(self) -> str:
        return str(self.row.workplace)

    @strawberry.field(description="Languages and dialects she speaks.")
    def languages(self) -> list[str]:
        return list(self.row.languages)

    @strawberry.field(description="Where she works, if that stands in the register.")
    async def institution(self, info: Info) -> Institution | None:
        at: UUID | None = self.row.institution
        row = await info.context.loader(InstitutionById).load(at) if at else None
        return Institution.of(row) if row else None

    @strawberry.field(description="The lawyer who answers questions here under the same licence; null if none does.")
    async def lawyer(self, info: Info) -> Lawyer | None:
        if self.kind is not RegisterKind.LAWYER:
            return None
        id = await info.context.loader(LawyerByLicence).load(self.number)
        row = await info.context.loader(LawyerById).load(id) if id else None
        return Lawyer.of(row) if row else None


InstitutionResult = Annotated[Institution | Refused, strawberry.union("InstitutionResult", description=PAYLOAD)]
LegalWorkerResult = Annotated[LegalWorker | Refused, strawberry.union("LegalWorkerResult", description=PAYLOAD)]
