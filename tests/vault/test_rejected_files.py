"""What is not taken leaves nothing behind: no object, no key, and of the row only why."""

import asyncio
from collections.abc import AsyncIterator, Callable
from urllib.parse import urlsplit

import httpx
import pytest

from app.core.access import Viewer
from app.outside.clamd import Clamd
from app.outside.fakes.clamd import SIGNATURE, clamd
from app.outside.inspecting.kinds import Kind
from app.settings import Settings
from app.vault.actions.storing import SEGMENT
from tests.city import City
from tests.vault import samples
from tests.vault.sending import Upload, asked, begun, codes_of, form, house, path, put, shown, stored

pytestmark = pytest.mark.anyio

PDF = "application/pdf"


async def refused_for_good(city: City, who: Viewer, upload: Upload, code: str) -> None:
    file = await shown(city, who, upload.id)
    assert (file["state"], file["refusal"], file["url"]) == ("REFUSED", code, None)
    assert await stored(city) == []
    ((key, kek),) = await city.sql("SELECT key, kek FROM app.file WHERE id = :id", id=upload.file)
    assert (bytes(key), kek) == (b"", None)


BAD: dict[str, tuple[Kind, str, Callable[[], bytes], str]] = {
    "a zip bomb": (Kind.DOCUMENT, PDF, samples.archive, "FILE_WRONG_TYPE"),
    "a bomb of pixels": (Kind.PICTURE, "image/png", samples.bomb_picture, "FILE_PIXELS"),
    "a bomb of a document": (Kind.DOCUMENT, PDF, samples.bomb_document, "FILE_UNREADABLE"),
    "a polyglot": (Kind.DOCUMENT, PDF, lambda: samples.document() + samples.archive(), "FILE_WRONG_TYPE"),
    "a wrong type": (Kind.PICTURE, "image/png", samples.picture, "FILE_WRONG_TYPE"),
    "a picture cut off": (Kind.PICTURE, "image/jpeg", lambda: samples.picture()[:-9000], "FILE_UNREADABLE"),
    "a document that acts": (Kind.DOCUMENT, PDF, samples.acting_document, "FILE_ACTIVE"),
    "eleven minutes": (Kind.VOICE, "audio/amr", lambda: samples.long_speech(660), "VOICE_TOO_LONG"),
}


@pytest.mark.parametrize("what", BAD)
async def test_what_is_not_what_it_was_said_to_be_leaves_nothing(city: City, what: str) -> None:
    kind, content_type, data, code = BAD[what]
    asker = await city.resident()
    async with house(city) as client:
        upload = await begun(city, asker, data(), content_type, kind)
        answer = await form(client, upload)
        assert (answer.status_code, codes_of(answer)) == (422, [code])
        await refused_for_good(city, asker, upload, code)
        again = await put(client, upload)
        assert (again.status_code, codes_of(again)) == (422, [code])


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "C:\\windows\\x.jpg", "a/b.jpg", "..", "x\r\ny.jpg", "n" * 300]
)
async def test_a_path_for_a_name_is_refused_and_no_name_is_kept(city: City, name: str) -> None:
    asker = await city.resident()
    async with house(city) as client:
        upload = await begun(city, asker, samples.picture())
        boundary, quoted = "b0undary", name.replace("\r\n", "\t\x01")
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\n\r\n'.encode()
        body = head + upload.data + f"\r\n--{boundary}--\r\n".encode()
        kind = {"content-type": f"multipart/form-data; boundary={boundary}"}
        answer = await client.post(upload.path, content=body, headers=kind)
        assert (answer.status_code, codes_of(answer)[0] in ("FILE_NAME", "UPLOAD_FORM")) == (400, True)
        assert await stored(city) == []
        assert (await shown(city, asker, upload.id))["state"] == "WAITING"
        assert (await form(client, upload)).json()["state"] == "READY"


async def test_ten_gigabytes_are_refused_before_the_first_byte(city: City) -> None:
    asker = await city.resident()
    async with house(city) as client:
        upload = await begun(city, asker, samples.picture())
        for method, kind in (("PUT", "image/jpeg"), ("POST", "multipart/form-data; boundary=x")):
            address = urlsplit(str(client.base_url))
            reader, writer = await asyncio.open_connection(address.hostname, address.port)
            head = f"{method} {upload.path} HTTP/1.1\r\nHost: city\r\nContent-Type: {kind}\r\n"
            writer.write(f"{head}Content-Length: 10000000000\r\n\r\n".encode())
            async with asyncio.timeout(60):
                assert b" 413 " in await reader.readline()
                assert b"FILE_TOO_LARGE" in await reader.read(2000)
            writer.close()
    assert await stored(city) == []


async def test_more_or_fewer_bytes_than_were_claimed_are_refused(city: City) -> None:
    asker, data = await city.resident(), samples.long_document(600_000)

    async def in_pieces(sent: bytes) -> AsyncIterator[bytes]:
        for start in range(0, len(sent), 40_000):
            yield sent[start : start + 40_000]

    async with house(city) as client:
        upload = await begun(city, asker, data, PDF, Kind.DOCUMENT)
        for wrong in (data + bytes(300_000), data[:-1]):
            told = Upload(upload.id, upload.path, wrong, PDF)
            answers = [await form(client, told), await client.put(upload.path, content=wrong)]
            answers.append(await client.put(upload.path, content=in_pieces(wrong)))  # without a Content-Length
            assert [(each.status_code, codes_of(each)) for each in answers] == [(400, ["UPLOAD_SIZE"])] * 3
        other = await client.put(upload.path, content=b"", headers={"content-range": "bytes */5"})
        assert codes_of(other) == ["UPLOAD_SIZE"]
        assert (await form(client, upload)).json()["state"] == "READY"
    assert await stored(city) == [f"kept/{upload.file}/whole"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=x", b"--x\r\n"),
        ("multipart/form-data; boundary=x", b"no form at all"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="other"\r\n\r\n1\r\n--x--\r\n',
        ),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nhalf a f'),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\n1\r\n'
            b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\n2\r\n--x--\r\n',
        ),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + bytes(70_000)),
        ("multipart/form-data", b"--x\r\n"),
        ("application/json", b"{}"),
    ],
)
async def test_what_is_no_form_is_refused(city: City, kind: str, body: bytes) -> None:
    async with house(city) as client:
        upload = await begun(city, await city.resident(), samples.long_document(400_000), PDF, Kind.DOCUMENT)
        answer = await client.post(upload.path, content=body, headers={"content-type": kind})
        assert (answer.status_code, codes_of(answer)) == (400, ["UPLOAD_FORM"])
        ranged = await client.put(upload.path, content=b"", headers={"content-range": "bytes nothing"})
        assert codes_of(ranged) == ["UPLOAD_FORM"]
    assert await stored(city) == []


async def test_who_sends_too_slowly_is_given_up(city: City) -> None:
    city.settings = Settings(demo=True, upload_stall_seconds=0.4)
    data = samples.long_document(600_000)
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n' + data

    async def falters(client: httpx.AsyncClient, start: str, body: bytes) -> None:
        """A part of it comes, and then nothing more."""
        address = urlsplit(str(client.base_url))
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        writer.write(f"{start}\r\nHost: city\r\nContent-Length: {len(body)}\r\n\r\n".encode())
        writer.write(body[: SEGMENT + 1000])
        async with asyncio.timeout(60):
            assert b" 408 " in await reader.readline()
            await reader.readuntil(b"UPLOAD_SLOW")
        writer.close()

    async with house(city) as client:
        upload = await begun(city, await city.resident(), data, PDF, Kind.DOCUMENT)
        kind = "Content-Type: multipart/form-data; boundary=x"
        await falters(client, f"POST {upload.path} HTTP/1.1\r\n{kind}", part + b"\r\n--x--\r\n")
        assert await stored(city) == []
        await falters(client, f"PUT {upload.path} HTTP/1.1", data)
        assert (await client.head(upload.path)).headers["upload-offset"] == str(SEGMENT)
        assert (await put(client, upload, SEGMENT)).json()["state"] == "READY"


async def test_of_two_at_once_with_one_ticket_one_sends(city: City) -> None:
    data = samples.long_document(600_000)
    begin = asyncio.Event()

    async def waits() -> AsyncIterator[bytes]:
        yield data[:100_000]
        await begin.wait()
        yield data[100_000:]

    async with house(city) as client:
        upload = await begun(city, await city.resident(), data, PDF, Kind.DOCUMENT)
        first = asyncio.create_task(client.put(upload.path, content=waits()))
        await asyncio.sleep(0.5)
        others = await asyncio.gather(form(client, upload), put(client, upload), form(client, upload))
        assert [(each.status_code, codes_of(each)) for each in others] == [(409, ["UPLOAD_BUSY"])] * 3
        begin.set()
        assert (await first).json()["state"] == "READY"
    assert await stored(city) == [f"kept/{upload.file}/whole"]


async def test_fifty_at_once_with_one_ticket_make_one_file(city: City) -> None:
    async with house(city) as client:
        upload = await begun(city, await city.resident(), samples.picture())
        answers = await asyncio.gather(*(form(client, upload) for _ in range(50)))
        took = [each for each in answers if each.status_code == 200]
        assert took
        assert all(each.json()["state"] == "READY" for each in took)
        assert {each.status_code for each in answers} <= {200, 409}
    assert sorted(await stored(city)) == [f"kept/{upload.file}/thumbnail", f"kept/{upload.file}/whole"]


async def test_the_scanner_is_asked_where_there_is_one(city: City) -> None:
    asker = await city.resident()
    infected = samples.document()[:-6] + b"% " + SIGNATURE + b"\n%%EOF\n"
    async with clamd() as address:
        city.doors[Clamd] = Clamd(address)
        async with house(city) as client:
            clean = await begun(city, asker, samples.document(), PDF, Kind.DOCUMENT)
            assert (await form(client, clean)).json()["state"] == "READY"
            upload = await begun(city, asker, infected, PDF, Kind.DOCUMENT)
            answer = await form(client, upload)
            assert (answer.status_code, codes_of(answer)) == (422, ["FILE_INFECTED"])
    assert await stored(city) == [f"kept/{clean.file}/whole"]
    # It is away now: the bytes wait, and nothing is taken unseen.
    async with house(city) as client:
        upload = await begun(city, asker, samples.document(3), PDF, Kind.DOCUMENT)
        answer = await put(client, upload)
        assert (answer.status_code, codes_of(answer)) == (503, ["CHECK_AWAY"])
        assert (await shown(city, asker, upload.id))["state"] == "WAITING"
        async with clamd() as address:
            city.doors[Clamd] = Clamd(address)
    async with clamd() as address:
        city.doors[Clamd] = Clamd(address)
        async with house(city) as client:
            range_ = {"content-range": f"bytes */{len(upload.data)}"}
            assert (await client.put(upload.path, headers=range_)).json()["state"] == "READY"


async def test_tickets_end_and_are_good_for_nothing_else(city: City) -> None:
    asker, other = await city.resident(), await city.resident()
    async with house(city) as client:
        upload = await begun(city, asker, samples.picture())
        foreign = await begun(city, other, samples.picture())
        answers: list[httpx.Response] = []
        swapped = upload.path[:60] + foreign.path[60:]
        for bad in (
            upload.path[:-1],
            upload.path + "A",
            swapped,
            "/uploads/x",
            upload.path.replace("uploads", "files"),
        ):
            answers.append(await client.get(bad) if bad.startswith("/files") else await client.put(bad, content=b"x"))
        assert (await form(client, upload)).status_code == 200
        link = path((await shown(city, asker, upload.id))["url"])
        answers.append(await client.put(link.replace("files", "uploads"), content=b"x"))
        await city.turn_seconds(3601)
        answers.append(await form(client, upload))
        assert {each.status_code for each in answers} == {404}
        assert len({each.content for each in answers}) == 1
    assert (await asked(city, asker, Kind.PICTURE, "image/jpeg", 5))["__typename"] == "UploadTicket"
