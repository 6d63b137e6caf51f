"""Each field of the form of notarisation with each of its refusals, generated from the schema; its rules, pure."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from graphql import get_named_type
from hypothesis import given
from hypothesis import strategies as st

from app.applications.rules.forms import NotarisationForm, dumped, faults, loaded
from app.applications.rules.forms.choices import AgentRelation
from app.applications.rules.forms.notarisation import NotaryApplicant, NotaryRequest
from app.applications.rules.forms.people import Agent
from app.applications.types.forms.notarisation.inputs import NotarisationFormInput
from app.core.money import fen
from app.graph.ids import global_id
from app.graph.refusals import INTERNAL
from app.guidance.rules.notarisation import (
    DOCUMENTS,
    MATTERS,
    DocumentWhen,
    NotaryMatter,
    PlaceGround,
    documents,
    grounds,
    in_person,
    quote,
)
from app.schema import schema
from tests.applications.bureau import filled
from tests.applications.forms import Path, but, id_number
from tests.applications.test_form_fields import Case, leaves, of_a_check, of_its_type
from tests.city import City

CHECK = """query ($form: NotarisationFormInput!) { checkNotarisationForm(notarisation: $form) { __typename
  ... on NotarisationFormCheck { reasons { code message field } }
  ... on Refused { reasons { code message field } } } }"""
FORM: Any = schema._schema.get_type("NotarisationFormInput")
NUMBER: Path = ("applicants", 0, "idNumber")
BETWEEN: list[Case] = [
    (NUMBER, "410881780506123", "OLD_ID_NUMBER", "applicants.0.idNumber"),
    (NUMBER, id_number(birth=date(1978, 5, 7)), "ID_MISMATCH", "applicants.0.birth"),
    (NUMBER, id_number(order=124), "ID_MISMATCH", "applicants.0.gender"),
    (("agent", "idNumber"), "E1", "BAD_ID_NUMBER", "agent.idNumber"),
    (("request", "ground"), "REAL_PROPERTY", "PLACE_RULE", "request.ground"),
    (("request", "divisionCode"), "110101", "PLACE_ELSEWHERE", "request.divisionCode"),
    (("request", "matter"), "SURVIVAL", "IN_PERSON", "agent"),
    (("request", "country"), None, "BLANK", "request.country"),
    (("evidence", 1, "promised"), False, "BLANK", "evidence.1.fileId"),
    (("evidence", 1, "kind"), "ID_DOCUMENT", "BLANK", "evidence.1.fileId"),
    (("evidence", 0, "fileId"), "nonsense", "BAD_ID", "evidence.0.fileId"),
    (("evidence", 0, "fileId"), global_id("Question", "1"), "BAD_ID", "evidence.0.fileId"),
    (("truthful",), False, "BAD_VALUE", "truthful"),
    (("applicants",), [], "BLANK", "applicants"),
    (("request",), None, "BLANK", "request"),
    (("evidence",), [], "BLANK", "evidence"),
    (("documents",), [{"title": "委托书"}] * 2, "BAD_VALUE", "documents.1"),
    (("documents",), [{"title": f"文书{n}"} for n in range(21)], "TOO_MANY", "documents"),
    (("evidence",), [{"kind": "OTHER", "title": f"证据{n}"} for n in range(31)], "TOO_MANY", "evidence"),
    (("witnesses",), [{"name": f"证人{n}"} for n in range(11)], "TOO_MANY", "witnesses"),
    (("applicants",), [{"name": f"申请{n}"} for n in range(11)], "TOO_MANY", "applicants"),
]
LEAVES = list(leaves(FORM))
CASES = [
    case
    for path, kind, checks in LEAVES
    for case in (*of_its_type(path, kind), *(one for check in checks for one in of_a_check(check, path, kind)))
] + BETWEEN


def test_every_field_has_a_refusal_and_every_text_more_than_that_of_its_type() -> None:
    refused = {path: {code for where, _, code, _ in CASES if where == path} for path, _, _ in LEAVES}
    assert len(LEAVES) > 30
    assert [path for path, codes in refused.items() if not codes] == []
    texts = [path for path, kind, _ in LEAVES if get_named_type(kind).name in ("String", "ID")]
    assert [path for path in texts if len(refused[path]) < 2] == []


@pytest.mark.anyio
async def test_each_field_is_refused_by_its_name_for_each_of_its_reasons(city: City) -> None:
    viewer = await city.resident()
    assert (await city.one(viewer, CHECK, form=filled()))["reasons"] == []
    wrong: list[tuple[Path, Any, Any]] = []
    for path, bad, code, field in CASES:
        said = but(filled(), path, bad)
        result = await schema.execute(CHECK, variable_values={"form": said}, context_value=city.context(viewer))
        if code == "BAD_DOCUMENT":
            told = [(error.message, (error.extensions or {}).get("code")) for error in result.errors or ()]
            named = "$form' has invalid value at ." + ".".join(str(step) for step in path)
            if not told or told[0][1] != code or named not in told[0][0].replace("[", ".").replace("]", ""):
                wrong.append((path, bad, told))
            continue
        assert result.errors is None, (path, result.errors)
        assert result.data is not None
        found = result.data["checkNotarisationForm"]
        reasons = [(reason["code"], reason["field"]) for reason in found["reasons"]]
        if (code, f"notarisation.{field}") not in reasons:
            wrong.append((path, bad, reasons))
        kept = found["__typename"] == "NotarisationFormCheck"
        if code in ("BAD_TEXT", "TOO_LONG", "TOO_MANY", "BAD_ID", INTERNAL.name) and kept:
            wrong.append((path, bad, "is kept"))
    assert wrong == []


def test_the_place_and_presence_are_those_of_the_law() -> None:
    free = {matter for matter in NotaryMatter if grounds(matter, real_property=True) != (PlaceGround.REAL_PROPERTY,)}
    assert free == {NotaryMatter[name] for name in ("AUTHORISATION", "DECLARATION", "GIFT", "WILL")}  # 法第二十五条
    assert {matter for matter in NotaryMatter if in_person(matter)} == free | {
        NotaryMatter.SURVIVAL,
        NotaryMatter.ADOPTION,
    }  # 法第二十六条, 规则第十一条
    assert {(one.article, one.item) for one in MATTERS.values()} == {("11", n) for n in range(1, 12)} | {
        ("12", n) for n in range(1, 6)
    }
    for matter in NotaryMatter:
        everything = {one.code for one in documents(matter, frozenset(DocumentWhen))}
        least = {one.code for one in documents(matter, frozenset())}
        assert {"ID_DOCUMENT"} <= least <= everything
    assert {code for one in DOCUMENTS if one.shared for code in (one.code,)} & {"ID_DOCUMENT", "ORIGINAL"} == set()


@given(matter=st.sampled_from(NotaryMatter), relation=st.sampled_from(AgentRelation), property_=st.booleans())
def test_only_a_guardian_acts_for_another_where_one_comes_in_person(
    matter: NotaryMatter, relation: AgentRelation, property_: bool
) -> None:
    ground = grounds(matter, real_property=property_)[0]
    request = NotaryRequest(matter=matter, real_property=property_, ground=ground)
    form = NotarisationForm(agent=Agent(relation=relation), request=request)
    told = {reason.code.name for reason in faults(form, complete=True, today=date(2026, 11, 28), at="notarisation")}
    may = not in_person(matter) or (relation is AgentRelation.STATUTORY and matter is not NotaryMatter.WILL)
    assert ("IN_PERSON" not in told) is may
    assert "PLACE_RULE" not in told
    assert (DocumentWhen.MINOR in form.so()) is (relation is AgentRelation.STATUTORY)


@given(value=st.integers(0, 10**13), more=st.integers(0, 10**12), copies=st.integers(1, 20), aided=st.booleans())
def test_a_greater_value_never_costs_less_and_aid_never_more(value: int, more: int, copies: int, aided: bool) -> None:
    def costs(amount: int, *, aided: bool = False) -> int:
        return quote(NotaryMatter.GIFT, value=amount, copies=copies, translated=False, aided=aided).to_pay

    assert costs(value) <= costs(value + more)
    assert costs(value, aided=True) * 2 in (costs(value), costs(value) - 1)
    told = quote(NotaryMatter.GIFT, value=value, copies=copies, translated=True, aided=aided)
    assert told.total == sum(line.fen for line in told.lines)


def test_brackets_are_reckoned_each_for_its_part() -> None:
    worth = {"0": "200", "200000": "2400", "500000": "5400", "1000000": "9400"}
    for value, fee in worth.items():
        found = quote(NotaryMatter.GIFT, value=fen(value), copies=1, translated=False, aided=False)
        assert found.total == fen(fee)
    assert quote(NotaryMatter.ADVICE, value=None, copies=1, translated=False, aided=False).total == 0


def test_what_others_need_of_it_and_how_it_is_kept() -> None:
    form: NotarisationForm = NotarisationFormInput(note="希望尽快办理。").to_plain()
    assert loaded(NotarisationForm, dumped(form)) == form
    assert (form.matter(), form.files(), form.opposing(), form.party()) == ("", [], [], (None, None, None))
    whole = replace(form, applicants=(NotaryApplicant(name="王建国"),), request=NotaryRequest(matter=NotaryMatter.WILL))
    assert (whole.matter(), whole.party().name) == ("WILL", "王建国")
    assert loaded(NotarisationForm, dumped(whole)) == whole
    assert form.quoted() is None
