"""What others than who wrote to whom are shown of a text: nothing in it by which somebody could be found. Pure."""

from collections.abc import Iterable
from typing import Any, Final

from app.screening.rules import numbers
from app.screening.rules.contacts import PersonalDetailKind, mails, personal_details
from app.screening.rules.folding import fold

_FOR: Final = {
    PersonalDetailKind.PHONE: "〔电话〕",
    PersonalDetailKind.ID_NUMBER: "〔证件号码〕",
    PersonalDetailKind.BANK_CARD: "〔银行卡号〕",
    PersonalDetailKind.ADDRESS: "〔住址〕",
}
_BESIDE: Final = (
    ("〔邮箱〕", mails),
    ("〔账号〕", numbers.accounts),
    ("〔编号〕", numbers.documents),
    ("〔车牌〕", numbers.plates),
)
A_LAWYER: Final = "某律师"
"""What stands in a text where a lawyer of the question is named."""


def masked(text: str, lawyers: Iterable[str] = ()) -> str:
    """Telephones, numbers of documents, bank cards and vehicles, addresses, accounts and mailboxes are named and not
    shown, nor what these lawyers are called. What else is written in words stays: a program does not know every name.
    """
    spans = [(span.start, span.end, _FOR[span.kind]) for span in personal_details(text)]
    folded = fold(text)
    for instead, found in _BESIDE:
        for place in found(folded.text):
            start, end = folded.stretch(*place)
            if all(end <= first or last <= start for first, last, _ in spans):
                spans.append((start, end, instead))
    for start, end, instead in sorted(spans, reverse=True):
        text = text[:start] + instead + text[end:]
    for name in sorted(set(lawyers) - {""}, key=len, reverse=True):
        text = text.replace(name, A_LAWYER)
    return text


def masked_all(said: Any, lawyers: Iterable[str] = ()) -> Any:
    """Of a document every text."""
    if isinstance(said, str):
        return masked(said, lawyers)
    if isinstance(said, list):
        return [masked_all(one, lawyers) for one in said]
    return {name: masked_all(one, lawyers) for name, one in said.items()} if isinstance(said, dict) else said
