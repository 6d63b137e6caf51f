"""The receipt of an erasure: what was destroyed, when, and from when on no backup holds it either.

Signed like the receipt of a promise, by the same key and in the same spelling (see `rules.receipt`); it names nobody.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

from pydantic import Field, ValidationError

from app.consultation.rules.receipt import Plain, Receipt, Unverified, canonical, moment, sign, stamp

Why = Literal["ASKED", "RETENTION", "ACCOUNT_CLOSED"]


class Destroyed(Plain):
    """How many of each."""

    keys: int = Field(ge=0)
    """Data keys: without them no copy of the texts opens, wherever it lies."""
    texts: int = Field(ge=0)
    digests: int = Field(ge=0)
    """Keyed digests of answers and of the opposing party."""
    links: int = Field(ge=0)
    """Rows that told whose it was."""


class ErasureDocument(Plain):
    """What is signed. Times are UTC with microseconds, as in every receipt."""

    receipt: Literal["erasure/1"]
    question: str
    why: Why
    erased_at: str
    backups_until: str
    destroyed: Destroyed

    def text(self) -> str:
        return canonical(self.model_dump())


def issue(
    secret: bytes,
    question: UUID,
    why: str,
    erased_at: datetime,
    backups_until: datetime,
    destroyed: Mapping[str, Any],
) -> Receipt:
    """The same facts give the same receipt, however often it is asked for."""
    document = ErasureDocument(
        receipt="erasure/1",
        question=str(question),
        why=cast(Why, why),
        erased_at=stamp(erased_at),
        backups_until=stamp(backups_until),
        destroyed=Destroyed(**destroyed),
    )
    return sign(secret, document.text())


def read(text: str) -> ErasureDocument:
    """Raises Unverified for what no house would write."""
    try:
        document = ErasureDocument.model_validate_json(text)
        if moment(document.backups_until) < moment(document.erased_at):
            raise Unverified("The backups cannot have lost it before it was erased.")
    except ValidationError as error:
        raise Unverified("The document is not a receipt, or not a whole one.") from error
    except ValueError as error:
        raise Unverified("A time in the document is none.") from error
    if document.text() != text:
        raise Unverified("The document is spelled in another way than receipts are.")
    return document
