"""The link is for one person, five minutes, one device; what it gives is put together as it is sent, a little at a
time."""

import tracemalloc
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import NamedTuple
from zipfile import BadZipFile

import httpx
import pytest
from sqlalchemy import text

from app.core.access import SessionEnded, Viewer
from app.core.copies import copied as written
from app.core.links import SECRET, Link, Way
from app.core.portable import Source
from app.core.sealing import KeyProvider
from app.exported import PARTS
from app.graph.ids import uuid_of
from app.places.rules.workdays import CITY_TIME
from tests.city import City
from tests.exporting.copies import Copy, copied, newest, ready, want
from tests.vault import samples
from tests.vault.sending import house, path, sent, shown

pytestmark = pytest.mark.anyio
BIG = 30


class Measured(NamedTuple):
    """Bytes: of a whole copy, of its largest piece, and of what was held at most while it was made."""

    size: int
    piece: int
    peak: int


async def source_of(city: City, who: Viewer) -> Source:
    """From what the route would make her copy."""
    export = uuid_of((await newest(city, who))["id"], "Export")
    rows = await city.sql("SELECT kind, ids FROM app.export_part WHERE export = :id", id=export)
    return Source(city.db, who, city.doors[KeyProvider], city.doors, {row.kind: row.ids for row in rows})


async def test_it_is_saved_never_run_and_never_cached(city: City) -> None:
    asker = await city.resident()
    async with house(city) as client:
        link = path((await ready(city, asker))["url"])
        for answer in (await client.get(link), await client.head(link)):
            assert answer.status_code == 200
            headers = answer.headers
            assert headers["content-type"] == "application/zip"
            assert headers["content-disposition"].startswith('attachment; filename="export-2')
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["cache-control"] == "private, no-store"
            assert headers["referrer-policy"] == "no-referrer"
            assert "content-length" not in headers or answer.request.method == "HEAD"
        assert (await client.get(link, headers={"range": "bytes=0-9"})).status_code == 200  # in one piece


async def test_it_ends_with_its_minutes_and_with_the_session(city: City) -> None:
    asker = await city.resident()
    async with house(city) as client:
        link = path((await ready(city, asker))["url"])
        await city.turn_seconds(285)
        assert (await client.get(link)).status_code == 200
        await city.turn_seconds(16)
        gone = await client.get(link)
        assert (gone.status_code, gone.json()["reasons"][0]["code"]) == (404, "LINK_GONE")
        link = path((await newest(city, asker))["url"])
        assert (await client.get(link)).status_code == 200
        await city.sql("UPDATE app.sign_in SET ended_at = now() WHERE id = :id", id=asker.sign_in)
        assert (await client.get(link)).content == gone.content


async def test_whatever_is_wrong_with_it_the_answer_is_the_same(city: City) -> None:
    """Also of one that the house itself would sign: a link says what to look for, the walls say what is found."""
    asker, other = await city.resident(), await city.resident()
    secret = city.doors[KeyProvider].secret(SECRET)
    until = await city.now() + timedelta(days=300)
    async with house(city) as client:
        running = uuid_of((await want(city, other))["id"], "Export")
        good = await ready(city, asker)
        export, link = uuid_of(good["id"], "Export"), path(good["url"])
        await city.sql("UPDATE app.export SET state = 'REQUESTED' WHERE id = :id", id=running)
        file = await sent(city, client, asker)
        of_a_file = path((await shown(city, asker, file))["url"])
        made = [
            Link(Way.EXPORT, export, other.id, other.sign_in, until),  # another's
            Link(Way.EXPORT, export, asker.id, other.sign_in, until),  # on a device that is not hers
            Link(Way.EXPORT, export, other.id, asker.sign_in, until),
            Link(Way.EXPORT, running, other.id, other.sign_in, until),  # not ready
            Link(Way.WHOLE, export, asker.id, asker.sign_in, until),
            Link(Way.SEND, export, asker.id, asker.sign_in, until),
            Link(Way.EXPORT, asker.id, asker.id, asker.sign_in, until),
        ]
        paths = [f"/exports/{each.signed(secret)}" for each in made]
        paths.append("/exports/" + Link(Way.EXPORT, export, asker.id, asker.sign_in, until).signed(b"not the secret"))
        paths += [link[:-3] + ("AAA" if not link.endswith("AAA") else "BBB"), "/exports/x"]
        paths += [link.replace("/exports/", "/files/"), of_a_file.replace("/files/", "/exports/")]
        answers: list[httpx.Response] = [await client.get(each) for each in paths]
        assert {each.status_code for each in answers} == {404}
        assert len({each.content for each in answers}) == 1
        assert (await client.post(link)).status_code == 405
        assert (await client.get(link)).status_code == 200


async def test_the_graph_shows_it_to_nobody_else(city: City) -> None:
    asker, other = await city.resident(), await city.resident()
    made = await ready(city, asker)
    document = "query ($id: ID!) { node(id: $id) { ... on Export { id state url contents { kind } } } }"
    assert (await city.one(asker, document, id=made["id"]))["url"]
    assert await city.one(other, document, id=made["id"]) is None
    assert await city.one(None, document, id=made["id"]) is None
    assert await newest(city, other) is None


async def test_thirty_files_are_never_held_together(city: City) -> None:
    """What is in memory does not grow with what is sent."""
    asker, few = await city.resident(), 3
    picture = samples.picture("JPEG", (2400, 1800))
    async with house(city) as client:
        for number in range(BIG):
            await sent(city, client, asker, picture)
            if number + 1 == few:
                small = await _peak(city, asker)
        large = await _peak(city, asker)
        assert len((await copied(city, client, asker)).records["file"]) == BIG
    assert large.size > 5 * small.size > 5_000_000, (small, large)
    assert large.peak < 4_000_000 < large.size / 2, (small, large)
    assert large.piece < 300_000


async def _peak(city: City, who: Viewer) -> Measured:
    await ready(city, who)
    source, at = await source_of(city, who), await city.now()
    size = piece = 0
    tracemalloc.start()
    async for part in written(source, PARTS, ("x",), at, CITY_TIME):
        size, piece = size + len(part), max(piece, len(part))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return Measured(size, piece, peak)


async def _rest(pieces: AsyncIterator[bytes]) -> None:
    async for _ in pieces:
        pass


async def test_it_breaks_off_when_she_is_signed_out_meanwhile(city: City) -> None:
    asker = await city.resident()
    async with house(city) as client:
        for _ in range(3):
            await sent(city, client, asker)
        await ready(city, asker)
        source, at, came = await source_of(city, asker), await city.now(), b""
        pieces = written(source, PARTS, ("x",), at, CITY_TIME)
        came += await anext(pieces)
        await city.sql("UPDATE app.sign_in SET ended_at = now() WHERE id = :id", id=asker.sign_in)
        with pytest.raises(SessionEnded):
            await _rest(pieces)
    with pytest.raises(BadZipFile):
        Copy(came)


async def test_the_worker_sees_no_list_and_lists_for_nobody_who_did_not_ask(city: City) -> None:
    asker, other = await city.resident(), await city.resident()
    await want(city, asker)
    async with city.worker.acting("") as session:
        listing = text("SELECT door.list_accounts(:id)")
        await session.rows(listing, {"id": other.id})
    assert await city.sql("SELECT count(*) FROM app.export_part") == [(0,)]
