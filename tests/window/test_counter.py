"""Somebody applies at a counter, without an account or a telephone; and what detained persons send is forwarded."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.core.access import Role
from app.core.ids import new_id
from app.graph.ids import global_id
from tests.applications.office import DAY, form
from tests.city import REFUSED, City, codes
from tests.directory.desk import set_post
from tests.threads.talk import told
from tests.window.counter import Counter, mutation, open_counter

pytestmark = pytest.mark.anyio

SEEN = "id source byPost forwardBy overdue confirmed receipt statement name state claimCode"
STATEMENT = f"{{ __typename {REFUSED} ... on CounterStatement {{ {SEEN} }} }}"
LIST = f"{{ counterStatements(first: 20) {{ nodes {{ {SEEN} }} }} }}"
CLAIMED = f"{{ __typename {REFUSED} ... on LegalAidApplication {{ id receipt form {{ case {{ facts }} }} }} }}"
STEPS = """query ($id: ID!) { application(id: $id) { ... on LegalAidApplication {
    state form { case { facts } } steps { move by channel reason } } } }"""
WORDS = "我不识字，请窗口代写：包工头拖欠我三个月工资。"
HOURS = timedelta(hours=1)


async def recorded(counter: Counter, **said: Any) -> Any:
    written = form()
    written["applicant"] |= {"name": "王小明"}
    return await counter.do(
        counter.clerk, "recordAtWindow", STATEMENT, **{"legalAid": written, "statement": WORDS} | said
    )


async def confirms(counter: Counter, who: Any, id: str) -> Any:
    input = {"statementId": id, "how": "FINGERPRINT"}
    return await counter.city.one(who, mutation("confirmAtWindow", STATEMENT), input=input)


async def applies(counter: Counter, id: str, who: Any = None, **said: Any) -> Any:
    where = {"institutionId": counter.office.centre} | said
    return await counter.do(who or counter.clerk, "applyAtWindow", STATEMENT, statementId=id, **where)


async def test_who_has_no_account_applies_before_two_and_claims_it_later(city: City) -> None:
    counter, later = await open_counter(city), await city.resident()
    office = counter.office
    assert codes(await recorded(counter, statement="短")) == ["TOO_SHORT"]
    assert codes(await recorded(counter, receivedAt=(await city.now()).isoformat())) == ["BAD_VALUE"]
    made = await recorded(counter, idempotencyKey="written-down-once")
    assert await recorded(counter, idempotencyKey="written-down-once") == made
    assert (made["statement"], made["name"], made["confirmed"]) == (WORDS, "王**", None)
    assert codes(await applies(counter, made["id"])) == ["CONFIRM_FIRST"]

    # Not by who wrote it, nor from elsewhere; by one of the same window.
    assert codes(await confirms(counter, counter.clerk, made["id"])) == ["ANOTHER_CONFIRMS"]
    for who in (counter.elsewhere, counter.hall, office.officer):
        assert codes(await confirms(counter, who, made["id"])) == ["NOT_FOUND"]
    (hers,) = (await city.one(counter.colleague, LIST))["nodes"]
    assert (hers["statement"], hers["claimCode"]) == (WORDS, None)
    confirmed = await asyncio.gather(*(confirms(counter, counter.colleague, made["id"]) for _ in range(10)))
    assert {one["confirmed"] for one in confirmed} == {"FINGERPRINT"}
    assert codes(await confirms(counter, office.head, made["id"])) == ["ANOTHER_CONFIRMS"]

    assert codes(await applies(counter, made["id"], counter.colleague)) == ["NOT_YOUR_STATEMENT"]
    assert codes(await applies(counter, made["id"], institutionId=await _hall(city))) == ["INSTITUTION_UNFIT"]
    sent = {"statementId": made["id"], "institutionId": office.centre}
    document = mutation("applyAtWindow", STATEMENT)
    at_once = [city.one(counter.clerk, document, input=sent | {"idempotencyKey": str(new_id())}) for _ in range(10)]
    receipts = {one["receipt"] for one in await asyncio.gather(*at_once)}
    await city.settle()
    assert len(receipts) == 1
    ((count,),) = await city.sql("SELECT count(*) FROM app.application")
    assert count == 1
    (mine,) = (await city.one(counter.clerk, LIST))["nodes"]
    assert mine["state"] == "SUBMITTED"
    assert "AID_WORK" in await told(city, office.officer)
    # It is an application like any other; what she said goes with its first step.
    ((id,),) = await city.sql("SELECT id FROM app.application")
    application = global_id("LegalAidApplication", id)
    await office.does(office.officer, "takeApplication", application)
    seen = await city.one(office.officer, STEPS, id=application)
    assert seen["steps"][0] == {"move": "SUBMIT", "by": "APPLICANT", "channel": "WINDOW", "reason": WORDS}
    assert seen["steps"][1]["channel"] == "ONLINE"
    for who in (counter.clerk, counter.colleague, later):
        assert await office.sees(who, application) is None

    # Later she claims it, once.
    claim = mine["claimCode"]
    assert codes(await counter.do(later, "claimApplication", CLAIMED, code=claim[:-1] + "0")) == ["CLAIM_CODE_WRONG"]
    assert codes(await counter.do(office.officer, "claimApplication", CLAIMED, code=claim)) == ["CLAIM_CODE_WRONG"]
    hyphened = f"{claim[:4]}-{claim[4:8].lower()}-{claim[8:]}"
    others = [later, *[await city.resident() for _ in range(4)]]
    tries = await asyncio.gather(*(counter.do(who, "claimApplication", CLAIMED, code=hyphened) for who in others))
    assert [one["__typename"] for one in tries].count("LegalAidApplication") == 1
    who = others[[one["__typename"] for one in tries].index("LegalAidApplication")]
    claimed = await city.one(who, STEPS, id=application)
    assert claimed["form"]["case"]["facts"] == form()["case"]["facts"]
    assert (await office.does(who, "withdrawApplication", application))["state"] == "WITHDRAWN"

    # Nothing of it lies at the window tomorrow.
    await city.pass_time(DAY)
    assert (await city.one(counter.clerk, LIST))["nodes"] == []
    assert await city.sql("SELECT body FROM app.counter_statement") == [(b"",)]
    assert await city.sql("SELECT 1 FROM app.key k JOIN app.counter_statement s ON s.id = k.subject") == []


async def _hall(city: City) -> str:
    ((id,),) = await city.sql("SELECT id FROM app.institution WHERE kind = 'SERVICE_WINDOW'")
    return global_id("Institution", id)


async def test_what_a_detained_person_sends_is_forwarded_within_a_day(city: City) -> None:
    counter = await open_counter(city)
    office = counter.office
    hours_ago = (await city.now() - 10 * HOURS).isoformat()
    sent = {"source": "DETENTION_HOUSE", "byPost": True}
    future = (await city.now() + HOURS).isoformat()
    assert codes(await recorded(counter, **sent, receivedAt=future)) == ["BAD_VALUE"]
    made = await recorded(counter, **sent, receivedAt=hours_ago)
    forward_by = datetime.fromisoformat(made["forwardBy"])
    assert forward_by - datetime.fromisoformat(hours_ago) == 24 * HOURS
    assert not made["overdue"]
    # Its window is reminded four hours before, and told every day once it is late; the next clerk's list shows it.
    await city.pass_time(forward_by - 4 * HOURS + timedelta(minutes=1) - await city.now())
    assert (await told(city, counter.clerk)).count("FORWARD_SOON") == 1
    assert (await told(city, office.head)).count("FORWARD_SOON") == 1
    await city.pass_time(5 * HOURS)
    assert (await told(city, office.head)).count("FORWARD_OVERDUE") == 1
    await city.pass_time(DAY)
    assert (await told(city, office.head)).count("FORWARD_OVERDUE") == 2
    (seen,) = (await city.one(office.head, LIST))["nodes"]
    assert (seen["overdue"], seen["byPost"], seen["statement"]) == (True, True, WORDS)
    # The one with jurisdiction is another; nobody has to confirm what came on paper.
    forwarded = await applies(counter, made["id"], institutionId=office.elsewhere)
    assert (forwarded["state"], forwarded["overdue"]) == ("SUBMITTED", True)
    assert "AID_WORK" in await told(city, office.stranger)
    await city.pass_time(2 * DAY)
    assert (await told(city, office.head)).count("FORWARD_OVERDUE") == 2
    # Another is forwarded in time.
    made = await recorded(counter, source="PROCURATORATE")
    assert not (await applies(counter, made["id"]))["overdue"]
    await set_post(city, office.admin, counter.clerk, None)
    assert codes(await recorded(counter)) == ["NO_WINDOW_POST"]
    assert await city.sql("SELECT count(*) FROM app.application WHERE applicant = :me", me=counter.clerk.id) == [(0,)]


async def test_what_a_detained_person_sends_waits_for_nobody_who_has_left(city: City) -> None:
    counter = await open_counter(city)
    office, later = counter.office, await city.person(Role.WINDOW_STAFF)
    made = await recorded(counter, source="DETENTION_HOUSE", byPost=True)
    hers = await recorded(counter)
    seen = f"query ($id: ID!) {{ node(id: $id) {{ ... on CounterStatement {{ {SEEN} }} }} }}"
    await set_post(city, office.admin, counter.clerk, None)
    for id in (made["id"], hers["id"]):  # who has left reads nothing that was said there
        assert await city.one(counter.clerk, seen, id=id) is None
    assert (await city.one(counter.clerk, LIST))["nodes"] == []
    await set_post(city, office.admin, later, office.centre, duty="WINDOW_STAFF", called="新来的")
    (found,) = (await city.one(later, LIST))["nodes"]  # what is to be forwarded, and what she was not there for is not
    assert (found["id"], found["statement"]) == (made["id"], WORDS)
    await city.pass_time(20 * HOURS + timedelta(minutes=1))
    assert [(await told(city, who)).count("FORWARD_SOON") for who in (later, office.head, counter.clerk)] == [1, 1, 0]
    for who in (counter.elsewhere, counter.hall):
        assert codes(await applies(counter, made["id"], who)) == ["NOT_FOUND"]
    assert codes(await applies(counter, hers["id"], later)) == ["NOT_FOUND"]
    done = await asyncio.gather(*(applies(counter, made["id"], who) for who in (later, counter.colleague)))
    assert {one["state"] for one in done} == {"SUBMITTED"}
    assert len({one["receipt"] for one in done}) == 1
    assert (
        await city.sql("SELECT 1 FROM app.application WHERE applicant = ANY (:us)", us=[later.id, counter.colleague.id])
        == []
    )
