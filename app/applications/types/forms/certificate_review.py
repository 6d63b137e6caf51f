"""The form of a review of a certificate in the graph: what is sent, and what is shown."""

from datetime import date
from typing import Self

import strawberry

from app.applications.models import ApplicationKind
from app.applications.rules.forms import certificate_review as rules
from app.applications.rules.forms.certificate_review import ReviewDemand
from app.applications.rules.forms.notarisation import NotaryApplicant as Applicant
from app.applications.rules.forms.notarisation import NotaryEvidence as Evidence
from app.applications.rules.forms.people import Agent
from app.applications.types.forms.converting import ApplicationForm, Kinds, plain, shown
from app.applications.types.forms.notarisation.inputs import NotaryApplicantInput, NotaryEvidenceInput
from app.applications.types.forms.notarisation.outputs import NotaryApplicant, NotaryEvidence
from app.applications.types.forms.people import ApplicationAgent, ApplicationAgentInput
from app.graph import visible
from app.graph.enums import explain

explain(
    ReviewDemand,
    "What is asked for where a certificate is wrong (公证程序规则第六十一条).",
    "CertificateReviewDemand",
    CORRECT="That it is set right.",
    REVOKE="That it is revoked.",
)
NUMBER = "Its number as printed, 4 to 60 characters, such as `（2026）豫济证民字第12号`."
ISSUED = "The day it bears, at most twenty years ago, if she knows it."
LEARNED = "When she learned of it, at most a year ago."
INTEREST = "What her interest in the matter is, 4 to 1,000 characters."
ERRORS = "What is wrong with the certificate, and why, 10 to 3,000 characters."
TRUTHFUL = "Her promise that all this is true."


@strawberry.input(description="Which certificate.")
class ReviewedCertificateInput:
    number: str | None = strawberry.field(default=None, description=NUMBER)
    issued_on: date | None = strawberry.field(default=None, description=ISSUED)
    learned_on: date | None = strawberry.field(default=None, description=LEARNED)


@strawberry.input(
    description="What somebody asks who is no party of a notarisation but has an interest in it (公证法第三十九条), as "
    "far as it is filled in."
)
class CertificateReviewFormInput:
    applicant: NotaryApplicantInput | None = strawberry.field(default=None, description="Who asks.")
    agent: ApplicationAgentInput | None = strawberry.field(default=None, description="Who asks for her, if anybody.")
    certificate: ReviewedCertificateInput | None = strawberry.field(default=None, description="Which certificate.")
    interest: str | None = strawberry.field(default=None, description=INTEREST)
    errors: str | None = strawberry.field(default=None, description=ERRORS)
    demand: ReviewDemand | None = strawberry.field(default=None, description="What she asks for.")
    evidence: list[NotaryEvidenceInput] = strawberry.field(
        default_factory=list, description="The evidence, up to 30, each once."
    )
    truthful: bool | None = strawberry.field(default=None, description=TRUTHFUL)

    def to_plain(self, at: str = "certificateReview") -> rules.CertificateReviewForm:
        """BAD_ID where a file's id is none; what else is wrong is told by `rules.forms.faults`."""
        form: rules.CertificateReviewForm = plain(self, at, KINDS)
        return form


@strawberry.type(description="Which certificate.", directives=[visible.WITHIN])
class ReviewedCertificate:
    number: str | None = strawberry.field(description=NUMBER)
    issued_on: date | None = strawberry.field(description=ISSUED)
    learned_on: date | None = strawberry.field(description=LEARNED)


@strawberry.type(
    description="What somebody asks who is no party of a notarisation but has an interest in it.",
    directives=[visible.WITHIN],
)
class CertificateReviewForm(ApplicationForm):
    kind: ApplicationKind = strawberry.field(default=ApplicationKind.CERTIFICATE_REVIEW, description="What it is for.")
    applicant: NotaryApplicant | None = strawberry.field(description="Who asks.")
    agent: ApplicationAgent | None = strawberry.field(description="Who asks for her, if anybody.")
    certificate: ReviewedCertificate | None = strawberry.field(description="Which certificate.")
    interest: str | None = strawberry.field(description=INTEREST)
    errors: str | None = strawberry.field(description=ERRORS)
    demand: ReviewDemand | None = strawberry.field(description="What she asks for.")
    evidence: list[NotaryEvidence] = strawberry.field(description="The evidence, up to 30, each once.")
    truthful: bool | None = strawberry.field(description=TRUTHFUL)

    @classmethod
    def of(cls, form: rules.CertificateReviewForm, open_ids: bool) -> Self:
        """`open_ids`: whether the reader may see the numbers of papers whole."""
        seen: Self = shown(form, _SHOWN, open_ids)
        return seen


KINDS: Kinds = {
    CertificateReviewFormInput: rules.CertificateReviewForm,
    NotaryApplicantInput: Applicant,
    ApplicationAgentInput: Agent,
    ReviewedCertificateInput: rules.ReviewedCertificate,
    NotaryEvidenceInput: Evidence,
}
_SHOWN: Kinds = {
    rules.CertificateReviewForm: CertificateReviewForm,
    Applicant: NotaryApplicant,
    Agent: ApplicationAgent,
    rules.ReviewedCertificate: ReviewedCertificate,
    Evidence: NotaryEvidence,
}
