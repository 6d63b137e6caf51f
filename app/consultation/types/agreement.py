"""Where the answers to a question agree: computed from what is opened for who may read them."""

from uuid import UUID

import strawberry

from app.consultation.loaders import AnswersOfQuestion
from app.consultation.rules import agreement as rules
from app.consultation.rules.versions import sealed_versions
from app.core.errors import Language
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.vault.loaders import DataKey

explain(
    rules.AgreementField,
    "What answers are compared on.",
    OUTLOOK="How good the case is.",
    FORUM="Where to go first.",
    LIMIT="The nearest statutory limit.",
)


@strawberry.type(description="How far the answers agree in one field.", directives=[visible.WITHIN])
class FieldAgreement:
    field: rules.AgreementField = strawberry.field(description="What is compared.")
    value: str | None = strawberry.field(
        description="What most of them say, in the language of Accept-Language; null where no single view leads."
    )
    agreeing: int = strawberry.field(description="How many share the view that most share.")
    of: int = strawberry.field(description="How many said anything about it.")
    unanimous: bool = strawberry.field(description="Whether all who said anything say the same.")


@strawberry.type(
    description="Where the answers that count agree, field by field. Each was written before its lawyer could see the "
    "others; one that was changed since speaks as it stands now.",
    directives=[visible.WITHIN],
)
class Agreement:
    answers: int = strawberry.field(description="How many answers are compared.")
    sentence: str = strawberry.field(
        description='The first thing to know, in the language of Accept-Language: "3 of 3: labour arbitration first".'
    )
    fields: list[FieldAgreement] = strawberry.field(
        description="The fields about which at least two of them said something."
    )

    @classmethod
    def of(cls, found: rules.Agreement, language: Language) -> "Agreement":
        fields = [
            FieldAgreement(
                field=field,
                value=None if said.value is None else rules.wording(field, said.value, language),
                agreeing=said.agreeing,
                of=said.of,
                unanimous=said.unanimous,
            )
            for field, said in found.fields.items()
        ]
        return cls(answers=found.answers, sentence=rules.sentence(found, language), fields=fields)


async def agreement_of(info: Info, question: UUID) -> Agreement | None:
    """Of the answers that the viewer may read; None for a lawyer who has not delivered her own."""
    counting = [row for row in await info.context.loader(AnswersOfQuestion).load(question) if row.counts]
    if len(counting) < 2:
        return None
    key = await info.context.loader(DataKey).load(question)
    if key is None:
        return None
    stances = [rules.stance(sealed_versions(row)[-1].opened(key), row.id) for row in counting]
    found = rules.agreement(stances)
    return Agreement.of(found, info.context.language) if found else None
