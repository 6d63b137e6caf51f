"""PDFs stay as they are, byte by byte: evidence may be signed. So they must be a whole PDF and nothing but a PDF."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any, Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject

from app.outside.inspecting.found import Fault, Found, Rejected

PAGES: Final = 500
_END: Final = b"%%EOF"
_ALSO_A_PAGE: Final = (b"<html", b"<!doctype", b"<script", b"<svg", b"<?php", b"<?xml")
"""What makes a lenient reader take the beginning of a file for a page or a program."""
_ACTS: Final = ("/JavaScript", "/JS", "/Launch", "/AA", "/EmbeddedFiles", "/RichMedia", "/XFA")


def document(data: bytes, content_type: str) -> Found:
    """Raises Rejected."""
    _nothing_but_a_pdf(data)
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted or not 1 <= len(reader.pages) <= PAGES:
            raise Rejected(Fault.UNREADABLE)
        if any(_acts(each) for each in _roots(reader)):
            raise Rejected(Fault.ACTIVE)
        for page in reader.pages:
            _ = page.mediabox
            page.get_contents()
    except (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        raise Rejected(Fault.UNREADABLE) from error
    return Found(content_type, data)


def _nothing_but_a_pdf(data: bytes) -> None:
    if not data.startswith(b"%PDF-"):
        raise Rejected(Fault.WRONG_TYPE)
    end = data.rfind(_END)
    if end < 0:
        raise Rejected(Fault.UNREADABLE)
    if data[end + len(_END) :].strip(b"\r\n\t \x00") or zipfile.is_zipfile(io.BytesIO(data)):
        raise Rejected(Fault.WRONG_TYPE)
    beginning = data[:1024].lower()
    if any(tag in beginning for tag in _ALSO_A_PAGE):
        raise Rejected(Fault.WRONG_TYPE)


def _roots(reader: PdfReader) -> Iterator[Any]:
    """Where a document may say what is to happen: when it is opened, on its pages, in its forms."""
    catalogue: Any = reader.trailer["/Root"].get_object()
    yield catalogue
    for name in ("/Names", "/OpenAction", "/AcroForm"):
        if name in catalogue:
            yield catalogue[name].get_object()
    for page in reader.pages:
        yield page
        for note in page.get("/Annots") or ():
            yield note.get_object()


def _acts(thing: Any) -> bool:
    if not isinstance(thing, DictionaryObject):
        return False
    action = thing.get("/A")
    kinds = {str(thing.get("/S", "")), str(thing.get("/Subtype", ""))}
    return bool(kinds & set(_ACTS)) or any(name in thing for name in _ACTS) or _acts(action and action.get_object())
