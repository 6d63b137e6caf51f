"""Each field of the form with each of its refusals, generated from the schema: a field without one fails here."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    get_named_type,
)

from app.applications.rules.forms import LegalAidForm
from app.applications.rules.forms.checks import (
    Amount,
    Check,
    Dated,
    Many,
    Nation,
    Needed,
    PartyName,
    Phone,
    Text,
    Within,
)
from app.applications.rules.forms.judging import camel, checks_of
from app.applications.types.forms.certificate_review import KINDS as REVIEW_KINDS
from app.applications.types.forms.legal_aid import LegalAidForm as Shown
from app.applications.types.forms.legal_aid.inputs import KINDS
from app.applications.types.forms.mediation.inputs import KINDS as MEDIATION_KINDS
from app.applications.types.forms.notarisation.inputs import KINDS as NOTARY_KINDS
from app.graph.ids import global_id
from app.graph.refusals import INTERNAL
from app.schema import schema
from tests.applications.forms import Path, but, filled, form_of, id_number
from tests.city import City

pytestmark = pytest.mark.anyio

CHECK = """query ($legalAid: LegalAidFormInput!) { checkLegalAidForm(legalAid: $legalAid) { __typename
  ... on LegalAidFormCheck { reasons { code message field } urgent eligibility { outcome basis } }
  ... on Refused { reasons { code message field } } } }"""
FORM: Any = schema._schema.get_type("LegalAidFormInput")
PARTS = {
    kind.__name__: plain
    for kinds in (KINDS, MEDIATION_KINDS, NOTARY_KINDS, REVIEW_KINDS)
    for kind, plain in kinds.items()
}
LONG_AGO, FAR = date(1700, 1, 1), date(2300, 1, 1)
WRONG_KIND = {"String": 5, "Boolean": "maybe", "Date": "2026-02-30", "Int": "many", "ID": 1.5}
Case = tuple[Path, Any, str, str]
"""Where, what is sent, the code, and the field that is named."""


def leaves(kind: GraphQLInputObjectType, here: Path = ()) -> Iterator[tuple[Path, Any, tuple[Check, ...]]]:
    """Of every field that holds no part: where it is in the filled form, its type, and its checks."""
    checks = {camel(name): said for name, said in checks_of(PARTS[kind.name]).items()}
    for name, told in kind.fields.items():
        named, many = get_named_type(told.type), isinstance(bare(told.type), GraphQLList)
        if isinstance(named, GraphQLInputObjectType):
            yield from leaves(named, (*here, name, 0) if many else (*here, name))
        else:
            yield (*here, name), told.type, checks[name]


def bare(kind: Any) -> Any:
    return kind.of_type if isinstance(kind, GraphQLNonNull) else kind


BAD: dict[type[Check], tuple[str, tuple[str, ...]]] = {
    Phone: ("BAD_NUMBER", ("123", "12348", "+1 202 555 0100", "一三八")),
    Amount: ("BAD_AMOUNT", ("-1", "1.234", "三千", "1e5", "1,000")),
    Nation: ("BAD_VALUE", ("火星族",)),
    PartyName: ("BLANK", ("（）",)),
}


def of_a_check(check: Check, path: Path, kind: Any) -> Iterator[Case]:
    field = ".".join(map(str, path))
    code, samples = BAD.get(type(check), ("", ()))
    for bad in samples:
        yield path, bad, code, field
    match check:
        case Needed():
            yield path, None, "BLANK", field
            if get_named_type(kind).name == "String":
                yield path, "  ", "BLANK", field
        case Text():
            yield from of_a_text(check, path, field)
        case Within(least, most):
            yield path, least - 1, "OUT_OF_RANGE", field
            yield path, most + 1, "OUT_OF_RANGE", field
        case Dated():
            yield path, LONG_AGO.isoformat(), "BAD_DATE", field
            yield path, FAR.isoformat(), "BAD_DATE", field
        case Many(most):
            first = next(iter(get_named_type(kind).values))
            yield path, [first, first], "BAD_VALUE", f"{field}.1"
            yield path, [first] * (most + 1), "TOO_MANY", field


def of_a_text(check: Text, path: Path, field: str) -> Iterator[Case]:
    yield path, "工资\x00", "BAD_TEXT", field
    yield path, "工资\ud800", "BAD_TEXT", field
    yield path, "字" * (check.longest + 1), "TOO_LONG", field
    yield path, "字" * 20_000, "TOO_LONG", field
    if check.shortest > 1:
        yield path, "字" * (check.shortest - 1), "TOO_SHORT", field


def of_its_type(path: Path, kind: Any) -> Iterator[Case]:
    """What GraphQL itself refuses; its message names the field."""
    named, listed = get_named_type(kind), isinstance(bare(kind), GraphQLList)
    if isinstance(named, GraphQLEnumType):
        yield path, ["NONSENSE"] if listed else "NONSENSE", "BAD_DOCUMENT", ".".join(map(str, path))
    else:
        assert isinstance(named, GraphQLScalarType)
        yield path, WRONG_KIND[named.name], "BAD_DOCUMENT", ".".join(map(str, path))


NUMBER: Path = ("applicant", "idNumber")
AGENT: Path = ("agent", "idNumber")
BETWEEN: list[Case] = [
    (NUMBER, "410881780506123", "OLD_ID_NUMBER", "applicant.idNumber"),
    (NUMBER, id_number()[:-1] + "0", "BAD_ID_NUMBER", "applicant.idNumber"),
    (NUMBER, id_number(place="990101"), "BAD_ID_NUMBER", "applicant.idNumber"),
    (NUMBER, id_number(birth=date(1978, 5, 7)), "ID_MISMATCH", "applicant.birth"),
    (NUMBER, id_number(order=124), "ID_MISMATCH", "applicant.gender"),
    (AGENT, "E1", "BAD_ID_NUMBER", "agent.idNumber"),
    (("means", "promised"), False, "BLANK", "means.promised"),
    (("means", "householdMembers"), None, "BLANK", "means.householdMembers"),
    (("means", "monthlyIncome"), None, "BLANK", "means.monthlyIncome"),
    (("applicant",), None, "BLANK", "applicant"),
    (("case",), None, "BLANK", "case"),
    (("means",), None, "BLANK", "means"),
    (("opponents",), [{"name": "某公司"}] * 2, "BAD_VALUE", "opponents.1"),
    (("opponents",), [{"name": f"某某{n}"} for n in range(11)], "TOO_MANY", "opponents"),
    (("materials",), [{"kind": "OTHER"}] * 21, "TOO_MANY", "materials"),
    (("materials", 0, "fileId"), "nonsense", "BAD_ID", "materials.0.fileId"),
    (("materials", 0, "fileId"), global_id("Question", "1"), "BAD_ID", "materials.0.fileId"),
]
"""Refusals that rest on more than one field, and of lists of parts."""
LEAVES = list(leaves(FORM))
CASES = [
    case
    for path, kind, checks in LEAVES
    for case in (*of_its_type(path, kind), *(one for check in checks for one in of_a_check(check, path, kind)))
] + BETWEEN


def test_every_field_has_a_refusal_and_every_text_more_than_that_of_its_type() -> None:
    refused = {path: {code for where, _, code, _ in CASES if where == path} for path, _, _ in LEAVES}
    assert len(LEAVES) > 45
    assert [path for path, codes in refused.items() if not codes] == []
    bare_texts = [
        path for path, kind, _ in LEAVES if get_named_type(kind).name in ("String", "ID") and len(refused[path]) < 2
    ]
    assert bare_texts == []


async def test_a_filled_form_is_taken(city: City) -> None:
    viewer = await city.resident()
    with city.statements() as sent:
        found = await city.one(viewer, CHECK, legalAid=filled())
    assert found == {
        "__typename": "LegalAidFormCheck",
        "reasons": [],
        "urgent": [],
        "eligibility": {"outcome": "ELIGIBLE", "basis": "EXEMPT"},
    }
    assert len(sent) <= 1
    empty = await city.one(viewer, CHECK, legalAid={})
    assert [reason["field"] for reason in empty["reasons"]] == ["legalAid.applicant", "legalAid.case", "legalAid.means"]
    assert empty["eligibility"]["outcome"] == "NEEDS_CHECK"
    assert (await city.errors(None, CHECK, legalAid={}))[0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_each_field_is_refused_by_its_name_for_each_of_its_reasons(city: City) -> None:
    viewer = await city.resident()
    wrong: list[tuple[Path, Any, Any]] = []
    for path, bad, code, field in CASES:
        said = but(filled(), path, bad)
        result = await schema.execute(CHECK, variable_values={"legalAid": said}, context_value=city.context(viewer))
        if code == "BAD_DOCUMENT":
            told = [(error.message, (error.extensions or {}).get("code")) for error in result.errors or ()]
            named = "$legalAid' has invalid value at ." + ".".join(str(step) for step in path)
            if not told or told[0][1] != code or named not in told[0][0].replace("[", ".").replace("]", ""):
                wrong.append((path, bad, told))
            continue
        assert result.errors is None, (path, result.errors)
        assert result.data is not None
        reasons = result.data["checkLegalAidForm"]["reasons"]
        if [(reason["code"], reason["field"]) for reason in reasons] != [(code, f"legalAid.{field}")]:
            wrong.append((path, bad, [(reason["code"], reason["field"]) for reason in reasons]))
        # What may not even be kept in a draft is refused; what is only unfinished is told.
        kept = result.data["checkLegalAidForm"]["__typename"] == "LegalAidFormCheck"
        if code in ("BAD_TEXT", "TOO_LONG", "TOO_MANY", "BAD_ID", INTERNAL.name) and kept:
            wrong.append((path, bad, "is kept"))
    assert wrong == []


def test_what_is_shown_hides_numbers_from_who_need_not_see_them() -> None:
    form = form_of(filled())
    hidden, whole = Shown.of(form, open_ids=False), Shown.of(form, open_ids=True)
    assert hidden.applicant is not None
    assert whole.applicant is not None
    assert hidden.agent is not None
    assert hidden.case is not None
    assert hidden.means is not None
    assert whole.applicant.id_number == id_number()
    assert hidden.applicant.id_number == "*" * 14 + id_number()[-4:]
    assert hidden.agent.id_number == "*****5678"
    assert (hidden.applicant.name, hidden.case.amount, hidden.means.monthly_income) == ("王建国", "26800.50", "4200.00")
    assert hidden.materials[0].file_id == filled()["materials"][0]["fileId"]
    empty = Shown.of(LegalAidForm(), open_ids=False)
    assert (empty.applicant, empty.opponents, empty.materials) == (None, [], [])
