"""Whether a form would be taken, while it is still being filled in. Nothing that is sent here is stored or logged."""

from typing import Annotated

import strawberry

from app.applications.rules.forms import faults
from app.applications.rules.forms.legal_aid import answers
from app.applications.types.checking import CheckLegalAidFormResult, LegalAidFormCheck
from app.applications.types.forms.legal_aid import LegalAidFormInput
from app.core.db import now
from app.core.errors import refuse_if
from app.graph.context import Info
from app.graph.permissions import IsResident
from app.graph.weights import Cost
from app.guidance.rules.eligibility import judged
from app.places.rules.workdays import today


@strawberry.type
class CheckingQuery:
    @strawberry.field(
        permission_classes=[IsResident],
        description="What a submission of this form would be refused for, and what the rules of eligibility say of it. "
        "Refused itself only where not even a draft could keep it.",
        directives=[Cost(weight=5)],
    )
    async def check_legal_aid_form(
        self,
        info: Info,
        legal_aid: Annotated[LegalAidFormInput, strawberry.argument(description="The form, as far as it is.")],
    ) -> CheckLegalAidFormResult | None:
        form = legal_aid.to_plain()
        async with info.context.read() as session:
            day = today(now(session))
        refuse_if(faults(form, complete=False, today=day, at=form.AT))
        verdict = judged("LEGAL_AID", answers(form))
        reasons = faults(form, complete=True, today=day, at=form.AT)
        return LegalAidFormCheck.of(reasons, verdict, form.urgencies(day), info.context.language)
