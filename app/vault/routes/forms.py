"""The file in a form, as `wx.uploadFile` sends it: multipart/form-data, read as it comes and never held whole.

(RFC 7578. Starlette's own reader would lay it on the disk, in the clear.)
"""

import re
from collections.abc import AsyncIterator

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from app.core.errors import refuse
from app.vault.rules.files import FILE_NAME, UPLOAD_FORM

FIELD = "file"
LONGEST_NAME = 255
BESIDE = 64 * 1024
"""Bytes that may come beside the file: headers, and fields that nobody reads."""


def boundary_of(content_type: str) -> bytes:
    """Refuses UPLOAD_FORM for anything but multipart/form-data."""
    kind, options = parse_options_header(content_type)
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise refuse(UPLOAD_FORM)
    return options[b"boundary"]


async def file_in(pieces: AsyncIterator[bytes], boundary: bytes) -> AsyncIterator[bytes]:
    """The bytes of the one file. Refuses a form that breaks off, has none or two, or gives it a path for a name."""
    form = _Form(boundary)
    async for piece in pieces:
        for part in form.feed(piece):
            yield part
    form.end()


class _Form:
    def __init__(self, boundary: bytes) -> None:
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._part_begins,
                "on_header_field": self._header_name,
                "on_header_value": self._header_value,
                "on_header_end": self._header_ends,
                "on_headers_finished": self._headers_end,
                "on_part_data": self._data,
                "on_end": self._ends,
            },
        )
        self._headers: dict[bytes, bytes] = {}
        self._name = self._value = b""
        self._found: list[bytes] = []
        self._files = self._beside = 0
        self._in_file = self._whole = False

    def feed(self, piece: bytes) -> list[bytes]:
        self._found, before = [], len(piece)
        try:
            self._parser.write(piece)
        except MultipartParseError as error:
            raise refuse(UPLOAD_FORM) from error
        self._beside += before - sum(map(len, self._found))
        if self._beside > BESIDE:
            raise refuse(UPLOAD_FORM)
        return self._found

    def end(self) -> None:
        if not self._whole or self._files != 1:
            raise refuse(UPLOAD_FORM)

    def _part_begins(self) -> None:
        self._headers, self._in_file = {}, False

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_ends(self) -> None:
        self._headers[self._name.lower()] = self._value
        self._name = self._value = b""

    def _headers_end(self) -> None:
        disposition = self._headers.get(b"content-disposition", b"")
        kind, options = parse_options_header(disposition)
        if kind != b"form-data":
            raise refuse(UPLOAD_FORM)
        if options.get(b"name") == FIELD.encode():
            _check_name(options.get(b"filename", b""), disposition)
            self._files += 1
            self._in_file = True
            if self._files > 1:
                raise refuse(UPLOAD_FORM)

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._in_file:
            self._found.append(data[start:end])

    def _ends(self) -> None:
        self._whole = True


def _check_name(name: bytes, disposition: bytes) -> None:
    """It is never used, but whoever sends a path tries something. (What looks like a path of Windows, the reader of
    headers has cut down to a name.)"""
    said = name.decode(errors="replace")
    path = "/" in said or ".." in said or re.search(rb'\\(?!")', disposition)
    if path or any(ord(char) < 32 for char in said) or len(said) > LONGEST_NAME:
        raise refuse(FILE_NAME)
