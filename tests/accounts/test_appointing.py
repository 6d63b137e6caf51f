"""The first administrator, and all whom the owner's scripts make something more than residents."""

import asyncio
from datetime import timedelta
from pathlib import Path

import anyio.to_thread
import pyotp
import pytest

from app.accounts.actions.appointing import appoint
from app.accounts.actions.sessions import issue
from app.accounts.rules.tokens import AccessToken, open_token
from app.core.access import Role
from app.core.db import NOBODY, now
from app.core.errors import Refused
from scripts import admin
from tests.accounts.hall import code_now, confirm, moves
from tests.accounts.town import Town, new_openid, new_phone

pytestmark = pytest.mark.anyio


async def test_whoever_is_appointed_by_number_signs_in_with_it(town: Town) -> None:
    phone = new_phone()
    async with town.city.owner.acting(NOBODY) as session:
        appointed = await appoint(session, town.keys, phone, [Role.LAWYER])
    viewer = await town.viewer(await town.by_sms(f"+86{phone}"))
    assert (viewer.id, viewer.roles) == (appointed, frozenset({Role.RESIDENT, Role.LAWYER}))


async def test_who_signed_in_first_keeps_her_person(town: Town) -> None:
    phone = new_phone()
    first = await town.viewer(await town.by_sms(phone))
    async with town.city.owner.acting(NOBODY) as session:
        assert await appoint(session, town.keys, phone, [Role.ADMIN]) == first.id


async def test_appointing_again_and_at_once_changes_nothing(town: Town) -> None:
    phone = new_phone()

    async def once() -> object:
        async with town.city.owner.acting(NOBODY) as session:
            return await appoint(session, town.keys, phone, [Role.LAWYER, Role.ADMIN, Role.RESIDENT])

    assert len(set(await asyncio.gather(*(once() for _ in range(4))))) == 1
    assert await town.city.sql("SELECT count(*) FROM app.person") == [(1,)]
    assert sorted(await town.city.sql("SELECT role FROM app.role_held")) == [("ADMIN",), ("LAWYER",)]


async def test_no_number_no_office(town: Town) -> None:
    with pytest.raises(Refused, match="BAD_PHONE"):
        async with town.city.owner.acting(NOBODY) as session:
            await appoint(session, town.keys, "12348", [Role.ADMIN])


async def test_a_script_gives_a_person_tokens_for_a_day(town: Town) -> None:
    viewer = await town.viewer(await town.by_wechat(new_openid()))
    async with town.city.db.acting(viewer.id) as session:
        issued = await issue(session, town.keys, viewer.id, "demo", now(session), timedelta(days=1))
        almost = now(session) + timedelta(hours=23, minutes=59)
    found = open_token(town.keys.signing(), issued.access, almost)
    assert isinstance(found, AccessToken)
    assert found.viewer == issued.viewer
    assert found.expires_at == issued.access_expires_at
    for secret in (issued.access, issued.refresh):
        assert secret not in repr(issued)


async def test_the_first_administrator_is_made_by_one_command(
    town: Town, keys_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    phone = new_phone()

    async def command(folder: Path, number: str) -> tuple[int, str]:
        said = ["--owner-url", town.city.urls.owner, "--keys-dir", str(folder), "--phone", number]
        capsys.readouterr()
        code = await anyio.to_thread.run_sync(admin.main, said)
        return code, "".join(capsys.readouterr())

    code, words = await command(keys_folder, phone)
    assert (code, phone in words) == (0, False)
    told = dict(line.split() for line in words.splitlines() if len(line.split()) == 2)
    assert told["login"] == "administrator"
    assert pyotp.parse_uri(told["otpauth"]).secret == told["secret"]
    code, words = await command(keys_folder, phone)
    assert (code, "She signs in as before." in words) == (0, True)
    assert (await town.by_sms(phone))["roles"] == ["RESIDENT"]
    done = await confirm(town, "administrator", await code_now(town, told["secret"]), told["password"])
    assert done["session"]["roles"] == ["ADMIN", "RESIDENT"]
    (move,) = await moves(town.city, await town.viewer(done["session"]))
    assert (move["roles"], move["actor"]) == (["ADMIN"], None)
    assert await command(tmp_path, phone) == (
        1,
        f"There is no keys.json in {tmp_path}. Name the folder that the house itself uses.\n",
    )
    code, words = await command(keys_folder, "12348")
    assert (code, words) == (1, "Please give a mobile number of mainland China.\n")
