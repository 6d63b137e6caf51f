"""Another applicant, another institution's officer and a stranger see nothing; nobody makes a step that is not hers, in
raw SQL either; of fifty at once one is first."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.core.access import Viewer
from app.core.ids import new_id
from app.graph.ids import global_id
from tests.applications.office import LOOK, QUEUE, form, key, lawyer_of, mutation, open_office, post_of
from tests.city import REFUSED, City, codes
from tests.consultation.test_life_delegated import consent
from tests.people import VERSIONS
from tests.vault.scene import DENIED, attempt

pytestmark = pytest.mark.anyio

WHY = {"reason": "理由已书面说明。"}
NODE = "query ($id: ID!) { node(id: $id) { id } }"
UPDATES = """query ($id: ID!, $after: String) { applicationUpdates(applicationId: $id, after: $after) {
  __typename ... on ApplicationUpdates { cursor events { move } application { state } }
  ... on Refused { reasons { code } } } }"""
AGREE = """mutation ($version: Int!) {
  giveConsent(input: {purpose: SENSITIVE, version: $version}) { __typename } }"""
TAKE_BACK = "mutation { withdrawConsent(input: {purpose: SENSITIVE}) { __typename } }"
SAVE = f"{{ __typename {REFUSED} ... on ApplicationDraft {{ id revision form {{ __typename }} }} }}"
DRAFT = mutation("saveApplicationDraft", "SaveApplicationDraftInput", SAVE)


async def test_what_a_form_asks_for_needs_a_consent_of_its_own(city: City) -> None:
    """Numbers of papers, health and means are sensitive (PIPL 28, 29): neither sent nor kept as a draft without it."""
    office, resident = await open_office(city), await city.resident()
    draft = {"legalAid": form(), "revision": 1, "idempotencyKey": str(new_id())}
    await city.one(resident, TAKE_BACK)
    for refused in (await office.submits(resident), await city.one(resident, DRAFT, input=draft)):
        (reason,) = refused["reasons"]
        assert reason["code"] == "CONSENT_NEEDED"
        assert "敏感个人信息" in reason["message"]
    for table in ("application", "application_draft", "file"):
        assert await city.sql(f"SELECT 1 FROM app.{table}") == []
    assert (await city.one(resident, AGREE, version=VERSIONS["SENSITIVE"]))["__typename"] == "PrivacyConsent"
    assert (await city.one(resident, DRAFT, input=draft))["__typename"] == "ApplicationDraft"
    assert (await office.submits(resident))["__typename"] == "LegalAidApplication"


async def test_who_has_nothing_to_do_with_it_finds_nothing(city: City) -> None:
    office, resident, other = await open_office(city), await city.resident(), await city.resident()
    id, assignment = await office.in_hand(resident)
    await office.applied(other)
    strangers = {
        "another applicant": other,
        "another institution's officer": office.stranger,
        "a lawyer": await city.lawyer(),
        "an administrator": office.admin,
    }
    tables = {"application": "id", "application_step": "application", "assignment": "application"}
    for who, viewer in strangers.items():
        assert await city.one(viewer, LOOK, id=id) is None, who
        for node in (id, assignment):
            assert await city.one(viewer, NODE, id=node) is None, who
        assert codes(await city.one(viewer, UPDATES, id=id)) == ["NOT_FOUND"], who
        for table, column in tables.items():
            said = await attempt(city.db, viewer.id, f"SELECT 1 FROM app.{table} WHERE {column} = :id", id=key(id))
            assert said == "rows=0", (who, table)
        for table in ("key", "reader", "feed"):
            said = await attempt(city.db, viewer.id, f"SELECT 1 FROM app.{table} WHERE subject = :id", id=key(id))
            assert said == "rows=0", (who, table)
    assert codes(await office.does(other, "withdrawApplication", id)) == ["NOT_FOUND"]
    assert codes(await office.does(office.stranger, "takeApplication", id)) == ["NOT_FOUND"]
    assert (await city.one(office.stranger, QUEUE, mine=False))["nodes"] == []
    # A colleague sees that it is there; neither a step of it, nor a word, nor its news.
    seen = await office.sees(office.second, id)
    assert (seen["state"], seen["form"], seen["steps"], seen["lawyer"], seen["readings"]) == (
        "IN_PROGRESS",
        None,
        [],
        None,
        [],
    )
    for table in ("application_step", "assignment"):
        said = await attempt(
            city.db, office.second.id, f"SELECT 1 FROM app.{table} WHERE application = :id", id=key(id)
        )
        assert said == "rows=0", table
    assert await attempt(city.db, office.second.id, "SELECT 1 FROM app.key WHERE subject = :id", id=key(id)) == "rows=0"


STEP = """INSERT INTO app.application_step (id, application, seq, kind, move, before, after, by_whom, actor, at, due_at,
    institution, officer, lawyer, answer_by, code, amount)
  SELECT gen_random_uuid(), :id, {seq}, 'LEGAL_AID', '{move}', '{before}', '{after}', '{by}', {actor}, {at},
    '9999-01-01 00:00+00', NULL, {officer}, {lawyer}, {until}, {code}, NULL"""


async def test_raw_sql_makes_no_step_that_is_not_hers(city: City) -> None:
    office, resident = await open_office(city), await city.resident()
    id = await office.granted(resident)
    conflicted, far = await city.lawyer(), await city.lawyer(pool="NATION")
    people = {"id": key(id), "l": office.lawyer.id, "far": far.id, "s": office.stranger.id, "them": office.officer.id}
    ((seq,),) = await city.sql("SELECT seq FROM app.application WHERE id = :id", id=key(id))
    good = {"seq": seq + 1, "move": "OFFER", "before": "GRANTED", "after": "ASSIGNED", "by": "OFFICER"}
    good |= {"actor": "app.person()", "at": "app.clock()", "officer": "NULL", "lawyer": ":l"}
    good |= {"until": "app.clock()", "code": "NULL"}
    withdraw = {"move": "WITHDRAW", "after": "WITHDRAWN", "by": "APPLICANT", "lawyer": "NULL", "until": "NULL"}
    accept = withdraw | {"move": "ACCEPT", "before": "ASSIGNED", "after": "IN_PROGRESS", "by": "LAWYER"}
    hand = withdraw | {"move": "HAND_OVER", "after": "GRANTED", "by": "SUPERVISOR", "officer": ":s"}
    tries: list[tuple[Viewer, dict[str, Any], str]] = [
        (office.officer, {"seq": seq}, "23505"),
        (office.officer, {"seq": seq + 2}, DENIED),
        (office.officer, {"lawyer": ":far"}, DENIED),  # not of the city
        (office.officer, {"actor": "NULL"}, DENIED),
        (office.officer, {"at": "app.clock() - interval '1 day'"}, DENIED),
        (office.officer, {"by": "SUPERVISOR"}, "23503"),  # no such line in the table
        (office.officer, {"after": "IN_PROGRESS"}, "23503"),
        (office.officer, {"lawyer": "NULL"}, "23514"),
        (office.officer, withdraw, DENIED),
        (office.officer, hand, DENIED),
        (office.head, hand, DENIED),  # to whom does not work there
        (office.second, {}, DENIED),
        (office.stranger, {}, DENIED),
        (office.lawyer, {}, DENIED),
        (office.lawyer, accept, DENIED),
        (resident, {}, DENIED),
        (resident, withdraw | {"actor": ":them"}, DENIED),
        (conflicted, accept, DENIED),
        (resident, withdraw | {"by": "HOUSE", "actor": "NULL"}, DENIED),
    ]
    for who, said, comes in tries:
        assert await attempt(city.db, who.id, STEP.format(**good | said), **people) == comes, said
    for who in (resident, office.officer, office.head):
        for statement in (
            "UPDATE app.application SET state = 'DENIED'",
            "UPDATE app.application SET due_at = now()",
            "UPDATE app.assignment SET state = 'ACCEPTED'",
            "DELETE FROM app.application_step",
            "INSERT INTO app.reader VALUES (:id, :s, 'staff', now(), 'infinity')",
        ):
            assert await attempt(city.db, who.id, statement, **people) == DENIED, statement
    worker = "INSERT INTO app.application_step (id, application, seq, kind, move, before, after, by_whom, at, due_at)"
    worker += (
        f" VALUES (gen_random_uuid(), :id, {seq + 1}, 'LEGAL_AID', 'WITHDRAW', 'GRANTED', 'WITHDRAWN', 'APPLICANT',"
    )
    assert await attempt(city.worker, "", worker + " app.clock(), app.clock())", id=key(id)) == DENIED
    assert await attempt(city.db, office.officer.id, STEP.format(**good), **people) == "rows=1"


async def test_nobody_handles_what_she_applies_for(city: City) -> None:
    office = await open_office(city)
    id = await office.applied(office.officer)
    assert codes(await office.does(office.officer, "takeApplication", id)) == ["OWN_APPLICATION"]
    said = {"officerId": post_of(office.officer)}
    assert codes(await office.does(office.head, "handOverApplication", id, **said)) == ["NOT_AN_OFFICER"]
    mine = await office.applied(office.head)
    assert (await office.sees(office.head, mine))["allowed"] == ["WITHDRAW"]
    assert (await office.does(office.second, "takeApplication", mine))["state"] == "UNDER_REVIEW"


async def test_what_only_a_call_may_still_follow_keeps_nobody_from_applying(city: City) -> None:
    office, resident = await open_office(city), await city.resident()
    for _ in range(5):
        await office.applied(resident)
    assert codes(await office.submits(resident)) == ["APPLICATIONS_FULL"]
    ((first,),) = await city.sql("SELECT id FROM app.application LIMIT 1")
    closed = "UPDATE app.application SET state = 'CLOSED_REPORTED', officer = :who WHERE id = :id"
    await city.sql(closed, who=office.officer.id, id=first)
    assert codes(await office.submits(resident)) == []


async def test_of_fifty_at_once_one_is_first(city: City) -> None:
    office, resident = await open_office(city), await city.resident()
    same = str(new_id())
    made = await asyncio.gather(*(office.submits(resident, key=same) for _ in range(50)))
    assert len({one["id"] for one in made}) == 1
    others = [await office.submits(resident) for _ in range(5)]
    assert [codes(one) for one in others] == [[], [], [], [], ["APPLICATIONS_FULL"]]
    await city.settle()
    id = made[0]["id"]
    takes = await asyncio.gather(
        *(office.does(who, "takeApplication", id) for who in [office.officer, office.second] * 25)
    )
    assert sum(one["__typename"] == "LegalAidApplication" for one in takes) == 1
    ((mine,),) = await city.sql("SELECT officer FROM app.application WHERE id = :id", id=key(id))
    officer = office.officer if mine == office.officer.id else office.second
    how = ({"decision": "GRANT"}, {"decision": "DENY"})
    decides = await asyncio.gather(
        *(office.does(officer, "decideApplication", id, **how[n % 2], **WHY) for n in range(50))
    )
    assert sum(one["__typename"] == "LegalAidApplication" for one in decides) == 1
    assert {code for one in decides for code in codes(one)} == {"MOVED_ON"}
    ((state,),) = await city.sql("SELECT state FROM app.application WHERE id = :id", id=key(id))
    if state == "DENIED":
        await office.does(resident, "objectToDecision", id, **WHY)
        await office.does(office.head, "decideObjection", id, uphold=False, **WHY)
    lawyers = [office.lawyer, *await city.lawyers(4)]
    offers = await asyncio.gather(
        *(office.does(officer, "assignLawyer", id, lawyerId=lawyer_of(lawyers[n % 5])) for n in range(50))
    )
    assert sum(one["__typename"] == "LegalAidApplication" for one in offers) == 1
    assert await city.sql("SELECT count(*) FROM app.assignment WHERE application = :id", id=key(id)) == [(1,)]
    steps = await city.sql("SELECT count(*), max(seq) FROM app.application_step WHERE application = :id", id=key(id))
    assert steps[0][0] == steps[0][1]


async def test_a_draft_goes_along_and_a_daughter_applies_for_her_mother(city: City) -> None:
    office, mother, daughter = await open_office(city), await city.resident(), await city.resident()
    same = str(new_id())

    async def saves(revision: int, **said: Any) -> Any:
        input = {"legalAid": form(), "revision": revision, "idempotencyKey": same} | said
        return await city.one(daughter, DRAFT, input=input)

    first = await saves(1, legalAid={})
    assert (await saves(3, draftId=first["id"]))["revision"] == 3
    assert (await saves(2))["revision"] == 3  # a late packet changes nothing
    assert await city.one(mother, NODE, id=first["id"]) is None
    delegation = await consent(city, mother, daughter)
    said = {"onBehalfOf": delegation, "draftId": first["id"]}
    id = await office.applied(daughter, **said)
    assert codes(await office.submits(daughter, **said)) == ["APPLICATION_DRAFT_SENT"]
    for who in (mother, daughter):
        assert (await office.sees(who, id))["form"]["case"]["facts"]
    assert codes(await office.submits(mother, onBehalfOf=delegation)) == ["NOT_FOUND"]
    end = "mutation ($id: ID!) { endDelegation(input: {delegationId: $id}) { __typename } }"
    await city.one(mother, end, id=delegation)
    assert await office.sees(daughter, id) is None
    assert (await office.sees(mother, id))["allowed"] == ["WITHDRAW"]
    page = "{ applicationDrafts { nodes { id } } }"
    assert (await city.one(daughter, page))["nodes"] == []
    # What nobody comes back to is wiped after thirty days.
    same = str(new_id())
    await saves(1)
    assert len((await city.one(daughter, page))["nodes"]) == 1
    await city.pass_time(30 * 86_400 + 60)
    assert (await city.one(daughter, page))["nodes"] == []


async def test_what_was_said_is_forgotten_three_years_after_the_end_unless_a_hold_keeps_it(city: City) -> None:
    office, resident = await open_office(city), await city.resident()
    ended, held, open_still = [await office.taken(resident) for _ in range(3)]
    for id in (ended, held):
        await office.does(resident, "withdrawApplication", id)
    await city.sql(
        "INSERT INTO app.legal_hold (id, subject, why, document, placed_by, placed_at)"
        " VALUES (gen_random_uuid(), :id, '案件审理', '示例-1', '张三', now())",
        id=key(held),
    )
    await city.pass_time(timedelta(days=1095))
    assert (await city.sql("SELECT count(*) FROM app.application WHERE body <> ''")) == [(3,)]
    await city.pass_time(timedelta(days=2))
    kept = {row.id for row in await city.sql("SELECT id FROM app.application WHERE body <> ''")}
    assert kept == {key(held), key(open_still)}
    assert await city.sql("SELECT 1 FROM app.key WHERE subject = :id", id=key(ended)) == []
    assert await office.sees(resident, ended) is None
    await city.sql("UPDATE app.legal_hold SET lifted_at = now(), lifted_by = '张三'")
    await city.pass_time(timedelta(days=31))
    assert await city.sql("SELECT id FROM app.application WHERE body <> ''") == [(key(open_still),)]


async def test_the_news_of_an_application_and_the_end_of_an_account(city: City) -> None:
    office, resident = await open_office(city), await city.resident()
    id, assignment = await office.in_hand(resident)
    start = await city.one(resident, UPDATES, id=id)
    assert (start["events"], start["application"]) == ([], {"state": "IN_PROGRESS"})
    await office.reports(office.lawyer, assignment)
    for who in (resident, office.officer, office.head, office.lawyer):
        news = await city.one(who, UPDATES, id=id, after=start["cursor"])
        assert news["events"] == [{"move": "REPORT"}]
    leave = "mutation { closeAccount(input: {understood: true}) { __typename } }"
    assert (await city.one(resident, leave))["__typename"] == "AccountClosing"
    await city.settle()
    assert await city.sql("SELECT state, body FROM app.application WHERE id = :id", id=key(id)) == [("WITHDRAWN", b"")]
    assert await city.sql("SELECT 1 FROM app.key WHERE subject = :id", id=key(id)) == []
    words = "SELECT 1 FROM app.application_step WHERE application = :id AND num_nonnulls(reason, body) > 0"
    assert await city.sql(words, id=key(id)) == []
    assert (await office.offered(office.lawyer))[0]["state"] == "ENDED"
    assert (await office.sees(office.officer, id))["form"] is None
    assert codes(await office.submits(await city.resident(), institutionId=global_id("Institution", new_id()))) == [
        "INSTITUTION_UNFIT"
    ]
