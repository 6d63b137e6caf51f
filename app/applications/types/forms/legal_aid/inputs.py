"""The form of legal aid as it is sent. Every field may be left out while it is a draft."""

from datetime import date

import strawberry

from app.applications.rules.forms import choices as common
from app.applications.rules.forms import legal_aid as rules
from app.applications.rules.forms.legal_aid import choices
from app.applications.types.forms.converting import Kinds, plain
from app.applications.types.forms.people import ApplicationAgentInput
from app.directory.models import Gender
from app.guidance.rules import eligibility


@strawberry.input(description="Who applies for legal aid.")
class LegalAidApplicantInput:
    name: str | None = strawberry.field(default=None, description="The name on the paper, 2 to 60 characters.")
    id_kind: common.IdKind | None = strawberry.field(default=None, description="Which paper the number is of.")
    id_number: str | None = strawberry.field(
        default=None, description="The number as printed. Fifteen digits of old cards are not taken."
    )
    phone: str | None = strawberry.field(
        default=None, description="A mobile, or a landline with its area code, on which she is reached."
    )
    gender: Gender | None = strawberry.field(default=None, description="As on the paper.")
    birth: date | None = strawberry.field(default=None, description="Her birthday, as on the paper.")
    nation: str | None = strawberry.field(
        default=None, description="One of the 56 peoples (GB/T 3304), as 汉 or 汉族; otherwise 其他."
    )
    registered_at: str | None = strawberry.field(
        default=None, description="Where her household is registered, 2 to 200 characters."
    )
    lives_at: str | None = strawberry.field(default=None, description="Where she lives, 2 to 200 characters.")
    education: choices.EducationLevel | None = strawberry.field(default=None, description="Her schooling.")
    occupation: str | None = strawberry.field(default=None, description="What she works as, up to 60 characters.")
    employer: str | None = strawberry.field(default=None, description="For whom she works, up to 100 characters.")
    health: choices.Health | None = strawberry.field(default=None, description="How she is.")
    tags: list[choices.PersonTag] = strawberry.field(default_factory=list, description="What she is, each once.")


@strawberry.input(description="What legal aid is applied for.")
class LegalAidCaseInput:
    matter: eligibility.AidMatter | None = strawberry.field(default=None, description="Which matter of the law it is.")
    form: eligibility.FormOfAid | None = strawberry.field(default=None, description="Which form of aid is wanted.")
    cause: str | None = strawberry.field(default=None, description="The cause of action (案由), 2 to 100 characters.")
    position: choices.CasePosition | None = strawberry.field(
        default=None, description="What the applicant is in the procedure."
    )
    stage: choices.CaseStage | None = strawberry.field(default=None, description="How far it is.")
    organ: str | None = strawberry.field(
        default=None, description="The organ that handles the case, 2 to 100 characters."
    )
    number: str | None = strawberry.field(default=None, description="Its number there, up to 60 characters.")
    facts: str | None = strawberry.field(default=None, description="Facts and reasons, 10 to 3,000 characters.")
    claim: str | None = strawberry.field(default=None, description="What she wants, 2 to 1,000 characters.")
    amount: str | None = strawberry.field(default=None, description="What it is about, in yuan, such as `12000.50`.")
    deadline: date | None = strawberry.field(
        default=None, description="When the limitation, or another period of the law, ends next."
    )
    preservation: bool | None = strawberry.field(
        default=None, description="Whether property or evidence has to be preserved, or something paid, at once."
    )
    defence: list[eligibility.DefenceGround] | None = strawberry.field(
        default=None, description="Of a suspect or defendant: grounds of a defence on notification, each once."
    )
    represented: bool | None = strawberry.field(default=None, description="Whether she has a lawyer already.")


@strawberry.input(description="One of the other side.")
class LegalAidOpponentInput:
    name: str | None = strawberry.field(default=None, description="A person's or a body's name, 2 to 60 characters.")
    phone: str | None = strawberry.field(default=None, description="A telephone, if known.")
    address: str | None = strawberry.field(default=None, description="An address, if known, 2 to 200 characters.")


@strawberry.input(description="What the applicant lives on, and on what ground she need not pay a lawyer.")
class LegalAidMeansInput:
    basis: eligibility.EconomicBasis | None = strawberry.field(
        default=None, description="On what ground; it decides what else is needed here."
    )
    circumstances: list[eligibility.AidCircumstance] | None = strawberry.field(
        default=None, description="Circumstances in which no economic condition applies, each once."
    )
    groups: list[eligibility.AidGroup] | None = strawberry.field(
        default=None, description="Groups that are not checked, each once; needed for EXEMPT."
    )
    hardship: bool | None = strawberry.field(default=None, description="Whether she cannot afford a lawyer.")
    promised: bool | None = strawberry.field(
        default=None, description="Her promise that this is true (个人诚信承诺); needed for PROMISE."
    )
    household_members: int | None = strawberry.field(
        default=None, description="How many live together, 1 to 50; needed for PROMISE and CHECK."
    )
    monthly_income: str | None = strawberry.field(
        default=None, description="What they have a month, in yuan; needed for PROMISE and CHECK."
    )
    property: str | None = strawberry.field(default=None, description="What they own, in yuan.")
    debts: str | None = strawberry.field(default=None, description="What they owe, in yuan.")
    note: str | None = strawberry.field(default=None, description="Anything else about it, up to 500 characters.")


@strawberry.input(description="A file and what it is attached for.")
class LegalAidMaterialInput:
    kind: choices.MaterialKind | None = strawberry.field(default=None, description="What it is.")
    file_id: strawberry.ID | None = strawberry.field(default=None, description="A file that you uploaded.")


@strawberry.input(description="An application for legal aid, as far as it is filled in.")
class LegalAidFormInput:
    applicant: LegalAidApplicantInput | None = strawberry.field(default=None, description="For whom it is.")
    agent: ApplicationAgentInput | None = strawberry.field(
        default=None, description="Who fills it in for her, if anybody."
    )
    case: LegalAidCaseInput | None = strawberry.field(default=None, description="What it is about.")
    opponents: list[LegalAidOpponentInput] = strawberry.field(
        default_factory=list, description="The other side, up to 10."
    )
    means: LegalAidMeansInput | None = strawberry.field(default=None, description="Her economic status.")
    materials: list[LegalAidMaterialInput] = strawberry.field(
        default_factory=list, description="What is attached, up to 20, each file once."
    )
    sharing_agreed: bool | None = strawberry.field(
        default=None,
        description="Whether the centre may ask other authorities instead of her (信息共享查询); a no costs nothing.",
    )

    def to_plain(self, at: str = "legalAid") -> rules.LegalAidForm:
        """BAD_ID where a file's id is none; what else is wrong is told by `rules.forms.faults`."""
        form: rules.LegalAidForm = plain(self, at, KINDS)
        return form


KINDS: Kinds = {
    LegalAidApplicantInput: rules.Applicant,
    ApplicationAgentInput: rules.Agent,
    LegalAidCaseInput: rules.Case,
    LegalAidOpponentInput: rules.Opponent,
    LegalAidMeansInput: rules.Means,
    LegalAidMaterialInput: rules.Material,
    LegalAidFormInput: rules.LegalAidForm,
}
