"""People as forms name them, by the numbers of their papers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from app.applications.rules.forms.checks import Needed, Phone, Short, Text
from app.applications.rules.forms.choices import AgentRelation, IdKind
from app.applications.rules.forms.identity import against_number, plain, resident
from app.applications.rules.forms.judging import Part
from app.core.errors import Reason, because, code
from app.directory.models import Gender

ID_MISMATCH = code(
    "ID_MISMATCH",
    zh="与身份证号码不一致，请核对。",
    en="This does not agree with the ID number.",
    remedy="Compare both with the card; an ID number tells birthday and sex.",
)
SAME_PERSON = code(
    "SAME_PERSON",
    zh="代理人与申请人不能是同一人。",
    en="An agent cannot be the applicant herself.",
    remedy="Leave the agent out, or give the agent's own number.",
)

Name = Annotated[str | None, Text(2, 60)]
Address = Annotated[str | None, Text(2, 200)]
NEEDED = Needed()


@dataclass(frozen=True, slots=True)
class Person(Part):
    name: Annotated[Name, NEEDED] = None
    id_kind: Annotated[IdKind | None, NEEDED] = None
    id_number: Annotated[str | None, Short(), NEEDED] = None

    def beyond(self, at: str, today: date) -> Iterator[Reason]:
        if self.id_kind is not None and self.id_number:
            yield from against_number(self.id_kind, self.id_number, f"{at}.idNumber", today)


@dataclass(frozen=True, slots=True)
class Agent(Person):
    phone: Annotated[str | None, Phone(), NEEDED] = None
    relation: Annotated[AgentRelation | None, NEEDED] = None


def against_birth(person: Person, birth: date | None, gender: Gender | None, at: str) -> Iterator[Reason]:
    """Whether they are those of the ID number, if it is one that tells them."""
    told = resident(person.id_number) if person.id_kind is not None and person.id_number else None
    if told is not None and birth not in (None, told.birth):
        yield because(ID_MISMATCH, f"{at}.birth")
    if told is not None and gender not in (None, told.gender):
        yield because(ID_MISMATCH, f"{at}.gender")


def against_same(agent: Person | None, applicant: Person | None, at: str) -> Iterator[Reason]:
    """An agent is somebody else."""
    if agent is None or applicant is None or not agent.id_number or not applicant.id_number:
        return
    if agent.id_kind == applicant.id_kind and plain(agent.id_number) == plain(applicant.id_number):
        yield because(SAME_PERSON, f"{at}.idNumber")
