"""The form of notarisation as it is sent. Every field may be left out while it is a draft."""

from datetime import date

import strawberry

from app.applications.rules.forms import choices as common
from app.applications.rules.forms import notarisation as rules
from app.applications.rules.forms.notarisation import choices
from app.applications.rules.forms.people import Agent
from app.applications.types.forms.converting import Kinds, plain
from app.applications.types.forms.people import ApplicationAgentInput
from app.directory.models import Gender
from app.guidance.rules import notarisation as guidance


@strawberry.input(description="Who applies for a notarisation.")
class NotaryApplicantInput:
    name: str | None = strawberry.field(default=None, description="The name on the paper, 2 to 60 characters.")
    id_kind: common.IdKind | None = strawberry.field(default=None, description="Which paper the number is of.")
    id_number: str | None = strawberry.field(default=None, description="The number as printed.")
    phone: str | None = strawberry.field(default=None, description="A mobile, or a landline with its area code.")
    gender: Gender | None = strawberry.field(default=None, description="As on the paper.")
    birth: date | None = strawberry.field(default=None, description="The birthday, as on the paper.")
    lives_at: str | None = strawberry.field(default=None, description="Where she lives, 2 to 200 characters.")


@strawberry.input(description="What is to be notarised, and what for.")
class NotaryRequestInput:
    matter: guidance.NotaryMatter | None = strawberry.field(
        default=None, description="What is to be notarised (公证法第十一、十二条)."
    )
    purpose: str | None = strawberry.field(default=None, description="What it is for (用途), 2 to 200 characters.")
    country: str | None = strawberry.field(default=None, description="Where it is to be used, if not on the mainland.")
    language: str | None = strawberry.field(
        default=None, description="Into which language it is to be translated, if into any."
    )
    copies: int | None = strawberry.field(default=None, description="How many certificates, 1 to 20.")
    authentication: choices.Authentication | None = strawberry.field(
        default=None, description="How it is made fit for that country."
    )
    real_property: bool | None = strawberry.field(default=None, description="Whether real property is concerned.")
    ground: guidance.PlaceGround | None = strawberry.field(
        default=None, description="By what an office of this city has jurisdiction (公证法第二十五条)."
    )
    division_code: str | None = strawberry.field(
        default=None, description="Where that is: the code of a town or village of this city."
    )
    value: str | None = strawberry.field(default=None, description="What it is about, in yuan, such as `12000.50`.")
    facts: str | None = strawberry.field(
        default=None, description="What the notary should know, 2 to 3,000 characters."
    )
    aided: bool | None = strawberry.field(
        default=None,
        description="Whether she asks for the reduction of who qualifies for legal aid (公证法第三十四条).",
    )


@strawberry.input(description="A document that is to be notarised.")
class NotaryDocumentInput:
    title: str | None = strawberry.field(default=None, description="Its name, 2 to 100 characters.")


@strawberry.input(description="A piece of evidence: a copy of it, or a promise where an authority can be asked.")
class NotaryEvidenceInput:
    kind: choices.EvidenceKind | None = strawberry.field(default=None, description="What it is.")
    title: str | None = strawberry.field(default=None, description="Its name, 2 to 100 characters.")
    file_id: strawberry.ID | None = strawberry.field(default=None, description="A file that you uploaded.")
    promised: bool | None = strawberry.field(
        default=None, description="Her written promise instead of it (公证程序规则第十八条); not for who somebody is."
    )


@strawberry.input(description="Somebody who can bear witness.")
class NotaryWitnessInput:
    name: str | None = strawberry.field(default=None, description="The name, 2 to 60 characters.")
    address: str | None = strawberry.field(default=None, description="The address, 2 to 200 characters.")
    phone: str | None = strawberry.field(default=None, description="The telephone.")


@strawberry.input(description="An application for notarisation, as far as it is filled in.")
class NotarisationFormInput:
    applicants: list[NotaryApplicantInput] = strawberry.field(
        default_factory=list, description="Who applies, up to 10; the first is who is called."
    )
    agent: ApplicationAgentInput | None = strawberry.field(
        default=None, description="Who applies for her, if anybody; not where she has to come herself."
    )
    request: NotaryRequestInput | None = strawberry.field(default=None, description="What is to be notarised.")
    documents: list[NotaryDocumentInput] = strawberry.field(
        default_factory=list, description="The documents that are to be notarised, by name, up to 20."
    )
    evidence: list[NotaryEvidenceInput] = strawberry.field(
        default_factory=list, description="The evidence, up to 30, each once."
    )
    witnesses: list[NotaryWitnessInput] = strawberry.field(
        default_factory=list, description="Who can bear witness, up to 10."
    )
    note: str | None = strawberry.field(default=None, description="Anything else, up to 500 characters.")
    truthful: bool | None = strawberry.field(
        default=None, description="Her promise that all this is true (公证法第二十七条)."
    )

    def to_plain(self, at: str = "notarisation") -> rules.NotarisationForm:
        """BAD_ID where a file's id is none; what else is wrong is told by `rules.forms.faults`."""
        form: rules.NotarisationForm = plain(self, at, KINDS)
        return form


KINDS: Kinds = {
    NotarisationFormInput: rules.NotarisationForm,
    ApplicationAgentInput: Agent,
    NotaryApplicantInput: rules.NotaryApplicant,
    NotaryRequestInput: rules.NotaryRequest,
    NotaryDocumentInput: rules.NotaryDocument,
    NotaryEvidenceInput: rules.NotaryEvidence,
    NotaryWitnessInput: rules.NotaryWitness,
}
