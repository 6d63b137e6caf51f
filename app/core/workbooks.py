"""Tables as spreadsheet programs write them (XLSX, ECMA-376), read as data: no formula is computed, nothing linked is
fetched, and a file that unpacks to more than it may is not opened."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

UNPACKED = 300_000_000
"""Bytes. A file of a few kilobytes can hold more than the memory."""


class NoWorkbook(Exception):
    """It is no XLSX file, or one that unpacks to more than `most` bytes; then `size` says to how many."""

    def __init__(self, size: int = 0, most: int = 0) -> None:
        super().__init__("no workbook")
        self.size, self.most = size, most


def rows(file: Path | IO[bytes], most: int = UNPACKED, width: int | None = None) -> Iterator[list[Any]]:
    """The rows of the first sheet, at most so many cells of each. Raises NoWorkbook, in the middle too."""
    from openpyxl import load_workbook  # noqa: PLC0415 (few processes ever see a workbook)

    book = None
    try:
        with zipfile.ZipFile(file) as packed:
            size = sum(part.file_size for part in packed.infolist())
        if size > most:
            raise NoWorkbook(size, most)
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        if not book.worksheets:
            raise NoWorkbook
        yield from (list(row) for row in book.worksheets[0].iter_rows(values_only=True, max_col=width))
    except NoWorkbook:
        raise
    except Exception as error:  # whatever a broken file does to its reader, it is a broken file
        raise NoWorkbook from error
    finally:
        if book:
            book.close()
