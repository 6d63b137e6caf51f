"""The staff keep the register, and whatever they write there is written down."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.core.access import Role, Viewer
from app.core.db import NOBODY, now
from app.directory.actions.register import register_lawyers
from app.graph.ids import global_id, uuid_of
from tests.city import City, codes
from tests.directory import counter
from tests.directory.desk import (
    CHANGE_OFFICE,
    ENTER_OFFICE,
    SEEN,
    SEEN_WORKER,
    WHY,
    change_institution,
    change_legal_worker,
    enter_institution,
    enter_worker,
    office,
)
from tests.vault.scene import DENIED, attempt

pytestmark = pytest.mark.anyio


@pytest.fixture
async def editor(city: City) -> Viewer:
    return await city.person(Role.EDITOR)


async def test_an_entry_is_seen_by_everybody_and_its_history_by_who_keeps_it(city: City, editor: Viewer) -> None:
    made = await enter_institution(city, editor)
    assert (made["__typename"], made["title"], made["version"]) == ("Institution", "公证处", 1)
    assert (made["offered"], made["awaitingVerification"], made["example"]) == (True, False, True)
    (entry,) = made["history"]
    assert (entry["reason"], entry["editorId"]) == (WHY, global_id("PersonFile", editor.id))
    told = {field["field"]: (field["before"], field["after"]) for field in entry["fields"]}
    assert told["name"] == (None, '"济源示例公证处"')
    assert {"label", "terms", "version", "reason"}.isdisjoint(told)
    for viewer in (None, await city.resident(), await city.person(Role.SUPERVISOR)):
        seen = await city.one(viewer, SEEN, id=made["id"])
        assert seen == {name: value for name, value in made.items() if name != "history"} | {"history": []}
    for role in (Role.OFFICER, Role.ADMIN):
        assert await city.one(await city.person(role), SEEN, id=made["id"]) == made


async def test_a_change_leaves_what_was_not_said_and_keeps_what_it_was(city: City, editor: Viewer) -> None:
    made = await enter_institution(city, editor)
    changed = await change_institution(city, editor, made["id"], 1, address="示例路2号", phones=["0391-0000009"])
    assert (changed["name"], changed["address"], changed["version"]) == (made["name"], "示例路2号", 2)
    newest, first = changed["history"]
    assert (newest["version"], first["version"]) == (2, 1)
    assert {field["field"]: (field["before"], field["after"]) for field in newest["fields"]} == {
        "address": ('"沁园街道示例路1号"', '"示例路2号"'),
        "phones": ('["0391-0000001"]', '["0391-0000009"]'),
    }
    again = await change_institution(city, editor, made["id"], 2, address="示例路2号")
    assert again["version"] == 2
    assert codes(await change_institution(city, editor, made["id"], 1, address="示例路3号")) == ["CHANGED_MEANWHILE"]


async def test_of_fifty_changes_at_once_one_is_made(city: City, editor: Viewer) -> None:
    id = (await enter_institution(city, editor))["id"]
    done = await asyncio.gather(
        *(change_institution(city, editor, id, 1, address=f"示例路{number}号") for number in range(50))
    )
    assert sorted(codes(one) != [] for one in done) == [False] + [True] * 49
    assert {code for one in done for code in codes(one)} == {"CHANGED_MEANWHILE"}
    assert len((await city.one(editor, SEEN, id=id))["history"]) == 2


async def test_of_fifty_entries_at_once_with_one_number_one_is_made(city: City, editor: Viewer) -> None:
    made = await asyncio.gather(*(enter_institution(city, editor) for _ in range(50)))
    assert [one["__typename"] for one in made].count("Institution") == 1
    assert {code for one in made for code in codes(one)} == {"REGISTER_NUMBER_KNOWN"}
    said = await office(city, number="示例-G-0002")
    same = await asyncio.gather(*(city.one(editor, ENTER_OFFICE, input=said) for _ in range(50)))
    assert len({one["id"] for one in same}) == 1
    assert len(await city.sql("SELECT 1 FROM app.institution")) == 2


async def test_what_nobody_verified_for_twelve_months_awaits_it_and_is_not_offered(city: City, editor: Viewer) -> None:
    made = await enter_institution(city, editor)
    never = await enter_institution(city, editor, number="示例-G-0003", verifiedAt=None)
    assert (never["offered"], never["awaitingVerification"]) == (False, True)
    await city.turn(timedelta(days=360))
    assert (await city.one(None, SEEN, id=made["id"]))["offered"]
    await city.turn(timedelta(days=7))
    seen = await city.one(None, SEEN, id=made["id"])
    assert (seen["offered"], seen["awaitingVerification"]) == (False, True)
    verified = await change_institution(city, editor, made["id"], 1, verifiedAt=(await city.now()).isoformat())
    assert (verified["offered"], verified["awaitingVerification"]) == (True, False)


async def test_what_works_no_more_is_gone_but_for_who_keeps_it(city: City, editor: Viewer) -> None:
    made = await enter_institution(city, editor)
    closed = await change_institution(city, editor, made["id"], 1, standing="LEFT", reason="机构已注销，见公告")
    assert (closed["standing"], closed["offered"]) == ("LEFT", False)
    assert await city.one(await city.resident(), SEEN, id=made["id"]) is None
    assert (await city.one(editor, SEEN, id=made["id"]))["standing"] == "LEFT"
    await city.sql("UPDATE app.role_held SET until = now() WHERE person = :me", me=editor.id)
    assert await city.one(editor, SEEN, id=made["id"]) is None


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"kind": "LAWYER"}, [("BAD_VALUE", "kind"), ("BAD_REGISTER_NUMBER", "number")]),
        ({"number": "1"}, [("BAD_REGISTER_NUMBER", "number")]),
        ({"name": "一"}, [("TOO_SHORT", "name"), ("EXAMPLE_NOT_MARKED", "name")]),
        ({"name": "济源公证处"}, [("EXAMPLE_NOT_MARKED", "name")]),
        ({"example": False}, [("EXAMPLE_NOT_MARKED", "name")]),
        ({"phones": ["0391-6600000"]}, [("EXAMPLE_NOT_MARKED", "name")]),
        ({"phones": ["电话"]}, [("BAD_OFFICE_PHONE", "phones.0"), ("EXAMPLE_NOT_MARKED", "name")]),
        ({"divisionCode": "110101"}, [("BAD_VALUE", "divisionCode")]),
        ({"province": "11"}, [("BAD_VALUE", "province")]),
        ({"specialties": ["magic"]}, [("BAD_VALUE", "specialties")]),
        ({"aliases": ["甲"]}, [("TOO_SHORT", "aliases.0")]),
        ({"address": "路" * 121}, [("TOO_LONG", "address")]),
        ({"source": ""}, [("BLANK", "source")]),
        ({"reason": "改"}, [("TOO_SHORT", "reason")]),
        ({"idempotencyKey": "短"}, [("BAD_KEY", "idempotencyKey")]),
        ({"verifiedAt": "2099-01-01T00:00:00+08:00"}, [("VERIFIED_TOO_LATE", "verifiedAt")]),
        ({"verifiedAt": "0001-01-01T00:00:00Z"}, [("BAD_VALUE", "verifiedAt")]),
        ({"verifiedAt": "0001-01-01T00:00:00+08:00"}, [("BAD_VALUE", "verifiedAt")]),
    ],
)
async def test_a_record_that_cannot_be_right_is_refused_by_its_fields(
    city: City, editor: Viewer, said: dict[str, Any], wrong: list[tuple[str, str]]
) -> None:
    refused = await enter_institution(city, editor, **said)
    assert [(reason["code"], reason["field"]) for reason in refused["reasons"]] == wrong
    assert await city.sql("SELECT 1 FROM app.institution UNION ALL SELECT 1 FROM app.idempotency") == []


async def test_who_works_somewhere_is_led_to_it_by_id_or_by_name(city: City, editor: Viewer) -> None:
    notaries = await enter_institution(city, editor)
    named = await enter_worker(city, editor)
    assert named["institution"] == {"id": notaries["id"], "name": "济源示例公证处"}
    other = await enter_institution(city, editor, name="济源示例第二公证处", number="示例-G-0002")
    moved = await change_legal_worker(city, editor, named["id"], 1, institutionId=other["id"])
    assert (moved["workplace"], moved["institution"]["id"]) == ("济源示例第二公证处", other["id"])
    gone = await change_legal_worker(city, editor, named["id"], 2, workplace="别处示例公证处")
    assert (gone["workplace"], gone["institution"]) == ("别处示例公证处", None)
    nowhere = global_id("Institution", editor.id)
    assert codes(await change_legal_worker(city, editor, named["id"], 3, institutionId=nowhere)) == ["NOT_FOUND"]
    wrong = await enter_worker(city, editor, kind="LAWYER", number="12345")
    assert codes(wrong) == ["BAD_REGISTER_NUMBER"]


async def test_who_is_admitted_as_a_lawyer_stands_in_the_register_too(city: City) -> None:
    admin, who = await city.person(Role.ADMIN), await city.resident()
    await counter.decided(city, admin, await counter.applied(city, who))
    ((id,),) = await city.sql("SELECT id FROM app.legal_worker")
    seen = await city.one(admin, SEEN_WORKER, id=global_id("LegalWorker", id))
    assert (seen["name"], seen["number"], seen["workplace"]) == (counter.NAME, counter.licence(), counter.FIRM)
    assert (seen["title"], seen["lawyer"]["id"]) == ("律师", counter.lawyer_id(who))
    assert seen["history"][0]["editorId"] == global_id("PersonFile", admin.id)


async def test_the_lawyers_of_before_are_entered_once(city: City) -> None:
    lawyers = await city.lawyers(3)
    for entered in (3, 0):
        async with city.owner.acting(NOBODY) as session:
            assert await register_lawyers(session, now(session), None, "迁移") == entered
    assert {row.number for row in await city.sql("SELECT number FROM app.legal_worker")} == {
        row.licence for row in await city.sql("SELECT licence FROM app.lawyer")
    }
    assert len(lawyers) == 3


async def test_who_keeps_the_register_cannot_write_around_its_history(city: City, editor: Viewer) -> None:
    id = uuid_of((await enter_institution(city, editor))["id"], "Institution")
    other = await city.person(Role.EDITOR)
    signed = "version = 2, changed_by = :me, changed_at = app.clock()"
    skips, follows = (
        f"UPDATE app.institution SET address = 'x', {signed}".replace("= 2", f"= {version}") for version in (4, 3)
    )
    for statement, outcome in (
        (f"UPDATE app.institution SET address = 'x', {signed}", "rows=1"),
        (f"UPDATE app.institution SET address = 'y', {signed}", DENIED),  # the version is not the next
        ("UPDATE app.institution SET address = 'x'", DENIED),
        (skips, DENIED),
        (follows.replace(":me", ":other"), DENIED),
        (follows.replace("app.clock()", "'epoch'"), DENIED),
        ("UPDATE app.register_change SET reason = ''", DENIED),
        ("DELETE FROM app.register_change", DENIED),
        ("INSERT INTO app.register_change VALUES (:id, 9, now(), :me, '', '{}', '{}')", DENIED),
        ("DELETE FROM app.institution", DENIED),
        ("SELECT reason FROM app.institution", DENIED),
        ("SELECT 1 FROM app.register_change", "rows=2"),
    ):
        said = {"me": editor.id, "other": other.id, "id": id}
        assert await attempt(city.db, editor.id, statement, **said) == outcome, statement
    assert await attempt(city.worker, NOBODY, "UPDATE app.institution SET address = 'x'") == DENIED
    assert await attempt(city.owner, NOBODY, "UPDATE app.register_change SET reason = ''") == "rows=0"  # its wall


async def test_a_guess_at_an_id_finds_nothing(city: City, editor: Viewer) -> None:
    missing = {"institutionId": global_id("Institution", editor.id), "version": 1, "reason": WHY}
    refused = await city.one(editor, CHANGE_OFFICE, input=missing)
    assert (codes(refused), refused["reasons"][0]["field"]) == (["NOT_FOUND"], "institutionId")
    wrong = missing | {"institutionId": global_id("Lawyer", editor.id)}
    assert codes(await city.one(editor, CHANGE_OFFICE, input=wrong)) == ["BAD_ID"]
