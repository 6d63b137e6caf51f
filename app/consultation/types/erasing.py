"""What an asker is shown of what she erased."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from app.consultation.models import ErasedWhy
from app.consultation.rules import erasure as rules
from app.consultation.rules.receipt import RECEIPT
from app.core.sealing import KeyProvider
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.refusals import PAYLOAD, Refused
from app.graph.visible import SELF, WITHIN

explain(
    ErasedWhy,
    "Why a question was erased.",
    ASKED="Its asker wanted it.",
    RETENTION="It was kept for as long as the policy says.",
    ACCOUNT_CLOSED="Its asker closed her account.",
)


@strawberry.type(
    description="A signed statement of an erasure, to keep and to show. `python -m scripts.verify_receipt FILE` "
    "verifies what these fields say.",
    directives=[WITHIN],
)
class ErasureReceipt:
    document: str = strawberry.field(description="JSON; exactly these characters, in UTF-8, were signed.")
    signature: str = strawberry.field(description="Ed25519 (RFC 8032) over the document, in base64.")
    key_id: strawberry.ID = strawberry.field(description="Which of `receiptKeys` verifies it.")


@strawberry.type(
    description="A question that was erased. Its keys and texts are destroyed, and nothing tells any more whose it "
    "was; shown to her who asked it, until the backups have lost it too.",
    directives=[SELF],
)
class Erasure(Node):
    row: strawberry.Private[Any]
    question_id: strawberry.ID = strawberry.field(description="The id that it had.")
    why: ErasedWhy = strawberry.field(description="Who wanted it.")
    at: datetime = strawberry.field(description="When it was erased.")
    backups_until: datetime = strawberry.field(
        description="From then on no backup holds it either, and it is no longer listed here: keep the receipt."
    )
    keys: int = strawberry.field(description="How many data keys were destroyed.")
    texts: int = strawberry.field(description="How many sealed texts: the question, answers, messages and drafts.")

    @classmethod
    def of(cls, row: Any) -> "Erasure":
        return cls(
            id=global_id("Erasure", row.id),
            row=row,
            question_id=global_id("Question", row.question),
            why=ErasedWhy(row.why),
            at=row.at,
            backups_until=row.backups_until,
            keys=row.destroyed["keys"],
            texts=row.destroyed["texts"],
        )

    @strawberry.field(description="The proof that she takes with her.")
    def receipt(self, info: Info) -> ErasureReceipt:
        row, secret = self.row, info.context.door(KeyProvider).secret(RECEIPT)
        signed = rules.issue(secret, row.question, self.why.value, row.at, row.backups_until, row.destroyed)
        return ErasureReceipt(document=signed.document, signature=signed.signature, key_id=strawberry.ID(signed.key_id))


EraseQuestionResult = Annotated[Erasure | Refused, strawberry.union("EraseQuestionResult", description=PAYLOAD)]
