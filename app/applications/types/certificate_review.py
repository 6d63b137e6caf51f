"""A review of a certificate as who asked for it sees it, and the office."""

from enum import StrEnum
from typing import Any, Self

import strawberry

from app.applications.loaders import StepsOf
from app.applications.rules import forms
from app.applications.types.application import ServiceApplication
from app.applications.types.forms.certificate_review import CertificateReviewForm
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.visible import Audience


class ReviewOutcome(StrEnum):
    UPHOLD = "UPHOLD"
    CORRECT = "CORRECT"
    REVOKE = "REVOKE"


explain(
    ReviewOutcome,
    "What becomes of a certificate that is said to be wrong (公证法第三十九条).",
    "CertificateReviewOutcome",
    UPHOLD="It stands.",
    CORRECT="It is set right.",
    REVOKE="It is void from the beginning.",
)


@strawberry.type(
    description="A review of a certificate, asked for by somebody who is no party of the notarisation but has an "
    "interest in it (公证法第三十九条). She sees her own request and what came of it, and nothing of the notarisation, "
    "whose parties see nothing of this.",
    directives=[visible.to(Audience.ASKER, Audience.DELEGATE, Audience.HANDLER, Audience.COLLEAGUE)],
)
class CertificateReviewApplication(ServiceApplication):
    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(**cls.common(row))

    @strawberry.field(description="What it says now.", directives=[visible.DOSSIER])
    async def form(self, info: Info) -> CertificateReviewForm | None:
        said = await self.said(info)
        if not isinstance(said, forms.CertificateReviewForm):
            return None
        return CertificateReviewForm.of(said, await self.whole(info))

    @strawberry.field(
        description="What becomes of the certificate; null while it is not decided.", directives=[visible.DOSSIER]
    )
    async def outcome(self, info: Info) -> ReviewOutcome | None:
        steps = await info.context.loader(StepsOf).load(self.row.id)
        return next((ReviewOutcome(step.move) for step in steps if step.move in set(ReviewOutcome)), None)
