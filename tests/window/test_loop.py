"""What is finished at a window is finished online, said to have been good or not, and counted."""

import asyncio
import random
from collections import Counter as Tally
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.applications.models import ApplicationKind, Channel, Move
from app.consultation.rules.rating import wilson
from app.core.access import Role
from app.core.db import NOBODY, now
from app.core.ids import new_id
from app.core.retention import NightCame
from app.places.rules.workdays import CITY_TIME
from app.window import reads
from app.window.reactions import REACTIONS, publish
from app.window.rules.loop import Counted, loops
from tests.applications.bureau import open_bureau
from tests.applications.office import DAY
from tests.city import REFUSED, City, codes
from tests.consultation.test_satisfaction import end_of, months_before, night
from tests.directory.desk import set_post
from tests.threads.talk import told
from tests.window.counter import VISIT, Window, mutation, open_counter

pytestmark = pytest.mark.anyio

STEPS = "query ($id: ID!) { application(id: $id) { state clock { kind } steps { move by channel } } }"
RATING = f"{{ __typename {REFUSED} ... on ServiceRating {{ stars solved changeableUntil application {{ receipt }} }} }}"
RATED = "query ($id: ID!) { serviceRating(applicationId: $id) { stars solved } }"
LOOP = """query ($from: Date!, $to: Date!) { closedLoop(from: $from, to: $to) {
    kind from to cases atMostOneVisit share goal reached steps { move channel count } } }"""
FIGURES = """query ($from: Date!, $to: Date!) { serviceSatisfaction(from: $from, to: $to) {
    kind from to eligible rated satisfied solved share low high } }"""


async def test_what_she_brings_to_the_window_goes_on_online_and_she_says_how_it_was(city: City) -> None:
    counter, resident = await open_counter(city), await city.resident()
    office = counter.office
    id = await office.taken(resident)
    visit = await counter.opens(counter.clerk, (await counter.code(resident, id))["digits"])
    assert codes(await counter.receives(counter.clerk, visit["id"], settles=True)) == ["NOTHING_MISSING"]
    await office.does(office.officer, "askSupplement", id, reason="请补充：身份证复印件。")
    held = await counter.receives(counter.clerk, visit["id"], settles=True)
    assert held["application"]["state"] == "NEEDS_SUPPLEMENT"  # as it stood when she gave them
    seen = await city.one(resident, STEPS, id=id)
    assert (seen["state"], seen["clock"]["kind"]) == ("UNDER_REVIEW", "REVIEW")
    assert seen["steps"][-1] == {"move": "SUPPLEMENT", "by": "APPLICANT", "channel": "WINDOW"}
    assert [step["channel"] for step in seen["steps"][:-1]] == ["ONLINE"] * 3

    async def rates(stars: int = 5, **said: Any) -> Any:
        said = {"applicationId": id, "stars": stars, "solved": True} | said
        return await counter.do(resident, "rateService", RATING, **said)

    assert codes(await rates()) == ["NOT_DONE"]
    assert await city.one(resident, RATED, id=id) is None
    await office.does(office.officer, "decideApplication", id, decision="DENY", reason="不符合经济困难标准。")
    assert (await told(city, resident)).count("PLEASE_RATE_SERVICE") == 1
    assert await city.one(resident, RATED, id=id) == {"stars": None, "solved": None}
    assert codes(await rates(0)) == ["BAD_VALUE"]
    said = {"applicationId": id, "stars": 2, "solved": False}
    document = mutation("rateService", RATING)
    many = [city.one(resident, document, input=said | {"idempotencyKey": str(new_id())}) for _ in range(20)]
    assert {one["__typename"] for one in await asyncio.gather(*many)} == {"ServiceRating"}
    assert await city.sql("SELECT stars, solved FROM app.service_rating") == [(2, False)]
    assert (await rates(4))["stars"] == 4
    for who in (office.officer, office.head, counter.clerk, await city.resident()):
        assert await city.one(who, RATED, id=id) is None
        assert codes(await counter.do(who, "rateService", RATING, **said)) == ["NOT_FOUND"]
    await city.pass_time(7 * DAY)
    assert codes(await rates(1)) == ["RATING_STANDS"]
    today = await city.today()
    span = {"from": str(today - 8 * DAY), "to": str(today)}
    assert await city.one(None, FIGURES, **span) == []  # it is one of fewer than ten, and of this month
    assert await city.one(await city.person(Role.SUPERVISOR), LOOP, **span) == []
    for one, code in ((counter.clerk, "FORBIDDEN"), (office.head, "FORBIDDEN"), (None, "UNAUTHENTICATED")):
        (error,) = await city.errors(one, LOOP, **span)
        assert error["extensions"]["code"] == code


async def test_a_certificate_that_is_collected_at_the_window_closes_the_case_online(city: City) -> None:
    bureau, resident = await open_bureau(city), await city.resident()
    admin, clerk = await city.person(Role.ADMIN), await city.person(Role.WINDOW_STAFF)
    await set_post(city, admin, clerk, bureau.office, duty="WINDOW_STAFF", called="窗口")
    window, id = Window(city), await bureau.issued(resident)
    visit = await window.opens(clerk, (await window.code(resident, id))["digits"])
    # What is handed out on the way closes nothing; and nobody at a window makes the step by herself.
    given = {"visitId": visit["id"], "papers": [{"kind": "CERTIFICATE", "original": True}]}
    await window.do(clerk, "handOutPapers", VISIT, **given)
    assert (await city.one(resident, STEPS, id=id))["state"] == "ISSUED"
    ((application, seq),) = await city.sql("SELECT id, seq FROM app.application")
    async with city.db.acting(clerk.id) as session:
        with pytest.raises(DBAPIError, match="this step is not hers to make"):
            await session.rows(
                text(
                    "INSERT INTO app.application_step (id, application, seq, kind, move, before, after, by_whom, actor,"
                    " at, due_at, counter) SELECT gen_random_uuid(), :id, :seq, 'NOTARISATION', 'COLLECT', 'ISSUED',"
                    " 'COLLECTED', 'STAFF', app.person(), app.clock(), '9999-01-01 00:00+00', v.id"
                    " FROM app.window_visit v"
                ),
                {"id": application, "seq": seq + 1},
            )
    await window.do(clerk, "handOutPapers", VISIT, **given, collected=True)
    await window.do(clerk, "handOutPapers", VISIT, **given, collected=True)
    seen = await city.one(resident, STEPS, id=id)
    assert (seen["state"], seen["clock"]) == ("COLLECTED", None)
    assert seen["steps"][-1] == {"move": "COLLECT", "by": "STAFF", "channel": "WINDOW"}
    assert [step["move"] for step in seen["steps"]].count("COLLECT") == 1
    assert "PLEASE_RATE_SERVICE" in await told(city, resident)
    # Within the year she may have it looked into, counted from the day on which she had it.
    asked = await bureau.does(resident, "requestCertificateReview", id, reason="公证书中的姓名有误。")
    assert asked["state"] == "REVIEW_REQUESTED", asked


DONE = """INSERT INTO app.application (id, kind, applicant, institution, receipt, parties, matter, urgent, submitted_at,
    state, seq, body, moved_at)
    VALUES (:id, :kind, :who, :who, :receipt, '{}', 'LABOUR', false, :at, :state, 1, '', :at)"""


async def test_what_applicants_make_of_it_is_told_by_months_and_of_ten_or_more(city: City) -> None:
    month = months_before(await city.today(), 2)
    at = datetime(month.year, month.month, 9, 4, tzinfo=UTC)
    async with city.super.acting(NOBODY) as session:
        await session.rows(text("SET LOCAL session_replication_role = replica"))
        for kind, state, number in (
            ("LEGAL_AID", "DENIED", 11),
            ("LEGAL_AID", "WITHDRAWN", 3),
            ("MEDIATION", "FAILED", 10),
        ):
            for turn in range(number):
                id = new_id()
                said = {"id": id, "kind": kind, "who": new_id(), "receipt": str(id), "at": at, "state": state}
                await session.rows(text(DONE), said)
                if turn:
                    rated = "INSERT INTO app.service_rating VALUES (:id, :who, :stars, :good, :at, :at)"
                    rating = {"id": id, "who": said["who"] if turn > 1 else None, "at": at, "stars": 5, "good": True}
                    await session.rows(text(rated), rating | ({"stars": 1, "good": False} if turn > 7 else {}))
    await night(city)
    span = {"from": str(month), "to": str(await city.today())}
    (told,) = await city.one(None, FIGURES, **span)
    assert (told["kind"], told["from"], told["to"]) == ("LEGAL_AID", str(month), str(end_of(month)))
    assert [told[name] for name in ("eligible", "rated", "satisfied", "solved", "share")] == [11, 10, 7, 7, 0.7]
    assert (told["low"], told["high"]) == pytest.approx(wilson(7, 10))
    assert await city.one(None, FIGURES, **span | {"from": str(month + DAY)}) == []


async def test_the_loop_is_what_a_recount_by_hand_makes_of_it(city: City) -> None:
    await open_counter(city)
    dice, people = random.Random(7), [await city.resident() for _ in range(9)]
    centre, hall = await _place(city, "示例法律援助中心"), await _place(city, "示例公共法律服务窗口")
    months = [months_before(await city.today(), many) for many in (4, 3, 2)]
    last = end_of(months[2])
    start = datetime(months[0].year, months[0].month, 1, tzinfo=CITY_TIME)
    span = datetime(last.year, last.month, last.day, 23, tzinfo=CITY_TIME) - start
    cases, came = await _history(city, dice, [who.id for who in people], centre, hall, start, span)
    analyst = await city.person(Role.ANALYST)
    for _ in range(2):  # told once, however often the night comes
        await _night(city)
    async with city.db.acting(analyst.id) as session:
        found = await reads.closed_loop(session, analyst, months[0], last)
    of_month = {id: at.astimezone(CITY_TIME).date().replace(day=1) for id, (_, at) in cases.items()}
    wanted: Tally[tuple[Any, ...]] = Tally()
    behind: dict[tuple[Any, ...], set[UUID]] = {}
    steps = await city.sql("SELECT application, move, channel FROM app.application_step")
    visits = [(id, "", "FEW" if len(came[id]) <= 1 else "MORE") for id in cases]
    for id, move, way in [*steps, *visits]:
        cell = of_month[id], move, way
        wanted[cell] += 1
        behind.setdefault(cell, set()).add(cases[id][0])
    told = {(row.first_day, row.move, row.way): row.n for row in found}
    assert told == {cell: n if len(behind[cell]) >= 5 else None for cell, n in wanted.items()}
    assert None in told.values()
    assert {(row.first_day, row.last_day) for row in found} == {(month, end_of(month)) for month in months}
    assert {row.first_day: row.cases for row in found} == Tally(of_month.values())
    async with city.db.acting(people[0].id) as session:
        assert await reads.closed_loop(session, people[0], months[0], last) == []
    # Another day at either end is not the month, and adds nothing.
    ask = {"from": str(months[1] - DAY), "to": str(last - DAY)}
    assert [(loop["kind"], loop["from"]) for loop in await city.one(analyst, LOOP, **ask)] == [
        ("LEGAL_AID", str(months[1]))
    ]


async def test_months_in_which_few_had_something_done_are_told_together(city: City) -> None:
    months = [months_before(await city.today(), many) for many in (3, 2)]
    one = new_id()
    async with city.super.acting(NOBODY) as session:
        await session.rows(text("SET LOCAL session_replication_role = replica"))
        for month, people in ((months[0], [one] * 7), (months[1], [one, *(new_id() for _ in range(4))])):
            for who in people:
                at = datetime(month.year, month.month, 9, 4, tzinfo=UTC)
                said = {"id": new_id(), "kind": "MEDIATION", "who": who, "receipt": str(new_id()), "at": at}
                await session.rows(text(DONE), said | {"state": "FAILED"})
    await _night(city)
    analyst = await city.person(Role.ANALYST)
    (loop,) = await city.one(analyst, LOOP, **{"from": str(months[0]), "to": str(end_of(months[1]))})
    assert (loop["kind"], loop["from"], loop["to"]) == ("MEDIATION", str(months[0]), str(end_of(months[1])))
    assert (loop["cases"], loop["atMostOneVisit"], loop["share"], loop["steps"]) == (12, 12, 1.0, [])


async def _night(city: City) -> None:
    assert publish in REACTIONS[NightCame]
    async with city.worker.acting(NOBODY) as session:
        await publish(session, NightCame(), now(session))


async def _place(city: City, name: str) -> UUID:
    ((id,),) = await city.sql("SELECT id FROM app.institution WHERE name = :name", name=name)
    found: UUID = id
    return found


async def _history(
    city: City, dice: random.Random, people: list[UUID], centre: UUID, hall: UUID, start: datetime, span: timedelta
) -> tuple[dict[UUID, tuple[UUID, datetime]], dict[UUID, set[tuple[UUID, object]]]]:
    """Cases and visits as chance makes them; and of each case on which days somebody came where, counted by hand."""
    cases = {new_id(): (dice.choice(people), start + dice.random() * span) for _ in range(60)}
    came: dict[UUID, set[tuple[UUID, object]]] = {id: set() for id in cases}
    rows: list[tuple[str, dict[str, Any]]] = []
    for id, (person, at) in cases.items():
        rows.append(
            (
                "INSERT INTO app.application (id, kind, applicant, institution, receipt, parties, matter, urgent,"
                " submitted_at, state, seq, body, moved_at) VALUES (:id, 'LEGAL_AID', :who, :place, :receipt, '{}',"
                " 'LABOUR', false, :at, 'DENIED', 1, '', :at)",
                {"id": id, "who": person, "place": centre, "receipt": str(id), "at": at},
            )
        )
        for seq, move in enumerate(["SUBMIT", *dice.sample(["TAKE", "WITHDRAW"], dice.randrange(3))], 1):
            by = "APPLICANT" if move == "SUBMIT" else "STAFF"
            rows.append(
                (
                    "INSERT INTO app.application_step (id, application, seq, kind, move, before, after, by_whom, actor,"
                    " at, due_at, counter) VALUES (:id, :of, :seq, 'LEGAL_AID', :move, 'NEW', 'SUBMITTED', :by, :who,"
                    " :at, '9999-01-01 00:00+00', :counter)",
                    {"id": new_id(), "of": id, "seq": seq, "move": move, "by": by, "who": person, "at": at}
                    | {"counter": new_id() if dice.random() < 0.3 else None},
                )
            )
        if dice.random() < 0.3:
            source, by_post = dice.choice(["IN_PERSON", "DETENTION_HOUSE"]), dice.random() < 0.3
            rows.append(
                (
                    "INSERT INTO app.counter_statement (id, kind, source, by_post, place, clerk, body, recorded_at,"
                    " received_at, due_at, application, receipt, applied_at) VALUES (:id, 'LEGAL_AID', :source, :post,"
                    " :place, :who, '', :at, :at, :at, :of, 'x', :at)",
                    {"id": new_id(), "source": source, "post": by_post, "place": hall, "who": person, "at": at}
                    | {"of": id},
                )
            )
            if source == "IN_PERSON" and not by_post:
                came[id].add((hall, at.astimezone(CITY_TIME).date()))
        for _ in range(dice.randrange(4)):
            opened, place = at + dice.random() * 3 * DAY, dice.choice([centre, hall])
            rows.append(
                (
                    "INSERT INTO app.window_visit (id, subject, about, maker, code, slip, made_at, expires_at,"
                    " opened_at, institution, staff, until) VALUES (:id, :of, 'APPLICATION', :who, '\\x01', '', :at,"
                    " :at, :at, :place, :who, :at)",
                    {"id": new_id(), "of": id, "who": person, "at": opened, "place": place},
                )
            )
            came[id].add((place, opened.astimezone(CITY_TIME).date()))
    for _ in range(30):
        person, at = dice.choice(people), start + dice.random() * span
        state, service = dice.choice(["DONE", "NO_SHOW"]), dice.choice(["LEGAL_AID", "NOTARY"])
        mode = dice.choice(["WINDOW", "WINDOW", "TELEPHONE"])
        rows.append(
            (
                "INSERT INTO app.appointment (id, institution, service, person, origin, mode, state, room, place,"
                " starts_at, ends_at, made_at, hold_until, state_at, policy, body) VALUES (:id, :at_, :service, :who,"
                " 'BOOKED', :mode, :state, :id, 1, :at, CAST(:at AS timestamptz) + interval '30 minutes', :at, :at,"
                " :at, 1, '')",
                {"id": new_id(), "at_": centre, "service": service, "who": person, "mode": mode, "state": state}
                | {"at": at},
            )
        )
        hers = [(sent, id) for id, (who, sent) in cases.items() if who == person and sent <= at]
        if hers and (state, service, mode) == ("DONE", "LEGAL_AID", "WINDOW"):
            came[max(hers)[1]].add((centre, at.astimezone(CITY_TIME).date()))
    async with city.super.acting(NOBODY) as session:
        await session.rows(text("SET LOCAL session_replication_role = replica"))
        for statement, said in rows:
            await session.rows(text(statement), said)
    return cases, came


_MONTH = date(2026, 1, 1), date(2026, 1, 31)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([("", "FEW"), ("", "MORE"), *((move, way) for move in [*Move][:3] for way in Channel)]),
            st.none() | st.integers(5, 30),
        ),
        max_size=11,
        unique_by=lambda row: row[0],
    )
)
def test_what_is_hidden_is_no_rest_of_what_is_told(rows: list[tuple[tuple[str, str], int | None]]) -> None:
    for loop in loops([Counted("LEGAL_AID", *_MONTH, move, way, 60, n) for (move, way), n in rows]):
        assert (loop.kind, loop.cases) == (ApplicationKind.LEGAL_AID, 60)
        by_move: dict[str, list[int | None]] = {}
        for step in loop.steps:
            by_move.setdefault(step.move, []).append(step.n)
        for counts in by_move.values():
            assert None not in counts or set(counts) == {None}
        visits = [n for (move, _), n in rows if not move]
        assert (loop.at_most_one is None) == (None in visits)
        assert loop.share is None or loop.share == (loop.at_most_one or 0) / 60
