"""Somebody who is no party of a notarisation, but has an interest in it, asks for another look at its certificate."""

import asyncio
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from graphql import get_named_type

from app.applications.models import ApplicationKind, ApplicationState, By, Move
from app.applications.rules import clocks
from app.applications.rules.forms import CertificateReviewForm, dumped, faults, loaded
from app.applications.rules.forms.certificate_review import ReviewedCertificate
from app.applications.rules.machine import MACHINES
from app.applications.rules.standing import years_after
from app.core.ids import new_id
from app.graph.ids import global_id, uuid_of
from app.schema import schema
from tests.applications.bureau import filled, open_bureau
from tests.applications.forms import Path, but, id_number
from tests.applications.office import DAY, QUEUE, mutation, post_of
from tests.applications.reviews import BRIEFLY, LOOK, NUMBER, SHOWN, form, review_asked, submits
from tests.applications.test_form_fields import Case, leaves, of_a_check, of_its_type
from tests.city import REFUSED, City, codes
from tests.threads.talk import told
from tests.vault.scene import DENIED, attempt

pytestmark = pytest.mark.anyio

CASE = "query ($id: ID!) { application(id: $id) { id state } }"
SUBMIT = f"""mutation ($form: CertificateReviewFormInput!, $at: ID!, $key: String!) {{ submitApplication(input: {{
  institutionId: $at, certificateReview: $form, idempotencyKey: $key}}) {{ __typename {REFUSED} }} }}"""
STEP = """INSERT INTO app.application_step (id, application, seq, kind, move, before, after, by_whom, actor, at, due_at)
  SELECT gen_random_uuid(), :id, {seq}, 'CERTIFICATE_REVIEW', '{move}', '{before}', '{after}', '{by}', app.person(),
    app.clock(), '9999-01-01 00:00+00'"""
WHY = {"reason": "理由已书面说明。"}
M, S = Move, ApplicationState


async def test_who_has_an_interest_sees_her_request_and_what_came_of_it_and_never_the_case(city: City) -> None:
    bureau, owner, third = await open_bureau(city), await city.resident(), await city.resident()
    case = await bureau.issued(owner)
    again = str(new_id())
    made = await asyncio.gather(*(submits(bureau, third, again, BRIEFLY) for _ in range(50)))
    (id,) = {one["id"] for one in made}
    await city.settle()
    seen = await city.one(third, LOOK, id=id)
    assert (seen["kind"], seen["state"], seen["form"]["demand"]) == ("CERTIFICATE_REVIEW", "SUBMITTED", "REVOKE")
    assert (seen["form"]["certificate"]["number"], seen["allowed"]) == (NUMBER, ["WITHDRAW"])
    since = datetime.fromisoformat(seen["clock"]["since"])
    assert datetime.fromisoformat(seen["clock"]["dueAt"]) == clocks.due(clocks.Clock.RECHECK, since)
    work = ["CERTIFICATE_REVIEW_WORK" in await told(city, who) for who in (bureau.head, bureau.notary, bureau.officer)]
    assert work == [True, False, False]  # the head gives it to a notary

    # Neither sees the other's, and no other office sees either; nor may any of them make a step in raw SQL.
    key, hers = uuid_of(id, "CertificateReviewApplication"), uuid_of(case, "NotarisationApplication")
    assert await city.one(third, CASE, id=case) is None
    for who in (owner, bureau.stranger):
        assert await city.one(who, LOOK, id=id) is None
    for who, record in ((third, hers), (owner, key), (bureau.stranger, key)):
        for table, column in {"application": "id", "application_step": "application", "key": "subject"}.items():
            said = await attempt(city.db, who.id, f"SELECT 1 FROM app.{table} WHERE {column} = :id", id=record)
            assert said == "rows=0", table
    end = {"seq": 2, "move": "NOT_ACCEPT", "before": "SUBMITTED", "after": "NOT_ACCEPTED", "by": "SUPERVISOR"}
    revoke = end | {"move": "REVOKE", "before": "UNDER_REVIEW", "after": "REVIEW_DECIDED"}
    for who, step, comes in (
        (third, end, DENIED),
        (owner, end, DENIED),
        (bureau.notary, end, DENIED),
        (bureau.stranger, end, DENIED),
        (bureau.head, end | {"before": "PAUSED"}, "23503"),
        (bureau.head, revoke, DENIED),  # nobody has looked into it
    ):
        assert await attempt(city.db, who.id, STEP.format(**step), id=key) == comes, step

    # The head gives it to a notary; who handles it sees it, and its thirty days stand still for what is missing.
    assert codes(await bureau.does(bureau.notary, "takeApplication", id, SHOWN)) == ["MOVED_ON"]
    assert codes(await bureau.does(bureau.notary, "handOverApplication", id, officerId=post_of(bureau.officer))) == [
        "NOT_YOURS_TO_DO"
    ]
    given = await bureau.does(bureau.head, "handOverApplication", id, SHOWN, officerId=post_of(bureau.notary))
    assert (given["state"], given["steps"][-1]["article"]) == ("UNDER_REVIEW", "公证程序规则第六十二条")
    assert [one["id"] for one in (await city.one(bureau.notary, QUEUE, mine=True))["nodes"] if one["id"] == id] == [id]
    assert (await city.one(bureau.officer, LOOK, id=id))["form"] is None
    asks = await bureau.does(bureau.notary, "askSupplement", id, SHOWN, **WHY)
    assert (asks["state"], asks["clock"]["kind"]) == ("NEEDS_SUPPLEMENT", "SUPPLEMENT")
    await city.pass_time(3 * DAY)
    more = {"note": "已补充。", "certificateReview": form(await city.today(), demand="CORRECT")}
    assert (await bureau.does(third, "supplementApplication", id, SHOWN, **more))["form"]["demand"] == "CORRECT"
    paused = await bureau.does(bureau.notary, "pauseNotarisation", id, SHOWN, ground="VERIFICATION", **WHY)
    assert (paused["state"], paused["clock"]) == ("PAUSED", None)
    await city.pass_time(5 * DAY)
    resumed = await bureau.does(bureau.notary, "resumeNotarisation", id, SHOWN)
    at = {one["move"]: datetime.fromisoformat(one["at"]) for one in resumed["steps"]}
    stood = [(at[a], at[b]) for a, b in (("ASK_SUPPLEMENT", "SUPPLEMENT"), ("PAUSE", "RESUME"))]
    assert datetime.fromisoformat(resumed["clock"]["dueAt"]) == clocks.due(clocks.Clock.RECHECK, since, stood)

    # The head decides, once; she is told, and has it as a paper.
    decide = {"outcome": "CORRECT", **WHY}
    assert codes(await bureau.does(third, "withdrawApplication", case, SHOWN)) == ["NOT_FOUND"]
    refused = await city.errors(
        third,
        mutation("decideCertificateReview", "DecideCertificateReviewInput", BRIEFLY),
        input={"applicationId": id, "idempotencyKey": str(new_id())} | decide,
    )
    assert refused[0]["extensions"]["code"] == "FORBIDDEN"
    ends = [bureau.does(bureau.head, "decideCertificateReview", id, BRIEFLY, **decide) for _ in range(50)]
    ended = await asyncio.gather(*ends)
    assert sum(one["__typename"] == "CertificateReviewApplication" for one in ended) == 1
    await city.settle()
    seen = await city.one(third, LOOK, id=id)
    assert (seen["state"], seen["outcome"], seen["clock"]) == ("REVIEW_DECIDED", "CORRECT", None)
    assert seen["steps"][-1]["reason"] == WHY["reason"]
    assert [one["kind"] for one in seen["papers"]].count("DECISION") == 1
    assert set(await told(city, third)) == {"CERTIFICATE_REVIEW_STEP", "PLEASE_RATE_SERVICE"}
    assert (await bureau.sees(owner, case))["state"] == "ISSUED"


async def test_a_request_ends_in_each_of_its_other_ways(city: City) -> None:
    bureau, third, other = await open_bureau(city), await city.resident(), await city.resident()
    last_year = {"number": NUMBER, "learnedOn": str(await city.today() - timedelta(days=400))}
    late = await submits(bureau, third, certificate=last_year)
    assert [(one["code"], one["field"]) for one in late["reasons"]] == [
        ("LEARNED_TOO_LONG_AGO", "certificateReview.certificate.learnedOn")
    ]
    id = await review_asked(bureau, third)
    declined = await bureau.does(bureau.head, "declineNotarisation", id, SHOWN, **WHY)
    assert (declined["state"], declined["outcome"]) == ("NOT_ACCEPTED", None)
    id = await review_asked(bureau, third)
    assert (await bureau.does(third, "withdrawApplication", id, SHOWN))["state"] == "WITHDRAWN"
    for who, move, state in ((third, "UPHOLD", "REVIEW_DECIDED"), (other, None, "DEEMED_WITHDRAWN")):
        id = await review_asked(bureau, who)
        await bureau.does(bureau.head, "handOverApplication", id, SHOWN, officerId=post_of(bureau.notary))
        if move:
            await bureau.does(bureau.head, "decideCertificateReview", id, SHOWN, outcome=move, **WHY)
        else:
            await bureau.does(bureau.notary, "askSupplement", id, SHOWN, **WHY)
            await city.pass_time(20 * DAY)
            await city.settle()
        assert (await city.one(who, LOOK, id=id))["state"] == state


FORM: Any = schema._schema.get_type("CertificateReviewFormInput")
ID: Path = ("applicant", "idNumber")
BETWEEN: list[Case] = [
    (ID, "410881780506123", "OLD_ID_NUMBER", "applicant.idNumber"),
    (ID, id_number(birth=date(1978, 5, 7)), "ID_MISMATCH", "applicant.birth"),
    (ID, id_number(order=124), "ID_MISMATCH", "applicant.gender"),
    (("agent", "idNumber"), "E1", "BAD_ID_NUMBER", "agent.idNumber"),
    (("evidence", 0, "promised"), False, "BLANK", "evidence.0.fileId"),
    (("evidence", 0, "kind"), "ID_DOCUMENT", "BLANK", "evidence.0.fileId"),
    (("evidence", 0, "fileId"), "nonsense", "BAD_ID", "evidence.0.fileId"),
    (("truthful",), False, "BAD_VALUE", "truthful"),
    (("applicant",), None, "BLANK", "applicant"),
    (("certificate",), None, "BLANK", "certificate"),
    (("evidence",), [], "BLANK", "evidence"),
    (("evidence",), [{"kind": "OTHER", "title": f"证据{n}"} for n in range(31)], "TOO_MANY", "evidence"),
]
LEAVES = list(leaves(FORM))
CASES = [
    case
    for path, kind, checks in LEAVES
    for case in (*of_its_type(path, kind), *(one for check in checks for one in of_a_check(check, path, kind)))
] + BETWEEN


async def test_each_field_is_refused_by_its_name_for_each_of_its_reasons(city: City) -> None:
    viewer, wrong = await city.resident(), list[Any]()
    whole = form(await city.today(), agent=filled()["agent"])
    refused = {path: {code for where, _, code, _ in CASES if where == path} for path, _, _ in LEAVES}
    assert len(LEAVES) > 20
    assert [path for path, found in refused.items() if not found] == []
    texts = [path for path, kind, _ in LEAVES if get_named_type(kind).name in ("String", "ID")]
    assert [path for path in texts if len(refused[path]) < 2] == []
    for path, bad, code, field in CASES:
        said = {"form": but(whole, path, bad), "key": str(new_id()), "at": global_id("Institution", new_id())}
        result = await schema.execute(SUBMIT, variable_values=said, context_value=city.context(viewer))
        if code == "BAD_DOCUMENT":
            if [(error.extensions or {}).get("code") for error in result.errors or ()] != [code]:
                wrong.append((path, bad, result.errors))
            continue
        assert result.data is not None, (path, result.errors)
        reasons = [(one["code"], one["field"]) for one in result.data["submitApplication"].get("reasons", [])]
        if (code, f"certificateReview.{field}") not in reasons:
            wrong.append((path, bad, reasons))
    assert wrong == []


def test_the_year_and_the_twenty_years_of_the_law() -> None:
    """公证程序规则第六十一条; the last day still counts."""
    today = date(2026, 11, 29)
    for issued, learned, code in (
        (None, date(2025, 11, 29), None),
        (None, date(2025, 11, 28), "LEARNED_TOO_LONG_AGO"),
        (date(2006, 11, 29), date(2026, 1, 1), None),
        (date(2006, 11, 28), date(2026, 1, 1), "ISSUED_TOO_LONG_AGO"),
        (date(2026, 2, 1), date(2026, 1, 1), "BAD_VALUE"),
    ):
        certificate = ReviewedCertificate(NUMBER, issued, learned)
        found = faults(CertificateReviewForm(certificate=certificate), complete=True, today=today, at="it")
        assert [one.code.name for one in found if one.field and "certificate." in one.field] == ([code] if code else [])
    assert years_after(date(2024, 2, 29)) == date(2025, 2, 28)
    assert years_after(date(2024, 2, 29), 20) == date(2044, 2, 29)
    assert loaded(CertificateReviewForm, dumped(CertificateReviewForm())) == CertificateReviewForm()


def test_the_machine_keeps_what_the_law_promises() -> None:
    machine = MACHINES[ApplicationKind.CERTIFICATE_REVIEW]
    reached, before = {S.NEW}, set[ApplicationState]()
    while reached != before:
        before = set(reached)
        reached |= {row.after for row in machine.rows if row.before in before}
    assert reached == set(machine.states)
    assert machine.over == set(machine.states) - {row.before for row in machine.rows if row.after != row.before}
    for row in machine.rows:
        if row.move in (M.UPHOLD, M.CORRECT, M.REVOKE, M.NOT_ACCEPT):
            assert (row.by, row.reason, row.stops) == (By.SUPERVISOR, True, True)
        if row.before is S.SUBMITTED and row.after is S.UNDER_REVIEW:
            assert row.by is By.SUPERVISOR  # 第六十二条: the office chooses who looks into it
        if row.after is S.UNDER_REVIEW and row.before in (S.NEEDS_SUPPLEMENT, S.PAUSED):
            assert row.goes_on  # 第六十四条: that time is not counted
    for move in (M.WITHDRAW, M.GIVE_UP):
        assert {row.before for row in machine.rows if row.move is move} == set(machine.states) - machine.over - {S.NEW}
