"""Files as people send them, made here; and some as nobody should."""

import io
import random
import struct
import zipfile
import zlib
from fractions import Fraction
from typing import Any

import av
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject, TextStringObject

SECRET = b"35.0876N 112.5984E, telephone of Mrs. Wang"
"""What a camera or a recorder writes beside the picture or the sound."""


def _noise(size: tuple[int, int]) -> Image.Image:
    """Not compressible beyond measure, and the same each time."""
    small = Image.frombytes("RGB", (64, 64), random.Random(7).randbytes(64 * 64 * 3))
    return small.resize(size, Image.Resampling.BILINEAR)


def picture(form: str = "JPEG", size: tuple[int, int] = (640, 480), quality: int = 85) -> bytes:
    """With the place in its EXIF, and held sideways: shown upright it is higher than wide."""
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6  # orientation: turn by 90 degrees
    exif[0x010E] = SECRET.decode()  # description
    more = {"comment": SECRET} if form == "JPEG" else {}
    _noise(size).save(out, form, exif=exif.tobytes(), quality=quality, **more)
    return out.getvalue()


def heic(size: tuple[int, int] = (128, 96)) -> bytes:
    """One intra-coded HEVC frame in the boxes of ISO/IEC 23008-12: packed in an mp4 first, then repacked."""
    movie = io.BytesIO()
    with av.open(movie, "w", format="mp4") as container:
        stream = container.add_stream(
            "libx265", rate=1, options={"preset": "ultrafast", "x265-params": "log-level=none:info=0"}
        )
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        image = av.VideoFrame.from_image(_noise(size))  # type: ignore[no-untyped-call]
        image.pts = 0
        for packet in [*stream.encode(image), *stream.encode(None)]:
            packet.dts = 0
            container.mux(packet)
    data = movie.getvalue()
    at = data.index(b"hvcC") - 4
    config = data[at : at + struct.unpack(">I", data[at : at + 4])[0]]
    at = data.index(b"mdat") - 4
    frame = data[at + 8 : at + struct.unpack(">I", data[at : at + 4])[0]]

    def box(kind: bytes, body: bytes, version: int | None = None) -> bytes:
        body = (b"" if version is None else struct.pack(">I", version << 24)) + body
        return struct.pack(">I4s", len(body) + 8, kind) + body

    item = box(b"infe", struct.pack(">HH4sB", 1, 0, b"hvc1", 0), 2)
    properties = config + box(b"ispe", struct.pack(">II", *size), 0)
    uses = struct.pack(">IHBBB", 1, 1, 2, 0x81, 2)
    type_box = box(b"ftyp", b"heic\0\0\0\0mif1heic")

    def meta(offset: int) -> bytes:
        parts = [
            box(b"hdlr", b"\0\0\0\0pict" + bytes(13), 0),
            box(b"pitm", struct.pack(">H", 1), 0),
            box(b"iloc", struct.pack(">HHHHHII", 0x4400, 1, 1, 0, 1, offset, len(frame)), 0),
            box(b"iinf", struct.pack(">H", 1) + item, 0),
            box(b"iprp", box(b"ipco", properties) + box(b"ipma", uses, 0)),
        ]
        return box(b"meta", b"".join(parts), 0)

    head = len(type_box) + len(meta(0)) + 8
    return type_box + meta(head) + box(b"mdat", frame)


_SOUNDS = {
    "audio/mpeg": ("mp3", "libmp3lame", 16_000, "s16p"),
    "audio/aac": ("adts", "aac", 16_000, "fltp"),
    "audio/mp4": ("ipod", "aac", 16_000, "fltp"),
    "audio/wav": ("wav", "pcm_s16le", 16_000, "s16"),
    "audio/amr": ("amr", "libopencore_amrnb", 8_000, "s16"),
}


def sound(content_type: str = "audio/mpeg", seconds: float = 2.0) -> bytes:
    """A quiet hum, and beside it who hums."""
    form, codec, rate, layout = _SOUNDS[content_type]
    out = io.BytesIO()
    with av.open(out, "w", format=form) as container:
        if form in ("mp3", "ipod"):
            container.metadata["title"] = SECRET.decode()
        stream: Any = container.add_stream(codec, rate=rate, layout="mono", format=layout)
        stream.bit_rate = 12_200 if form == "amr" else 32_000
        resampler = av.AudioResampler(format=layout, layout="mono", rate=rate)
        at, left = 0, int(seconds * rate)
        hum = struct.pack("<1600h", *(int(900 * ((n % 80) / 40 - 1)) for n in range(1600)))
        while left > 0:
            samples = min(1600, left)
            frame = av.AudioFrame(format="s16", layout="mono", samples=samples)
            frame.planes[0].update(hum[: samples * 2].ljust(frame.planes[0].buffer_size, b"\0"))
            frame.sample_rate, frame.pts, frame.time_base = rate, at, Fraction(1, rate)
            at, left = at + samples, left - samples
            for ready in resampler.resample(frame):
                for packet in stream.encode(ready):
                    container.mux(packet)
        for packet in stream.encode(None):
            container.mux(packet)
    return out.getvalue()


def document(pages: int = 2) -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    writer.write(out)
    return out.getvalue()


def long_document(size: int) -> bytes:
    """A PDF of at least so many bytes, none like the others."""
    writer, out = PdfWriter(), io.BytesIO()
    page, scan = writer.add_blank_page(595, 842), StreamObject()
    scan.set_data(random.Random(size).randbytes(size))
    page[NameObject("/Scan")] = writer._add_object(scan)
    writer.write(out)
    return out.getvalue()


def long_speech(seconds: int) -> bytes:
    """Silence in AMR, 12.2 kbit/s: frames of 20 ms (RFC 4867, section 5)."""
    return b"#!AMR\n" + (b"\x3c" + bytes(31)) * (seconds * 50)


def acting_document() -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    script = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1);")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(script)
    writer.write(out)
    return out.getvalue()


def locked_document() -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    writer.encrypt("a password")
    writer.write(out)
    return out.getvalue()


def archive() -> bytes:
    """A zip bomb: a kilobyte that unpacks to a hundred megabytes... of nothing."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("bomb.txt", bytes(100_000_000))
    return out.getvalue()


def bomb_picture(side: int = 30_000) -> bytes:
    """A PNG of some hundred kilobytes that is 900 million pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    packer = zlib.compressobj(9)
    row = bytes(1 + side // 8)
    pixels = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def bomb_document() -> bytes:
    """A PDF whose table of objects unpacks to three hundred megabytes."""
    packer = zlib.compressobj(9)
    million = bytes(1_000_000)
    packed = b"".join(packer.compress(million) for _ in range(300)) + packer.flush()
    head = f"<</Type/XRef/Size 3/W[1 4 2]/Root 2 0 R/Filter/FlateDecode/Length {len(packed)}>>"
    table = b"1 0 obj\n" + head.encode() + b"\nstream\n" + packed + b"\nendstream\nendobj\n"
    return b"%PDF-1.5\n" + table + b"startxref\n9\n%%EOF\n"


def random_bytes(size: int) -> bytes:
    """The same each time."""
    return random.Random(size).randbytes(size)
