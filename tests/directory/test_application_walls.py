"""What raw SQL shows and lets do of applications, whatever the house's code may ask."""

import pytest

from app.core.access import Role, Viewer
from app.core.db import NOBODY
from tests.accounts.hall import suspend
from tests.city import City
from tests.directory.counter import applied, check, decided, key_of, licence
from tests.vault.scene import DENIED, attempt

pytestmark = pytest.mark.anyio

APPLIES = """INSERT INTO app.lawyer_application (id, person, licence, body, state, made_at)
    VALUES (gen_random_uuid(), {whom}, 'x', '', '{state}', {at})"""
GOOD = {"whom": ":me", "state": "OPEN", "at": "app.clock()"}
DECIDES = """UPDATE app.lawyer_application SET state = '{state}', checker = {by}, decided_at = {at},
    keep_until = {until}, reason = '\\x01' WHERE id = :id"""
NOW = {"state": "APPROVED", "by": ":me", "at": "app.clock()", "until": "app.clock() + interval '30 days'"}
LAWYER = """INSERT INTO app.lawyer (id, licence, title, name, firm, pool, specialties, divisions, languages, gender,
        practising_since, introduction)
    SELECT {whom}, 'x', '律师', 'x', id, 'LOCAL', '{{}}', '{{}}', '{{}}', 'MALE', current_date, ''
    FROM app.firm LIMIT 1"""
ADMITS = "INSERT INTO app.person_move VALUES (gen_random_uuid(), {whom}, :me, 'ADMITTED', '{{}}', '', app.clock())"


async def tries(city: City, who: Viewer, statement: str, **said: object) -> str:
    return await attempt(city.db, who.id, statement, me=who.id, **said)


async def test_a_resident_applies_for_nobody_else_and_decides_nothing(city: City) -> None:
    me, them = await city.resident(), await city.resident()
    hers, mine = await applied(city, them), await applied(city, me, licence=licence(2))
    await city.firm()
    said = {"them": them.id, "id": key_of(mine)}
    for wrong in ({"whom": ":them"}, {"state": "APPROVED"}, {"at": "app.clock() - interval '1 day'"}):
        assert await tries(city, me, APPLIES.format(**GOOD | wrong), **said) in (DENIED, "23514"), wrong
    for statement in (
        DECIDES.format(**NOW),
        "UPDATE app.lawyer_application SET checker = :me WHERE id = :id",
        "UPDATE app.lawyer_application SET body = ''",
        "UPDATE app.lawyer_application SET person = :them WHERE id = :id",
        "UPDATE app.lawyer_application SET state = 'WITHDRAWN', decided_at = app.clock(),"
        " keep_until = 'infinity' WHERE id = :id",
        "DELETE FROM app.lawyer_application",
        LAWYER.format(whom=":me"),
        ADMITS.format(whom=":me"),
        "INSERT INTO app.firm VALUES (gen_random_uuid(), 'x', '', '41')",
        "SELECT door.forget_application(:id)",
        "SELECT door.lawyer_enters() IS NULL",
    ):
        assert await tries(city, me, statement, **said) == DENIED, statement
    said["id"] = key_of(hers)
    for statement in (
        "SELECT 1 FROM app.lawyer_application WHERE id = :id",
        "SELECT 1 FROM app.key WHERE subject = :id",
        "SELECT 1 FROM app.file WHERE subject = :id",
        "SELECT 1 FROM app.access WHERE subject = :id",
        DECIDES.format(**NOW),
    ):
        assert await tries(city, me, statement, **said) == "rows=0", statement


async def test_an_administrator_reads_what_she_checks_and_admits_whom_she_approves(city: City) -> None:
    admin, them, other = await city.person(Role.ADMIN), await city.resident(), await city.resident()
    id = await applied(city, them)
    await city.firm()
    said = {"id": key_of(id), "them": them.id, "other": other.id}
    assert await tries(city, admin, "SELECT 1 FROM app.lawyer_application", **said) == "rows=1"
    for table in ("key", "file"):
        sees = f"SELECT 1 FROM app.{table} WHERE subject = :id"
        assert await tries(city, admin, sees, **said) == "rows=0"
    # Nobody is made a lawyer past an approval of this very moment.
    for whom in (":them", ":other", ":me"):
        assert await tries(city, admin, LAWYER.format(whom=whom), **said) == DENIED, whom
        assert await tries(city, admin, ADMITS.format(whom=whom), **said) == DENIED, whom
    await check(city, admin, id)
    for table in ("key", "file"):
        sees = f"SELECT 1 FROM app.{table} WHERE subject = :id"
        assert await tries(city, admin, sees, **said) == "rows=1"
    for wrong, outcome in (
        ({"by": ":other"}, DENIED),
        ({"at": "app.clock() - interval '1 day'"}, DENIED),
        ({"until": "app.clock()"}, DENIED),
        ({"state": "WITHDRAWN"}, DENIED),
        ({"state": "OPEN"}, "23514"),
    ):
        assert await tries(city, admin, DECIDES.format(**NOW | wrong), **said) == outcome, wrong
    await decided(city, admin, id)
    assert await tries(city, admin, DECIDES.format(**NOW | {"state": "REFUSED"}), **said) == "rows=0"
    for table in ("key", "file"):
        assert await tries(city, admin, f"SELECT 1 FROM app.{table} WHERE subject = :id", **said) == "rows=0"
    assert await tries(city, admin, LAWYER.format(whom=":other"), **said) == DENIED


async def test_who_is_suspended_or_checks_her_own_does_nothing_in_raw_sql(city: City) -> None:
    admin, chief, them = await city.person(Role.ADMIN), await city.person(Role.ADMIN), await city.resident()
    own, id = await applied(city, admin, licence=licence(2)), await applied(city, them)
    assert await tries(city, admin, DECIDES.format(**NOW), id=key_of(own)) == DENIED
    assert await tries(
        city, admin, "UPDATE app.lawyer_application SET checker = :me WHERE id = :id", id=key_of(id)
    ) == ("rows=1")
    await suspend(city, chief, admin)
    said = {"id": key_of(id)}
    assert await tries(city, admin, "SELECT 1 FROM app.lawyer_application WHERE id = :id", **said) == "rows=0"
    assert await tries(city, admin, "SELECT 1 FROM app.key WHERE subject = :id", **said) == "rows=0"
    assert await tries(city, admin, DECIDES.format(**NOW), **said) == "rows=0"


async def test_the_worker_forgets_what_is_over_and_reads_nothing(city: City) -> None:
    admin, them = await city.person(Role.ADMIN), await city.resident()
    id = await applied(city, them)
    said = {"id": key_of(id)}
    forget = "SELECT 1 WHERE door.forget_application(:id)"
    assert await attempt(city.worker, NOBODY, "SELECT person FROM app.lawyer_application") == "rows=1"
    for statement in (
        "SELECT body FROM app.lawyer_application",
        "SELECT licence FROM app.lawyer_application",
        "SELECT reason FROM app.lawyer_application",
        "UPDATE app.lawyer_application SET keep_until = app.clock()",
        "UPDATE app.lawyer_application SET body = ''",
        "DELETE FROM app.key",
    ):
        assert await attempt(city.worker, NOBODY, statement) == DENIED, statement
    assert await attempt(city.worker, NOBODY, forget, **said) == "rows=0"
    await decided(city, admin, id)
    assert await attempt(city.worker, NOBODY, forget, **said) == "rows=0"
    await city.turn_seconds(31 * 86_400)
    for _ in range(2):
        assert await attempt(city.worker, NOBODY, forget, **said) == "rows=1"
    assert await city.sql("SELECT 1 FROM app.key WHERE subject = :id", **said) == []
