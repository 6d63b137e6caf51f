"""The receipt of a promise, and the city's public record of all of them."""

from datetime import date, datetime
from typing import Annotated, Any

import strawberry

from app.consultation.loaders import PolicyByVersion
from app.consultation.loaders.record import OwnLogOfQuestion
from app.consultation.rules import receipt
from app.consultation.rules.lateness import LateReason
from app.core.sealing import KeyProvider
from app.graph import visible
from app.graph.context import Info
from app.graph.refusals import PAYLOAD, Refused
from app.graph.weights import ListSize


@strawberry.type(
    description="A signed timeline of a question: every entry of its log, each chained to the one before by its hash. "
    "It names no person and quotes nobody. `python -m scripts.verify_receipt FILE` verifies what these fields say.",
    directives=[visible.WITHIN],
)
class Receipt:
    document: str = strawberry.field(description="JSON; exactly these characters, in UTF-8, were signed.")
    signature: str = strawberry.field(description="Ed25519 (RFC 8032) over the document, in base64.")
    key_id: strawberry.ID = strawberry.field(description="Which of `receiptKeys` verifies it.")
    entries: int = strawberry.field(description="How many entries of the log it carries.")
    head: str = strawberry.field(description="The last entry's hash, in hexadecimal: it stands for the whole log.")
    issued_at: datetime = strawberry.field(description="When it was made, by the database's clock.")

    @classmethod
    async def of(cls, info: Info, question: Any) -> "Receipt | None":
        """None for everybody but the asker and who acts for her."""
        found = await info.context.loader(OwnLogOfQuestion).load(question.id)
        if found is None:
            return None
        policy = await info.context.loader(PolicyByVersion).load(question.policy)
        secret = info.context.door(KeyProvider).secret(receipt.RECEIPT)
        rows = found.log.rows
        # Not before its own last entry: that transaction may have begun after this one.
        issued_at = max([found.read_at, *(row.at for row in rows)])
        document, signed = receipt.issue(secret, question.id, question.policy, policy, rows, issued_at)
        return cls(
            document=signed.document,
            signature=signed.signature,
            key_id=strawberry.ID(signed.key_id),
            entries=len(document.entries),
            head=document.head,
            issued_at=issued_at,
        )


@strawberry.type(description="A public key that verifies receipts.", directives=[visible.ANYONE])
class ReceiptKey:
    id: strawberry.ID = strawberry.field(description="As `Receipt.keyId` names it.")
    public_key: str = strawberry.field(description="32 bytes of Ed25519 (RFC 8032), in base64.")

    @classmethod
    def of(cls, info: Info) -> "ReceiptKey":
        id, key = receipt.public_key(info.context.door(KeyProvider).secret(receipt.RECEIPT))
        return cls(id=strawberry.ID(id), public_key=key)


@strawberry.type(
    description="How one of the promised answers came. Questions that were taken back, or resolved before it came, are "
    "in `of` like all others.",
    directives=[visible.WITHIN],
)
class PromiseFigures:
    of: int = strawberry.field(
        description="Questions for which it is decided: it came, or time ran out, or they ended."
    )
    came: int = strawberry.field(description="For how many it came at all, however late. The seconds are of these.")
    within: int = strawberry.field(description="For how many it came within the promised time.")
    within_wall: int = strawberry.field(
        description="For how many it came within the promised time by the clock on the wall, pauses not taken off."
    )
    share: float | None = strawberry.field(
        description="For what part of them it came in time, 0 to 1; null where `of` is 0."
    )
    median_seconds: float | None = strawberry.field(description="Half came as fast as this, pauses taken off.")
    p95_seconds: float | None = strawberry.field(description="95 of 100 came as fast as this, pauses taken off.")
    median_wall_seconds: float | None = strawberry.field(description="The median by the clock on the wall.")
    p95_wall_seconds: float | None = strawberry.field(description="The same for 95 of 100.")

    @classmethod
    def of_row(cls, row: Any, mark: str) -> "PromiseFigures":
        told = {name: getattr(row, f"{mark}_{name}") for name in ("of", "came", "within", "within_wall", "run", "wall")}
        run, wall = told.pop("run") or (None, None), told.pop("wall") or (None, None)
        return cls(
            **told,
            share=told["within"] / told["of"] if told["of"] else None,
            median_seconds=run[0],
            p95_seconds=run[1],
            median_wall_seconds=wall[0],
            p95_wall_seconds=wall[1],
        )


@strawberry.type(description="How many promises were broken for one reason.", directives=[visible.WITHIN])
class LateReasonCount:
    reason: LateReason = strawberry.field(description="Why the answers were not there in time.")
    questions: int = strawberry.field(description="Of how many questions: five or more.")


@strawberry.type(description="Which log the figures were computed from.", directives=[visible.WITHIN])
class RecordedLog:
    entries: int = strawberry.field(description="How many entries of the questions' logs.")
    head: str = strawberry.field(
        description="SHA-256 over the heads of the questions' chains, in the order of asking, in hexadecimal. A head "
        "is the one that the question's receipt had at that length."
    )
    computed_at: datetime = strawberry.field(description="When, by the database's clock.")


@strawberry.type(
    description="What the city promised on some days and what it kept: computed anew at every look, from the "
    "questions' logs alone.",
    directives=[visible.ANYONE],
)
class PromiseRecord:
    from_: date = strawberry.field(name="from", description="The first day, in the city (Asia/Shanghai).")
    to: date = strawberry.field(description="The last day; it counts too.")
    questions: int = strawberry.field(description="How many were asked on these days.")
    withdrawn: int = strawberry.field(description="How many of them were taken back; the shares count them too.")
    recategorised: int = strawberry.field(
        description="For how many of them a lawyer said that they are about something else than they were asked under."
    )
    first_answer: PromiseFigures = strawberry.field(description="The first counting answer.")
    third_answer: PromiseFigures = strawberry.field(description="The last of the promised answers.")
    breaches: int = strawberry.field(description="Questions whose promised time ran out before the last answer.")
    late_reasons: list[LateReasonCount] = strawberry.field(
        description="Why promises were broken, of the calendar months that are over and lie wholly within these days, "
        "by when the time ran out; a reason that fewer than five questions of a month had is in no number.",
        directives=[ListSize(assumed_size=6)],
    )
    open: int = strawberry.field(
        description="Questions for which the last answer is not decided yet; they are in no share of it."
    )
    paused_questions: int = strawberry.field(description="Questions whose clock has stood still for a time.")
    paused_seconds_total: float = strawberry.field(description="For how long in all.")
    log: RecordedLog = strawberry.field(description="Which log it was computed from.")

    @classmethod
    def of(cls, first: date, last: date, row: Any) -> "PromiseRecord":
        return cls(
            from_=first,
            to=last,
            questions=row.questions,
            withdrawn=row.withdrawn,
            recategorised=row.recategorised,
            first_answer=PromiseFigures.of_row(row, "first"),
            third_answer=PromiseFigures.of_row(row, "third"),
            breaches=row.breaches,
            late_reasons=[
                LateReasonCount(reason=why, questions=row.late[why]) for why in LateReason if why in row.late
            ],
            open=row.open,
            paused_questions=row.paused_questions,
            paused_seconds_total=row.paused_seconds,
            log=RecordedLog(entries=row.entries, head=row.head.hex(), computed_at=row.computed_at),
        )


PromiseRecordUpdatesResult = Annotated[
    PromiseRecord | Refused, strawberry.union("PromiseRecordUpdatesResult", description=PAYLOAD)
]
