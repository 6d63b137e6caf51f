"""From a question to an application, without telling it all again."""

from typing import Annotated

import strawberry

from app.applications.models import ApplicationKind
from app.applications.rules.prefilling import PrefillField
from app.applications.types.prefilling import (
    LegalAidPrefill,
    MediationPrefill,
    NotarisationPrefill,
    PrefillFromQuestionResult,
)
from app.consultation.loaders import QuestionById
from app.consultation.loaders.life import Owned
from app.core.errors import BAD_VALUE, NOT_FOUND, refuse
from app.graph.context import Info
from app.graph.ids import uuid_of
from app.graph.permissions import IsResident


@strawberry.type
class PrefillingQuery:
    @strawberry.field(
        permission_classes=[IsResident],
        description="What a form may begin with, from a question that is yours or that you asked for another. Each "
        "thing is opened only where you name it: that is your consent, and to no more.",
    )
    async def prefill_from_question(
        self,
        info: Info,
        question_id: Annotated[strawberry.ID, strawberry.argument(description="A question that you own.")],
        fields: Annotated[list[PrefillField], strawberry.argument(description="What may be carried over.")],
        kind: Annotated[ApplicationKind, strawberry.argument(description="Which form.")] = ApplicationKind.LEGAL_AID,
    ) -> PrefillFromQuestionResult | None:
        id = uuid_of(question_id, "Question", "questionId")
        row = await info.context.loader(QuestionById).load(id)
        # Lawyers who take part read it too, but apply for nobody with it.
        if row is None or not await info.context.loader(Owned).load(id):
            raise refuse(NOT_FOUND, "questionId")
        match kind:
            case ApplicationKind.LEGAL_AID:
                return await LegalAidPrefill.of(info, row, fields)
            case ApplicationKind.MEDIATION:
                return await MediationPrefill.of(info, row, fields)
            case ApplicationKind.NOTARISATION:
                return await NotarisationPrefill.of(info, row, fields)
            case ApplicationKind.CERTIFICATE_REVIEW:  # a certificate's number and fault are in no question
                raise refuse(BAD_VALUE, "kind")
