"""Whether a dump of the database tells a word of what people wrote, in any spelling that a dump could use."""

import base64
import re
from collections.abc import Callable, Iterable
from io import BytesIO

from tests.city import City

RUN = 8
"""Characters in a row; fewer may meet by chance."""
_BYTES = RUN * 3
_HEX = re.compile(rb"\\\\x([0-9a-f]+)")

Spelling = Callable[[bytes], bytes]
SPELLINGS: dict[str, Spelling] = {
    "utf-8": lambda run: run,
    "hex": lambda run: run.hex().encode(),
    "HEX": lambda run: run.hex().upper().encode(),
    "json": lambda run: "".join(f"\\u{ord(char):04x}" for char in run.decode()).encode(),
    "json in copy": lambda run: "".join(f"\\\\u{ord(char):04x}" for char in run.decode()).encode(),
    "utf-16": lambda run: run.decode().encode("utf-16-le"),
    # Base64 takes three bytes at a time, and the run may begin at any of them.
    "base64": lambda run: base64.b64encode(run[:21]),
    "base64, one byte in": lambda run: base64.b64encode(run[2:23]),
    "base64, two bytes in": lambda run: base64.b64encode(run[1:22]),
}


def runs(texts: Iterable[str]) -> set[bytes]:
    """Every eight Chinese characters in a row, in UTF-8: three bytes each, so that all are equally long."""
    found = set()
    for text in texts:
        for start in range(len(text) - RUN + 1):
            run = text[start : start + RUN].encode()
            if len(run) == _BYTES and run.decode().isalpha():
                found.add(run)
    return found


def told(haystack: bytes, needles: set[bytes]) -> set[str]:
    """The spellings in which any of the runs occurs."""
    return {name for name, spell in SPELLINGS.items() if _occurs(haystack, {spell(run) for run in needles})}


def _occurs(haystack: bytes, needles: set[bytes]) -> bool:
    """Each window of the haystack is looked up once: linear, however many needles there are."""
    (size,) = {len(needle) for needle in needles}
    windows = (haystack[start : start + size] for start in range(len(haystack) - size + 1))
    return not needles.isdisjoint(windows)


async def dump(city: City) -> bytes:
    """Every row of every table, as COPY writes it, and after it the bytes that stand there in hexadecimal."""
    tables = await city.sql("""SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
        WHERE schemaname NOT IN ('pg_catalog', 'information_schema')""")
    out = BytesIO()
    async with city.super.engine.connect() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        assert raw is not None
        for (table,) in tables:
            await raw.copy_from_query(f"SELECT * FROM {table}", output=out)
    plain = out.getvalue()
    return plain + b"".join(bytes.fromhex(found.decode()) for found in _HEX.findall(plain))
