"""What nobody has checked waits for somebody, and is not left out unseen."""

import pytest

from app.core.access import Role, Viewer
from app.outside.post import Channel
from tests.activities.hall import move
from tests.city import City, codes
from tests.contests import bench
from tests.contests.gallery import SHOWN, contest, enter, shown, take
from tests.contests.gallery import check as looked_at
from tests.notices.carrying import reachable
from tests.vault.sending import house

pytestmark = pytest.mark.anyio


async def unite(city: City, gone: Viewer, stays: Viewer) -> None:
    """As bindPhone does: her WeChat goes to the account that has her number."""
    await city.sql("UPDATE app.identity SET person = :stays WHERE person = :gone", stays=stays.id, gone=gone.id)


async def test_what_an_editor_checked_of_her_own_nobody_has_checked(city: City) -> None:
    editor, second = await city.person(Role.EDITOR), await city.person(Role.EDITOR)
    id, other = await contest(city, editor, second), await contest(city, editor, second)
    herself = await city.resident()
    await reachable(city, herself, Channel.MINI_PROGRAM)
    async with house(city) as client:
        await shown(city, client, herself, id, second)
        waits = (await enter(city, client, herself, other))["id"]
        await take(city, second, waits)
    await unite(city, herself, second)
    entries = "SELECT state, checker FROM app.entry WHERE person = :her ORDER BY submitted_at"
    assert await city.sql(entries, her=second.id) == [("TAKEN_DOWN", None), ("SUBMITTED", None)]
    assert (await city.one(None, SHOWN, id=id))["nodes"] == []
    await take(city, editor, waits)
    assert (await looked_at(city, editor, waits))["state"] == "DISPLAYED"


async def test_judging_does_not_end_over_what_nobody_has_checked(city: City) -> None:
    editor, second, judge = await city.person(Role.EDITOR), await city.person(Role.EDITOR), await city.resident()
    id = await contest(city, editor, second)
    assert not codes(await bench.set_jury(city, editor, id))
    await bench.juror(city, editor, id, judge)
    async with house(city) as client:
        await shown(city, client, await city.resident(), id, second)
        waits = (await enter(city, client, await city.resident(), id))["id"]
    for step in ("CLOSE", "SCORE"):
        assert not codes(await move(city, editor, id, step))
    for exhibit in await bench.on_sheet(city, judge, id):
        await bench.score(city, judge, exhibit, 5, 5)
    assert codes(await bench.end(city, editor, id)) == ["ENTRIES_UNCHECKED"]
    await take(city, second, waits)
    shown_late = (await looked_at(city, second, waits))["exhibit"]["id"]
    assert codes(await bench.end(city, editor, id)) == ["SCORES_MISSING"]
    await bench.score(city, judge, shown_late, 5, 5)
    assert not codes(await bench.end(city, editor, id))
