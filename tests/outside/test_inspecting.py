"""What the inspector makes of files, in its own process as it runs in the house."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable

import pytest
from PIL import Image

from app.outside.inspecting import Inspector, Report
from app.outside.inspecting.found import Fault, Rejected
from app.outside.inspecting.kinds import Kind
from tests.vault import samples

pytestmark = pytest.mark.anyio

PDF = "application/pdf"


async def pieces(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), 50_000):
        yield data[start : start + 50_000]


async def kept(kind: Kind, content_type: str, data: bytes, seconds: float = 20) -> tuple[Report, bytes, bytes]:
    async with Inspector(seconds).inspect(kind, content_type, pieces(data)) as report:
        body = b"".join([piece async for piece in report.body])
        thumbnail = b"".join([piece async for piece in report.thumbnail])
    assert (len(body), len(thumbnail)) == (report.size, report.thumbnail_size)
    return report, body, thumbnail


async def fault(kind: Kind, content_type: str, data: bytes, seconds: float = 20) -> Fault:
    with pytest.raises(Rejected) as caught:
        await kept(kind, content_type, data, seconds)
    return caught.value.fault


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
async def test_a_picture_is_painted_anew_upright_and_says_nothing_of_its_maker(form: str) -> None:
    sent, content_type = samples.picture(form), f"image/{form.lower()}"
    assert samples.SECRET in sent
    report, body, thumbnail = await kept(Kind.PICTURE, content_type, sent)
    assert (report.content_type, report.width, report.height) == (content_type, 480, 640)
    for data, size in ((body, (480, 640)), (thumbnail, (240, 320))):
        with Image.open(io.BytesIO(data)) as image:
            assert image.size == size
            assert not image.getexif()
            assert "comment" not in image.info
        assert samples.SECRET not in data


async def test_a_heic_becomes_a_jpeg() -> None:
    report, body, _ = await kept(Kind.PICTURE, "image/heic", samples.heic())
    assert report.content_type == "image/jpeg"
    with Image.open(io.BytesIO(body)) as image:
        assert (image.format, image.size) == ("JPEG", (128, 96))


@pytest.mark.parametrize("content_type", ["audio/mpeg", "audio/aac", "audio/mp4", "audio/wav", "audio/amr"])
async def test_a_recording_keeps_its_sound_and_loses_its_tags(content_type: str) -> None:
    sent = samples.sound(content_type, 3)
    report, body, thumbnail = await kept(Kind.VOICE, content_type, sent)
    assert report.content_type == content_type
    assert report.duration is not None
    assert 2900 <= report.duration <= 3300
    assert thumbnail == b""
    assert samples.SECRET not in body
    again, _, _ = await kept(Kind.VOICE, content_type, body)
    assert again.duration == pytest.approx(report.duration, abs=150)


async def test_the_decoded_length_counts_and_not_the_claimed_one() -> None:
    report, _, _ = await kept(Kind.VOICE, "audio/wav", samples.sound("audio/wav", 600))
    assert report.duration == pytest.approx(600_000, abs=300)


async def test_a_document_stays_as_it_is() -> None:
    sent = samples.document(3)
    report, body, _ = await kept(Kind.DOCUMENT, "application/pdf", sent)
    assert (body, report.content_type) == (sent, "application/pdf")


BAD: dict[str, tuple[Kind, str, Callable[[], bytes], Fault]] = {
    "another picture": (Kind.PICTURE, "image/png", samples.picture, Fault.WRONG_TYPE),
    "a picture's first bytes": (Kind.PICTURE, "image/jpeg", lambda: b"\xff\xd8\xff" + bytes(500), Fault.WRONG_TYPE),
    "a picture cut off": (Kind.PICTURE, "image/jpeg", lambda: samples.picture()[:-9000], Fault.UNREADABLE),
    "a bomb of pixels": (Kind.PICTURE, "image/png", samples.bomb_picture, Fault.TOO_MANY_PIXELS),
    "a drawing": (
        Kind.PICTURE,
        "image/svg+xml",
        lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        Fault.WRONG_TYPE,
    ),
    "a zip bomb": (Kind.DOCUMENT, PDF, samples.archive, Fault.WRONG_TYPE),
    "a document and an archive": (Kind.DOCUMENT, PDF, lambda: samples.document() + samples.archive(), Fault.WRONG_TYPE),
    "a document and a page": (
        Kind.DOCUMENT,
        PDF,
        lambda: b"%PDF-1.4\n<html><script>1</script>\n%%EOF",
        Fault.WRONG_TYPE,
    ),
    "a page and a document": (Kind.DOCUMENT, PDF, lambda: b"<html>" + samples.document(), Fault.WRONG_TYPE),
    "a document cut off": (Kind.DOCUMENT, PDF, lambda: samples.document()[:-40], Fault.UNREADABLE),
    "a document of nothing": (Kind.DOCUMENT, PDF, lambda: b"%PDF-1.7\n%%EOF", Fault.UNREADABLE),
    "a document under a password": (Kind.DOCUMENT, PDF, samples.locked_document, Fault.UNREADABLE),
    "a document that acts": (Kind.DOCUMENT, PDF, samples.acting_document, Fault.ACTIVE),
    "a bomb of a document": (Kind.DOCUMENT, PDF, samples.bomb_document, Fault.UNREADABLE),
    "another sound": (Kind.VOICE, "audio/mpeg", lambda: samples.sound("audio/wav"), Fault.WRONG_TYPE),
    "a sound of nothing": (Kind.VOICE, "audio/mpeg", lambda: b"ID3\x03" + bytes(5000), Fault.UNREADABLE),
    "a sound cut off": (Kind.VOICE, "audio/mp4", lambda: samples.sound("audio/mp4")[:-500], Fault.UNREADABLE),
    "a list of other files": (Kind.VOICE, "audio/wav", lambda: b"#EXTM3U\nfile:///etc/passwd\n", Fault.WRONG_TYPE),
    "eleven minutes": (Kind.VOICE, "audio/wav", lambda: samples.sound("audio/wav", 605), Fault.TOO_LONG),
}


@pytest.mark.parametrize("what", BAD)
async def test_what_is_not_what_it_was_said_to_be_is_not_kept(what: str) -> None:
    kind, content_type, data, expected = BAD[what]
    assert await fault(kind, content_type, data()) is expected


async def test_what_is_appended_to_a_picture_is_not_kept() -> None:
    _, body, _ = await kept(Kind.PICTURE, "image/jpeg", samples.picture() + samples.archive())
    assert b"bomb.txt" not in body


async def test_an_inspection_that_takes_too_long_ends_and_holds_up_nobody() -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0.01)

    async def never() -> AsyncIterator[bytes]:
        yield samples.picture()
        await asyncio.sleep(60)

    ticking = asyncio.create_task(tick())
    with pytest.raises(Rejected):
        async with Inspector(1.0).inspect(Kind.PICTURE, "image/jpeg", never()):
            pass
    ticking.cancel()
    assert ticks > 20
