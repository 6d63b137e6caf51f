"""The form by which somebody with an interest asks for a review of a certificate: what 公证程序规则第六十一条 asks for,
and within which time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from app.applications.models import ApplicationKind
from app.applications.rules.forms.checks import Dated, Many, Text
from app.applications.rules.forms.form import Form, Party
from app.applications.rules.forms.judging import Part
from app.applications.rules.forms.notarisation import NotaryApplicant, NotaryEvidence
from app.applications.rules.forms.people import NEEDED, Agent, against_same
from app.applications.rules.standing import years_after
from app.core.errors import BAD_VALUE, Reason, because, code

YEARS = 20
"""Since it was issued, whenever she learned of it."""

LEARNED_TOO_LONG_AGO = code(
    "LEARNED_TOO_LONG_AGO",
    zh="自知道或者应当知道该项公证之日起已满一年，不能再申请复查（公证程序规则第六十一条）；对公证书内容有争议的，可以向人民法院提起民事诉讼。",
    en="A year has passed since you learned of it. Whoever contests what a certificate says may go to court.",
    remedy="Show the ways that the law gives: 公证法第四十条.",
)
ISSUED_TOO_LONG_AGO = code(
    "ISSUED_TOO_LONG_AGO",
    zh="自公证书出具之日起已满二十年，不能再申请复查（公证程序规则第六十一条）；对公证书内容有争议的，可以向人民法院提起民事诉讼。",
    en="Twenty years have passed since it was issued. Whoever contests what a certificate says may go to court.",
    remedy="Show the ways that the law gives: 公证法第四十条.",
)


class ReviewDemand(StrEnum):
    CORRECT = "CORRECT"
    REVOKE = "REVOKE"


@dataclass(frozen=True, slots=True)
class ReviewedCertificate(Part):
    number: Annotated[str | None, Text(4, 60), NEEDED] = None
    issued_on: Annotated[date | None, Dated(before=120, after=0)] = None
    learned_on: Annotated[date | None, Dated(before=120, after=0), NEEDED] = None

    def beyond(self, at: str, today: date) -> Iterator[Reason]:
        if self.issued_on is not None and self.learned_on is not None and self.learned_on < self.issued_on:
            yield because(BAD_VALUE, f"{at}.learnedOn")
        if self.issued_on is not None and _over(self.issued_on, YEARS, today):
            yield because(ISSUED_TOO_LONG_AGO, f"{at}.issuedOn")
        elif self.learned_on is not None and _over(self.learned_on, 1, today):
            yield because(LEARNED_TOO_LONG_AGO, f"{at}.learnedOn")


@dataclass(frozen=True, slots=True)
class CertificateReviewForm(Form):
    KIND: ClassVar = ApplicationKind.CERTIFICATE_REVIEW
    VERSION: ClassVar = 1
    AT: ClassVar = "certificateReview"
    FILES: ClassVar = "evidence"

    applicant: Annotated[NotaryApplicant | None, NEEDED] = None
    agent: Agent | None = None
    certificate: Annotated[ReviewedCertificate | None, NEEDED] = None
    interest: Annotated[str | None, Text(4, 1_000), NEEDED] = None
    errors: Annotated[str | None, Text(10, 3_000), NEEDED] = None
    demand: Annotated[ReviewDemand | None, NEEDED] = None
    evidence: Annotated[tuple[NotaryEvidence, ...], Many(30), NEEDED] = ()
    truthful: Annotated[bool | None, NEEDED] = None

    def beyond(self, at: str, today: date) -> Iterator[Reason]:
        yield from against_same(self.agent, self.applicant, f"{at}.agent")
        if self.truthful is False:
            yield because(BAD_VALUE, f"{at}.truthful")

    def matter(self) -> str:
        return self.demand.value if self.demand else ""

    def party(self) -> Party:
        who = self.applicant or NotaryApplicant()
        return Party(who.name, who.id_number, who.phone)


def _over(day: date, years: int, today: date) -> bool:
    """Whether so many years from then on are over; of a day that is still to come they are not, however far it is."""
    return day < today and today > years_after(day, years)
