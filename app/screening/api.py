"""What a writer is shown before anything is sent. Nothing that comes here is stored or logged."""

from typing import Annotated

import strawberry

from app.core.errors import refuse_if
from app.core.texts import against_text
from app.graph.context import Info
from app.graph.permissions import Anyone
from app.graph.weights import Cost
from app.screening.rules.contacts import personal_details
from app.screening.rules.crisis import signals
from app.screening.types import PersonalDetail, SafetyCard

BODY_MAX = 2_000

Body = Annotated[str, strawberry.argument(description="The text as written so far, up to 2,000 characters.")]


@strawberry.type
class ScreeningQuery:
    @strawberry.field(
        permission_classes=[Anyone],
        description="What helps at once if the text tells of danger, most urgent first; usually none. "
        "The text is not kept.",
        directives=[Cost(weight=5)],
    )
    def safety_cards(self, info: Info, body: Body) -> list[SafetyCard]:
        refuse_if(list(against_text(body, "body", 0, BODY_MAX)))
        return [SafetyCard.of(crisis, info.context.language) for crisis in signals(body)]

    @strawberry.field(
        permission_classes=[Anyone],
        description="Telephone, identity and card numbers and addresses that the writer may leave out, in order. "
        "The text is not kept.",
    )
    def personal_details(self, body: Body) -> list[PersonalDetail]:
        refuse_if(list(against_text(body, "body", 0, BODY_MAX)))
        return [PersonalDetail.of(span, body) for span in personal_details(body)]
