"""A mediator offers a mediation for which nobody applied."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

import strawberry

from app.applications.api.nodes import KEY, shown
from app.applications.rules.forms import dumped, faults
from app.applications.rules.forms import mediation as rules
from app.applications.rules.forms.mediation import MediationSource
from app.applications.types.forms.converting import plain
from app.applications.types.forms.mediation.inputs import (
    KINDS,
    MediationDisputeInput,
    MediationMaterialInput,
    MediationRespondentInput,
)
from app.applications.types.results import ApplicationResult
from app.core.db import now
from app.core.errors import BAD_VALUE, BLANK, Reason, because, refuse_if
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.permissions import Mediates
from app.mediation.actions import opening
from app.mediation.actions.opening import Offered
from app.places.rules.workdays import today


@strawberry.input(description="What a mediator knows of a dispute for which nobody applied.")
class OfferedMediationInput:
    source: MediationSource = strawberry.field(
        description="OWN_INITIATIVE, or REFERRED with its letter among the materials."
    )
    first_side: list[MediationRespondentInput] = strawberry.field(description="One of the two sides, 1 to 10.")
    respondents: list[MediationRespondentInput] = strawberry.field(description="The other side, 1 to 10.")
    dispute: MediationDisputeInput = strawberry.field(description="What it is about.")
    materials: list[MediationMaterialInput] = strawberry.field(
        default_factory=list, description="What is attached, up to 20, each file once."
    )

    def to_plain(self) -> rules.MediationForm:
        """BAD_ID where a file's id is none; what else is wrong is told by `rules.forms.faults`."""
        form: rules.MediationForm = plain(self, "case", _KINDS)
        return form


_KINDS = {**KINDS, OfferedMediationInput: rules.MediationForm}


@strawberry.input(description="What is offered.")
class OpenMediationInput:
    case: OfferedMediationInput = strawberry.field(description="Who the two are, and what it is about.")
    idempotency_key: str = strawberry.field(description=KEY)


def _against(form: rules.MediationForm, day: date) -> Iterator[Reason]:
    """What of it is nobody's application, and what is wrong with every form."""
    if form.source is MediationSource.APPLICATION:
        yield because(BAD_VALUE, "case.source")
    if not form.first_side:
        yield because(BLANK, "case.firstSide")
    for reason in faults(form, complete=True, today=day, at="case"):
        if reason.field != "case.applicant":
            yield reason


@strawberry.type
class OfferingMutation:
    @strawberry.mutation(
        permission_classes=[Mediates],
        description="Offer a mediation to two sides of whom neither applied, of your own accord or because a court or "
        "an office referred it to the committee (人民调解法第十七条): it is registered, and both are to be invited "
        "(`inviteRespondent`, with `side`). Each has to consent; one who refuses ends it.",
    )
    async def open_mediation(
        self, info: Info, input: Annotated[OpenMediationInput, strawberry.argument(description="What.")]
    ) -> ApplicationResult | None:
        form = input.case.to_plain()
        async with info.context.write() as session:
            moment = now(session)
            refuse_if(list(_against(form, today(moment))))
            said = Offered(form=dumped(form), files=form.files())
            keys, key = info.context.door(KeyProvider), input.idempotency_key
            id = await opening.offer(session, viewer(info), keys, said, key, moment)
        return await shown(info, id)
