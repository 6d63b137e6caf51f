"""What a notarisation needs and costs. Nothing that is sent here is stored or logged."""

from typing import Annotated

import strawberry

from app.core.errors import BAD_VALUE, refuse
from app.core.money import BAD_AMOUNT, fen
from app.graph.context import Info
from app.graph.permissions import Anyone
from app.guidance.rules.notarisation import NotaryMatter, quote
from app.guidance.types.notarisation import (
    NotarisationAnswersInput,
    NotarisationNeeds,
    NotaryFeeQuote,
    NotaryFeeQuoteResult,
)

COPIES = 20


@strawberry.type
class NotarisationQuery:
    @strawberry.field(
        permission_classes=[Anyone],
        description="Where a matter is notarised, whether in person, and on which documents: the rules by which a "
        "submission is looked at.",
    )
    async def required_documents(
        self,
        info: Info,
        matter: Annotated[NotaryMatter, strawberry.argument(description="What is to be notarised.")],
        answers: Annotated[NotarisationAnswersInput, strawberry.argument(description="What is the case.")],
    ) -> NotarisationNeeds | None:
        return NotarisationNeeds.of(matter, answers.to_plain(), info.context.language)

    @strawberry.field(permission_classes=[Anyone], description="What a notarisation will cost, about.")
    async def notary_fee_quote(
        self,
        info: Info,
        matter: Annotated[NotaryMatter, strawberry.argument(description="What is to be notarised.")],
        value: Annotated[
            str | None, strawberry.argument(description="What it is about, in yuan; for matters that go by value.")
        ] = None,
        copies: Annotated[int, strawberry.argument(description="How many certificates, 1 to 20.")] = 1,
        translated: Annotated[bool, strawberry.argument(description="Whether with a translation.")] = False,
        aided: Annotated[bool, strawberry.argument(description="Whether she qualifies for legal aid.")] = False,
    ) -> NotaryFeeQuoteResult | None:
        counted = fen(value) if value else None
        if value and counted is None:
            raise refuse(BAD_AMOUNT, "value")
        if not 1 <= copies <= COPIES:
            raise refuse(BAD_VALUE, "copies")
        found = quote(matter, value=counted, copies=copies, translated=translated, aided=aided)
        return NotaryFeeQuote.of(found, info.context.language)
