"""What is kept no longer than the policy says: nightly rounds, a little at a time, by the database's clock."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.consultation.models import QuestionStatus
from app.core.access import Viewer
from app.core.db import NOBODY
from app.core.ids import new_id
from app.graph.ids import global_id, uuid_of
from app.vault.actions import rounds
from app.vault.actions.rounds import await_night
from app.vault.rules.nights import next_night
from tests.city import REFUSED, City
from tests.consultation.test_erasing import hold
from tests.consultation.test_life import REOPENS, answered, bring_to, resolve
from tests.consultation.test_life_words import FORBIDDEN
from tests.vault.scene import DENIED, attempt, signs_in

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
NIGHTS = "SELECT due_at FROM app.outbox WHERE kind = 'NightCame' AND done_at IS NULL"
SAVE = f"""mutation ($input: SaveDraftInput!) {{ saveDraft(input: $input) {{
  __typename ... on Draft {{ id }} {REFUSED} }} }}"""


async def night(city: City, *, after: timedelta = timedelta(0)) -> None:
    """The next three o'clock once so much time has passed."""
    await city.pass_time(after)
    async with city.worker.acting(NOBODY) as session:
        await await_night(session)
    await city.pass_time(DAY)


async def count(city: City, what: str, **said: Any) -> int:
    ((found,),) = await city.sql(f"SELECT count(*) FROM app.{what}", **said)
    return int(found)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-28T18:59:59", "2026-11-28T19:00:00"),  # 02:59 in the city
        ("2026-11-28T19:00:00", "2026-11-29T19:00:00"),
        ("2026-11-28T01:00:00", "2026-11-28T19:00:00"),
        ("2026-12-31T23:00:00", "2027-01-01T19:00:00"),
    ],
)
def test_rounds_begin_at_three_in_the_city(now: str, expected: str) -> None:
    assert next_night(datetime.fromisoformat(now).replace(tzinfo=UTC)).astimezone(UTC) == datetime.fromisoformat(
        expected
    ).replace(tzinfo=UTC)


async def test_there_is_one_night_however_many_ask_for_it_and_it_calls_for_the_next(city: City) -> None:
    async def ask() -> None:
        async with city.worker.acting(NOBODY) as session:
            await await_night(session)

    await asyncio.gather(*(ask() for _ in range(10)))
    ((first,),) = await city.sql(NIGHTS)
    for n in range(1, 4):
        await city.pass_time(DAY)
        ((due,),) = await city.sql(NIGHTS)
        assert due == first + n * DAY


async def leavings(city: City, viewer: Viewer) -> None:
    """A password tried in vain, an invitation that nobody accepted, two files that are nothing, and a copy."""
    await city.sql("INSERT INTO app.sign_in_try VALUES ('\\x01', 1, app.clock())")
    await city.sql(
        "INSERT INTO app.invitation VALUES (:id, '\\x01', '', '', '{}', '', :me, app.clock(), app.clock())",
        id=new_id(),
        me=viewer.id,
    )
    for state in ("REFUSED", "GONE", "READY"):
        await city.sql(
            "INSERT INTO app.file (id, owner, kind, content_type, size, state, received, made_at, keep_until, key)"
            " VALUES (:id, :me, 'PICTURE', 'image/png', 1, :state, 1, app.clock(),"
            " app.clock() + interval '15 days', '')",
            id=new_id(),
            me=viewer.id,
            state=state,
        )
    wish = f'mutation {{ exportMyData(input: {{idempotencyKey: "{new_id()}"}}) {{ __typename }} }}'
    assert (await city.one(viewer, wish))["__typename"] == "Export"


async def test_what_a_person_leaves_behind_is_forgotten_when_its_time_is_over(city: City) -> None:
    """By table: how long it is there at least, and after how many days it is gone."""
    viewer = await signs_in(city, "+8613800000009")
    said = {"body": "还没写完", "revision": 1, "idempotencyKey": str(new_id())}
    draft = (await city.one(viewer, SAVE, input=said))["id"]
    asker, id, (lawyer,) = await answered(city, 1)
    await leavings(city, viewer)
    mine = {
        "sign_in_try": ("sign_in_try", 30),
        "invitation": ("invitation", 180),
        "a refused file": ("file WHERE state = 'REFUSED'", 45),  # somebody might have kept it for 15
        "a file that is gone": ("file WHERE state = 'GONE'", 45),
        "export": (f"export WHERE person = '{viewer.id}'", 37),  # over after a week
        "sms_code": ("sms_code", 30),
        "idempotency": (f"idempotency WHERE actor = '{viewer.id}'", 7),
        "draft": (f"draft WHERE id = '{uuid_of(draft, 'Draft')}'", 60),  # wiped after 30 days, forgotten 30 days later
        "outbox": ("outbox WHERE kind = 'QuestionAsked'", 30),
        "notice": (f"notice WHERE person = '{asker.id}' AND kind = 'NEW_ANSWER'", 400),
        "feed": (f"feed WHERE person = '{lawyer.id}'", 400),
        "sign_in": (f"sign_in WHERE person = '{viewer.id}'", 180),
        "refresh_token": (f"refresh_token WHERE person = '{viewer.id}'", 60),
    }
    passed = 0
    for days in sorted({days for _, days in mine.values()}):
        here = [which for which, its in mine.values() if its == days]
        await night(city, after=(days - 3 - passed) * DAY)
        assert [which for which in here if not await count(city, which)] == []
        await night(city, after=2 * DAY)
        passed = days + 1
        assert [which for which in here if await count(city, which)] == []
    subject = uuid_of(draft, "Draft")
    assert await count(city, "key WHERE subject = :s", s=subject) == 0
    assert await count(city, "reader WHERE subject = :s", s=subject) == 0
    assert await count(city, "file WHERE state = 'READY'") == 1  # what somebody may still have stays
    # The log of a question that is there still is: the public record stands on it.
    assert await count(city, "feed WHERE subject = :q", q=uuid_of(id, "Question")) > 0


async def test_a_round_goes_on_where_it_ended_a_little_at_a_time(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "AT_ONCE", 50)
    await city.sql(
        """INSERT INTO app.outbox (id, kind, ids, due_at, next_at, done_at)
           SELECT gen_random_uuid(), 'Old', '{}', app.clock(), app.clock(), app.clock() - interval '31 days'
           FROM generate_series(1, 120)"""
    )
    await city.sql(
        """INSERT INTO app.outbox (id, kind, ids, due_at, next_at)
           VALUES (gen_random_uuid(), 'Late', '{}', app.clock() - interval '99 days', 'infinity')"""
    )
    async with city.worker.acting(NOBODY) as session:
        await await_night(session)
    await city.turn(DAY)
    await city.relay.sweep()  # the night begins, and no round has run
    assert await count(city, "outbox WHERE kind = 'Old'") == 120
    await city.relay.sweep()
    assert await count(city, "outbox WHERE kind = 'Old'") == 70  # whoever dies here, the next event is in the outbox
    await city.settle()
    assert await count(city, "outbox WHERE kind = 'Old'") == 0
    assert await count(city, "outbox WHERE kind = 'Late'") == 1  # what was not done is not forgotten
    done = await count(city, "outbox WHERE kind = 'RoundDue' AND ids->>'what' = 'outbox'")
    assert done == 3


async def test_what_the_policy_does_not_name_stays_and_a_new_version_holds_from_its_day(city: City) -> None:
    await signs_in(city, "+8613800000009")
    await city.sql(
        "INSERT INTO app.retention_policy SELECT version + 1, terms - 'sms_code', app.clock()"
        " FROM app.retention_policy ORDER BY version DESC LIMIT 1"
    )
    await night(city, after=90 * DAY)
    assert await count(city, "sms_code") == 1
    await city.sql(
        "INSERT INTO app.retention_policy SELECT version + 2, terms, app.clock() + interval '10 days'"
        " FROM app.retention_policy ORDER BY version DESC OFFSET 1 LIMIT 1"
    )
    await night(city)
    assert await count(city, "sms_code") == 1
    await night(city, after=10 * DAY)
    assert await count(city, "sms_code") == 0


# Contents ---------------------------------------------------------------------------------------------------------


YEARS = timedelta(days=3 * 365)


async def signs_in_again(city: City, viewer: Viewer) -> None:
    """Who was not seen for half a year is signed out, and the device forgotten."""
    await city.sql(
        "INSERT INTO app.sign_in (id, person, device, created_at, seen_at)"
        " VALUES (:id, :person, '', app.clock(), app.clock())",
        id=viewer.sign_in,
        person=viewer.id,
    )


async def status_of(city: City, id: str) -> str:
    ((found,),) = await city.sql("SELECT status FROM app.question WHERE id = :q", q=uuid_of(id, "Question"))
    return str(found)


async def test_contents_are_erased_three_years_after_the_end(city: City) -> None:
    asker, id, _ = await answered(city, 1)
    await resolve(city, asker, id)
    await city.pass_time(REOPENS)
    await night(city, after=YEARS - 2 * DAY)
    assert await status_of(city, id) == "CLOSED"
    await night(city, after=2 * DAY)
    assert await status_of(city, id) == "ERASED"
    await signs_in_again(city, asker)
    (seen,) = (await city.one(asker, "{ erasures(first: 9) { nodes { why questionId receipt { document } } } }"))[
        "nodes"
    ]
    assert (seen["why"], seen["questionId"]) == ("RETENTION", id)
    assert await count(city, "key") == 0
    # And then, with the backups, the last that told whose it was.
    await night(city, after=36 * DAY)
    assert await count(city, "reader WHERE person = :me", me=asker.id) == 0
    assert await count(city, "erasure") == 1


async def test_what_goes_on_is_not_old_and_what_was_blocked_is_kept_half_a_year(city: City) -> None:
    asker = await city.resident()
    unanswered, blocked = await city.asked(asker), await city.asked(asker, FORBIDDEN)
    unsent = await bring_to(city, asker, QuestionStatus.NEEDS_EDIT)
    await night(city, after=178 * DAY)
    assert [await status_of(city, id) for id in (unanswered, blocked, unsent)] == ["OPEN", "BLOCKED", "NEEDS_EDIT"]
    await night(city, after=2 * DAY)
    assert await status_of(city, blocked) == "ERASED"
    # Years of looking for a lawyer every ten minutes are not played here: the clock of the unanswered one stands.
    await city.sql("UPDATE app.outbox SET done_at = app.clock() WHERE done_at IS NULL")
    await night(city, after=YEARS)
    assert [await status_of(city, id) for id in (unanswered, unsent)] == ["OPEN", "ERASED"]


async def test_a_round_erases_a_few_at_a_time_and_all_in_the_end_but_what_is_held(city: City) -> None:
    askers: list[Viewer] = []
    ids = []
    for _ in range(23):
        askers.append(await city.resident())
        ids.append(await city.asked(askers[-1], FORBIDDEN))
    await hold(city, ids[0])
    await hold(city, global_id("Viewer", askers[1].id))
    await night(city, after=181 * DAY)
    assert [await status_of(city, id) for id in ids] == ["BLOCKED"] * 2 + ["ERASED"] * 21
    assert await count(city, "outbox WHERE kind = 'RoundDue' AND ids->>'what' = 'blocked'") == 2
    await hold(city, ids[0], "lift")
    await night(city)
    assert await status_of(city, ids[0]) == "ERASED"


async def test_the_worker_forgets_by_the_policy_alone_and_nobody_else_does(city: City) -> None:
    await signs_in(city, "+8613800000009")
    for what in ("sms_code", "sign_in", "idempotency", "nonsense", "person"):
        assert await attempt(city.worker, NOBODY, f"SELECT 1 WHERE door.forget('{what}', 1000) > 0") == "rows=0"
    assert await count(city, "sms_code") == await count(city, "sign_in") == 1
    for database in (city.db, city.owner):
        assert await attempt(database, NOBODY, "SELECT door.forget('sms_code', 9)") == DENIED
    for table in ("outbox", "sms_code", "sign_in", "key", "question"):
        assert await attempt(city.worker, NOBODY, f"DELETE FROM app.{table}") == DENIED
