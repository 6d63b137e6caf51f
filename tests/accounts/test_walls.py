"""What row-level security shows the API's own role, whatever the house's code may ask."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.accounts.actions.identity import become, digest_of, present
from app.accounts.models import IdentityKind
from app.core.db import NOBODY, Database
from app.core.ids import new_id
from tests.accounts.town import Town, new_openid, new_phone

pytestmark = pytest.mark.anyio

TABLES = ("person", "role_held", "identity", "sign_in", "refresh_token", "sms_code")
FORBIDDEN = [
    "INSERT INTO app.role_held VALUES (:me, 'ADMIN', now())",
    "UPDATE app.person SET standing = 'ACTIVE'",
    "DELETE FROM app.sign_in",
    "UPDATE app.sms_code SET sent_at = 'epoch'",
    "UPDATE app.refresh_token SET expires_at = 'infinity'",
    "INSERT INTO app.person VALUES (gen_random_uuid(), 'ACTIVE', now())",
    "INSERT INTO app.identity VALUES ('sms', '\\x01', :me, '', now())",
]


async def counts(db: Database, person: object, *presented: bytes) -> dict[str, int]:
    async with db.acting(str(person)) as session:
        await present(session, *presented)
        return {name: (await session.rows(text(f"SELECT count(*) FROM app.{name}"))).scalar_one() for name in TABLES}


async def test_nobody_sees_nothing_and_a_person_her_own_rows(town: Town) -> None:
    phone, openid = new_phone(), new_openid()
    await town.by_sms(phone)
    viewer = await town.viewer(await town.by_wechat(openid))
    nothing = dict.fromkeys(TABLES, 0)
    assert await counts(town.city.db, NOBODY) == nothing
    assert await counts(town.city.db, new_id()) == nothing
    assert await counts(town.city.db, viewer.id) == nothing | {"person": 1, "identity": 1, "sign_in": 1}


async def test_a_digest_shows_the_one_row_it_belongs_to(town: Town) -> None:
    phone = new_phone()
    await town.by_sms(phone)
    await town.by_sms(new_phone())
    name = digest_of(town.keys, IdentityKind.SMS, f"+86{phone}")
    seen = dict.fromkeys(TABLES, 0) | {"identity": 1}
    assert await counts(town.city.db, NOBODY, name) == seen
    [(token,)] = await town.city.sql("SELECT digest FROM app.refresh_token LIMIT 1")
    assert await counts(town.city.db, NOBODY, token) == dict.fromkeys(TABLES, 0) | {"refresh_token": 1}
    [(number,)] = await town.city.sql("SELECT phone FROM app.sms_code LIMIT 1")
    assert await counts(town.city.db, NOBODY, number) == dict.fromkeys(TABLES, 0) | {"sms_code": 1}


async def test_what_was_presented_and_whom_one_became_end_with_the_transaction(town: Town) -> None:
    viewer = await town.viewer(await town.by_wechat(new_openid()))
    one = Database(town.city.db.engine)
    for _ in range(3):
        async with one.acting(NOBODY) as session:
            settings = text("SELECT current_setting('app.person', true), current_setting('app.presented', true)")
            person, presented = (await session.rows(settings)).one()
            assert not person
            assert not presented
            await become(session, viewer.id)
            await present(session, b"\x01")


async def test_what_the_api_may_never_do(town: Town) -> None:
    viewer = await town.viewer(await town.by_wechat(new_openid()))
    for attempt in FORBIDDEN:
        with pytest.raises(DBAPIError, match=r"permission denied|row-level security"):
            async with town.city.db.acting(viewer.id) as session:
                await session.rows(text(attempt), {"me": viewer.id} if ":me" in attempt else {})


async def test_nobody_takes_a_name_that_is_not_presented(town: Town) -> None:
    phone = new_phone()
    await town.by_sms(phone)
    thief = await town.viewer(await town.by_wechat(new_openid()))
    async with town.city.db.acting(thief.id) as session:
        taken = await session.rows(text("UPDATE app.identity SET person = :me WHERE kind = 'sms'"), {"me": thief.id})
        assert taken.rowcount == 0


async def test_the_worker_sees_no_person_at_all(town: Town) -> None:
    await town.by_sms(new_phone())
    for name in set(TABLES) - {"role_held"}:  # whom to tell of a task
        with pytest.raises(DBAPIError, match="permission denied"):
            async with town.city.worker.acting(NOBODY) as session:
                await session.rows(text(f"SELECT FROM app.{name}"))
