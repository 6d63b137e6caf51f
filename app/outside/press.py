"""The press: a template and what it is told, out comes a PDF (typst, https://typst.app/docs).

Fonts are those of the package `pylopdf-fonts-zh-cn` alone (Noto Serif SC and Noto Sans SC, SIL Open Font License 1.1);
what this machine has is not looked at, so that a paper is the same wherever it is made, byte by byte. What is told goes
in as JSON and is never taken for markup. PDF/A-2b (ISO 19005-2): fonts embedded, text to be found and copied.
"""

import asyncio
import io
import struct
import threading
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import orjson
import pylopdf_fonts_zh_cn

if TYPE_CHECKING:
    from typst import Compiler

FONTS: Final = Path(pylopdf_fonts_zh_cn.__file__).parent
_STANDARD: Final[list[Any]] = ["a-2b"]


class Misprint(Exception):
    """The template and what it was told do not fit: trying again brings nothing before one of them is changed."""


@dataclass(frozen=True, slots=True)
class Printed:
    pdf: bytes
    pages: int


class Press:
    """One at a time on its own thread; the fonts are read once."""

    def __init__(self, templates: Path) -> None:
        self._templates, self._turn = templates, threading.Lock()

    @cached_property
    def _compiler(self) -> "Compiler":
        import typst  # noqa: PLC0415 (with pypdf 25 MB: most processes print nothing)

        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
        return typst.Compiler(root=self._templates, font_paths=fonts, ignore_system_fonts=True)

    async def print(self, template: str, told: dict[str, Any], at: datetime) -> Printed:
        """`at`: when it says that it was made. Raises Misprint."""
        return await asyncio.to_thread(self.printed, template, told, at)

    def printed(self, template: str, told: dict[str, Any], at: datetime) -> Printed:
        from pypdf import PdfReader  # noqa: PLC0415

        pdf = self._set("pdf", template, told, pdf_standards=_STANDARD, timestamp=int(at.timestamp()))
        return Printed(pdf[0], len(PdfReader(io.BytesIO(pdf[0])).pages))

    def pictures(self, template: str, told: dict[str, Any], dots: int) -> list[bytes]:
        """A PNG of each page, so many dots an inch."""
        return self._set("png", template, told, ppi=dots)

    async def draw(self, template: str, told: dict[str, Any], dots: int | None) -> list[bytes]:
        """Each page as a PNG of so many dots an inch, or as an SVG. Raises Misprint."""
        if dots is not None:
            return await asyncio.to_thread(self.pictures, template, told, dots)
        return await asyncio.to_thread(self._set, "svg", template, told)

    def _set(self, kind: Literal["pdf", "png", "svg"], template: str, told: dict[str, Any], **how: Any) -> list[bytes]:
        from typst import TypstError  # noqa: PLC0415

        said = {"paper": orjson.dumps(_legible(told)).decode()}
        with self._turn:
            try:
                made, warnings = self._compiler.compile_with_warnings(
                    input=self._templates / template, format=kind, sys_inputs=said, **how
                )
            except TypstError:
                raise Misprint(template) from None  # it may quote what was told: it is not repeated
        if warnings or made is None:
            raise Misprint(template)
        return made if isinstance(made, list) else [made]


def _legible(said: Any) -> Any:
    """What no font has a picture of is written as its number, so that nothing of a rare name is lost."""
    if isinstance(said, str):
        return said if said.isascii() and said.isprintable() else "".join(map(_letter, said))
    if isinstance(said, dict):
        return {name: _legible(value) for name, value in said.items()}
    return [_legible(one) for one in said] if isinstance(said, list | tuple) else said


def _letter(letter: str) -> str:
    if ord(letter) in covered() or letter == "\n":
        return letter
    if unicodedata.category(letter) in ("Cc", "Cf", "Mn", "Zs", "Zl", "Zp"):
        return " " if letter.isspace() else ""
    return f"〔U+{ord(letter):04X}〕"


@cache
def covered() -> frozenset[int]:
    """Every character that one of the fonts has (OpenType, `cmap`, format 12)."""
    found: set[int] = set()
    for font in FONTS.glob("*.otf"):
        data = font.read_bytes()
        (count,) = struct.unpack_from(">H", data, 4)
        tables = {data[at : at + 4]: struct.unpack_from(">L", data, at + 8)[0] for at in range(12, 12 + 16 * count, 16)}
        cmap = tables[b"cmap"]
        (count,) = struct.unpack_from(">H", data, cmap + 2)
        for at in range(cmap + 4, cmap + 4 + 8 * count, 8):
            table = cmap + struct.unpack_from(">L", data, at + 4)[0]
            if struct.unpack_from(">H", data, table)[0] == 12:
                (groups,) = struct.unpack_from(">L", data, table + 12)
                for first, last, _ in struct.iter_unpack(">LLL", data[table + 16 : table + 16 + 12 * groups]):
                    found.update(range(first, last + 1))
    return frozenset(found)
