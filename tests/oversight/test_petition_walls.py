"""A telephone is sealed, and opened by nobody but its owner and the supervisor who calls."""

import logging
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from app.core.access import Role
from app.core.ids import new_id
from app.graph.ids import global_id
from tests.city import City
from tests.oversight.office import CALL, PHONE, READ, SEEN, call_me, key_of, supervisors, window
from tests.vault.scene import DENIED, attempt

pytestmark = pytest.mark.anyio

NEVER = "这句话只有我和打电话的人知道"


async def test_the_telephone_is_sealed_and_nowhere_else(
    city: City, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    asker = await city.resident()
    (supervisor,) = await supervisors(city, 1)
    with capture_logs() as logged:
        id = await city.asked(asker)
        await city.pass_time(601)
        await call_me(city, asker, id, note=NEVER)
        await call_me(city, asker, id, note=NEVER)
        await call_me(city, asker, id, phone="0391-12348", note=NEVER)
        await city.settle()
        await city.pass_time(timedelta(hours=4))
    assert (await city.one(supervisor, "{ unreadNotices }")) > 0
    secrets = [PHONE, READ, "13812345678", "12345678", NEVER]
    spoken = str(logged) + caplog.text + "".join(capfd.readouterr())
    assert not [secret for secret in secrets if secret in spoken]
    tables = await city.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'app'")
    for (table,) in tables:
        rows = str([tuple(row) for row in await city.sql(f"SELECT t::text FROM app.{table} t")])
        for secret in secrets:
            assert secret not in rows, table
            assert secret.encode().hex() not in rows, table
    kept = [key + await _value(city, key) for key in await city.redis.keys("*")]
    assert not [one for one in kept for secret in secrets if secret.encode() in one]


async def _value(city: City, key: bytes) -> bytes:
    return await city.redis.dump(key) or b""


async def test_no_one_else_opens_a_petition_by_graph_or_by_sql(city: City) -> None:
    asker, other, lawyer = await city.resident(), await city.resident(), await city.lawyer()
    idle = await city.person(Role.SUPERVISOR)
    id = await city.asked(asker)
    await city.settle()
    await city.claim(lawyer)
    made = await call_me(city, asker, id)
    await city.settle()
    petition = key_of(made["id"])
    for stranger in (other, lawyer, idle, None):
        assert await city.one(stranger, SEEN, id=made["id"]) is None
    for stranger in (other, lawyer, idle):
        for table, column in (("petition", "id"), ("key", "subject"), ("access", "subject"), ("reader", "subject")):
            found = await attempt(city.db, stranger.id, f"SELECT 1 FROM app.{table} WHERE {column} = :p", p=petition)
            assert found == "rows=0", table
        for step in ("state = 'DONE'", "person = app.person()", "body = ''"):
            change = f"UPDATE app.petition SET {step} WHERE id = :p"
            assert await attempt(city.db, stranger.id, change, p=petition) == DENIED
        forged = "INSERT INTO app.reader (subject, person, basis, since) VALUES (:p, app.person(), 'staff', now())"
        assert await attempt(city.db, stranger.id, forged, p=petition) == DENIED
    # Her own row is not hers to change either: its state is the task's.
    change = "UPDATE app.petition SET state = 'DONE' WHERE id = :p"
    assert await attempt(city.db, asker.id, change, p=petition) == DENIED
    anew = """INSERT INTO app.petition (id, question, person, kind, due_at, made_at, body, state)
        VALUES (gen_random_uuid(), :q, app.person(), 'APPEAL', now(), now(), '', :state)"""
    question_id = key_of(id)
    assert await attempt(city.db, other.id, anew, q=question_id, state="OPEN") == DENIED
    assert await attempt(city.db, asker.id, anew, q=question_id, state="DONE") == DENIED


async def test_nobody_petitions_without_signing_in(city: City) -> None:
    said = {"questionId": global_id("Question", str(new_id())), "phone": PHONE, "idempotencyKey": "12345678"}
    (error,) = await city.errors(None, CALL, input=said | await window(city))
    assert error["extensions"]["code"] == "UNAUTHENTICATED"
