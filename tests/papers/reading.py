"""Reading a paper as anybody's program does: its text, its fonts, its pages."""

import io
from dataclasses import dataclass

from pypdf import PdfReader


@dataclass(frozen=True)
class Read:
    pages: list[str]
    """Their text, without blanks: where a line breaks is nobody's word."""
    fonts: set[str]
    embedded: bool
    metadata: str
    """XMP, where it says by which standard it was made."""

    @property
    def text(self) -> str:
        return "".join(self.pages)


def read(pdf: bytes) -> Read:
    found = PdfReader(io.BytesIO(pdf), strict=True)
    fonts, embedded = set(), True
    for page in found.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            (inner,) = font["/DescendantFonts"]
            fonts.add(str(font["/BaseFont"]))
            embedded = embedded and "/FontFile3" in inner["/FontDescriptor"]
    root = found.trailer["/Root"]
    said = root["/Metadata"].get_data().decode()  # type: ignore[index]
    return Read([squeezed(page.extract_text()) for page in found.pages], fonts, embedded, said)


def squeezed(text: str) -> str:
    return "".join(text.split())
