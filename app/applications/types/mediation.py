"""An application for mediation as who applies sees it, and the committee. What both sides share is a `Mediation`."""

from typing import Any, Self

import strawberry

from app.applications.actions.moving import opened
from app.applications.loaders import BasisOf
from app.applications.rules.forms import MediationForm as Rules
from app.applications.rules.forms import loaded
from app.applications.types.application import ServiceApplication
from app.applications.types.forms import MediationForm
from app.graph import visible
from app.graph.context import Info
from app.graph.visible import Audience
from app.vault.loaders import DataKey
from app.vault.models import OWNERS, Basis, FileState
from app.vault.types import File, files_of

_WHOLE = OWNERS | {Basis.STAFF}
"""Who sees the numbers of papers whole: whose they are, and the mediator who checks them."""


@strawberry.type(
    description="An application for mediation. What it says is opened by who applies, the mediator who handles it and "
    "her supervisors, never by the other side; the committee's other mediators see that there is one.",
    directives=[visible.to(Audience.ASKER, Audience.DELEGATE, Audience.HANDLER, Audience.COLLEAGUE)],
)
class MediationApplication(ServiceApplication):
    matter: str = strawberry.field(description="What kind of dispute: a code of `DisputeKind`.")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(**cls.common(row), matter=row.matter)

    @strawberry.field(
        description="What it says; another's opening is written down for who applies to see.",
        directives=[visible.DOSSIER],
    )
    async def form(self, info: Info) -> MediationForm | None:
        key = await info.context.loader(DataKey).load(self.row.id) if self.row.body else None
        ground = await info.context.loader(BasisOf).load(self.row.id)
        return MediationForm.of(loaded(Rules, opened(key, self.row)), open_ids=ground in _WHOLE) if key else None

    @strawberry.field(description="What was sent with it at first.", directives=[visible.DOSSIER])
    async def materials(self, info: Info) -> list[File]:
        return [file for file in await files_of(info, self.row.id) if file.state != FileState.GONE]
