"""Recordings are decoded to their end, which tells how long they are, and copied packet by packet into a container of
our own: the sound stays as it was, and what stood around it (tags, places, pictures, other files) is gone."""

import io
from typing import Any, Final

import av

from app.outside.inspecting.found import Fault, Found, Rejected

LONGEST: Final = 600
"""Seconds."""
GRACE: Final = 1.0
"""The recorder stops at ten minutes, and an encoder fills its last frame."""
_READ: Final = {"audio/mpeg": "mp3", "audio/aac": "aac", "audio/mp4": "mp4", "audio/wav": "wav", "audio/amr": "amr"}
"""Named, never guessed: some of the formats that would be guessed are lists of other files to read."""
_WRITE: Final = _READ | {"audio/aac": "adts", "audio/mp4": "ipod"}
_CODECS: Final = {
    "audio/mpeg": {"mp3", "mp3float"},
    "audio/aac": {"aac"},
    "audio/mp4": {"aac"},
    "audio/wav": {"pcm_s16le", "pcm_u8", "pcm_s24le", "pcm_s32le", "pcm_f32le"},
    "audio/amr": {"amrnb", "amrwb", "libopencore_amrnb", "libopencore_amrwb", "amr_nb", "amr_wb"},
}
_PLAIN: Final = {"fflags": "+bitexact"}


def sound(data: bytes, content_type: str) -> Found:
    """Raises Rejected."""
    try:
        return _copied(data, content_type)
    except (av.FFmpegError, ValueError, IndexError) as error:
        raise Rejected(Fault.UNREADABLE) from error


def _copied(data: bytes, content_type: str) -> Found:
    out, heard = io.BytesIO(), 0.0
    with av.open(io.BytesIO(data), "r", format=_READ[content_type]) as sent:
        if not sent.streams.audio or any(stream.type == "video" and not _is_cover(stream) for stream in sent.streams):
            raise Rejected(Fault.WRONG_TYPE)
        stream = sent.streams.audio[0]
        if stream.codec_context.name not in _CODECS[content_type]:
            raise Rejected(Fault.WRONG_TYPE)
        with av.open(out, "w", format=_WRITE[content_type], options=_PLAIN) as kept:
            copy = kept.add_stream_from_template(stream)
            for packet in sent.demux(stream):
                for frame in packet.decode():
                    heard += frame.samples / frame.sample_rate
                if heard > LONGEST + GRACE:
                    raise Rejected(Fault.TOO_LONG)
                if packet.dts is not None:
                    packet.stream = copy
                    kept.mux(packet)
    if not heard:
        raise Rejected(Fault.UNREADABLE)
    return Found(content_type, out.getvalue(), duration=round(heard * 1000))


def _is_cover(stream: Any) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)
