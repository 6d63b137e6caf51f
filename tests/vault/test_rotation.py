"""Key-encryption keys are exchanged while the house goes on, and old ones die with the backups."""

import asyncio
import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from app.core.db import NOBODY
from app.core.sealing import KeyProvider
from app.outside.keys import FileKeys, KeyLost, KeyRing
from app.vault.actions.keys import rewrap
from scripts import rotate_keys
from tests.city import City
from tests.consultation.test_erasing import erase
from tests.vault.scene import attempt
from tests.vault.sending import path, sent, shown

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
READ = "query ($id: ID!) { question(id: $id) { body brief } }"
BODY = "老板拖欠我三个月工资怎么办"


@pytest.fixture
def folder(city: City, tmp_path: Path) -> Path:
    """Keys of this city's own: those of the other tests are not to be exchanged."""
    FileKeys.make(tmp_path)
    city.doors[KeyProvider] = FileKeys(tmp_path)
    return tmp_path


async def used(city: City) -> dict[str, int]:
    return {kek: n for kek, n in await city.sql("SELECT kek, count(*) FROM app.key GROUP BY kek")}


async def run(city: City, folder: Path, leaked: str | None = None) -> list[str]:
    return await rotate_keys.rotate(city.owner, folder, leaked)


async def test_a_new_key_takes_over_and_no_text_is_touched(city: City, folder: Path) -> None:
    asker = await city.resident()
    id = await city.asked(asker)
    before = await city.sql("SELECT body FROM app.question UNION ALL SELECT body FROM app.brief")
    await run(city, folder)
    assert await used(city) == {"kek-2": 2}
    assert await city.sql("SELECT body FROM app.question UNION ALL SELECT body FROM app.brief") == before
    # The house was not restarted: its own KeyProvider is the one it began with.
    assert (await city.one(asker, READ, id=id))["body"] == BODY
    await city.asked(asker)
    assert await used(city) == {"kek-2": 4}
    assert await run(city, folder) == ["Nothing was to be done."]
    await city.turn(31 * DAY)
    assert (await run(city, folder))[0].startswith("kek-3")
    assert await used(city) == {"kek-3": 4}


async def test_a_file_that_hangs_on_nothing_yet_goes_along(city: City, folder: Path) -> None:
    asker = await city.resident()
    async with city.http() as client:
        file = await sent(city, client, asker)
        await run(city, folder, leaked="kek-1")
        assert await city.sql("SELECT kek FROM app.file") == [("kek-2",)]
        await city.turn(timedelta(minutes=2))
        assert "kek-1 is destroyed." in await run(city, folder, leaked="kek-1")
        assert (await client.get(path((await shown(city, asker, file))["url"]))).status_code == 200
        assert await city.asked(asker, attachments=[file])
        assert (await client.get(path((await shown(city, asker, file))["url"]))).status_code == 200


async def test_people_ask_while_it_runs(city: City, folder: Path) -> None:
    askers = [await city.resident() for _ in range(25)]
    first = [await city.asked(asker) for asker in askers[:5]]

    async def rotations() -> None:
        for _ in range(5):
            await run(city, folder)
            await city.turn(31 * DAY)

    got = await asyncio.gather(rotations(), *(city.asked(asker) for asker in askers))
    ids = got[1:]
    for asker, id in [*zip(askers, ids, strict=True), *zip(askers, first, strict=False)]:
        assert (await city.one(asker, READ, id=id))["body"] == BODY
    await run(city, folder)
    assert len(await used(city)) == 1
    assert sum((await used(city)).values()) == 60


async def test_stopped_half_way_it_goes_on_where_it_was(city: City, folder: Path) -> None:
    asker = await city.resident()
    ids = [await city.asked(asker) for _ in range(3)]
    with KeyRing.held(folder) as ring:
        ring.turn(await city.now())
    async with city.owner.acting(NOBODY) as session:
        assert await rewrap(session, FileKeys(folder), "kek-2", 2) == 2
    assert await used(city) == {"kek-1": 4, "kek-2": 2}  # both are good until it goes on
    for id in ids:
        assert (await city.one(asker, READ, id=id))["body"] == BODY
    await run(city, folder)
    assert await used(city) == {"kek-2": 6}


async def test_an_old_key_dies_with_the_backups_and_with_it_what_was_erased(city: City, folder: Path) -> None:
    asker = await city.resident()
    kept, erased = await city.asked(asker), await city.asked(asker)
    backup = await city.sql("SELECT subject, kek, wrapped FROM app.key")
    await erase(city, asker, erased)
    await run(city, folder)
    shutil.copy(folder / "keys.json", folder / "copy.json")
    await city.turn(34 * DAY)
    await run(city, folder)
    assert len([FileKeys(folder).unwrap(kek, wrapped, str(subject)) for subject, kek, wrapped in backup]) == 4
    await city.turn(1 * DAY)
    assert "kek-1 is destroyed." in await run(city, folder)
    for subject, kek, wrapped in backup:
        with pytest.raises(KeyLost):
            FileKeys(folder).unwrap(kek, wrapped, str(subject))
    assert (await city.one(asker, READ, id=kept))["body"] == BODY
    assert (folder / "keys.json").stat().st_mode & 0o777 == 0o600


async def test_a_key_that_somebody_else_may_have_is_replaced_at_once(city: City, folder: Path) -> None:
    asker = await city.resident()
    id = await city.asked(asker)
    await run(city, folder)
    assert (await run(city, folder, "kek-2"))[0] == "kek-3 is the key from now on."
    assert await used(city) == {"kek-3": 2}
    await city.turn(timedelta(minutes=2))
    assert await run(city, folder, "kek-2") == ["kek-2 is destroyed."]
    assert (await city.one(asker, READ, id=id))["body"] == BODY


async def test_a_key_that_is_missing_is_told_and_found_again_in_a_copy(
    city: City, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asker = await city.resident()
    await city.asked(asker)
    whole = (folder / "keys.json").read_text()
    lost = json.loads(whole)
    del lost["keks"]["kek-1"]
    lost |= {"current": "kek-9", "keks": {"kek-9": json.loads(whole)["root"]}}
    asked = ["--owner-url", city.urls.owner, "--keys-dir", str(folder)]
    (folder / "keys.json").write_text(json.dumps(lost))
    assert await asyncio.to_thread(rotate_keys.main, [*asked, "--check"]) == 1
    assert "kek-1 is missing: 2" in capsys.readouterr().out
    assert await asyncio.to_thread(rotate_keys.main, asked) == 1
    assert await used(city) == {"kek-1": 2}
    (folder / "keys.json").write_text(whole)
    assert await asyncio.to_thread(rotate_keys.main, [*asked, "--check"]) == 0
    assert await asyncio.to_thread(rotate_keys.main, asked) == 0
    assert await used(city) == {"kek-2": 2}
    nowhere = ["--owner-url", city.urls.owner, "--keys-dir", str(folder / "nowhere")]
    assert await asyncio.to_thread(rotate_keys.main, nowhere) == 1


def test_what_is_in_use_is_not_destroyed_and_no_name_is_given_twice(tmp_path: Path) -> None:
    FileKeys.make(tmp_path)
    keys = FileKeys(tmp_path)
    name, wrapped = keys.wrap(b"a data key", "place")
    with pytest.raises(InvalidTag):
        keys.unwrap(name, wrapped, "another place")
    moment = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
    with KeyRing.held(tmp_path) as ring:
        with pytest.raises(ValueError, match="in use"):
            ring.destroy("kek-1")
        assert ring.turn(moment) == "kek-2"
        ring.note({"kek-1": 1, "kek-2": 1}, moment)
        with pytest.raises(ValueError, match="in use"):
            ring.destroy("kek-1")
        ring.note({}, moment)
        ring.destroy("kek-1")
        assert ring.turn(moment) == "kek-3"
        ring.note({}, moment)
        ring.destroy("kek-2")
    with KeyRing.held(tmp_path) as ring:
        assert ring.turn(moment) == "kek-4"
    assert keys.wrap(b"a data key", "place")[0] == "kek-4"


async def test_who_rotates_sees_no_text_and_deletes_no_key(city: City, folder: Path) -> None:
    await city.asked(await city.resident())
    assert await attempt(city.owner, NOBODY, "SELECT wrapped FROM app.key") == "rows=2"
    for statement in ("SELECT 1 FROM app.question", "SELECT 1 FROM app.brief", "DELETE FROM app.key"):
        assert await attempt(city.owner, NOBODY, statement) == "rows=0", statement
