"""The store of files: a folder and a server that speaks S3 keep the same things in the same way."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from app.outside.inspecting.kinds import Kind
from app.outside.storage import Missing, Storage
from tests.city import City
from tests.vault import samples
from tests.vault.sending import begun, house, path, put, sent, shown, stored

pytestmark = pytest.mark.anyio

S3: dict[str, Any] = {"region": "us-east-1", "key_id": "testing", "secret": "testing", "path_style": True}


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of a server that speaks S3, with one empty bucket, `files`."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    client = boto3.client(
        "s3",
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    client.create_bucket(Bucket="files")
    yield address
    server.stop()


@pytest.fixture(params=["folder", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        return Storage.at(tmp_path / "files", "")
    return Storage.at(tmp_path, "files", endpoint=request.getfixturevalue("s3"), **S3)


async def pieces(data: bytes, fails_at: int | None = None) -> AsyncIterator[bytes]:
    for start in range(0, len(data), 100_000):
        if fails_at is not None and start >= fails_at:
            raise ConnectionError
        yield data[start : start + 100_000]


async def test_what_is_put_is_read_in_parts_and_removed(storage: Storage) -> None:
    small, large = bytes(range(256)), samples.random_bytes(11_000_000)
    await storage.put("kept/a/small", small)
    await storage.put("kept/a/large", pieces(large))
    await storage.put("kept/ab/other", b"other")
    assert sorted(await storage.names("kept/a")) == ["kept/a/large", "kept/a/small"]
    assert await storage.read("kept/a/small", 5, 9) == small[5:9]
    got = b"".join([piece async for piece in storage.stream("kept/a/large")])
    assert got == large
    got = b"".join([piece async for piece in storage.stream("kept/a/large", 4_999_999, 6_000_001)])
    assert got == large[4_999_999:6_000_001]
    await storage.put("kept/a/small", b"anew")
    assert await storage.read("kept/a/small", 0, 4) == b"anew"
    await storage.remove("kept/a")
    await storage.remove("kept/a")
    assert await storage.names("kept") == ["kept/ab/other"]
    await storage.remove("kept/ab")
    assert await storage.names("kept") == []
    for lost in (storage.read("kept/a/small", 0, 1), anext(storage.stream("kept/a/large"))):
        with pytest.raises(Missing):
            await lost


async def test_half_an_object_never_appears(storage: Storage, tmp_path: Path) -> None:
    with pytest.raises(ConnectionError):
        await storage.put("kept/half/whole", pieces(bytes(12_000_000), fails_at=11_000_000))
    assert await storage.names("kept/half") == []
    assert [file for file in (tmp_path / "files").rglob("*") if file.is_file()] == []


async def test_the_whole_way_of_a_file_through_s3(city: City, s3: str, tmp_path: Path) -> None:
    city.doors[Storage] = Storage.at(tmp_path, "files", endpoint=s3, **S3)
    asker = await city.resident()
    data = samples.long_document(6_000_000)
    async with house(city) as client:
        picture = await sent(city, client, asker)
        upload = await begun(city, asker, data, "application/pdf", Kind.DOCUMENT)
        assert (await put(client, upload, 0, 2_000_000)).json()["state"] == "WAITING"
        offset = int((await client.head(upload.path)).headers["upload-offset"])
        assert 0 < offset <= 2_000_000
        assert (await put(client, upload, offset)).json()["state"] == "READY"
        link = path((await shown(city, asker, upload.id))["url"])
        assert (await client.get(link)).content == data
        part = await client.get(link, headers={"range": "bytes=5000000-5000099"})
        assert part.content == data[5_000_000:5_000_100]
        assert (await client.get(path((await shown(city, asker, picture))["thumbnailUrl"]))).status_code == 200
        bad = await begun(city, asker, samples.picture(), "image/png")
        assert (await put(client, bad)).status_code == 422
        assert len(await stored(city)) == 3
    await city.pass_time(24 * 3600)
    assert await stored(city) == []
