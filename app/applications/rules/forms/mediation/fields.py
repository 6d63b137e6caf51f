"""The form of mediation (人民调解申请书、受理登记表): who the two are, and what it is about."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from app.applications.models import ApplicationKind
from app.applications.rules.forms.checks import Amount, Dated, Many, Nation, PartyName, Phone, Text, Within
from app.applications.rules.forms.form import Form, Party
from app.applications.rules.forms.judging import Part
from app.applications.rules.forms.mediation.choices import (
    DisputeKind,
    Elsewhere,
    MediationMaterialKind,
    MediationSource,
)
from app.applications.rules.forms.people import NEEDED, Address, Agent, Person, against_birth, against_same
from app.core.errors import BLANK, Reason, because
from app.directory.models import Gender


@dataclass(frozen=True, slots=True)
class MediationApplicant(Person):
    phone: Annotated[str | None, Phone(), NEEDED] = None
    gender: Annotated[Gender | None, NEEDED] = None
    birth: Annotated[date | None, Dated(before=150, after=0), NEEDED] = None
    nation: Annotated[str | None, Nation()] = None
    occupation: Annotated[str | None, Text(1, 60)] = None
    lives_at: Annotated[Address, NEEDED] = None

    def beyond(self, at: str, today: date) -> Iterator[Reason]:
        yield from Person.beyond(self, at, today)
        yield from against_birth(self, self.birth, self.gender, at)


@dataclass(frozen=True, slots=True)
class Respondent(Part):
    """One of the other side: a person or a body. Her number of any paper is not asked of somebody else."""

    name: Annotated[str | None, PartyName(), NEEDED] = None
    phone: Annotated[str | None, Phone()] = None
    gender: Gender | None = None
    nation: Annotated[str | None, Nation()] = None
    age: Annotated[int | None, Within(1, 120)] = None
    occupation: Annotated[str | None, Text(1, 60)] = None
    address: Address = None


@dataclass(frozen=True, slots=True)
class Demand(Part):
    text: Annotated[str | None, Text(2, 500), NEEDED] = None


@dataclass(frozen=True, slots=True)
class Dispute(Part):
    type: Annotated[DisputeKind | None, NEEDED] = None
    place: Annotated[Address, NEEDED] = None
    facts: Annotated[str | None, Text(10, 3_000), NEEDED] = None
    demands: Annotated[tuple[Demand, ...], Many(10), NEEDED] = ()
    amount: Annotated[str | None, Amount()] = None
    people: Annotated[int | None, Within(2, 10_000)] = None
    since: Annotated[date | None, Dated(before=80, after=0)] = None
    elsewhere: Annotated[Elsewhere | None, NEEDED] = None
    elsewhere_note: Annotated[str | None, Text(2, 200)] = None
    may_escalate: Annotated[bool | None, NEEDED] = None
    public: Annotated[bool | None, NEEDED] = None

    def beyond(self, at: str, today: date) -> Iterator[Reason]:
        if self.elsewhere not in (None, Elsewhere.NOWHERE) and not (self.elsewhere_note or "").strip():
            yield because(BLANK, f"{at}.elsewhereNote")


@dataclass(frozen=True, slots=True)
class MediationMaterial(Part):
    kind: Annotated[MediationMaterialKind | None, NEEDED] = None
    file_id: Annotated[UUID | None, NEEDED] = None


@dataclass(frozen=True, slots=True)
class MediationForm(Form):
    KIND: ClassVar[ApplicationKind] = ApplicationKind.MEDIATION
    VERSION: ClassVar[int] = 1
    AT: ClassVar[str] = "mediation"

    source: MediationSource | None = None
    applicant: MediationApplicant | None = None
    agent: Agent | None = None
    respondents: Annotated[tuple[Respondent, ...], Many(10), NEEDED] = ()
    dispute: Annotated[Dispute | None, NEEDED] = None
    mediator_wish: Annotated[str | None, Text(2, 200)] = None
    materials: Annotated[tuple[MediationMaterial, ...], Many(20)] = ()
    first_side: Annotated[tuple[Respondent, ...], Many(10)] = ()
    """Where nobody applied, and the mediator offers it: who stands against the respondents."""

    def beyond(self, at: str, today: date) -> Iterator[Reason]:
        if self.applicant is None and not self.first_side:
            yield because(BLANK, f"{at}.applicant")
        yield from against_same(self.agent, self.applicant, f"{at}.agent")
        letter = any(one.kind is MediationMaterialKind.REFERRAL_LETTER for one in self.materials)
        if self.source is MediationSource.REFERRED and not letter:
            yield because(BLANK, f"{at}.materials")

    def matter(self) -> str:
        return self.dispute.type.value if self.dispute and self.dispute.type else ""

    def party(self) -> Party:
        if self.applicant is None and self.first_side:
            return Party(self.first_side[0].name, None, self.first_side[0].phone)
        found = self.applicant or MediationApplicant()
        return Party(found.name, found.id_number, found.phone)

    def asking(self) -> list[str]:
        """The names of the side that asks for it."""
        asking = (self.applicant,) if self.applicant else self.first_side
        return [one.name for one in asking if one.name]

    def opposing(self) -> list[str]:
        return [one.name for one in self.respondents if one.name]

    def files(self) -> list[UUID]:
        return [one.file_id for one in self.materials if one.file_id]
