"""A form that is looked at before it is sent."""

from typing import Annotated

import strawberry

from app.applications.rules.forms.legal_aid import Urgency
from app.core.errors import Language, Refused
from app.core.errors import Reason as Because
from app.graph import refusals, visible
from app.graph.enums import explain
from app.graph.refusals import PAYLOAD, Reason
from app.guidance.rules.eligibility import LAWS, EligibilityKind, Verdict
from app.guidance.types.eligibility import Eligibility

explain(
    Urgency,
    "Why aid may be given before it is decided on (法律援助法第四十四条).",
    LIMITATION="Less than seven days are left of a period of the law.",
    PRESERVATION="Property or evidence has to be preserved, or something paid, at once.",
)


@strawberry.type(
    description="What would be said of a form if it were submitted now.",
    directives=[visible.to(visible.Audience.RESIDENT)],
)
class LegalAidFormCheck:
    reasons: list[Reason] = strawberry.field(
        description="Why it would be refused, each by its field; none where it can be submitted."
    )
    eligibility: Eligibility = strawberry.field(description="What the rules say of what it tells.")

    urgent: list[Urgency] = strawberry.field(
        description="Why aid may be given in advance (先行提供); none where nothing hastens."
    )

    @classmethod
    def of(
        cls, faults: list[Because], verdict: Verdict, urgent: list[Urgency], language: Language
    ) -> "LegalAidFormCheck":
        return cls(
            reasons=refusals.Refused.of(Refused(*faults), language).reasons,
            eligibility=Eligibility.of(verdict, LAWS[EligibilityKind.LEGAL_AID], language),
            urgent=urgent,
        )


CheckLegalAidFormResult = Annotated[
    LegalAidFormCheck | refusals.Refused, strawberry.union("CheckLegalAidFormResult", description=PAYLOAD)
]
