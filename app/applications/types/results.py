"""Applications of every kind together: which type each is, what a step of any of them gives, and their news."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import strawberry

from app.applications import models
from app.applications.models import ApplicationKind
from app.applications.types.application import ServiceApplication
from app.applications.types.certificate_review import CertificateReviewApplication
from app.applications.types.legal_aid import LegalAidApplication
from app.applications.types.mediation import MediationApplication
from app.applications.types.notarisation import NotarisationApplication
from app.graph import visible
from app.graph.context import Info
from app.graph.live import RESYNC
from app.graph.refusals import PAYLOAD, Refused
from app.papers.loaders import PaperById
from app.papers.types import Paper

Shown = LegalAidApplication | MediationApplication | NotarisationApplication | CertificateReviewApplication
"""Of whichever kind."""
TYPES: Final[Mapping[ApplicationKind, type[Shown]]] = {
    ApplicationKind.LEGAL_AID: LegalAidApplication,
    ApplicationKind.MEDIATION: MediationApplication,
    ApplicationKind.NOTARISATION: NotarisationApplication,
    ApplicationKind.CERTIFICATE_REVIEW: CertificateReviewApplication,
}
NAMES: Final = {kind.__name__ for kind in TYPES.values()}
"""What an application's id stands for."""


def shown_as(row: Any) -> Shown:
    return TYPES[ApplicationKind(row.kind)].of(row)


@strawberry.type(description="Something that happened to an application.", directives=[visible.WITHIN])
class ApplicationEvent:
    move: models.Move = strawberry.field(description="The step that was made.")
    at: datetime = strawberry.field(description="When.")
    cursor: str = strawberry.field(description="Hand it to `after` to go on from here.")


@strawberry.type(description="An application as it stands, and its news.", directives=[visible.WITHIN])
class ApplicationUpdates:
    made: strawberry.Private[list[UUID]]
    events: list[ApplicationEvent] = strawberry.field(description="What happened since the cursor, oldest first.")
    application: ServiceApplication = strawberry.field(description="How it stands now.")
    resync: bool = strawberry.field(description=RESYNC)
    cursor: str = strawberry.field(description="Hand it to `after` to go on from here.")
    server_time: datetime = strawberry.field(description="The server's clock when this was read.")

    @strawberry.field(description="Papers that came to be since the cursor, oldest first.")
    async def papers(self, info: Info) -> list[Paper]:
        found = await info.context.loader(PaperById).load_many(self.made)
        return [Paper.of(row) for row in found if row]


@strawberry.type(
    description="An application that went to another institution: nobody of this one sees it any more.",
    directives=[visible.WITHIN],
)
class ApplicationTransferred:
    receipt: str = strawberry.field(description="Its number, which stays.")


@strawberry.type(
    description="An application that you stepped back from: you see it no more.", directives=[visible.WITHIN]
)
class ApplicationLeft:
    receipt: str = strawberry.field(description="Its number.")


RecuseOfficerResult = Annotated[ApplicationLeft | Refused, strawberry.union("RecuseOfficerResult", description=PAYLOAD)]
ApplicationResult = Annotated[
    LegalAidApplication | MediationApplication | NotarisationApplication | CertificateReviewApplication | Refused,
    strawberry.union("ServiceApplicationResult", description=PAYLOAD),
]
TransferResult = Annotated[
    ApplicationTransferred | Refused, strawberry.union("TransferApplicationResult", description=PAYLOAD)
]
ApplicationUpdatesResult = Annotated[
    ApplicationUpdates | Refused, strawberry.union("ApplicationUpdatesResult", description="News, or why not.")
]
