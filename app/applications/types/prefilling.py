"""A form that is begun from a question."""

from typing import Annotated, Any

import strawberry

from app.applications.rules.forms.mediation import DisputeKind
from app.applications.rules.prefilling import (
    PrefillField,
    dispute_of,
    facts_of,
    matter_of,
    notary_matter_of,
    place_of,
)
from app.core.sealing import unseal
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.refusals import PAYLOAD, Refused
from app.guidance.rules.eligibility import AidMatter
from app.guidance.rules.notarisation import NotaryMatter
from app.vault.actions.voices import read
from app.vault.loaders import DataKey
from app.vault.types import voice_of

explain(
    PrefillField,
    "What of a question may be carried into a form.",
    FACTS="Its words, written and spoken, for `case.facts`, `dispute.facts` or `request.facts`.",
    MATTER="What it is about, for `case.matter`, `dispute.type` or `request.matter`.",
    LIVES_AT="The town or village it comes from, for `applicant.livesAt`, `dispute.place` or `applicants.livesAt`.",
)


@strawberry.type(
    description="What a form may begin with: shown, and kept nowhere. What she takes over is in the form she saves.",
    directives=[visible.OWNERS],
)
class LegalAidPrefill:
    facts: str | None = strawberry.field(
        description="All that was said, perhaps more than a form takes. Null unless it was named."
    )
    matter: AidMatter | None = strawberry.field(
        description="What its category is as a matter of legal aid; null where it may be several, or was not named."
    )
    lives_at: str | None = strawberry.field(description="Where it comes from, by name. Null unless it was named.")

    @classmethod
    async def of(cls, info: Info, question: Any, fields: list[PrefillField]) -> "LegalAidPrefill":
        """Nothing is opened that was not named."""
        return cls(
            facts=await _facts(info, question) if PrefillField.FACTS in fields else None,
            matter=matter_of(question.category) if PrefillField.MATTER in fields else None,
            lives_at=place_of(question.division) if PrefillField.LIVES_AT in fields else None,
        )


@strawberry.type(
    description="What a form of mediation may begin with: shown, and kept nowhere.", directives=[visible.OWNERS]
)
class MediationPrefill:
    facts: str | None = strawberry.field(
        description="All that was said, for `dispute.facts`, perhaps more than it takes. Null unless it was named."
    )
    type: DisputeKind | None = strawberry.field(
        description="What its category is as a dispute; null where it may be several, or was not named."
    )
    place: str | None = strawberry.field(description="Where it comes from, by name. Null unless it was named.")

    @classmethod
    async def of(cls, info: Info, question: Any, fields: list[PrefillField]) -> "MediationPrefill":
        """Nothing is opened that was not named."""
        return cls(
            facts=await _facts(info, question) if PrefillField.FACTS in fields else None,
            type=dispute_of(question.category) if PrefillField.MATTER in fields else None,
            place=place_of(question.division) if PrefillField.LIVES_AT in fields else None,
        )


@strawberry.type(
    description="What a form of notarisation may begin with: shown, and kept nowhere.", directives=[visible.OWNERS]
)
class NotarisationPrefill:
    facts: str | None = strawberry.field(
        description="All that was said, for `request.facts`, perhaps more than it takes. Null unless it was named."
    )
    matter: NotaryMatter | None = strawberry.field(
        description="What a notary would certify of its category; null where it may be several, or was not named."
    )
    lives_at: str | None = strawberry.field(description="Where it comes from, by name. Null unless it was named.")
    division_code: str | None = strawberry.field(
        description="The same as a division, for `request.divisionCode`. Null unless it was named."
    )

    @classmethod
    async def of(cls, info: Info, question: Any, fields: list[PrefillField]) -> "NotarisationPrefill":
        """Nothing is opened that was not named."""
        place = question.division if PrefillField.LIVES_AT in fields else None
        return cls(
            facts=await _facts(info, question) if PrefillField.FACTS in fields else None,
            matter=notary_matter_of(question.category) if PrefillField.MATTER in fields else None,
            lives_at=place and place_of(place),
            division_code=place,
        )


async def _facts(info: Info, question: Any) -> str | None:
    key = await info.context.loader(DataKey).load(question.id)
    voice = await voice_of(info, question.id)
    if key is None:
        return None
    body = unseal(key, question.body, "question", "body", question.id)
    transcript = read(key, voice.row) if voice and voice.row.words else None
    return facts_of(body, transcript)


PrefillFromQuestionResult = Annotated[
    LegalAidPrefill | MediationPrefill | NotarisationPrefill | Refused,
    strawberry.union("PrefillFromQuestionResult", description=PAYLOAD),
]
