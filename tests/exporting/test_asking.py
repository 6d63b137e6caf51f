"""From the wish to the link: one at a time, room by room, within the hour."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.accounts.rules.exporting import KEPT, MOST, ROOMS
from app.core.db import NOBODY
from app.core.outbox import Errand
from tests.accounts.test_closing import CLOSE
from tests.city import City, codes
from tests.exporting.copies import FOLLOWS, UPDATES, WANT, copied, newest, ready, want
from tests.sockets import receive, served, socket, subscribe, token
from tests.vault.sending import house, path
from workers import reactions

pytestmark = pytest.mark.anyio


async def test_every_room_lists_its_part_and_the_last_one_makes_it_ready(city: City) -> None:
    asker = await city.resident()
    made = await want(city, asker)
    assert (made["state"], made["progress"], made["url"], made["contents"]) == ("REQUESTED", 0, None, [])
    ((ids,),) = await city.sql("SELECT ids FROM app.outbox WHERE kind = 'ExportRequested'")
    names = reactions.names("ExportRequested")
    assert sorted(name.partition(".")[0] for name in names) == sorted(ROOMS)
    for listed, name in enumerate(names, 1):
        # Twice, as after a worker that was killed before it could say that it was done.
        for _ in range(2):
            kind, reaction = reactions.TABLE["ExportRequested"][0], reactions.TABLE["ExportRequested"][1][name]
            assert not isinstance(reaction, Errand)
            async with city.worker.acting(NOBODY) as session:
                await reaction(session, kind(**ids), session.info["now"])
        found = await newest(city, asker)
        assert found["progress"] == pytest.approx(listed / len(ROOMS))
        assert (found["state"] == "READY") == (listed == len(ROOMS)) == (found["url"] is not None)
    await city.settle()  # and once more by the relay
    again = await newest(city, asker)
    assert again["contents"] == found["contents"] == [{"kind": "account", "count": 1}, {"kind": "device", "count": 1}]
    assert again["readyAt"] is not None
    (told,) = (await city.one(asker, "{ notices(first: 9) { nodes { kind aboutId } } }"))["nodes"]
    assert told == {"kind": "EXPORT_READY", "aboutId": made["id"]}


async def test_fifty_at_once_get_one_and_so_does_a_repeat(city: City) -> None:
    asker = await city.resident()
    keys = [None] * 50 + ["the-same-one"] * 2
    made = await asyncio.gather(*(want(city, asker, key) for key in keys))
    assert {each["__typename"] for each in made} == {"Export"}
    assert len({each["id"] for each in made}) == 1
    await city.settle()
    assert await city.sql("SELECT count(*) FROM app.export") == [(1,)]
    again = await want(city, asker, "the-same-one")
    assert (again["id"], again["state"]) == (made[0]["id"], "READY")
    other = await want(city, await city.resident())
    assert other["id"] != again["id"]


async def test_five_a_day(city: City) -> None:
    asker = await city.resident()
    for _ in range(MOST):
        await ready(city, asker)
    assert codes(await want(city, asker)) == ["EXPORTS_FULL"]
    await city.turn(timedelta(days=1, seconds=1))
    await ready(city, asker)


async def test_progress_comes_by_subscription_and_by_its_twin(city: City) -> None:
    asker = await city.resident()
    async with served(city) as url, socket(url, token(city, asker)) as connection:
        await receive(connection)
        await subscribe(connection, "1", FOLLOWS)
        first = (await receive(connection))["payload"]["data"]["exportUpdates"]
        assert first["export"] is None
        await want(city, asker)
        seen: list[Any] = []
        settled = False
        while not seen or seen[-1]["export"]["state"] != "READY":
            frame = (await receive(connection))["payload"]["data"]["exportUpdates"]
            seen.append(frame)
            if not settled:
                settled = True
                await city.settle()
        assert {frame["export"]["id"] for frame in seen} == {seen[0]["export"]["id"]}
        assert [frame["export"]["progress"] for frame in seen] == sorted(f["export"]["progress"] for f in seen)
        assert len({frame["cursor"] for frame in seen}) == len(seen)
    polled = await city.one(asker, UPDATES, after=first["cursor"])
    assert (polled["export"]["state"], polled["resync"]) == ("READY", False)
    assert codes(await city.one(asker, UPDATES, after="nonsense")) == ["BAD_CURSOR"]


async def test_what_is_not_ready_within_the_hour_has_failed_and_says_so(city: City) -> None:
    asker = await city.resident()
    made = await want(city, asker)
    # One room is away for an hour.
    await city.sql("UPDATE app.outbox SET next_at = now() + interval '2 hours' WHERE kind = 'ExportRequested'")
    await city.pass_time(timedelta(minutes=59))
    assert (await newest(city, asker))["state"] == "REQUESTED"
    await city.pass_time(timedelta(minutes=1, seconds=1))
    assert (await newest(city, asker))["state"] == "FAILED"
    assert (await ready(city, asker))["id"] != made["id"]  # at once
    await city.pass_time(timedelta(hours=2))  # what comes late makes nothing ready that has failed
    assert await city.sql("SELECT state FROM app.export ORDER BY asked_at") == [("FAILED",), ("READY",)]


async def test_the_lists_go_after_a_week(city: City) -> None:
    asker = await city.resident()
    async with house(city) as client:
        found = await ready(city, asker)
        await city.pass_time(KEPT - timedelta(minutes=1))
        link = (await newest(city, asker))["url"]
        assert (await client.get(path(link))).status_code == 200
        await city.turn(timedelta(minutes=2))  # nobody has put it away yet
        assert (await client.get(path(link))).status_code == 404
        await city.settle()
        assert (await newest(city, asker)) | {"state": "EXPIRED", "url": None} == (await newest(city, asker))
        assert await city.sql("SELECT count(*) FROM app.export_part") == [(0,)]
        assert found["id"] == (await newest(city, asker))["id"]


async def test_with_the_account_the_export_goes(city: City) -> None:
    asker = await city.resident()
    async with house(city) as client:
        link = (await ready(city, asker))["url"]
        assert (await city.one(asker, CLOSE))["__typename"] == "AccountClosing"
        assert (await client.get(path(link))).status_code == 404
        await city.pass_time(61)
        assert await city.sql("SELECT count(*) FROM app.export") == [(0,)]
        assert await city.sql("SELECT count(*) FROM app.export_part") == [(0,)]


async def test_a_child_may_have_hers_and_her_guardian_nothing_of_it(city: City) -> None:
    child, guardian = await city.resident(), await city.resident()
    await city.sql("UPDATE app.age_said SET band = 'UNDER_14' WHERE person = :me", me=child.id)
    await city.sql(
        "INSERT INTO app.guardianship (id, minor, guardian, version, names, granted_at)"
        " VALUES (gen_random_uuid(), :minor, :guardian, 1, '', now())",
        minor=child.id,
        guardian=guardian.id,
    )
    async with house(city) as client:
        await city.asked(child, "同学让我转账给他怎么办")
        hers, his = await copied(city, client, child), await copied(city, client, guardian)
    assert hers.one("question")["body"] == "同学让我转账给他怎么办"
    assert hers.one("guardianship")["given"] is False
    assert his.one("guardianship")["given"] is True
    assert his.records["question"] == []
    assert "转账" not in his.said()


async def test_nobody_who_is_not_signed_in_asks(city: City) -> None:
    (error,) = await city.errors(None, WANT, key="a-good-key")
    assert error["extensions"]["code"] == "UNAUTHENTICATED"
    assert codes(await want(city, await city.resident(), "short")) == ["BAD_KEY"]
