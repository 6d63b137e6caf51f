"""Somebody keeps the days that she must not miss, and is reminded of each in time, and of no other."""

import asyncio
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from app.core.access import Viewer
from app.core.db import NOBODY, now
from app.core.ids import new_id
from app.dates import actions, rules
from app.dates.events import DateNears
from app.dates.reactions import still_to_be
from app.directory.reads.opening import calendar
from app.graph.ids import uuid_of
from app.places.rules.workdays import CITY_TIME, PUBLISHED
from tests.city import CONTENT, REFUSED, City, codes

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
SHOWN = """id source kind about since day daysLeft lastWorkday urgent reminders
    limit { code article { law number } } advice { step article { number } } question { id }"""
KEEP = f"""mutation ($input: KeepDateInput!) {{ keepDate(input: $input) {{
    __typename ... on KeptDate {{ {SHOWN} }} {REFUSED} }} }}"""
CHANGE = f"""mutation ($id: ID!, $day: Date!) {{ changeDate(input: {{dateId: $id, day: $day}}) {{
    __typename ... on KeptDate {{ {SHOWN} }} {REFUSED} }} }}"""
DROP = f"""mutation ($id: ID!) {{ dropDate(input: {{dateId: $id}}) {{
    __typename ... on KeptDate {{ {SHOWN} }} {REFUSED} }} }}"""
MINE = f"{{ myDates {{ {SHOWN} }} }}"
NODE = "query ($id: ID!) { node(id: $id) { ... on KeptDate { id day } } }"
PERIOD = {"amount": 1, "unit": "YEAR", "begins": "自劳动关系终止之日起"}


async def keep(city: City, who: Viewer, key: str | None = None, **said: Any) -> Any:
    return await city.one(who, KEEP, input=said | {"idempotencyKey": key or str(new_id())})


async def own(city: City, who: Viewer, day: date, kind: str = "HEARING", key: str | None = None) -> Any:
    return await keep(city, who, key, own={"kind": kind, "day": str(day)})


async def at(city: City, day: date, hour: int = 9, minute: int = 0) -> None:
    """Turn the clock to that day's hour in the city, then let what is due happen."""
    moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=CITY_TIME)
    await city.pass_time(moment - await city.now())


async def told(city: City, who: Viewer) -> int:
    rows = await city.sql("SELECT about FROM app.notice WHERE person = :me AND kind = 'DATE_NEAR'", me=who.id)
    return len(rows)


async def workday(city: City, after: int) -> date:
    day = await city.today() + after * DAY
    while not PUBLISHED.is_workday(day):
        day += DAY
    return day


async def answered(city: City, **parts: Any) -> tuple[Viewer, str, str]:
    """(asker, question, answer): a lawyer answered it."""
    lawyer, asker = await city.lawyer(), await city.resident()
    question = await city.asked(asker)
    await city.settle()
    seat = await city.claim(lawyer)
    answer = await city.answer(lawyer, seat["id"], **parts)
    return asker, question, answer["id"]


async def test_a_period_of_the_law_is_reckoned_by_the_house_and_told_in_time(city: City) -> None:
    me, day = await city.resident(), await workday(city, 50)
    since = day - 60 * DAY
    made = await keep(city, me, limit={"code": "administrative-review", "since": str(since)})
    assert (made["source"], made["day"], made["since"]) == ("LIMIT", str(day), str(since))
    assert made["daysLeft"] == (day - await city.today()).days
    assert not made["urgent"]
    assert made["limit"] == {"code": "administrative-review", "article": {"law": "行政复议法", "number": "20"}}
    assert [one["step"] for one in made["advice"]] == ["ASK_LAWYER", "APPLY_FOR_LEGAL_AID"]
    async with city.db.acting(me) as session:
        days = [str(one) for one in rules.reminders(day, await calendar(session))]
    assert made["reminders"] == days
    for count, on in enumerate(days):
        await at(city, date.fromisoformat(on), 8, 59)
        assert await told(city, me) == count
        await at(city, date.fromisoformat(on))
        assert await told(city, me) == count + 1
    (seen,) = await city.one(me, MINE)
    assert (seen["daysLeft"], seen["urgent"], seen["reminders"]) == (1, True, [])
    assert seen["advice"][1] == {"step": "LEGAL_AID_IN_ADVANCE", "article": {"number": "44"}}
    await at(city, day + DAY, 0, 1)
    (seen,) = await city.one(me, MINE)
    assert (seen["daysLeft"], [one["step"] for one in seen["advice"]]) == (-1, ["ASK_WHAT_IS_LEFT"])
    assert await told(city, me) == len(days)


async def test_a_period_that_a_lawyer_named_is_kept_by_who_may_see_the_answer(city: City) -> None:
    asker, question, answer = await answered(city, limit=PERIOD)
    since = await city.today() - 30 * DAY
    made = await keep(city, asker, answer={"answerId": answer, "since": str(since)})
    assert made["source"] == "ANSWER"
    assert made["about"] == "律师指出的期限（1年）"
    assert made["question"] == {"id": question}
    assert made["day"][5:] == str(since)[5:] or since.month == 2, made
    stranger = await city.resident()
    refused = await keep(city, stranger, answer={"answerId": answer, "since": str(since)})
    assert codes(refused) == ["NOT_FOUND"]
    assert await city.one(stranger, MINE) == []


async def test_an_answer_without_a_period_is_no_date(city: City) -> None:
    asker, _, answer = await answered(city)
    assert "limit" not in CONTENT
    refused = await keep(city, asker, answer={"answerId": answer, "since": str(await city.today())})
    assert codes(refused) == ["NO_LIMIT_NAMED"]


async def test_what_is_kept_is_sealed_and_its_keepers_alone(city: City) -> None:
    me, other = await city.resident(), await city.resident()
    made = await own(city, me, await city.today() + 40 * DAY, "EVIDENCE")
    ((body,),) = await city.sql("SELECT body FROM app.kept_date")
    assert b"EVIDENCE" not in bytes(body)
    for event in await city.sql("SELECT ids FROM app.outbox WHERE kind = 'DateNears'"):
        assert event.ids.keys() == {"kept", "version", "on"}
    assert await city.one(other, NODE, id=made["id"]) is None
    assert await city.one(None, NODE, id=made["id"]) is None
    assert await city.one(me, NODE, id=made["id"]) == {"id": made["id"], "day": made["day"]}
    assert codes(await city.one(other, CHANGE, id=made["id"], day=made["day"])) == ["NOT_FOUND"]
    assert codes(await city.one(other, DROP, id=made["id"])) == ["NOT_FOUND"]
    async with city.worker.acting(NOBODY) as session:
        seen = await session.told("SELECT has_column_privilege('app.kept_date', 'body', 'SELECT')")
    assert [tuple(row) for row in seen] == [(False,)]


async def test_a_delegate_keeps_dates_of_her_own_and_sees_none_of_the_elders(city: City) -> None:
    asker, question, answer = await answered(city, limit=PERIOD)
    delegate = await city.resident()
    await city.sql(
        "INSERT INTO app.reader (subject, person, basis, since) VALUES (:id, :who, 'delegate', now())",
        id=uuid_of(question, "Question"),
        who=delegate.id,
    )
    said = {"answerId": answer, "since": str(await city.today())}
    hers = await keep(city, delegate, answer=said)
    assert hers["question"] == {"id": question}
    theirs = await keep(city, asker, answer=said)
    assert [one["id"] for one in await city.one(delegate, MINE)] == [hers["id"]]
    assert [one["id"] for one in await city.one(asker, MINE)] == [theirs["id"]]


async def test_a_rest_day_is_told_on_the_last_working_day_too(city: City) -> None:
    me, day = await city.resident(), await city.today() + 10 * DAY
    while day.weekday() != 6 or PUBLISHED.is_workday(day) or PUBLISHED.is_workday(day - DAY):
        day += DAY
    made = await own(city, me, day)
    friday = rules.last_workday(day, PUBLISHED)
    assert made["lastWorkday"] == str(friday)
    assert str(friday) in made["reminders"]
    await at(city, friday - DAY)
    before = await told(city, me)
    await at(city, friday)
    assert await told(city, me) == before + 1
    await at(city, day - DAY)
    assert await told(city, me) == before + 2
    await at(city, day, 23)
    assert await told(city, me) == before + 2


async def test_a_period_that_ends_on_a_rest_day_is_not_over_before_the_next_working_day_is(city: City) -> None:
    me, day = await city.resident(), await city.today() + 10 * DAY
    while day.weekday() != 5 or PUBLISHED.is_workday(day) or PUBLISHED.is_workday(day + DAY):
        day += DAY
    until = day
    while not PUBLISHED.is_workday(until):
        until += DAY
    await own(city, me, day, "APPEAL")
    await own(city, me, day, "HEARING")
    for on, steps in (
        (day, ["ASK_LAWYER", "LEGAL_AID_IN_ADVANCE"]),
        (day + DAY, ["ASK_LAWYER", "LEGAL_AID_IN_ADVANCE"]),
        (until, ["ASK_LAWYER", "LEGAL_AID_IN_ADVANCE"]),
        (until + DAY, ["ASK_WHAT_IS_LEFT"]),
    ):
        await at(city, on, 10)
        seen = {one["kind"]: one for one in await city.one(me, MINE)}
        assert [one["step"] for one in seen["APPEAL"]["advice"]] == steps, on
        assert seen["APPEAL"]["daysLeft"] == (day - on).days
        assert bool(seen["HEARING"]["advice"]) == (on == day), "a hearing is on its day"
    refused = await own(city, me, day, "APPEAL")
    assert codes(refused) == ["DATE_OVER"]


async def test_what_is_changed_or_dropped_is_told_by_its_new_day_or_not_at_all(city: City) -> None:
    me = await city.resident()
    first, second = await workday(city, 33), await workday(city, 70)
    moved = await own(city, me, first)
    gone = await own(city, me, first)
    changed = await city.one(me, CHANGE, id=moved["id"], day=str(second))
    assert (changed["id"], changed["day"]) == (moved["id"], str(second))
    assert (await city.one(me, DROP, id=gone["id"]))["day"] == str(first)
    assert codes(await city.one(me, DROP, id=gone["id"])) == ["NOT_FOUND"]
    for on in sorted({first - 30 * DAY, first - 7 * DAY, first - DAY, *rules.reminders(second, PUBLISHED)}):
        await at(city, on)
        assert await told(city, me) == len([one for one in changed["reminders"] if one <= str(on)])
    kept = await city.sql("SELECT subject FROM app.key WHERE subject = :id", id=uuid_of(gone["id"], "KeptDate"))
    assert kept == []


async def test_each_is_told_once_though_it_comes_twice_and_late(city: City) -> None:
    me, day = await city.resident(), await workday(city, 40)
    made = await own(city, me, day)
    event = DateNears(kept=uuid_of(made["id"], "KeptDate"), version=1, on=day - 30 * DAY)

    async def again() -> None:
        async with city.worker.acting(NOBODY) as session:
            await actions.remind(session, event, now(session))

    # The relay was away until after the second would have been due: one word for both, and the third in its time.
    await at(city, day - 5 * DAY, 12)
    await again()
    await asyncio.gather(*(again() for _ in range(5)))
    await city.settle()
    assert await told(city, me) == 1
    await at(city, day - DAY)
    assert await told(city, me) == len([one for one in rules.reminders(day, PUBLISHED) if one > day - 5 * DAY]) + 1
    before = await told(city, me)
    await city.turn(2 * DAY)
    event = DateNears(kept=event.kept, version=1, on=day)
    await again()
    assert await told(city, me) == before, "never after the day is over"


async def test_a_reminder_that_waited_is_not_sent_of_a_day_that_was_moved_far_away(city: City) -> None:
    me, day = await city.resident(), await workday(city, 40)
    made = await own(city, me, day)
    await at(city, day - 7 * DAY)

    async def stands() -> bool:
        async with city.worker.acting(NOBODY) as session:
            return await still_to_be(session, me.id, uuid_of(made["id"], "KeptDate"))

    assert await stands()
    await city.one(me, CHANGE, id=made["id"], day=str(day + DAY))
    assert await stands(), "still near"
    await city.one(me, CHANGE, id=made["id"], day=str(day + 300 * DAY))
    assert not await stands()
    await city.one(me, CHANGE, id=made["id"], day=str(day))
    assert await stands()
    await city.one(me, "mutation { withdrawConsent(input: {purpose: SERVICE}) { __typename } }")
    assert not await stands(), "who took her consent back hears nothing"
    await city.consent(me)
    await city.one(me, DROP, id=made["id"])
    assert not await stands()


async def test_the_same_request_keeps_one_and_the_same_change_changes_nothing(city: City) -> None:
    me, day = await city.resident(), await workday(city, 50)
    key = str(new_id())
    made = await asyncio.gather(*(own(city, me, day, key=key) for _ in range(10)))
    assert len({one["id"] for one in made}) == 1
    await asyncio.gather(*(city.one(me, CHANGE, id=made[0]["id"], day=str(day)) for _ in range(10)))
    assert [row.version for row in await city.sql("SELECT version FROM app.kept_date")] == [1]
    days = [day + n * DAY for n in range(1, 21)]
    await asyncio.gather(*(city.one(me, CHANGE, id=made[0]["id"], day=str(one)) for one in days))
    ((version,),) = await city.sql("SELECT version FROM app.kept_date")
    assert version == 21
    (kept,) = await city.one(me, MINE)
    for on in kept["reminders"]:
        await at(city, date.fromisoformat(on))
    assert await told(city, me) == len(kept["reminders"])


async def test_of_fifty_five_at_once_fifty_are_kept(city: City) -> None:
    me, day = await city.resident(), await city.today() + 90 * DAY
    made = await asyncio.gather(*(own(city, me, day + n * DAY) for n in range(rules.MOST + 5)))
    assert [code for one in made for code in codes(one)] == ["TOO_MANY_DATES"] * 5
    seen = await city.one(me, MINE)
    assert len(seen) == rules.MOST
    assert [one["day"] for one in seen] == sorted(one["day"] for one in seen)


async def test_however_many_are_shown_takes_as_many_statements(city: City) -> None:
    asker, _, answer = await answered(city, limit=PERIOD)
    since = str(await city.today())
    counts = []
    for _ in range(2):
        await keep(city, asker, answer={"answerId": answer, "since": since})
        with city.statements() as seen:
            await city.one(asker, MINE)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 4


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, "ONE_OF_THREE"),
        ({"limit": {"code": "general", "since": "2026-01-01"}, "own": {"kind": "OTHER", "day": "2030-01-01"}}, None),
        ({"limit": {"code": "no such", "since": "2026-01-01"}}, "BAD_VALUE"),
        ({"limit": {"code": "general", "since": "9999-01-01"}}, "BAD_VALUE"),
        ({"limit": {"code": "appeal-ruling", "since": "9999-12-31"}}, "BAD_VALUE"),
        ({"limit": {"code": "appeal-ruling", "since": "2001-01-01"}}, "DATE_OVER"),
        ({"own": {"kind": "OTHER", "day": "9999-12-31"}}, "BAD_VALUE"),
        ({"own": {"kind": "OTHER", "day": "0001-01-01"}}, "DATE_OVER"),
    ],
)
async def test_what_is_no_day_is_refused_by_name(city: City, said: dict[str, Any], code: str | None) -> None:
    assert codes(await keep(city, await city.resident(), **said)) == [code or "ONE_OF_THREE"]


async def test_who_has_not_agreed_keeps_nothing_and_what_tells_of_health_needs_its_own_consent(city: City) -> None:
    me = await city.resident()
    await city.sql("DELETE FROM app.consent WHERE person = :me AND purpose = 'SENSITIVE'", me=me.id)
    since = str(await city.today())
    refused = await keep(city, me, limit={"code": "work-injury-worker", "since": since})
    assert codes(refused) == ["CONSENT_NEEDED"]
    assert (await keep(city, me, limit={"code": "labour-arbitration", "since": since}))["__typename"] == "KeptDate"


async def test_who_took_her_consent_back_is_reminded_again_once_she_agrees(city: City) -> None:
    me, day = await city.resident(), await workday(city, 40)
    kept = await own(city, me, day)
    said = "mutation { withdrawConsent(input: {purpose: SERVICE}) { __typename } }"
    assert (await city.one(me, said))["__typename"] != "Refused"
    await at(city, day - 30 * DAY)
    assert await told(city, me) == 0
    assert codes(await city.one(me, CHANGE, id=kept["id"], day=str(day + DAY))) == ["CONSENT_NEEDED"]
    await city.sql(
        "INSERT INTO app.consent SELECT person, purpose, turn + 1, version, true, channel, app.clock()"
        " FROM app.consent WHERE person = :me AND purpose = 'SERVICE' AND NOT given",
        me=me.id,
    )
    await at(city, day - 7 * DAY)
    assert await told(city, me) == 1
    assert (await city.one(me, DROP, id=kept["id"]))["__typename"] == "KeptDate"


async def night(city: City) -> None:
    async with city.worker.acting(NOBODY) as session:
        await actions.forget(session)


async def kept(city: City) -> int:
    return len(await city.sql("SELECT id FROM app.kept_date"))


async def test_a_year_after_the_day_it_is_forgotten_unless_a_hold_keeps_it(city: City) -> None:
    me, other, day = await city.resident(), await city.resident(), await workday(city, 8)
    await own(city, me, day)
    held = await own(city, other, day)
    await city.sql(
        "INSERT INTO app.legal_hold (id, subject, why, document, placed_by, placed_at)"
        " VALUES (gen_random_uuid(), :who, 'x', 'x', 'x', app.clock())",
        who=other.id,
    )
    await at(city, day + 364 * DAY)
    await night(city)
    assert await kept(city) == 2
    await city.turn(2 * DAY)
    await night(city)
    assert await kept(city) == 1
    assert (await city.one(other, DROP, id=held["id"]))["__typename"] == "KeptDate"
    assert (await kept(city), await city.one(other, MINE)) == (1, [])
    await city.sql("UPDATE app.legal_hold SET lifted_at = app.clock()")
    await night(city)
    assert await kept(city) == 0
    assert await city.sql("SELECT 1 FROM app.key") == []


async def test_it_goes_with_the_account(city: City) -> None:
    me: Viewer = await city.resident()
    await own(city, me, await workday(city, 20))
    await city.one(me, "mutation { closeAccount(input: {understood: true}) { __typename } }")
    await city.settle()
    assert await kept(city) == 0
    assert await city.sql("SELECT 1 FROM app.reader WHERE person = :me", me=me.id) == []
