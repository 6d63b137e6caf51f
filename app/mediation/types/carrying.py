"""From a mediation that came to nothing to legal aid, without telling it all again."""

from typing import Annotated, Any

import strawberry

from app.applications.actions.moving import opened
from app.applications.loaders import ApplicationById
from app.applications.rules.forms import MediationForm, loaded
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.refusals import PAYLOAD, Refused
from app.graph.visible import Audience
from app.mediation.actions import speaking
from app.mediation.loaders import AssentsOf, RecordsOf
from app.mediation.models import About, Where
from app.mediation.rules.carrying import AGREED_BY_BOTH, CarryPart
from app.mediation.rules.standing import subject_of
from app.vault.loaders import DataKey

explain(
    CarryPart,
    "What of a mediation may be carried into an application for legal aid.",
    FACTS="What she told herself: of her application, or of her own record; for `case.facts`.",
    CLAIM="What she wanted, of her application; for `case.claim`.",
    OTHER_SIDE="Whom she named as the other side; for `opponents`.",
    SHARED_RECORD="What both sides read: only once both have agreed to carry it over.",
)


@strawberry.type(
    description="What a form of legal aid may begin with: shown, and kept nowhere. Each thing is opened only where it "
    "is named.",
    directives=[visible.to(Audience.PARTY)],
)
class MediationCarryOver:
    facts: str | None = strawberry.field(description="Null unless it was named.")
    claim: str | None = strawberry.field(description="Null unless it was named, and for who did not apply.")
    other_side: list[str] = strawberry.field(
        description="Names; none unless they were named, and for who did not apply."
    )
    shared_record: list[str] = strawberry.field(
        description="Sheet by sheet; none unless it was named, and both sides have agreed to carry it over."
    )

    @classmethod
    async def of(cls, info: Info, case: Any, parts: list[CarryPart], own: Where) -> "MediationCarryOver":
        """`own`: on whose side the viewer is."""
        wanted = {*parts}
        if wanted & AGREED_BY_BOTH and not await _both_agree(info, case):
            wanted -= AGREED_BY_BOTH
        form = await _form(info, case) if own is Where.APPLICANT and wanted - AGREED_BY_BOTH else None
        dispute = form.dispute if form else None
        facts = dispute.facts if dispute and CarryPart.FACTS in wanted else None
        if form is None and CarryPart.FACTS in wanted:
            facts = "\n".join(await _sheets(info, case, own)) or None
        demands = [one.text for one in dispute.demands if one.text] if dispute else []
        return cls(
            facts=facts,
            claim="\n".join(demands) or None if CarryPart.CLAIM in wanted else None,
            other_side=form.opposing() if form and CarryPart.OTHER_SIDE in wanted else [],
            shared_record=await _sheets(info, case, Where.SHARED) if CarryPart.SHARED_RECORD in wanted else [],
        )


async def _both_agree(info: Info, case: Any) -> bool:
    said = await info.context.loader(AssentsOf).load(case.id)
    return len({row.side for row in said if row.about == About.CARRY_OVER and row.yes}) == 2


async def _form(info: Info, case: Any) -> MediationForm | None:
    row = await info.context.loader(ApplicationById).load(case.application)
    key = await info.context.loader(DataKey).load(case.application) if row and row.body else None
    return loaded(MediationForm, opened(key, row)) if key else None


async def _sheets(info: Info, case: Any, where: Where) -> list[str]:
    subject = subject_of(case, where)
    rows = [row for row in await info.context.loader(RecordsOf).load(case.id) if row.subject == subject and row.body]
    key = await info.context.loader(DataKey).load(subject) if rows else None
    return [speaking.opened(key, row) for row in rows] if key else []


CarryFromMediationResult = Annotated[
    MediationCarryOver | Refused, strawberry.union("CarryFromMediationResult", description=PAYLOAD)
]
