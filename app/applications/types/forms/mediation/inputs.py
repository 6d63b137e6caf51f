"""The form of mediation as it is sent. Every field may be left out of a draft."""

from datetime import date

import strawberry

from app.applications.rules.forms import choices as common
from app.applications.rules.forms import mediation as rules
from app.applications.rules.forms.mediation import choices
from app.applications.rules.forms.people import Agent
from app.applications.types.forms.converting import Kinds, plain
from app.applications.types.forms.people import ApplicationAgentInput
from app.directory.models import Gender


@strawberry.input(description="Who applies for mediation.")
class MediationApplicantInput:
    name: str | None = strawberry.field(default=None, description="The name on her paper, 2 to 60 characters.")
    id_kind: common.IdKind | None = strawberry.field(default=None, description="Which paper the number is of.")
    id_number: str | None = strawberry.field(default=None, description="The number on it, as printed.")
    phone: str | None = strawberry.field(default=None, description="Where she is reached.")
    gender: Gender | None = strawberry.field(default=None, description="As on the paper.")
    birth: date | None = strawberry.field(default=None, description="Her birthday, as on the paper.")
    nation: str | None = strawberry.field(default=None, description="The people she belongs to (民族), such as 汉.")
    occupation: str | None = strawberry.field(default=None, description="What she works as, up to 60 characters.")
    lives_at: str | None = strawberry.field(default=None, description="Where she lives, 2 to 200 characters.")


@strawberry.input(description="One of the other side: a person or a body.")
class MediationRespondentInput:
    name: str | None = strawberry.field(default=None, description="The name, 2 to 60 characters.")
    phone: str | None = strawberry.field(
        default=None, description="A telephone; a mobile number lets the mediator invite her by a link and a code."
    )
    gender: Gender | None = strawberry.field(default=None, description="Of a person.")
    nation: str | None = strawberry.field(default=None, description="Of a person: the people she belongs to (民族).")
    age: int | None = strawberry.field(default=None, description="Of a person: about how old, 1 to 120.")
    occupation: str | None = strawberry.field(default=None, description="Of a person, up to 60 characters.")
    address: str | None = strawberry.field(default=None, description="Where it is found, 2 to 200 characters.")


@strawberry.input(description="One thing that is wanted.")
class MediationDemandInput:
    text: str | None = strawberry.field(default=None, description="What, 2 to 500 characters.")


@strawberry.input(description="What the dispute is about.")
class MediationDisputeInput:
    type: choices.DisputeKind | None = strawberry.field(default=None, description="Which of the fifteen types it is.")
    place: str | None = strawberry.field(
        default=None, description="Where it arose: the village or street, 2 to 200 characters."
    )
    facts: str | None = strawberry.field(default=None, description="What happened, 10 to 3,000 characters.")
    demands: list[MediationDemandInput] = strawberry.field(
        default_factory=list, description="What is wanted, one thing each, up to 10."
    )
    amount: str | None = strawberry.field(default=None, description="What it is about, in yuan, such as `12000.50`.")
    people: int | None = strawberry.field(default=None, description="How many people it concerns, 2 to 10,000.")
    since: date | None = strawberry.field(default=None, description="When it began.")
    elsewhere: choices.Elsewhere | None = strawberry.field(default=None, description="Where else it already is.")
    elsewhere_note: str | None = strawberry.field(
        default=None, description="Which court, authority or number, 2 to 200 characters; needed unless NOWHERE."
    )
    may_escalate: bool | None = strawberry.field(
        default=None, description="Whether it may turn violent: the mediator then sees it at once."
    )
    public: bool | None = strawberry.field(
        default=None, description="Whether others may be present (人民调解法第二十三条)."
    )


@strawberry.input(description="A file and what it is attached for.")
class MediationMaterialInput:
    kind: choices.MediationMaterialKind | None = strawberry.field(default=None, description="What it is.")
    file_id: strawberry.ID | None = strawberry.field(default=None, description="A file that you uploaded.")


@strawberry.input(description="An application for mediation, as far as it is filled in.")
class MediationFormInput:
    source: choices.MediationSource | None = strawberry.field(
        default=None, description="How it comes to the committee; left out, by this application."
    )
    applicant: MediationApplicantInput | None = strawberry.field(default=None, description="Who applies.")
    agent: ApplicationAgentInput | None = strawberry.field(
        default=None, description="Who fills it in for her, if anybody."
    )
    respondents: list[MediationRespondentInput] = strawberry.field(
        default_factory=list, description="The other side, 1 to 10."
    )
    dispute: MediationDisputeInput | None = strawberry.field(default=None, description="What it is about.")
    mediator_wish: str | None = strawberry.field(
        default=None, description="Which mediator one would like, 2 to 200 characters (人民调解法第十九条)."
    )
    materials: list[MediationMaterialInput] = strawberry.field(
        default_factory=list, description="What is attached, up to 20, each file once."
    )

    def to_plain(self, at: str = "mediation") -> rules.MediationForm:
        """BAD_ID where a file's id is none; what else is wrong is told by `rules.forms.faults`."""
        form: rules.MediationForm = plain(self, at, KINDS)
        return form


KINDS: Kinds = {
    MediationApplicantInput: rules.MediationApplicant,
    ApplicationAgentInput: Agent,
    MediationRespondentInput: rules.Respondent,
    MediationDemandInput: rules.Demand,
    MediationDisputeInput: rules.Dispute,
    MediationMaterialInput: rules.MediationMaterial,
    MediationFormInput: rules.MediationForm,
}
