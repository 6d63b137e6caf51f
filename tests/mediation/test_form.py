"""Each field of the form of mediation with each of its refusals, generated from the schema."""

from datetime import date
from typing import Any

import pytest
from graphql import get_named_type

from app.applications.rules.forms import MediationForm, dumped, loaded
from app.applications.types.forms.mediation.inputs import MediationFormInput
from app.core.ids import new_id
from app.graph.ids import global_id
from app.schema import schema
from tests.applications.forms import Path, but, id_number
from tests.applications.test_form_fields import Case, leaves, of_a_check, of_its_type
from tests.city import REFUSED, City
from tests.mediation.hall import form

pytestmark = pytest.mark.anyio
SUBMIT = f"""mutation ($form: MediationFormInput!, $at: ID!, $key: String!) {{ submitApplication(input: {{
  institutionId: $at, mediation: $form, idempotencyKey: $key}}) {{ __typename {REFUSED} }} }}"""
FORM: Any = schema._schema.get_type("MediationFormInput")
NUMBER: Path = ("applicant", "idNumber")
BETWEEN: list[Case] = [
    (NUMBER, "410881780506123", "OLD_ID_NUMBER", "applicant.idNumber"),
    (NUMBER, id_number(birth=date(1978, 5, 7)), "ID_MISMATCH", "applicant.birth"),
    (NUMBER, id_number(order=124), "ID_MISMATCH", "applicant.gender"),
    (("agent", "idNumber"), "E1", "BAD_ID_NUMBER", "agent.idNumber"),
    (("source",), "REFERRED", "BLANK", "materials"),
    (("applicant",), None, "BLANK", "applicant"),
    (("respondents",), [], "BLANK", "respondents"),
    (("dispute",), None, "BLANK", "dispute"),
    (("dispute", "demands"), [], "BLANK", "dispute.demands"),
    (("respondents",), [{"name": "某公司"}] * 2, "BAD_VALUE", "respondents.1"),
    (("respondents",), [{"name": f"某某{n}"} for n in range(11)], "TOO_MANY", "respondents"),
    (("dispute", "demands"), [{"text": f"赔偿{n}"} for n in range(11)], "TOO_MANY", "dispute.demands"),
    (("materials", 0, "fileId"), "nonsense", "BAD_ID", "materials.0.fileId"),
    (("materials", 0, "fileId"), global_id("Question", "1"), "BAD_ID", "materials.0.fileId"),
]
LEAVES = list(leaves(FORM))
CASES = [
    case
    for path, kind, checks in LEAVES
    for case in (*of_its_type(path, kind), *(one for check in checks for one in of_a_check(check, path, kind)))
] + BETWEEN


def filled() -> dict[str, Any]:
    """The file is nobody's: what is wrong with the form is told before it is looked for."""
    return form() | {"materials": [{"kind": "EVIDENCE", "fileId": global_id("File", new_id())}]}


def test_every_field_has_a_refusal_and_every_text_more_than_that_of_its_type() -> None:
    refused = {path: {code for where, _, code, _ in CASES if where == path} for path, _, _ in LEAVES}
    assert len(LEAVES) > 35
    assert [path for path, codes in refused.items() if not codes] == []
    texts = [path for path, kind, _ in LEAVES if get_named_type(kind).name in ("String", "ID")]
    assert [path for path in texts if len(refused[path]) < 2] == []


async def test_each_field_is_refused_by_its_name_for_each_of_its_reasons(city: City) -> None:
    viewer = await city.resident()
    wrong: list[tuple[Path, Any, Any]] = []
    for path, bad, code, field in CASES:
        said: dict[str, Any] = {"form": but(filled(), path, bad), "key": str(new_id())}
        said["at"] = global_id("Institution", new_id())
        result = await schema.execute(SUBMIT, variable_values=said, context_value=city.context(viewer))
        if code == "BAD_DOCUMENT":
            told = [(error.message, (error.extensions or {}).get("code")) for error in result.errors or ()]
            named = "$form' has invalid value at ." + ".".join(str(step) for step in path)
            if not told or told[0][1] != code or named not in told[0][0].replace("[", ".").replace("]", ""):
                wrong.append((path, bad, told))
            continue
        assert result.errors is None, (path, result.errors)
        assert result.data is not None
        reasons = result.data["submitApplication"].get("reasons", [])
        if [(reason["code"], reason["field"]) for reason in reasons] != [(code, f"mediation.{field}")]:
            wrong.append((path, bad, [(reason["code"], reason["field"]) for reason in reasons]))
    assert wrong == []


def test_nothing_is_lost_where_it_is_kept() -> None:
    plain = loaded(MediationForm, dumped(MediationForm()))
    assert plain == MediationForm()
    assert (plain.matter(), plain.opposing(), plain.files(), plain.party()) == ("", [], [], (None, None, None))
    assert MediationFormInput().to_plain() == MediationForm()
