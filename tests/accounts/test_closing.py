"""Closing an account: what goes, when, what stays, and who may not."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.core.access import Role, Viewer
from app.core.db import NOBODY
from app.core.ids import new_id
from app.graph.ids import global_id, uuid_of
from app.outside.post import Channel
from tests.accounts.town import BIND, Town, new_openid, new_phone
from tests.city import REFUSED, City, codes
from tests.consultation.test_erasing import everything, hold
from tests.consultation.test_life_words import FORBIDDEN
from tests.notices.carrying import reachable
from tests.notices.telling import told
from tests.sockets import token
from tests.vault.scene import attempt, signs_in
from tests.vault.test_rounds import night

pytestmark = pytest.mark.anyio

CLOSE = f"""mutation ($understood: Boolean = true) {{ closeAccount(input: {{understood: $understood}}) {{
  __typename ... on AccountClosing {{ id askedAt doneAt }} {REFUSED} }} }}"""
STANDS = "query ($id: ID!) { accountClosing(id: $id) { id doneAt } }"
DRAFT = f"mutation ($input: SaveDraftInput!) {{ saveDraft(input: $input) {{ __typename {REFUSED} }} }}"
SHELL = {"person.id", "closing.person", "consent.person"}
"""What she agreed to proves that what was done with her data was lawful; it names nobody."""
EVERYWHERE = """SELECT table_name, column_name FROM information_schema.columns
  WHERE table_schema = 'app' AND data_type = 'uuid'"""


async def traces(city: City, person: Viewer) -> set[str]:
    """Every table and column in which the person's id still stands."""
    return {
        f"{table}.{column}"
        for table, column in await city.sql(EVERYWHERE)
        if await city.sql(f"SELECT 1 FROM app.{table} WHERE {column} = :me LIMIT 1", me=person.id)
    }


async def test_everything_that_is_hers_goes_and_a_shell_without_a_name_stays(city: City) -> None:
    leaving = await signs_in(city, "+8613800000009")
    said = {"body": "还没写完", "revision": 1, "idempotencyKey": str(new_id())}
    await city.one(leaving, DRAFT, input=said)
    await city.sql(
        "INSERT INTO app.file (id, owner, kind, content_type, size, state, received, made_at, keep_until, kek, key)"
        " VALUES (:id, :me, 'PICTURE', 'image/png', 1, 'READY', 1, now(), now() + interval '1 hour', 'kek-1', '\\x01')",
        id=new_id(),
        me=leaving.id,
    )
    await city.asked(leaving)
    lawyers = await city.lawyers(2)
    second = await city.asked(leaving)
    await city.settle()
    assert (await city.answer(lawyers[0], (await city.claim(lawyers[0]))["id"]))["__typename"] == "Answer"
    await city.settle()
    made = await city.one(leaving, CLOSE)
    assert (made["__typename"], made["doneAt"]) == ("AccountClosing", None)
    errors = await city.errors(leaving, "{ questions(first: 1) { nodes { id } } }")
    assert errors[0]["extensions"]["code"] == "SESSION_ENDED"  # in the same instant
    assert (await city.one(None, STANDS, id=made["id"]))["doneAt"] is None
    for _ in range(3):
        await city.pass_time(60)
    assert (await city.one(None, STANDS, id=made["id"]))["doneAt"] is not None
    left = await traces(city, leaving)
    # The shell; erased questions' receipts until the backups have lost them; what rounds forget within weeks.
    assert left == SHELL | {"sign_in.person", "reader.person"}
    bases = await city.sql(
        "SELECT 1 FROM app.reader r JOIN app.question q ON q.id = r.subject WHERE r.person = :me", me=leaving.id
    )
    assert bases == []
    assert {status for (status,) in await city.sql("SELECT status FROM app.question")} == {"ERASED"}
    assert await city.sql("SELECT standing FROM app.person WHERE id = :me", me=leaving.id) == [("CLOSED",)]
    assert await city.one(lawyers[0], "query ($id: ID!) { question(id: $id) { id } }", id=second) is None
    await night(city, after=timedelta(days=181))
    await night(city, after=timedelta(days=31))  # what was planned for her had still been waiting for its day
    assert await traces(city, leaving) == SHELL
    # Whoever comes back with that telephone is somebody new.
    again = await signs_in(city, "+8613800000009")
    assert again.id != leaving.id


async def test_who_has_closed_her_account_is_written_to_by_nobody(city: City) -> None:
    """However late her closing has its turn, and whatever is being told to her at the same moment."""
    leaving, staying = await city.resident(), await city.resident()
    for person in (leaving, staying):
        await reachable(city, person, Channel.SMS)
    await told(city, leaving, staying)
    made = await city.one(leaving, CLOSE)
    turned = "UPDATE app.outbox SET next_at = app.clock() + interval '90 seconds' WHERE kind = 'AccountClosing'"
    await city.sql(turned)
    await city.pass_time(10)
    assert await city.sql("SELECT person FROM app.delivery") == [(staying.id,)]
    await city.pass_time(80)  # its first run, a minute late: what was being written then is looked after by the next
    assert await city.sql("SELECT 1 FROM app.identity WHERE person = :me", me=leaving.id) == []
    assert (await city.one(None, STANDS, id=made["id"]))["doneAt"] is None
    await told(city, leaving)
    for _ in range(2):
        await city.pass_time(60)
    assert (await city.one(None, STANDS, id=made["id"]))["doneAt"] is not None
    assert await traces(city, leaving) <= SHELL | {"sign_in.person"}


async def test_who_comes_back_while_it_still_closes_is_somebody_new(town: Town) -> None:
    """Nobody is led into an account that goes, nor what she asked elsewhere, however late its closing has its turn."""
    openid, phone = new_openid(), new_phone()
    leaving = await town.viewer(await town.by_wechat(openid))
    leaving = await town.viewer(await town.ask(leaving, BIND, phone=phone, code=await town.code_for(phone)))
    await town.pass_time(minutes=1)
    other = await town.viewer(await town.by_wechat(new_openid()))
    question = await town.city.asked(other)
    assert (await town.ask(leaving, CLOSE))["__typename"] == "AccountClosing"
    assert (await town.viewer(await town.by_wechat(openid))).id != leaving.id
    bound = await town.viewer(await town.ask(other, BIND, phone=phone, code=await town.code_for(phone)))
    assert bound.id == other.id
    for _ in range(3):
        await town.city.pass_time(60)
    assert (await town.ask(bound, "query ($id: ID!) { question(id: $id) { status } }", id=question))["status"] == "OPEN"


async def test_what_others_did_stays_with_them(city: City) -> None:
    asker, _, (first, _) = await everything(city)
    await city.one(asker, CLOSE)
    await city.pass_time(60)
    stars = await city.sql("SELECT stars, rater FROM app.rating")
    assert stars == [(5, None)]
    seats = await city.one(first, "{ seats(first: 9) { nodes { state question { id } } } }")
    assert [seat["question"] for seat in seats["nodes"]] == [None]


async def test_a_person_must_have_understood_and_hold_nothing_for_others(city: City) -> None:
    resident, lawyer, clerk = await city.resident(), await city.lawyer(), await city.person(Role.SUPERVISOR)
    assert codes(await city.one(resident, CLOSE, understood=False)) == ["NOT_UNDERSTOOD"]
    for viewer in (lawyer, clerk):
        assert codes(await city.one(viewer, CLOSE)) == ["IN_OFFICE"]
    await hold(city, global_id("Viewer", resident.id))
    assert codes(await city.one(resident, CLOSE)) == ["LEGAL_HOLD"]
    await hold(city, global_id("Viewer", resident.id), "lift")
    assert (await city.one(resident, CLOSE))["__typename"] == "AccountClosing"


async def test_fifty_at_once_are_one_closing(city: City) -> None:
    leaving = await city.resident()
    await city.asked(leaving)

    async def close() -> Any:
        errors = await city.errors(leaving, CLOSE)
        return {error["extensions"]["code"] for error in errors}

    got = await asyncio.gather(*(close() for _ in range(50)))
    assert set().union(*got) <= {"SESSION_ENDED", "BUSY"}
    assert len(await city.sql("SELECT 1 FROM app.closing")) == 1
    assert len(await city.sql("SELECT 1 FROM app.outbox WHERE kind = 'AccountClosing'")) == 1


async def test_what_the_law_or_a_hold_keeps_is_waited_for(city: City) -> None:
    leaving = await city.resident()
    held, blocked = await city.asked(leaving), await city.asked(leaving, FORBIDDEN)
    await hold(city, held)
    made = await city.one(leaving, CLOSE)
    await city.pass_time(3600)
    statuses = {id: s for id, s in await city.sql("SELECT id, status FROM app.question")}
    assert statuses == {uuid_of(held, "Question"): "OPEN", uuid_of(blocked, "Question"): "BLOCKED"}
    await hold(city, held, "lift")
    await city.sql("UPDATE app.outbox SET done_at = app.clock() WHERE done_at IS NULL AND kind <> 'AccountClosing'")
    await night(city, after=timedelta(days=181))
    await city.pass_time(timedelta(days=2))
    assert {s for (s,) in await city.sql("SELECT status FROM app.question")} == {"ERASED"}
    assert (await city.one(None, STANDS, id=made["id"]))["doneAt"] is not None


async def test_nothing_of_anybody_else_is_given_up(city: City) -> None:
    other = await signs_in(city, "+8613800000009")
    await city.asked(other)
    for what in ("drafts", "notices", "person"):
        await attempt(city.worker, NOBODY, f"SELECT door.give_up_{what}(:p)", p=other.id)
    assert (await city.one(other, "{ viewer { hasPhone } }"))["hasPhone"]
    assert await city.one(None, STANDS, id=global_id("AccountClosing", other.id)) is None
    assert token(city, other)
