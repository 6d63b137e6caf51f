"""The form of notarisation as its readers see it."""

from datetime import date
from typing import Self

import strawberry

from app.applications.models import ApplicationKind
from app.applications.rules.forms import choices as common
from app.applications.rules.forms import notarisation as rules
from app.applications.rules.forms.notarisation import choices
from app.applications.rules.forms.people import Agent
from app.applications.types.forms.converting import ApplicationForm, Kinds, shown
from app.applications.types.forms.people import ApplicationAgent
from app.directory.models import Gender
from app.graph import visible
from app.guidance.rules import notarisation as guidance


@strawberry.type(description="Who applies for a notarisation.", directives=[visible.WITHIN])
class NotaryApplicant:
    name: str | None = strawberry.field(description="The name on the paper, 2 to 60 characters.")
    id_kind: common.IdKind | None = strawberry.field(description="Which paper the number is of.")
    id_number: str | None = strawberry.field(
        description="Its last four characters; the others are shown only to who needs them."
    )
    phone: str | None = strawberry.field(description="A mobile, or a landline with its area code.")
    gender: Gender | None = strawberry.field(description="As on the paper.")
    birth: date | None = strawberry.field(description="The birthday, as on the paper.")
    lives_at: str | None = strawberry.field(description="Where she lives, 2 to 200 characters.")


@strawberry.type(description="What is to be notarised, and what for.", directives=[visible.WITHIN])
class NotaryRequest:
    matter: guidance.NotaryMatter | None = strawberry.field(
        description="What is to be notarised (公证法第十一、十二条)."
    )
    purpose: str | None = strawberry.field(description="What it is for (用途), 2 to 200 characters.")
    country: str | None = strawberry.field(description="Where it is to be used, if not on the mainland.")
    language: str | None = strawberry.field(description="Into which language it is to be translated, if into any.")
    copies: int | None = strawberry.field(description="How many certificates, 1 to 20.")
    authentication: choices.Authentication | None = strawberry.field(description="How it is made fit for that country.")
    real_property: bool | None = strawberry.field(description="Whether real property is concerned.")
    ground: guidance.PlaceGround | None = strawberry.field(
        description="By what an office of this city has jurisdiction (公证法第二十五条)."
    )
    division_code: str | None = strawberry.field(
        description="Where that is: the code of a town or village of this city."
    )
    value: str | None = strawberry.field(description="What it is about, in yuan, such as `12000.50`.")
    facts: str | None = strawberry.field(description="What the notary should know, 2 to 3,000 characters.")
    aided: bool | None = strawberry.field(
        description="Whether she asks for the reduction of who qualifies for legal aid (公证法第三十四条)."
    )


@strawberry.type(description="A document that is to be notarised.", directives=[visible.WITHIN])
class NotaryDocument:
    title: str | None = strawberry.field(description="Its name, 2 to 100 characters.")


@strawberry.type(
    description="A piece of evidence: a copy of it, or a promise where an authority can be asked.",
    directives=[visible.WITHIN],
)
class NotaryEvidence:
    kind: choices.EvidenceKind | None = strawberry.field(description="What it is.")
    title: str | None = strawberry.field(description="Its name, 2 to 100 characters.")
    file_id: strawberry.ID | None = strawberry.field(description="The file, as `materials` has it.")
    promised: bool | None = strawberry.field(
        description="Her written promise instead of it (公证程序规则第十八条); not for who somebody is."
    )


@strawberry.type(description="Somebody who can bear witness.", directives=[visible.WITHIN])
class NotaryWitness:
    name: str | None = strawberry.field(description="The name, 2 to 60 characters.")
    address: str | None = strawberry.field(description="The address, 2 to 200 characters.")
    phone: str | None = strawberry.field(description="The telephone.")


@strawberry.type(description="An application for notarisation, as far as it is filled in.", directives=[visible.WITHIN])
class NotarisationForm(ApplicationForm):
    kind: ApplicationKind = strawberry.field(default=ApplicationKind.NOTARISATION, description="What it is for.")
    applicants: list[NotaryApplicant] = strawberry.field(
        description="Who applies, up to 10; the first is who is called."
    )
    agent: ApplicationAgent | None = strawberry.field(
        description="Who applies for her, if anybody; not where she has to come herself."
    )
    request: NotaryRequest | None = strawberry.field(description="What is to be notarised.")
    documents: list[NotaryDocument] = strawberry.field(
        description="The documents that are to be notarised, by name, up to 20."
    )
    evidence: list[NotaryEvidence] = strawberry.field(description="The evidence, up to 30, each once.")
    witnesses: list[NotaryWitness] = strawberry.field(description="Who can bear witness, up to 10.")
    note: str | None = strawberry.field(description="Anything else, up to 500 characters.")
    truthful: bool | None = strawberry.field(description="Her promise that all this is true (公证法第二十七条).")

    @classmethod
    def of(cls, form: rules.NotarisationForm, open_ids: bool) -> Self:
        """`open_ids`: whether the reader may see the numbers of papers whole."""
        seen: Self = shown(form, _KINDS, open_ids)
        return seen


_KINDS: Kinds = {
    rules.NotarisationForm: NotarisationForm,
    Agent: ApplicationAgent,
    rules.NotaryApplicant: NotaryApplicant,
    rules.NotaryRequest: NotaryRequest,
    rules.NotaryDocument: NotaryDocument,
    rules.NotaryEvidence: NotaryEvidence,
    rules.NotaryWitness: NotaryWitness,
}
