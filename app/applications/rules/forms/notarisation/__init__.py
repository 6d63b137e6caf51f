"""The form of notarisation: what 公证程序规则 (articles 17 and 18) asks for, and the rules of place and presence
(公证法第二十五、二十六条) by which it is looked at."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from app.applications.models import ApplicationKind
from app.applications.rules.forms.checks import Amount, Dated, Many, Phone, Short, Text, Within
from app.applications.rules.forms.choices import AgentRelation
from app.applications.rules.forms.form import Form, Party
from app.applications.rules.forms.judging import Part
from app.applications.rules.forms.notarisation.choices import Authentication, EvidenceKind
from app.applications.rules.forms.people import NEEDED, Address, Agent, Name, Person, against_birth, against_same
from app.core.errors import BAD_VALUE, BLANK, Reason, because, code
from app.core.money import fen
from app.directory.models import Gender
from app.guidance.rules.notarisation import (
    DocumentWhen,
    NotaryMatter,
    PlaceGround,
    Quote,
    grounds,
    in_person,
    quote,
)
from app.places.rules import DIVISIONS

__all__ = ["NotarisationForm", "NotaryApplicant", "NotaryDocument", "NotaryEvidence", "NotaryRequest", "NotaryWitness"]

PLACE_RULE = code(
    "PLACE_RULE",
    zh="该事项应当向{grounds}的公证机构提出（公证法第二十五条）。",
    en="This matter is for a notary office of another place: {grounds} (article 25 of the Notarisation Law).",
    remedy="`requiredDocuments` lists the grounds that will do.",
)
PLACE_ELSEWHERE = code(
    "PLACE_ELSEWHERE",
    zh="该地点不在本市公证机构的执业区域内，请向当地公证机构提出。",
    en="This place is not in this city: a notary office there has jurisdiction.",
    remedy="Send the code of a division of this city, as `divisions` has it.",
)
IN_PERSON = code(
    "IN_PERSON",
    zh="该事项应当由本人亲自办理，不能委托他人（公证法第二十六条）。",
    en="This matter has to be applied for in person (article 26 of the Notarisation Law).",
    remedy="Leave the agent out; only a guardian acts for who cannot act herself, and nobody makes another's will.",
)


@dataclass(frozen=True, slots=True)
class NotaryApplicant(Person):
    phone: Annotated[str | None, Phone(), NEEDED] = None
    gender: Annotated[Gender | None, NEEDED] = None
    birth: Annotated[date | None, Dated(before=150, after=0), NEEDED] = None
    lives_at: Annotated[Address, NEEDED] = None

    def beyond(self, at: str, today: date) -> Iterator[Reason]:
        yield from Person.beyond(self, at, today)
        yield from against_birth(self, self.birth, self.gender, at)


@dataclass(frozen=True, slots=True)
class NotaryRequest(Part):
    matter: Annotated[NotaryMatter | None, NEEDED] = None
    purpose: Annotated[str | None, Text(2, 200), NEEDED] = None
    country: Annotated[str | None, Text(2, 60)] = None
    language: Annotated[str | None, Text(2, 30)] = None
    copies: Annotated[int | None, Within(1, 20), NEEDED] = None
    authentication: Authentication | None = None
    real_property: Annotated[bool | None, NEEDED] = None
    ground: Annotated[PlaceGround | None, NEEDED] = None
    division_code: Annotated[str | None, Short(), NEEDED] = None
    value: Annotated[str | None, Amount()] = None
    facts: Annotated[str | None, Text(2, 3_000)] = None
    aided: bool | None = None

    def beyond(self, at: str, today: date) -> Iterator[Reason]:
        if self.authentication not in (None, Authentication.NONE) and not (self.country or "").strip():
            yield because(BLANK, f"{at}.country")
        if self.matter is not None and self.ground is not None and self.real_property is not None:
            fit = grounds(self.matter, real_property=self.real_property)
            if self.ground not in fit:
                yield because(PLACE_RULE, f"{at}.ground", grounds=", ".join(fit))
        if self.division_code is not None and self.division_code.strip() and self.division_code not in DIVISIONS:
            yield because(PLACE_ELSEWHERE, f"{at}.divisionCode")


@dataclass(frozen=True, slots=True)
class NotaryDocument(Part):
    title: Annotated[str | None, Text(2, 100), NEEDED] = None


@dataclass(frozen=True, slots=True)
class NotaryEvidence(Part):
    kind: Annotated[EvidenceKind | None, NEEDED] = None
    title: Annotated[str | None, Text(2, 100), NEEDED] = None
    file_id: UUID | None = None
    promised: bool | None = None

    def beyond(self, at: str, today: date) -> Iterator[Reason]:
        """A copy, or her written promise (规则第十八条); who somebody is, is not promised."""
        if self.file_id is None and not (self.promised and self.kind is not EvidenceKind.ID_DOCUMENT):
            yield because(BLANK, f"{at}.fileId")


@dataclass(frozen=True, slots=True)
class NotaryWitness(Part):
    name: Annotated[Name, NEEDED] = None
    address: Annotated[Address, NEEDED] = None
    phone: Annotated[str | None, Phone(), NEEDED] = None


@dataclass(frozen=True, slots=True)
class NotarisationForm(Form):
    KIND: ClassVar = ApplicationKind.NOTARISATION
    VERSION: ClassVar = 1
    AT: ClassVar = "notarisation"
    FILES: ClassVar = "evidence"

    applicants: Annotated[tuple[NotaryApplicant, ...], Many(10), NEEDED] = ()
    agent: Agent | None = None
    request: Annotated[NotaryRequest | None, NEEDED] = None
    documents: Annotated[tuple[NotaryDocument, ...], Many(20)] = ()
    evidence: Annotated[tuple[NotaryEvidence, ...], Many(30), NEEDED] = ()
    witnesses: Annotated[tuple[NotaryWitness, ...], Many(10)] = ()
    note: Annotated[str | None, Text(1, 500)] = None
    truthful: Annotated[bool | None, NEEDED] = None

    def beyond(self, at: str, today: date) -> Iterator[Reason]:
        for applicant in self.applicants:
            yield from against_same(self.agent, applicant, f"{at}.agent")
        matter = self.request.matter if self.request else None
        if self.agent is not None and matter is not None and in_person(matter):
            guards = self.agent.relation is AgentRelation.STATUTORY and matter is not NotaryMatter.WILL
            if self.agent.relation is not None and not guards:
                yield because(IN_PERSON, f"{at}.agent")
        if self.truthful is False:
            yield because(BAD_VALUE, f"{at}.truthful")

    def matter(self) -> str:
        return self.request.matter.value if self.request and self.request.matter else ""

    def party(self) -> Party:
        first = self.applicants[0] if self.applicants else NotaryApplicant()
        return Party(first.name, first.id_number, first.phone)

    def so(self) -> frozenset[DocumentWhen]:
        """What decides about the documents that are needed."""
        request, relation = self.request or NotaryRequest(), self.agent.relation if self.agent else None
        said = {
            DocumentWhen.AGENT: self.agent is not None,
            DocumentWhen.MINOR: relation is AgentRelation.STATUTORY,
            DocumentWhen.REAL_PROPERTY: bool(request.real_property),
            DocumentWhen.ABROAD: bool(request.country),
        }
        return frozenset(one for one, so in said.items() if so)

    def quoted(self) -> Quote | None:
        """What it will cost, about; None while the matter was not chosen."""
        request = self.request
        if request is None or request.matter is None:
            return None
        value = fen(request.value) if request.value else None
        return quote(
            request.matter,
            value=value,
            copies=request.copies or 1,
            translated=bool(request.language),
            aided=bool(request.aided),
        )
