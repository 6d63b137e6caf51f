"""A lawyer applies with a picture of her licence, an administrator checks it and decides; then it is destroyed."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from app.core.access import Role, Viewer
from app.core.ids import new_id
from app.graph.ids import global_id
from app.outside.inspecting.kinds import Kind
from tests.accounts.hall import moves, persist, roles_in, suspend
from tests.accounts.test_closing import CLOSE
from tests.city import TOWN, City, codes
from tests.directory.counter import (
    APPLY,
    CHECK,
    DECIDE,
    FIRM,
    LISTED,
    MINE,
    NAME,
    TAKE,
    WHY,
    WHY_NOT,
    WITHDRAW,
    applied,
    applies,
    as_if_sent,
    check,
    decide,
    decided,
    fetched,
    key_of,
    lawyer_id,
    licence,
    photographed,
    said,
    seen,
    told,
)
from tests.vault.sending import stored

pytestmark = pytest.mark.anyio

LAWYER = """query ($id: ID!) { lawyer(id: $id) { name licence title pool gender standing yearsPractising languages
  introduction requestable specialties { code } divisions { code } firm { name province division { code } } } }"""
MONTH = timedelta(days=30)


def why(payload: Any) -> list[tuple[str, str | None]]:
    return [(reason["code"], reason["field"]) for reason in payload.get("reasons", [])]


async def test_who_is_approved_stands_in_the_directory_and_answers(city: City) -> None:
    admin, applicant = await city.person(Role.ADMIN), await city.resident()
    picture = await photographed(city, applicant)
    made = await applies(city, applicant, pictures=[picture])
    id = made["id"]
    assert (made["state"], made["details"]["name"], made["details"]["gender"]) == ("OPEN", NAME, "FEMALE")
    assert (made["details"]["firstYear"], made["details"]["pool"]) == (2015, "LOCAL")
    await city.settle()
    assert await told(city, admin) == [("APPLICATION_NEW", id)]

    # That there is one is seen by administrators; what it says by who checks it.
    (listed,) = (await city.one(admin, LISTED))["nodes"]
    assert (listed["id"], listed["details"], listed["pictures"], listed["taken"]) == (id, None, [], False)
    opened = await check(city, admin, id)
    assert (opened["taken"], opened["mine"], opened["details"]) == (True, True, made["details"])
    assert opened["accesses"] == []
    async with city.http() as client:
        assert await fetched(client, opened["pictures"][0]["url"]) == 200
        ledger = (await city.one(applicant, MINE))["accesses"]
        assert {access["picture"] and access["picture"]["id"] for access in ledger} == {None, picture}

        done = await decide(city, admin, id)
        assert (done["state"], done["reason"], done["details"], done["pictures"]) == ("APPROVED", WHY, None, [])
        assert done["lawyer"] == {"id": lawyer_id(applicant)}
        assert await fetched(client, opened["pictures"][0]["url"]) == 404
        hers = await city.one(applicant, MINE)
        assert (hers["reason"], hers["details"]) == (WHY, made["details"])
        assert await fetched(client, hers["pictures"][0]["url"]) == 200
    await city.settle()
    assert await told(city, applicant) == [("APPLICATION_APPROVED", id)]
    assert await roles_in(city, applicant) == {"LAWYER"}
    (move,) = await moves(city, admin, applicant)
    assert (move["kind"], move["roles"], move["reason"]) == ("ADMITTED", [], WHY)
    assert await city.one(None, LAWYER, id=lawyer_id(applicant)) == {
        "name": NAME,
        "licence": licence(),
        "title": "律师",
        "pool": "LOCAL",
        "gender": "FEMALE",
        "standing": "ACTIVE",
        "yearsPractising": (await city.now()).year - 2016,
        "languages": ["普通话", "河南话"],
        "introduction": "十年劳动争议经验。",
        "requestable": False,
        "specialties": [{"code": "labour"}, {"code": "family"}],
        "divisions": [{"code": TOWN}],
        "firm": {"name": FIRM, "province": "41", "division": {"code": TOWN}},
    }
    assert (await city.sql("SELECT practising_since FROM app.lawyer")) == [(date(2015, 12, 31),)]

    lawyer = Viewer(applicant.id, applicant.sign_in, frozenset({Role.RESIDENT, Role.LAWYER}))
    await city.asked(await city.resident())
    await city.settle()
    assert len(await city.offer_ids(lawyer)) == 1


async def test_a_month_after_the_decision_what_she_sent_is_destroyed(city: City) -> None:
    admin, applicant = await city.person(Role.ADMIN), await city.resident()
    id = await applied(city, applicant, pictures=[await photographed(city, applicant)])
    await city.pass_time(timedelta(days=90))
    assert (await seen(city, applicant, id))["details"] is not None, "nobody has decided yet"
    done = await decided(city, admin, id, approve=False)
    assert len(await stored(city)) == 2
    url = (await seen(city, applicant, id))["pictures"][0]["url"]

    await city.pass_time(MONTH - timedelta(minutes=3))
    kept = await seen(city, applicant, id)
    assert kept["details"] is not None
    assert kept["keptUntil"] == done["keptUntil"]
    await city.pass_time(timedelta(minutes=3))
    gone = await seen(city, applicant, id)
    assert (gone["state"], gone["reason"], gone["details"], gone["pictures"]) == ("REFUSED", WHY_NOT, None, [])
    async with city.http() as client:
        assert await fetched(client, url) == 404
    assert await stored(city) == []
    assert await city.sql("SELECT 1 FROM app.key WHERE subject = :id", id=key_of(id)) == []
    assert await city.sql("SELECT state, key FROM app.file") == [("GONE", b"")]
    assert await city.sql("SELECT body, licence FROM app.lawyer_application") == [(b"", b"")]


async def test_a_legal_hold_keeps_it_until_it_is_lifted(city: City) -> None:
    admin, applicant = await city.person(Role.ADMIN), await city.resident()
    id = await applied(city, applicant)
    await decided(city, admin, id)
    hold = (
        "INSERT INTO app.legal_hold (id, subject, why, document, placed_by, placed_at)"
        " VALUES (:id, :who, '保全', '2026-1', '法制科', app.clock())"
    )
    await city.sql(hold, id=new_id(), who=applicant.id)
    await city.pass_time(MONTH + timedelta(days=3))
    assert (await seen(city, applicant, id))["details"] is not None
    await city.sql("UPDATE app.legal_hold SET lifted_by = '法制科', lifted_at = app.clock()")
    await city.pass_time(timedelta(days=1))
    assert (await seen(city, applicant, id))["details"] is None


async def test_who_is_refused_reads_why_and_applies_again(city: City) -> None:
    admin, applicant = await city.person(Role.ADMIN), await city.resident()
    first = await applied(city, applicant)
    done = await decided(city, admin, first, approve=False)
    assert (done["state"], done["reason"], done["lawyer"]) == ("REFUSED", WHY_NOT, None)
    await city.settle()
    assert await told(city, applicant) == [("APPLICATION_REFUSED", first)]
    assert await roles_in(city, applicant) == set()
    assert await moves(city, admin, applicant) == []
    assert await city.one(None, LAWYER, id=lawyer_id(applicant)) is None
    second = await applied(city, applicant)
    assert (await city.one(applicant, MINE))["id"] == second
    assert [one["id"] for one in (await city.one(admin, LISTED))["nodes"]] == [second]
    assert [one["id"] for one in (await city.one(admin, LISTED, open=False))["nodes"]] == [first]
    kept = await city.sql("SELECT reason, body FROM app.lawyer_application")
    assert not any(
        word.encode() in bytes(column) for row in kept for column in row if column for word in (NAME, "考核")
    )


async def test_what_she_takes_back_is_destroyed_at_once(city: City) -> None:
    admin, applicant = await city.person(Role.ADMIN), await city.resident()
    id = await applied(city, applicant, pictures=[await photographed(city, applicant)])
    await check(city, admin, id)
    for _ in range(2):
        assert (await city.one(applicant, WITHDRAW, id=id))["state"] == "WITHDRAWN"
    assert codes(await decide(city, admin, id)) == ["APPLICATION_DECIDED"]
    await city.settle()
    assert (await seen(city, applicant, id))["details"] is None
    assert await stored(city) == []
    other = await applied(city, applicant)
    await decided(city, admin, other)
    assert codes(await city.one(applicant, WITHDRAW, id=other)) == ["APPLICATION_DECIDED"]


async def test_whoever_closes_her_account_leaves_nothing_of_it(city: City) -> None:
    admin, applicant, other = await city.person(Role.ADMIN), await city.resident(), await city.resident()
    await decided(city, admin, await applied(city, applicant), approve=False)
    id = await applied(city, applicant, pictures=[await photographed(city, applicant)])
    kept = await applied(city, other, licence=licence(2))
    await check(city, admin, id)
    closed = await city.one(applicant, CLOSE)
    assert closed["__typename"] == "AccountClosing", closed
    await city.settle()
    assert (await seen(city, admin, id))["state"] == "WITHDRAWN"
    assert await stored(city) == []
    left = "SELECT subject FROM app.key WHERE subject IN (SELECT id FROM app.lawyer_application)"
    assert await city.sql(left) == [(key_of(kept),)]
    assert codes(await decide(city, admin, id)) == ["APPLICATION_DECIDED"]


async def test_a_lawyer_from_elsewhere_joins_her_firm(city: City) -> None:
    """One firm for both; the province is the licence's."""
    admin, firms = await city.person(Role.ADMIN), set()
    for number, area in ((1, "1101"), (2, "1101"), (3, "3101")):
        applicant = await city.resident()
        id = await applied(city, applicant, licence=licence(number, area), divisionCode=None)
        await decided(city, admin, id)
        ((pool, divisions, firm),) = await city.sql(
            "SELECT pool, divisions, firm FROM app.lawyer WHERE id = :id", id=applicant.id
        )
        assert (pool, divisions) == ("NATION", [])
        firms.add(firm)
    assert len(firms) == 2
    assert {tuple(row) for row in await city.sql("SELECT name, division, province FROM app.firm")} == {
        (FIRM, "", "11"),
        (FIRM, "", "31"),
    }


# What is refused --------------------------------------------------------------------------------------------------


async def test_each_field_is_refused_by_its_name(city: City) -> None:
    applicant = await city.resident()
    wrong = {"name": "王\x00", "licence": "1234", "firm": "", "specialties": ["magic"], "languages": []}
    refused = await applies(city, applicant, **wrong)
    assert why(refused) == [
        ("BAD_TEXT", "name"),
        ("BAD_LICENCE", "licence"),
        ("BLANK", "firm"),
        ("BAD_VALUE", "specialties"),
        ("BAD_VALUE", "languages"),
    ]
    assert await city.one(applicant, MINE) is None


async def test_nothing_is_kept_of_who_has_not_agreed_to_it(city: City) -> None:
    applicant = await city.resident()
    pictures = [await as_if_sent(city, applicant)]
    await city.sql("DELETE FROM app.consent WHERE person = :id", id=applicant.id)
    assert codes(await applies(city, applicant, pictures=pictures)) == ["CONSENT_NEEDED"]
    assert await city.sql("SELECT 1 FROM app.lawyer_application") == []


async def test_the_licence_is_sent_as_pictures_of_hers(city: City) -> None:
    applicant, other = await city.resident(), await city.resident()
    unsent = global_id("File", new_id())
    foreign, recording, document = (
        await as_if_sent(city, other),
        await as_if_sent(city, applicant, Kind.VOICE),
        await as_if_sent(city, applicant, Kind.DOCUMENT),
    )
    good = await as_if_sent(city, applicant)
    for pictures, reasons in (
        ([], [("NOT_A_PICTURE", "pictures")]),
        ([unsent], [("NOT_FOUND", "pictures.0")]),
        ([good, foreign], [("NOT_FOUND", "pictures.1")]),
        ([good, good], [("BAD_VALUE", "pictures.1")]),
        ([recording], [("NOT_A_PICTURE", "pictures")]),
        ([good, document], [("NOT_A_PICTURE", "pictures")]),
        ([lawyer_id(applicant)], [("BAD_ID", "pictures.0")]),
    ):
        refused = await city.one(applicant, APPLY, input=said(pictures=pictures))
        assert why(refused) == reasons, pictures
    assert await city.sql("SELECT 1 FROM app.lawyer_application") == []
    await applied(city, applicant, pictures=[good])
    refused = await applies(city, other, pictures=[good])
    assert why(refused) == [("LICENCE_APPLIED", "licence")]


async def test_a_repeat_is_the_same_application_and_other_words_are_refused(city: City) -> None:
    applicant, picture = await city.resident(), await city.resident()
    picture_id = await as_if_sent(city, applicant)
    words = said(pictures=[picture_id], idempotencyKey="once-and-again")
    ids = {(await city.one(applicant, APPLY, input=words))["id"] for _ in range(3)}
    assert len(ids) == 1
    assert codes(await city.one(applicant, APPLY, input=words | {"name": "别人"})) == ["KEY_REUSED"]
    assert await city.one(picture, MINE) is None


async def test_one_is_open_a_person_and_a_licence_and_three_are_made_a_day(city: City) -> None:
    first, second = await city.resident(), await city.resident()
    id = await applied(city, first)
    assert why(await applies(city, first, licence=licence(2))) == [("APPLIED_ALREADY", None)]
    assert why(await applies(city, second)) == [("LICENCE_APPLIED", "licence")]
    for _ in range(2):
        await city.one(first, WITHDRAW, id=id)
        id = await applied(city, first)
    await city.one(first, WITHDRAW, id=id)
    assert why(await applies(city, first)) == [("APPLIED_OFTEN", None)]
    await city.turn(timedelta(days=1, seconds=1))
    await applied(city, first)


async def test_whoever_is_in_the_directory_does_not_apply(city: City) -> None:
    lawyer, other = await city.lawyer(licence=licence(5)), await city.resident()
    assert why(await applies(city, lawyer, licence=licence(6))) == [("LAWYER_ALREADY", None)]
    assert why(await applies(city, other, licence=licence(5))) == [("LICENCE_KNOWN", "licence")]


async def test_what_the_directory_learnt_meanwhile_is_not_entered_twice(city: City) -> None:
    admin, applicant = await city.person(Role.ADMIN), await city.resident()
    id = await applied(city, applicant)
    await city.lawyer(licence=licence())
    await check(city, admin, id)
    assert why(await decide(city, admin, id)) == [("LICENCE_KNOWN", None)]
    assert (await seen(city, applicant, id))["state"] == "OPEN"
    assert await roles_in(city, applicant) == set()
    assert (await decide(city, admin, id, approve=False))["state"] == "REFUSED"


async def test_who_was_suspended_meanwhile_is_not_admitted(city: City) -> None:
    admin, applicant = await city.person(Role.ADMIN), await city.resident()
    id = await applied(city, applicant)
    await check(city, admin, id)
    await suspend(city, admin, applicant)
    assert codes(await decide(city, admin, id)) == ["REINSTATE_FIRST"]
    assert await city.sql("SELECT 1 FROM app.lawyer") == []


# Who checks ---------------------------------------------------------------------------------------------------------


async def test_one_administrator_at_a_time_reads_it_and_only_she_decides(city: City) -> None:
    anna, bella, applicant = await city.person(Role.ADMIN), await city.person(Role.ADMIN), await city.resident()
    id = await applied(city, applicant)
    assert codes(await decide(city, anna, id)) == ["CHECK_FIRST"]
    assert (await check(city, anna, id))["details"] is not None
    assert (await check(city, bella, id))["details"] is not None
    left = await seen(city, anna, id)
    assert (left["taken"], left["mine"], left["details"], left["pictures"]) == (True, False, None, [])
    assert codes(await decide(city, anna, id)) == ["CHECK_FIRST"]
    assert codes(await decide(city, bella, id, reason="")) == ["BLANK"]
    key = str(new_id())
    for _ in range(2):
        assert (await decide(city, bella, id, idempotencyKey=key))["state"] == "APPROVED"
    assert codes(await decide(city, bella, id, approve=False)) == ["APPLICATION_DECIDED"]
    assert codes(await check(city, anna, id)) == ["APPLICATION_DECIDED"]
    assert len(await moves(city, anna, applicant)) == 1


async def test_nobody_checks_her_own(city: City) -> None:
    admin, other = await city.person(Role.ADMIN), await city.person(Role.ADMIN)
    id = await applied(city, admin)
    for answer in (await check(city, admin, id), await decide(city, admin, id)):
        assert why(answer) == [("OWN_FILE", "applicationId")]
    assert codes(await city.one(other, WITHDRAW, id=id)) == ["NOT_FOUND"]
    await decided(city, other, id)
    assert await roles_in(city, admin) == {"ADMIN", "LAWYER"}


async def test_who_is_an_administrator_no_longer_reads_it_no_longer(city: City) -> None:
    admin, chief, applicant = await city.person(Role.ADMIN), await city.person(Role.ADMIN), await city.resident()
    id = await applied(city, applicant)
    await check(city, admin, id)
    await suspend(city, chief, admin)
    live = "SELECT person FROM app.reader WHERE subject = :id AND until > app.clock()"
    assert await city.sql(live, id=key_of(id)) == [(applicant.id,)]
    (listed,) = (await city.one(chief, LISTED))["nodes"]
    assert listed["taken"] is False
    await decided(city, chief, id)


@pytest.mark.parametrize("role", [None, Role.SUPERVISOR, Role.SECURITY_OFFICER, Role.AUDITOR])
async def test_nobody_else_sees_that_there_is_one(city: City, role: Role | None) -> None:
    viewer, applicant = await city.person(*filter(None, [role])), await city.resident()
    id = await applied(city, applicant)
    assert await seen(city, viewer, id) is None
    assert codes(await city.one(viewer, WITHDRAW, id=id)) == ["NOT_FOUND"]
    for document, variables in (
        (LISTED, {}),
        (CHECK, {"id": id}),
        (DECIDE, {"input": {"applicationId": id, "approve": True, "reason": WHY, "idempotencyKey": str(new_id())}}),
    ):
        (error,) = await city.errors(viewer, document, **variables)
        assert error["extensions"]["code"] == "FORBIDDEN"


async def test_an_administrator_who_signed_in_as_a_resident_sees_none(city: City) -> None:
    admin, applicant = await city.person(Role.ADMIN), await city.resident()
    id = await applied(city, applicant)
    plain = Viewer(admin.id, admin.sign_in, frozenset({Role.RESIDENT}))
    assert (await seen(city, admin, id))["id"] == id
    assert not await seen(city, plain, id)


async def test_many_are_listed_with_as_few_statements_as_few(city: City) -> None:
    admin, sent = await city.person(Role.ADMIN), []
    for number in (1, 2, 3, 4, 5, 6):
        await check(city, admin, await applied(city, await city.resident(), licence=licence(number)))
        with city.statements() as statements:
            listed = (await city.one(admin, LISTED))["nodes"]
        assert len(listed) == number
        assert all(one["details"] for one in listed)
        sent.append(len(statements))
    assert len(set(sent)) == 1
    assert sent[0] <= 6  # the page, keys, a line in the ledger, pictures, accesses


# Many at once -------------------------------------------------------------------------------------------------------


async def test_fifty_applications_of_one_person_at_once_are_one(city: City) -> None:
    applicant = await city.resident()
    pictures = [await as_if_sent(city, applicant) for _ in range(25)]
    words = [
        said(licence=licence(number), pictures=[pictures[number % 25]], idempotencyKey=f"one-of-fifty-{number}")
        for number in range(50)
    ]
    done = await asyncio.gather(*(persist(city, applicant, APPLY, input=input) for input in words))
    assert sorted(code for one in done for code in codes(one)) == ["APPLIED_ALREADY"] * 49
    assert len(await city.sql("SELECT 1 FROM app.lawyer_application")) == 1
    assert len(await city.sql("SELECT 1 FROM app.file WHERE subject IS NOT NULL")) == 1


async def test_fifty_people_with_one_licence_at_once_are_one(city: City) -> None:
    people = [await city.resident() for _ in range(50)]
    words = [said(pictures=[await as_if_sent(city, who)]) for who in people]
    done = await asyncio.gather(
        *(persist(city, who, APPLY, input=input) for who, input in zip(people, words, strict=True))
    )
    assert sorted(code for one in done for code in codes(one)) == ["LICENCE_APPLIED"] * 49


async def test_fifty_decisions_at_once_are_one(city: City) -> None:
    admin, applicant = await city.person(Role.ADMIN), await city.resident()
    id = await applied(city, applicant)
    await check(city, admin, id)
    how = [
        {"applicationId": id, "approve": n % 2 == 0, "reason": WHY, "idempotencyKey": f"one-try-of-{n}"}
        for n in range(50)
    ]
    done = await asyncio.gather(*(persist(city, admin, DECIDE, input=input) for input in how))
    assert sorted(code for one in done for code in codes(one)) == ["APPLICATION_DECIDED"] * 49
    ((state,),) = await city.sql("SELECT state FROM app.lawyer_application")
    made = len(await city.sql("SELECT 1 FROM app.lawyer"))
    assert made == len(await moves(city, admin, applicant)) == (state == "APPROVED")


async def test_of_fifty_who_check_it_at_once_one_reads_it(city: City) -> None:
    admins, applicant = [await city.person(Role.ADMIN) for _ in range(50)], await city.resident()
    id = await applied(city, applicant)
    done = await asyncio.gather(*(persist(city, admin, TAKE, id=id) for admin in admins))
    assert {one["__typename"] for one in done} == {"LawyerApplication"}
    live = "SELECT person FROM app.reader WHERE subject = :id AND basis = 'staff' AND until > app.clock()"
    assert len(await city.sql(live, id=key_of(id))) == 1
