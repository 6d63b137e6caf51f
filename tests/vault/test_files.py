"""Files on their way in and out, over real HTTP."""

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from app.core.ids import new_id
from app.outside.inspecting.kinds import Kind
from app.vault.actions.storing import SEGMENT
from tests.city import City
from tests.vault import samples
from tests.vault.sending import asked, begun, codes_of, form, house, path, put, sent, shown, stored

pytestmark = pytest.mark.anyio


async def test_a_picture_is_sent_as_a_form_and_fetched_by_a_link(city: City) -> None:
    asker = await city.resident()
    data = samples.picture()
    async with house(city) as client:
        upload = await begun(city, asker, data)
        before = await shown(city, asker, upload.id)
        assert (before["state"], before["bytes"], before["url"], before["thumbnailUrl"]) == (
            "WAITING",
            len(data),
            None,
            None,
        )
        answer = await form(client, upload)
        assert answer.json() == {"id": upload.id, "state": "READY", "received": len(data), "bytes": len(data)}
        file = await shown(city, asker, upload.id)
        assert (file["state"], file["width"], file["height"], file["refusal"]) == ("READY", 480, 640, None)
        got = await client.get(path(file["url"]))
        assert got.status_code == 200
        assert len(got.content) == file["bytes"]
        with Image.open(io.BytesIO(got.content)) as image:
            assert (image.format, image.size) == ("JPEG", (480, 640))
        assert samples.SECRET not in got.content
        small = await client.get(path(file["thumbnailUrl"]))
        with Image.open(io.BytesIO(small.content)) as image:
            assert image.size == (240, 320)
        for served in (got, small):
            assert served.headers["content-type"] == "image/jpeg"
            assert served.headers["content-disposition"].startswith("attachment; filename=")
            assert served.headers["x-content-type-options"] == "nosniff"
            assert served.headers["cache-control"] == "private, no-store"
            assert served.headers["cross-origin-resource-policy"] == "same-site"
        # Said again, it is what it was.
        assert (await form(client, upload)).json()["state"] == "READY"
    assert sorted(await stored(city)) == [f"kept/{upload.file}/thumbnail", f"kept/{upload.file}/whole"]


@pytest.mark.parametrize("content_type", ["audio/mpeg", "audio/amr", "audio/mp4"])
async def test_a_recording_tells_how_long_it_is_and_is_heard_by_range(city: City, content_type: str) -> None:
    asker = await city.resident()
    async with house(city) as client:
        id = await sent(city, client, asker, samples.sound(content_type, 30), content_type, Kind.VOICE)
        file = await shown(city, asker, id)
        assert file["duration"] == pytest.approx(30, abs=0.3)
        whole = (await client.get(path(file["url"]))).content
        size = len(whole)
        assert size == file["bytes"]
        for asked_for, start, end in (
            ("bytes=0-", 0, size),
            ("bytes=0-0", 0, 1),
            (f"bytes={size // 2}-", size // 2, size),
            ("bytes=-100", size - 100, size),
            (f"bytes={size - 5}-{size + 50}", size - 5, size),
        ):
            part = await client.get(path(file["url"]), headers={"range": asked_for})
            assert part.status_code == 206, asked_for
            assert part.headers["content-range"] == f"bytes {start}-{end - 1}/{size}"
            assert part.content == whole[start:end]
        beyond = await client.get(path(file["url"]), headers={"range": f"bytes={size}-"})
        assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")
        head = await client.head(path(file["url"]))
        assert (head.headers["content-length"], head.headers["accept-ranges"]) == (str(size), "bytes")


async def test_a_document_comes_back_byte_by_byte_from_any_place(city: City) -> None:
    """More than a segment and many chunks: every seam is met."""
    asker = await city.resident()
    data = samples.long_document(600_000)
    async with house(city) as client:
        id = await sent(city, client, asker, data, "application/pdf", Kind.DOCUMENT)
        link = path((await shown(city, asker, id))["url"])
        assert (await client.get(link)).content == data
        chunk = 64 * 1024
        for start, end in ((chunk - 1, chunk + 1), (chunk, 2 * chunk), (3 * chunk - 7, 5 * chunk + 7), (0, chunk)):
            part = await client.get(link, headers={"range": f"bytes={start}-{end - 1}"})
            assert part.content == data[start:end]


async def test_a_broken_upload_goes_on_where_it_broke(city: City) -> None:
    asker = await city.resident()
    data = samples.long_document(700_000)
    async with house(city) as client:
        upload = await begun(city, asker, data, "application/pdf", Kind.DOCUMENT)

        async def breaks() -> AsyncIterator[bytes]:
            yield data[: SEGMENT + 90_000]
            raise ConnectionError

        with pytest.raises(ConnectionError):
            await client.put(
                upload.path, content=breaks(), headers={"content-range": f"bytes 0-{len(data) - 1}/{len(data)}"}
            )
        async with asyncio.timeout(60):
            while (head := await client.head(upload.path)).headers["upload-offset"] != str(SEGMENT):
                await asyncio.sleep(0.05)
        assert head.headers["upload-length"] == str(len(data))
        again = await client.put(upload.path, headers={"content-range": f"bytes */{len(data)}"})
        assert again.json() == {"id": upload.id, "state": "WAITING", "received": SEGMENT, "bytes": len(data)}
        wrong = await put(client, upload, SEGMENT + 90_000)
        assert (wrong.status_code, codes_of(wrong)) == (409, ["UPLOAD_OFFSET"])
        assert wrong.headers["upload-offset"] == str(SEGMENT)
        part = await put(client, upload, SEGMENT, 2 * SEGMENT + 10)
        assert part.json()["received"] == 2 * SEGMENT
        rest = await put(client, upload, 2 * SEGMENT)
        assert rest.json() == {"id": upload.id, "state": "READY", "received": len(data), "bytes": len(data)}
        link = path((await shown(city, asker, upload.id))["url"])
        assert (await client.get(link)).content == data
    assert await stored(city) == [f"kept/{upload.file}/whole"]


async def test_what_lies_on_the_disk_is_never_plain(city: City, tmp_path: Path) -> None:
    asker = await city.resident()
    data = samples.long_document(400_000)
    mark = data[1000:1032]
    async with house(city) as client:
        upload = await begun(city, asker, data, "application/pdf", Kind.DOCUMENT)
        await put(client, upload, 0, SEGMENT)
        lying = [file.read_bytes() for file in (tmp_path / "files").rglob("*") if file.is_file()]
        assert len(lying) == 1
        assert len(lying[0]) > SEGMENT
        await put(client, upload, SEGMENT)
        lying += [file.read_bytes() for file in (tmp_path / "files").rglob("*") if file.is_file()]
    assert len(lying) == 2
    assert not any(mark in each or b"%PDF" in each for each in lying)


async def test_leave_is_given_once_for_one_key_and_a_new_ticket_each_time(city: City) -> None:
    asker, other, key = await city.resident(), await city.resident(), str(new_id())
    first = await asked(city, asker, Kind.PICTURE, "image/JPG; x=1", 1000, key)
    again = await asked(city, asker, Kind.PICTURE, "image/jpeg", 1000, key)
    assert first["file"] == again["file"]
    assert first["file"]["contentType"] == "image/jpeg"
    reused = await asked(city, asker, Kind.PICTURE, "image/jpeg", 1001, key)
    assert [reason["code"] for reason in reused["reasons"]] == ["KEY_REUSED"]
    assert await shown(city, other, first["file"]["id"]) is None
    # A phone that was off for a day repeats what it had begun: the ticket is for a file that takes bytes.
    await city.pass_time(timedelta(days=1, minutes=1))
    late = [one["file"] for one in [await asked(city, asker, Kind.PICTURE, "image/jpeg", 1000, key) for _ in "ab"]]
    assert late[0] == late[1]
    assert (late[0]["state"], late[0]["id"] != first["file"]["id"]) == ("WAITING", True)


@pytest.mark.parametrize(
    ("kind", "content_type", "size", "expected"),
    [
        (Kind.VOICE, "audio/mpeg", 5_000_001, [("FILE_TOO_LARGE", "bytes")]),
        (Kind.PICTURE, "image/jpeg", 10_000_001, [("FILE_TOO_LARGE", "bytes")]),
        (Kind.DOCUMENT, "application/pdf", 10_000_000_000, [("FILE_TOO_LARGE", "bytes")]),
        (Kind.DOCUMENT, "application/pdf", 0, [("BAD_VALUE", "bytes")]),
        (Kind.DOCUMENT, "application/pdf", -5, [("BAD_VALUE", "bytes")]),
        (Kind.DOCUMENT, "application/pdf", 10.5, [("BAD_VALUE", "bytes")]),
        (Kind.DOCUMENT, "application/pdf", 1e300, [("BAD_VALUE", "bytes")]),
        (Kind.PICTURE, "image/gif", 100, [("FILE_TYPE", "contentType")]),
        (Kind.PICTURE, "application/pdf", 100, [("FILE_TYPE", "contentType")]),
        (Kind.PICTURE, "image/svg+xml\x00", 0, [("FILE_TYPE", "contentType"), ("BAD_VALUE", "bytes")]),
    ],
)
async def test_no_leave_is_given_for_what_would_not_be_taken(
    city: City, kind: Kind, content_type: str, size: float, expected: list[tuple[str, str]]
) -> None:
    refused = await asked(city, await city.resident(), kind, content_type, size)
    assert [(reason["code"], reason["field"]) for reason in refused["reasons"]] == expected
    assert await city.sql("SELECT 1 FROM app.file") == []


async def test_nobody_fills_the_store_with_what_she_does_not_use(city: City) -> None:
    """Fifty at once get as much leave as one may have, and others theirs. Who waits too long is told to try again."""
    asker, other = await city.resident(), await city.resident()
    asks = (asked(city, asker, Kind.VOICE, "audio/mpeg", 1000) for _ in range(50))
    made = await asyncio.gather(*asks, return_exceptions=True)
    assert all("BUSY" in str(each) for each in made if isinstance(each, BaseException))
    for _ in range(30):
        again = await asked(city, asker, Kind.VOICE, "audio/mpeg", 1000)
        if again["__typename"] == "Refused":
            break
    assert again["reasons"][0]["code"] == "UPLOADS_FULL"
    assert await city.sql("SELECT count(*) FROM app.file") == [(30,)]
    for _ in range(10):
        big = await asked(city, other, Kind.DOCUMENT, "application/pdf", 20_000_000)
        assert big["__typename"] == "UploadTicket"
    assert (await asked(city, other, Kind.VOICE, "audio/mpeg", 1))["__typename"] == "Refused"
