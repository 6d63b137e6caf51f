"""The form of legal aid as its readers see it."""

from datetime import date
from typing import Self

import strawberry

from app.applications.models import ApplicationKind
from app.applications.rules.forms import choices as common
from app.applications.rules.forms import legal_aid as rules
from app.applications.rules.forms.legal_aid import choices
from app.applications.types.forms.converting import ApplicationForm, Kinds, shown
from app.applications.types.forms.people import ApplicationAgent
from app.directory.models import Gender
from app.graph import visible
from app.guidance.rules import eligibility


@strawberry.type(description="Who applies for legal aid.", directives=[visible.WITHIN])
class LegalAidApplicant:
    name: str | None = strawberry.field(description="The name on her paper.")
    id_kind: common.IdKind | None = strawberry.field(description="Which paper the number is of.")
    id_number: str | None = strawberry.field(
        description="Its last four characters; the others are shown only to who needs them."
    )
    phone: str | None = strawberry.field(description="Where she is reached.")
    gender: Gender | None = strawberry.field(description="As on the paper.")
    birth: date | None = strawberry.field(description="Her birthday, as on the paper.")
    nation: str | None = strawberry.field(description="The people she belongs to (民族).")
    registered_at: str | None = strawberry.field(description="Where her household is registered.")
    lives_at: str | None = strawberry.field(description="Her usual home.")
    education: choices.EducationLevel | None = strawberry.field(description="Her schooling.")
    occupation: str | None = strawberry.field(description="What she works as.")
    employer: str | None = strawberry.field(description="For whom she works.")
    health: choices.Health | None = strawberry.field(description="How she is.")
    tags: list[choices.PersonTag] = strawberry.field(description="Groups that she belongs to.")


@strawberry.type(description="What legal aid is applied for.", directives=[visible.WITHIN])
class LegalAidCase:
    matter: eligibility.AidMatter | None = strawberry.field(description="Which matter of the law it is.")
    form: eligibility.FormOfAid | None = strawberry.field(description="Which form of aid is wanted.")
    cause: str | None = strawberry.field(description="The cause of action (案由).")
    position: choices.CasePosition | None = strawberry.field(description="What the applicant is in the procedure.")
    stage: choices.CaseStage | None = strawberry.field(description="How far it is.")
    organ: str | None = strawberry.field(description="The organ that handles it.")
    number: str | None = strawberry.field(description="Its number there.")
    facts: str | None = strawberry.field(description="What happened, and why aid is asked for.")
    claim: str | None = strawberry.field(description="What she wants.")
    amount: str | None = strawberry.field(description="What it is about, in yuan, such as `12000.50`.")
    deadline: date | None = strawberry.field(
        description="When the limitation, or another period of the law, ends next."
    )
    preservation: bool | None = strawberry.field(
        description="Whether property or evidence has to be preserved, or something paid, at once."
    )
    defence: list[eligibility.DefenceGround] | None = strawberry.field(
        description="Of a suspect or defendant: grounds of a defence on notification."
    )
    represented: bool | None = strawberry.field(description="Whether she has a lawyer already.")


@strawberry.type(description="One of the other side.", directives=[visible.WITHIN])
class LegalAidOpponent:
    name: str | None = strawberry.field(description="A person's or a body's name.")
    phone: str | None = strawberry.field(description="A telephone, if known.")
    address: str | None = strawberry.field(description="An address, if known.")


@strawberry.type(
    description="What the applicant lives on, and on what ground she need not pay a lawyer.",
    directives=[visible.WITHIN],
)
class LegalAidMeans:
    basis: eligibility.EconomicBasis | None = strawberry.field(description="On what ground.")
    circumstances: list[eligibility.AidCircumstance] | None = strawberry.field(
        description="Circumstances in which no economic condition applies."
    )
    groups: list[eligibility.AidGroup] | None = strawberry.field(description="Groups that are not checked.")
    hardship: bool | None = strawberry.field(description="Whether she cannot afford a lawyer.")
    promised: bool | None = strawberry.field(description="Her promise that this is true (个人诚信承诺).")
    household_members: int | None = strawberry.field(description="How many live together.")
    monthly_income: str | None = strawberry.field(description="What they have a month, in yuan.")
    property: str | None = strawberry.field(description="What they own, in yuan.")
    debts: str | None = strawberry.field(description="What they owe, in yuan.")
    note: str | None = strawberry.field(description="Anything else about it.")


@strawberry.type(description="A file and what it is attached for.", directives=[visible.WITHIN])
class LegalAidMaterial:
    kind: choices.MaterialKind | None = strawberry.field(description="What it is.")
    file_id: strawberry.ID | None = strawberry.field(description="The file, as `attachments` has it.")


@strawberry.type(description="An application for legal aid, as far as it is filled in.", directives=[visible.WITHIN])
class LegalAidForm(ApplicationForm):
    kind: ApplicationKind = strawberry.field(default=ApplicationKind.LEGAL_AID, description="What it is for.")
    applicant: LegalAidApplicant | None = strawberry.field(description="For whom it is.")
    agent: ApplicationAgent | None = strawberry.field(description="Who fills it in for her, if anybody.")
    case: LegalAidCase | None = strawberry.field(description="What it is about.")
    opponents: list[LegalAidOpponent] = strawberry.field(description="The other side.")
    means: LegalAidMeans | None = strawberry.field(description="Her economic status.")
    materials: list[LegalAidMaterial] = strawberry.field(description="What is attached.")
    sharing_agreed: bool | None = strawberry.field(
        description="Whether the centre may ask other authorities instead of her (信息共享查询).",
    )

    @classmethod
    def of(cls, form: rules.LegalAidForm, open_ids: bool) -> Self:
        """`open_ids`: whether the reader may see the numbers of papers whole."""
        seen: Self = shown(form, _KINDS, open_ids)
        return seen


_KINDS: Kinds = {
    rules.Applicant: LegalAidApplicant,
    rules.Agent: ApplicationAgent,
    rules.Case: LegalAidCase,
    rules.Opponent: LegalAidOpponent,
    rules.Means: LegalAidMeans,
    rules.Material: LegalAidMaterial,
    rules.LegalAidForm: LegalAidForm,
}
