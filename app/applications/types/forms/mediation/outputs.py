"""The form of mediation as its readers see it: who applies and the mediator; never the other side."""

from datetime import date
from typing import Self

import strawberry

from app.applications.models import ApplicationKind
from app.applications.rules.forms import choices as common
from app.applications.rules.forms import mediation as rules
from app.applications.rules.forms.mediation import choices
from app.applications.rules.forms.people import Agent
from app.applications.types.forms.converting import ApplicationForm, Kinds, shown
from app.applications.types.forms.people import ApplicationAgent
from app.directory.models import Gender
from app.graph import visible
from app.graph.visible import Audience


@strawberry.type(description="Who applies for mediation.", directives=[visible.WITHIN])
class MediationApplicant:
    name: str | None = strawberry.field(description="The name on her paper.")
    id_kind: common.IdKind | None = strawberry.field(description="Which paper the number is of.")
    id_number: str | None = strawberry.field(
        description="Its last four characters; the others are shown only to who needs them."
    )
    phone: str | None = strawberry.field(description="Where she is reached.")
    gender: Gender | None = strawberry.field(description="As on the paper.")
    birth: date | None = strawberry.field(description="Her birthday, as on the paper.")
    nation: str | None = strawberry.field(description="The people she belongs to (民族).")
    occupation: str | None = strawberry.field(description="What she works as.")
    lives_at: str | None = strawberry.field(description="Where she lives.")


@strawberry.type(description="One of the other side, as who applies has named her.", directives=[visible.WITHIN])
class MediationRespondent:
    name: str | None = strawberry.field(description="How she, or the body, is called.")
    phone: str | None = strawberry.field(description="A telephone.")
    gender: Gender | None = strawberry.field(description="Of a person.")
    nation: str | None = strawberry.field(description="Of a person: the people she belongs to (民族).")
    age: int | None = strawberry.field(description="Of a person: about how old.")
    occupation: str | None = strawberry.field(description="Of a person: what she works as.")
    address: str | None = strawberry.field(description="Where it is found.")


@strawberry.type(description="One thing that is wanted.", directives=[visible.WITHIN])
class MediationDemand:
    text: str | None = strawberry.field(description="What.")


@strawberry.type(description="What the dispute is about.", directives=[visible.WITHIN])
class MediationDispute:
    type: choices.DisputeKind | None = strawberry.field(description="Which of the fifteen types it is.")
    place: str | None = strawberry.field(description="Where it arose.")
    facts: str | None = strawberry.field(description="What happened.")
    demands: list[MediationDemand] = strawberry.field(description="What is wanted.")
    amount: str | None = strawberry.field(description="What it is about, in yuan, such as `12000.50`.")
    people: int | None = strawberry.field(description="How many people it concerns.")
    since: date | None = strawberry.field(description="When it began.")
    elsewhere: choices.Elsewhere | None = strawberry.field(description="Where else it already is.")
    elsewhere_note: str | None = strawberry.field(description="Which court, authority or number.")
    may_escalate: bool | None = strawberry.field(description="Whether it may turn violent.")
    public: bool | None = strawberry.field(description="Whether others may be present (人民调解法第二十三条).")


@strawberry.type(description="A file and what it is attached for.", directives=[visible.WITHIN])
class MediationMaterial:
    kind: choices.MediationMaterialKind | None = strawberry.field(description="What it is.")
    file_id: strawberry.ID | None = strawberry.field(description="Which file.")


@strawberry.type(description="An application for mediation, as far as it is filled in.", directives=[visible.WITHIN])
class MediationForm(ApplicationForm):
    kind: ApplicationKind = strawberry.field(default=ApplicationKind.MEDIATION, description="What it is for.")
    source: choices.MediationSource | None = strawberry.field(description="How it comes to the committee.")
    applicant: MediationApplicant | None = strawberry.field(description="Who applies.")
    agent: ApplicationAgent | None = strawberry.field(description="Who fills it in for her, if anybody.")
    respondents: list[MediationRespondent] = strawberry.field(description="The other side.")
    dispute: MediationDispute | None = strawberry.field(description="What it is about.")
    mediator_wish: str | None = strawberry.field(description="Which mediator one would like.")
    materials: list[MediationMaterial] = strawberry.field(description="What is attached.")
    first_side: list[MediationRespondent] = strawberry.field(
        description="Where nobody applied, and the committee offers it: who stands against the respondents.",
        directives=[visible.to(Audience.HANDLER)],
    )

    @classmethod
    def of(cls, form: rules.MediationForm, open_ids: bool) -> Self:
        """`open_ids`: whether the reader may see the numbers of papers whole."""
        seen: Self = shown(form, _KINDS, open_ids)
        return seen


_KINDS: Kinds = {
    rules.MediationApplicant: MediationApplicant,
    Agent: ApplicationAgent,
    rules.Respondent: MediationRespondent,
    rules.Demand: MediationDemand,
    rules.Dispute: MediationDispute,
    rules.MediationMaterial: MediationMaterial,
    rules.MediationForm: MediationForm,
}
