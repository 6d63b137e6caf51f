"""The form of legal aid: what the law, the guide of the procedure and the published model of the form ask for.

Amounts are yuan as they were written: nothing that was typed is lost; they are counted in fen (`core.money`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from app.applications.models import ApplicationKind
from app.applications.rules.forms.checks import Amount, Dated, Many, Nation, PartyName, Phone, Text, Within
from app.applications.rules.forms.form import Form, Party
from app.applications.rules.forms.judging import Part, camel, is_blank
from app.applications.rules.forms.legal_aid.choices import (
    CasePosition,
    CaseStage,
    EducationLevel,
    Health,
    MaterialKind,
    PersonTag,
    Urgency,
)
from app.applications.rules.forms.people import NEEDED, Address, Agent, Person, against_birth, against_same
from app.core.errors import BLANK, Reason, because
from app.directory.models import Gender
from app.guidance.rules.eligibility import (
    AidCircumstance,
    AidGroup,
    AidMatter,
    DefenceGround,
    EconomicBasis,
    FormOfAid,
)
from app.guidance.rules.limits import is_urgent

Yuan = Annotated[str | None, Amount()]


@dataclass(frozen=True, slots=True)
class Applicant(Person):
    phone: Annotated[str | None, Phone(), NEEDED] = None
    gender: Annotated[Gender | None, NEEDED] = None
    birth: Annotated[date | None, Dated(before=150, after=0), NEEDED] = None
    nation: Annotated[str | None, Nation()] = None
    registered_at: Address = None
    lives_at: Annotated[Address, NEEDED] = None
    education: EducationLevel | None = None
    occupation: Annotated[str | None, Text(1, 60)] = None
    employer: Annotated[str | None, Text(1, 100)] = None
    health: Health | None = None
    tags: Annotated[tuple[PersonTag, ...], Many(len(PersonTag))] = ()

    def beyond(self, at: str, today: date) -> Iterator[Reason]:
        yield from Person.beyond(self, at, today)
        yield from against_birth(self, self.birth, self.gender, at)


@dataclass(frozen=True, slots=True)
class Case(Part):
    matter: Annotated[AidMatter | None, NEEDED] = None
    form: Annotated[FormOfAid | None, NEEDED] = None
    cause: Annotated[str | None, Text(2, 100)] = None
    position: CasePosition | None = None
    stage: CaseStage | None = None
    organ: Annotated[str | None, Text(2, 100)] = None
    number: Annotated[str | None, Text(1, 60)] = None
    facts: Annotated[str | None, Text(10, 3_000), NEEDED] = None
    claim: Annotated[str | None, Text(2, 1_000), NEEDED] = None
    amount: Yuan = None
    deadline: Annotated[date | None, Dated(before=30, after=20)] = None
    preservation: bool | None = None
    defence: Annotated[tuple[DefenceGround, ...] | None, Many(len(DefenceGround))] = None
    represented: Annotated[bool | None, NEEDED] = None


@dataclass(frozen=True, slots=True)
class Opponent(Part):
    name: Annotated[str | None, PartyName(), NEEDED] = None
    phone: Annotated[str | None, Phone()] = None
    address: Address = None


@dataclass(frozen=True, slots=True)
class Means(Part):
    basis: Annotated[EconomicBasis | None, NEEDED] = None
    circumstances: Annotated[tuple[AidCircumstance, ...] | None, Many(len(AidCircumstance))] = None
    groups: Annotated[tuple[AidGroup, ...] | None, Many(len(AidGroup))] = None
    hardship: bool | None = None
    promised: bool | None = None
    household_members: Annotated[int | None, Within(1, 50)] = None
    monthly_income: Yuan = None
    property: Yuan = None
    debts: Yuan = None
    note: Annotated[str | None, Text(1, 500)] = None

    def beyond(self, at: str, today: date) -> Iterator[Reason]:
        for name in _RESTS_ON[self.basis] if self.basis else ():
            if (said := getattr(self, name)) is False or is_blank(said):
                yield because(BLANK, f"{at}.{camel(name)}")


_RESTS_ON: dict[EconomicBasis, tuple[str, ...]] = {
    EconomicBasis.UNCONDITIONAL: (),
    EconomicBasis.EXEMPT: ("groups",),
    EconomicBasis.PROMISE: ("promised", "household_members", "monthly_income"),
    EconomicBasis.CHECK: ("household_members", "monthly_income"),
}
"""What has to be told where one relies on it. No certificate is asked for where a promise or an exemption will do."""


@dataclass(frozen=True, slots=True)
class Material(Part):
    kind: Annotated[MaterialKind | None, NEEDED] = None
    file_id: Annotated[UUID | None, NEEDED] = None


@dataclass(frozen=True, slots=True)
class LegalAidForm(Form):
    KIND: ClassVar = ApplicationKind.LEGAL_AID
    VERSION: ClassVar = 1
    AT: ClassVar = "legalAid"

    applicant: Annotated[Applicant | None, NEEDED] = None
    agent: Agent | None = None
    case: Annotated[Case | None, NEEDED] = None
    opponents: Annotated[tuple[Opponent, ...], Many(10)] = ()
    means: Annotated[Means | None, NEEDED] = None
    materials: Annotated[tuple[Material, ...], Many(20)] = ()
    sharing_agreed: bool | None = None

    def beyond(self, at: str, today: date) -> Iterator[Reason]:
        yield from against_same(self.agent, self.applicant, f"{at}.agent")

    def matter(self) -> str:
        return self.case.matter.value if self.case and self.case.matter else ""

    def party(self) -> Party:
        applicant = self.applicant or Applicant()
        return Party(applicant.name, applicant.id_number, applicant.phone)

    def opposing(self) -> list[str]:
        return [one.name for one in self.opponents if one.name]

    def hastens(self, today: date) -> bool:
        return bool(self.urgencies(today))

    def urgencies(self, today: date) -> list[Urgency]:
        """None where nothing hastens. `today` is the city's."""
        case = self.case or Case()
        hastens = (
            (case.deadline is not None and is_urgent(case.deadline, today), Urgency.LIMITATION),
            (bool(case.preservation), Urgency.PRESERVATION),
        )
        return [urgency for stands, urgency in hastens if stands]
