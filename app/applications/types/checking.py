"""A form that is looked at before it is sent."""

from typing import Annotated

import strawberry

from app.core.errors import Language, Refused
from app.core.errors import Reason as Because
from app.graph import refusals, visible
from app.graph.refusals import PAYLOAD, Reason
from app.guidance.rules.eligibility import LAWS, EligibilityKind, Verdict
from app.guidance.types.eligibility import Eligibility


@strawberry.type(
    description="What would be said of a form if it were submitted now.",
    directives=[visible.to(visible.Audience.RESIDENT)],
)
class LegalAidFormCheck:
    reasons: list[Reason] = strawberry.field(
        description="Why it would be refused, each by its field; none where it can be submitted."
    )
    eligibility: Eligibility = strawberry.field(description="What the rules say of what it tells.")

    @classmethod
    def of(cls, faults: list[Because], verdict: Verdict, language: Language) -> "LegalAidFormCheck":
        return cls(
            reasons=refusals.Refused.of(Refused(*faults), language).reasons,
            eligibility=Eligibility.of(verdict, LAWS[EligibilityKind.LEGAL_AID], language),
        )


CheckLegalAidFormResult = Annotated[
    LegalAidFormCheck | refusals.Refused, strawberry.union("CheckLegalAidFormResult", description=PAYLOAD)
]
