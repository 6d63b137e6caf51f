"""Whoever changes the audit is found out, also who owns the database; what goes by law is told apart from it."""

import asyncio
import json
from pathlib import Path

import pytest

from app.consultation.rules.receipt import Unverified
from app.core.access import Role
from app.core.db import NOBODY
from scripts import verify_audit
from scripts.verify_audit import FACTS
from tests.audit.night import DAY, faults, keys_of, looked, newest, night, reads, to_noon
from tests.city import City
from tests.vault.later import do
from tests.vault.scene import DENIED, attempt, key_of, signs_in

pytestmark = pytest.mark.anyio

TAKE = """INSERT INTO app.figure_export SELECT gen_random_uuid(), :me, 'DEMAND', '2026-01-01', '2026-01-31', 'BRIEFING',
    at, date(at AT TIME ZONE interval '8 hours'), 1 FROM (SELECT app.clock()) t (at)"""
HOLD = "INSERT INTO app.legal_hold VALUES (gen_random_uuid(), gen_random_uuid(), '保全', '1', '法制科', app.clock())"
TABLES = sorted({fact.table for fact in FACTS} | {"audit_anchor", "audit_leaf"})


async def three_nights(city: City) -> None:
    """Of the first of them four readings are anchored, one by who acted for somebody; of the others nothing."""
    await to_noon(city)
    await night(city)
    for basis in ("answered", "seat", "staff", "delegate"):
        await reads(city, basis=basis)
    await city.sql(TAKE, me=(await city.person(Role.ANALYST)).id)
    await city.sql(HOLD)
    for _ in range(3):
        await night(city)
    assert await faults(city) == []


@pytest.mark.parametrize(
    ("deed", "told"),
    [
        ("UPDATE app.access SET person = subject WHERE basis = 'seat'", None),
        ("UPDATE app.access SET person = gen_random_uuid() WHERE basis = 'seat'", "access: 1 changed"),
        ("UPDATE app.access SET basis = 'answered'", "access: 2 changed, 1 added afterwards"),
        ("UPDATE app.access SET at = at + interval '1 microsecond' WHERE basis = 'seat'", "access: 1 changed"),
        ("UPDATE app.access SET salt = gen_random_uuid() WHERE basis = 'seat'", "access: 1 changed"),
        ("UPDATE app.access SET at = at + interval '1 day' WHERE basis = 'seat'", "access: 1 missing"),
        ("DELETE FROM app.access WHERE basis IN ('seat', 'staff')", "access: 2 missing"),
        ("DELETE FROM app.access WHERE basis = 'delegate'", "passing_access: 1 missing"),
        ("TRUNCATE app.access", "access: 3 missing"),
        (
            "INSERT INTO app.access SELECT subject, person, 7, basis, at, part FROM app.access WHERE basis = 'seat'",
            "access: 1 added afterwards",
        ),
        ("UPDATE app.figure_export SET purpose = 'RESEARCH'", "figure_export: 1 changed"),
        ("UPDATE app.legal_hold SET document = '2'", "hold_placed: 1 changed"),
        ("UPDATE app.consent SET given = NOT given", "consent: "),
        ("UPDATE app.audit_leaf SET leaves = sha256(leaves)", "figure_export: the hashes"),
        ("UPDATE app.audit_leaf SET leaves = substr(leaves, 33) WHERE kind = 'access'", "access: the hashes"),
        ("DELETE FROM app.audit_leaf", "access: the hashes"),
    ],
)
async def test_every_fact_that_is_changed_is_told_by_its_day(city: City, deed: str, told: str | None) -> None:
    await three_nights(city)
    await city.sql(deed)
    found = await faults(city)
    day = await city.today() - 3 * DAY
    assert any(fault.startswith(f"{day}: {told}") for fault in found) if told else found == []


@pytest.mark.parametrize(
    ("deed", "told"),
    [
        ("UPDATE app.audit_anchor SET document = replace(document, 'figure', 'figures')", "was rewritten"),
        ("UPDATE app.audit_anchor SET signature = (SELECT max(signature) FROM app.audit_anchor)", "was rewritten"),
        ("DELETE FROM app.audit_anchor WHERE day = (SELECT min(day) FROM app.audit_anchor)", "does not follow"),
        ("DELETE FROM app.audit_anchor WHERE day = (SELECT min(day) + 1 FROM app.audit_anchor)", "does not follow"),
    ],
)
async def test_an_anchor_that_is_rewritten_or_taken_out_breaks_the_chain(city: City, deed: str, told: str) -> None:
    await three_nights(city)
    await city.sql(deed)
    with pytest.raises(Unverified, match=told):
        await looked(city)


async def test_anchors_of_another_key_prove_nothing(city: City) -> None:
    await three_nights(city)
    with pytest.raises(Unverified, match="another key"):
        await verify_audit.verify(city.urls.owner, ["A" * 43 + "="], await city.now())


async def test_who_has_the_days_anchored_anew_is_found_out_by_the_anchor_that_is_held_outside(city: City) -> None:
    await three_nights(city)
    held = await newest(city)
    assert await faults(city, held) == []
    await city.sql("DELETE FROM app.access WHERE basis = 'seat'")
    await city.sql("DELETE FROM app.audit_leaf")
    await city.sql("DELETE FROM app.audit_anchor")
    assert await faults(city) == ["Nothing was anchored yet."]
    await night(city)
    assert await faults(city) == []  # the house signed what it found
    with pytest.raises(Unverified, match="held outside is not in the chain"):
        await looked(city, held)
    with pytest.raises(Unverified, match="signature does not fit"):  # nor is anything believed that nobody signed
        await looked(city, held._replace(document=held.document.replace("audit/1", "audit/2")))


async def test_who_has_the_last_day_anchored_anew_leaves_an_anchor_of_two(city: City) -> None:
    await three_nights(city)
    await city.sql("DELETE FROM app.audit_anchor WHERE day = (SELECT max(day) FROM app.audit_anchor)")
    await night(city)
    (fault,) = await faults(city)
    assert "anchored as late as" in fault


async def test_what_is_erased_by_law_leaves_its_hash_and_the_audit_whole(city: City) -> None:
    await to_noon(city)
    asker = await signs_in(city, "+8613800000001")
    question = await city.asked(asker)
    await city.settle()
    mine = "INSERT INTO app.access SELECT :q, gen_random_uuid(), n, 'delegate', app.clock(), :q FROM "
    await city.sql(mine + "generate_series(1, 3) n", q=key_of(question))
    await reads(city, basis="delegate")
    await night(city)
    await do(city, asker, "eraseQuestion", "EraseQuestionInput", questionId=question, idempotencyKey="erase-it-all")
    await city.settle()
    assert await city.sql("SELECT count(*) FROM app.access WHERE basis = 'delegate'") == [(1,)]
    await night(city)
    found = await looked(city)
    assert (found.faults, found.removed) == ([], 3)
    assert found.anchors[-1].facts["removal"].n == 3
    # What says so is a fact like others: made up later, it is found out itself.
    await city.sql("ALTER TABLE app.access DISABLE TRIGGER access_removed")
    await city.sql("DELETE FROM app.access WHERE basis = 'delegate'")
    assert [fault.partition(": ")[2] for fault in await faults(city)] == ["passing_access: 1 missing."]
    await city.sql("""INSERT INTO app.audit_removal SELECT leaf, (SELECT min(at) FROM app.audit_removal), 'app_worker'
        FROM (SELECT substr(leaves, n * 32 + 1, 32) AS leaf FROM app.audit_leaf, generate_series(0, 3) n
              WHERE kind = 'passing_access') held WHERE leaf NOT IN (SELECT leaf FROM app.audit_removal)""")
    assert [fault.partition(": ")[2] for fault in await faults(city)] == ["removal: 1 added afterwards."]


async def test_what_never_goes_by_law_is_missing_whatever_a_removal_says(city: City) -> None:
    await three_nights(city)
    hide = "INSERT INTO app.audit_removal SELECT substr(leaves, n * 32 + 1, 32), app.clock(), 'app_worker' "
    await city.sql(hide + "FROM app.audit_leaf, generate_series(0, 2) n WHERE kind = 'access'")
    await city.sql("DELETE FROM app.access WHERE basis = 'seat'")
    await night(city)
    (fault,) = await faults(city)
    assert fault.endswith("access: 1 missing.")


async def test_no_role_of_the_house_changes_or_removes_what_the_audit_holds(city: City) -> None:
    """But for what a later step adds: an approval of what is a minor's, by whom and until when."""
    auditor = await city.person(Role.AUDITOR)
    columns = await city.sql(
        """SELECT relname, attname FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
        WHERE relnamespace = CAST('app' AS regnamespace) AND relname = ANY (:tables)
            AND attnum > 0 AND NOT attisdropped""",
        tables=TABLES,
    )
    assert {table for table, _ in columns} == set(TABLES)
    for db in (city.db, city.worker):
        added = {("minor_access", column) for column in ("approver", "approved_at", "until") if db is city.db}
        deeds = [f"UPDATE app.{table} SET {column} = NULL" for table, column in columns if (table, column) not in added]
        deeds += [f"{how} app.{table}" for table in TABLES for how in ("DELETE FROM", "TRUNCATE")]
        for deed in deeds:
            assert await attempt(db, auditor.id, deed) == DENIED, deed
    for table in ("audit_anchor", "audit_leaf", "audit_removal"):
        assert await attempt(city.db, auditor.id, f"INSERT INTO app.{table} DEFAULT VALUES") == DENIED
    assert await attempt(city.worker, NOBODY, "INSERT INTO app.audit_removal DEFAULT VALUES") == DENIED
    leaves = "SELECT 1 FROM door.audit_leaves('-infinity', 'infinity')"
    assert await attempt(city.db, auditor.id, leaves) == DENIED


async def test_the_command_says_what_it_found(city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    await three_nights(city)
    (key,), held = keys_of(city), tmp_path / "held.json"
    receipt = await newest(city)
    words = {"document": receipt.document, "signature": receipt.signature, "keyId": receipt.key_id}
    held.write_text(json.dumps(words))

    async def runs(*more: str) -> tuple[int, str]:
        code = await asyncio.to_thread(verify_audit.main, ["--owner-url", city.urls.owner, "--key", key, *more])
        return code, capsys.readouterr().out

    code, out = await runs("--held", str(held))
    assert (code, out.splitlines()[-3]) == (0, "VERIFIED: every fact is as it was anchored, and the chain is whole.")
    await city.sql("UPDATE app.figure_export SET purpose = 'RESEARCH'")
    code, out = await runs()
    assert code == 1
    assert "NOT VERIFIED:\n" in out
    assert "figure_export: 1 changed.\n" in out
    await city.sql("DELETE FROM app.audit_anchor WHERE day = (SELECT max(day) FROM app.audit_anchor)")
    code, out = await runs("--held", str(held))
    assert (code, out) == (
        1,
        "NOT VERIFIED: The anchor that is held outside is not in the chain: it was anchored anew.\n",
    )
