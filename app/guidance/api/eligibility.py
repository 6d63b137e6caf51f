"""Whether one would get it, before applying. Nothing that is sent here is stored or logged."""

from typing import Annotated

import strawberry

from app.graph.context import Info
from app.graph.permissions import Anyone
from app.graph.weights import Cost, ListSize
from app.guidance.rules.eligibility import LAWS, EligibilityKind, judged
from app.guidance.types.eligibility import Eligibility, EligibilityAnswersInput, EligibilityQuestion

Kind = Annotated[EligibilityKind, strawberry.argument(description="What is to be applied for.")]


@strawberry.type
class EligibilityQuery:
    @strawberry.field(
        permission_classes=[Anyone],
        description="What `checkEligibility` can be told, in the order in which people are asked.",
        directives=[Cost(weight=0), ListSize(assumed_size=12)],
    )
    def eligibility_questions(self, info: Info, kind: Kind) -> list[EligibilityQuestion]:
        return [EligibilityQuestion.of(one, LAWS[kind], info.context.language) for one in LAWS[kind].questions.values()]

    @strawberry.field(
        permission_classes=[Anyone],
        description="Whether one would be eligible by these answers, rule by rule with its article. The same rules "
        "look at an application when it is submitted; the decision is the centre's.",
        directives=[Cost(weight=5)],
    )
    def check_eligibility(
        self,
        info: Info,
        kind: Kind,
        answers: Annotated[
            EligibilityAnswersInput,
            strawberry.argument(description="What is known so far; what is left out was not asked yet."),
        ],
    ) -> Eligibility | None:
        return Eligibility.of(judged(kind, answers.plain()), LAWS[kind], info.context.language)
