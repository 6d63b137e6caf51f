"""The form of legal aid: what the law, the guide of the procedure and the published model of the form ask for.

Every field may be missing, for a form is filled in piece by piece. Amounts are yuan as they were written: nothing that
was typed is lost; they are counted in fen (`core.money`).
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from app.applications.rules.form.checks import (
    Amount,
    Dated,
    Many,
    Nation,
    Needed,
    Party,
    Phone,
    Short,
    Text,
    Within,
)
from app.applications.rules.form.choices import (
    AgentRelation,
    CasePosition,
    CaseStage,
    EducationLevel,
    Health,
    IdKind,
    MaterialKind,
    PersonTag,
)
from app.directory.models import Gender
from app.guidance.rules.eligibility import (
    AidCircumstance,
    AidGroup,
    AidMatter,
    DefenceGround,
    EconomicBasis,
    FormOfAid,
)

Name = Annotated[str | None, Text(2, 60)]
Address = Annotated[str | None, Text(2, 200)]
Yuan = Annotated[str | None, Amount()]
NEEDED = Needed()


@dataclass(frozen=True, slots=True)
class Person:
    name: Annotated[Name, NEEDED] = None
    id_kind: Annotated[IdKind | None, NEEDED] = None
    id_number: Annotated[str | None, Short(), NEEDED] = None


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


@dataclass(frozen=True, slots=True)
class Agent(Person):
    phone: Annotated[str | None, Phone(), NEEDED] = None
    relation: Annotated[AgentRelation | None, NEEDED] = None


@dataclass(frozen=True, slots=True)
class Case:
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
class Opponent:
    name: Annotated[str | None, Party(), NEEDED] = None
    phone: Annotated[str | None, Phone()] = None
    address: Address = None


@dataclass(frozen=True, slots=True)
class Means:
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


@dataclass(frozen=True, slots=True)
class Material:
    kind: Annotated[MaterialKind | None, NEEDED] = None
    file_id: Annotated[UUID | None, NEEDED] = None


@dataclass(frozen=True, slots=True)
class LegalAidForm:
    applicant: Annotated[Applicant | None, NEEDED] = None
    agent: Agent | None = None
    case: Annotated[Case | None, NEEDED] = None
    opponents: Annotated[tuple[Opponent, ...], Many(10)] = ()
    means: Annotated[Means | None, NEEDED] = None
    materials: Annotated[tuple[Material, ...], Many(20)] = ()
    sharing_agreed: bool | None = None
