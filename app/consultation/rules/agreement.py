"""Where lawyers who could not see each other's answers say the same. Pure, and the same in whatever order they came."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar
from uuid import UUID

from app.consultation.rules.answering import Content, Forum, Limit, LimitUnit, Outlook
from app.core.errors import Language


class AgreementField(StrEnum):
    OUTLOOK = "OUTLOOK"
    FORUM = "FORUM"
    LIMIT = "LIMIT"


T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True)
class Shared(Generic[T]):
    """`agreeing` of those who said anything say the same; `value` is None where no single value leads."""

    value: T | None
    agreeing: int
    of: int

    @property
    def unanimous(self) -> bool:
        return self.agreeing == self.of

    @property
    def settled(self) -> bool:
        """At least two of three."""
        return self.agreeing * 3 >= self.of * 2


def shared(values: Iterable[T | None]) -> Shared[T] | None:
    """None where fewer than two said anything: one alone agrees with nobody."""
    given = [value for value in values if value is not None]
    if len(given) < 2:
        return None
    (leader, most), *others = Counter(given).most_common()
    leads = not others or others[0][1] < most
    return Shared(leader if leads else None, most, len(given))


def differ(outlooks: Iterable[bytes | None], forums: Iterable[bytes | None]) -> bool:
    """Whether a further opinion is due: on how good the case is or on where to go first, two of three do not agree."""
    return any(found is not None and not found.settled for found in (shared(outlooks), shared(forums)))


Stance = dict[AgreementField, str]
"""What an answer says in each field, in a form to compare. What it leaves out is not there."""


def stance(content: Content, answer: UUID) -> Stance:
    """Somewhere else is not the same place twice: OTHER agrees with no other answer."""
    said: Stance = {}
    if content.outlook:
        said[AgreementField.OUTLOOK] = content.outlook
    if content.forum:
        other = content.forum is Forum.OTHER
        said[AgreementField.FORUM] = f"{Forum.OTHER} {answer}" if other else content.forum
    if content.limit:
        said[AgreementField.LIMIT] = _length(content.limit)
    return said


def _length(limit: Limit) -> str:
    """Twelve months are a year. From when it begins is said in each lawyer's own words, and not compared."""
    if limit.unit is LimitUnit.YEAR:
        return f"{limit.amount * 12} {LimitUnit.MONTH}"
    return f"{limit.amount} {limit.unit}"


@dataclass(frozen=True)
class Agreement:
    """Of `answers` answers that count, field by field; fields in which fewer than two said anything are not there."""

    answers: int
    fields: dict[AgreementField, Shared[str]]


def agreement(stances: Sequence[Stance]) -> Agreement | None:
    """None below two answers, and where there is nothing to compare."""
    found = {field: shared(said.get(field) for said in stances) for field in AgreementField}
    fields = {field: value for field, value in found.items() if value is not None}
    return Agreement(len(stances), fields) if fields else None


_OUTLOOKS = {
    Outlook.STRONG: ("胜算很大", "the case is strong"),
    Outlook.LIKELY: ("多半能成", "the case is likely to succeed"),
    Outlook.UNCERTAIN: ("结果难料", "the outcome is uncertain"),
    Outlook.WEAK: ("胜算较小", "the case is weak"),
}
_FORUMS = {
    Forum.NEGOTIATION: ("先与对方协商", "negotiation first"),
    Forum.MEDIATION: ("先申请调解", "mediation first"),
    Forum.LABOUR_INSPECTION: ("先向劳动监察投诉", "labour inspection first"),
    Forum.LABOUR_ARBITRATION: ("先申请劳动仲裁", "labour arbitration first"),
    Forum.ARBITRATION: ("先申请仲裁", "arbitration first"),
    Forum.COURT: ("先向法院起诉", "the court first"),
    Forum.POLICE: ("先报警", "the police first"),
    Forum.PROSECUTION: ("先向检察院反映", "the procuratorate first"),
    Forum.ADMINISTRATIVE_REVIEW: ("先申请行政复议", "administrative review first"),
    Forum.NOTARY: ("先办理公证", "the notary first"),
    Forum.LEGAL_AID: ("先申请法律援助", "legal aid first"),
    Forum.OTHER: ("先走其他途径", "another way first"),
}
_UNITS = {LimitUnit.DAY: ("天", "day"), LimitUnit.MONTH: ("个月", "month"), LimitUnit.YEAR: ("年", "year")}
_OPEN = {
    AgreementField.OUTLOOK: ("胜算有多大", "on how good the case is"),
    AgreementField.FORUM: ("先去哪里办", "on where to go first"),
    AgreementField.LIMIT: ("期限有多长", "on how long the limit is"),
}


def wording(field: AgreementField, value: str, language: Language) -> str:
    """What is agreed on, in words; `value` is of `stance`."""
    english = language is Language.EN
    if field is AgreementField.OUTLOOK:
        return _OUTLOOKS[Outlook(value)][english]
    if field is AgreementField.FORUM:
        return _FORUMS[Forum(value.split()[0])][english]
    number, unit = value.split()
    amount, length = int(number), LimitUnit(unit)
    if length is LimitUnit.MONTH and amount % 12 == 0:
        amount, length = amount // 12, LimitUnit.YEAR
    zh, en = _UNITS[length]
    return f"within {amount} {en}{'s' if amount > 1 else ''}" if english else f"{amount}{zh}内提出"


def sentence(found: Agreement, language: Language) -> str:
    """The one thing to know first: where to go, or else how good the case is, or else how long there is time."""
    order = (AgreementField.FORUM, AgreementField.OUTLOOK, AgreementField.LIMIT)
    field = next(field for field in order if field in found.fields)
    said, english = found.fields[field], language is Language.EN
    if said.value is None:
        return f"The lawyers differ {_OPEN[field][1]}" if english else f"{_OPEN[field][0]}，律师看法不一"
    words = wording(field, said.value, language)
    if english:
        return f"{said.agreeing} of {said.of}: {words}"
    return f"{said.agreeing}/{said.of} {'一致' if said.unanimous else '认为'}：{words}"
