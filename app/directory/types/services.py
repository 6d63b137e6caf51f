"""What institutions do for people."""

from typing import Self

import strawberry

from app.core.errors import Language
from app.directory.models import Service
from app.directory.rules.services import NAMES
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain

explain(
    Service,
    "What an institution does for who comes to its door.",
    CONSULTATION="Legal advice (法律咨询).",
    LEGAL_AID="Takes applications for legal aid (法律援助申请).",
    MEDIATION="Mediates (人民调解).",
    NOTARISATION="Notarises (公证).",
    FORENSIC_EXAMINATION="Examines for evidence (司法鉴定).",
    ARBITRATION="Arbitrates (仲裁).",
    REPRESENTATION="Represents people in court (诉讼代理).",
    ADMINISTRATIVE_REVIEW="Takes applications for the review of what an authority did (行政复议).",
    COMMUNITY_CORRECTION="Sees to sentences served in the community (社区矫正).",
    RESETTLEMENT="Helps people after their release (安置帮教).",
    LEGAL_EDUCATION="Tells people about the law (普法宣传).",
)


@strawberry.type(description="What an institution does, and what to bring for it.", directives=[visible.WITHIN])
class OfferedService:
    service: Service = strawberry.field(description="Its code, good for `nearestPoints(service:)`.")
    documents: list[str] = strawberry.field(description="What to bring, in Chinese; may be empty.")

    @classmethod
    def all(cls, said: dict[str, list[str]]) -> list[Self]:
        return [cls(service=service, documents=said[service]) for service in Service if service in said]

    @strawberry.field(description="Its name in the language of Accept-Language (zh-CN or en).")
    def name(self, info: Info) -> str:
        name = NAMES[self.service]
        return name.en if info.context.language is Language.EN else name.zh
