"""What is wrong with a form: as a draft, where only what cannot be kept is, and as what is to be submitted."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from app.applications.rules.form.checks import Check, Needed
from app.applications.rules.form.fields import Agent, Applicant, LegalAidForm, Means, Person
from app.applications.rules.form.identity import against_number, plain, resident
from app.core.errors import BLANK, Reason, because, code
from app.guidance.rules.eligibility import EconomicBasis

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


def faults(form: LegalAidForm, *, complete: bool, today: date, at: str = "legalAid") -> list[Reason]:
    """Every reason by its field (`legalAid.opponents.0.name`), at most one a field; none where the form can be kept, or
    with `complete` be submitted. `today` is the city's."""
    found = [*_against(form, at, complete, today)]
    if complete:
        found += _across(form, at)
    return list({reason.field: reason for reason in reversed(found)}.values())[::-1]


@cache
def checks_of(kind: type[Any]) -> dict[str, tuple[Check, ...]]:
    """The checks of each field of a part of the form."""
    hints = get_type_hints(kind, include_extras=True)
    return {
        one.name: tuple(said for said in get_args(hints[one.name])[1:] if isinstance(said, Check))
        if get_origin(hints[one.name]) is Annotated
        else ()
        for one in fields(kind)
    }


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))


def _against(part: Any, at: str, complete: bool, today: date) -> Iterator[Reason]:
    for name, checks in checks_of(part.__class__).items():
        said, field = getattr(part, name), f"{at}.{camel(name)}"
        if said is None or said == () or (isinstance(said, str) and not said.strip()):
            if complete and any(isinstance(check, Needed) for check in checks):
                yield because(BLANK, field)
            continue
        for check in checks:
            yield from check.shape(said, field)
            if complete:
                yield from check.whole(said, field, today)
        for place, one in enumerate(said) if isinstance(said, tuple) else [("", said)]:
            if is_dataclass(one):
                yield from _against(one, f"{field}.{place}".rstrip("."), complete, today)
    if complete and isinstance(part, Person):
        yield from _of_a_person(part, at, today)
    if complete and isinstance(part, Means):
        yield from _of_means(part, at)


def _of_a_person(person: Person, at: str, today: date) -> Iterator[Reason]:
    if person.id_kind is None or not person.id_number:
        return
    yield from against_number(person.id_kind, person.id_number, f"{at}.idNumber", today)
    told = resident(person.id_number)
    if isinstance(person, Applicant) and told is not None:
        if person.birth not in (None, told.birth):
            yield because(ID_MISMATCH, f"{at}.birth")
        if person.gender not in (None, told.gender):
            yield because(ID_MISMATCH, f"{at}.gender")


_RESTS_ON: dict[EconomicBasis, tuple[str, ...]] = {
    EconomicBasis.UNCONDITIONAL: (),
    EconomicBasis.EXEMPT: ("groups",),
    EconomicBasis.PROMISE: ("promised", "household_members", "monthly_income"),
    EconomicBasis.CHECK: ("household_members", "monthly_income"),
}
"""What has to be told where one relies on it. No certificate is asked for where a promise or an exemption will do."""


def _of_means(means: Means, at: str) -> Iterator[Reason]:
    for name in _RESTS_ON[means.basis] if means.basis else ():
        said = getattr(means, name)
        if said in (None, (), False) or (isinstance(said, str) and not said.strip()):
            yield because(BLANK, f"{at}.{camel(name)}")


def _across(form: LegalAidForm, at: str) -> Iterator[Reason]:
    """Between the parts."""
    if isinstance(form.agent, Agent) and form.applicant and form.agent.id_number and form.applicant.id_number:
        same_kind = form.agent.id_kind == form.applicant.id_kind
        if same_kind and plain(form.agent.id_number) == plain(form.applicant.id_number):
            yield because(SAME_PERSON, f"{at}.agent.idNumber")
